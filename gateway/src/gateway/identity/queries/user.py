"""Statements on people: their accounts on the platform and their memberships of companies."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import bindparam, func, insert, select, tuple_, update

from gateway.identity.model.tables import Membership, Team
from gateway.identity.platform import PlatformWork
from gateway.identity.roles import ROLES

TEAM_ROLES = [name for name, role in ROLES.items() if role.visibility == "team"]
_GET = prepare(scoped(Membership).where(Membership.user_id == bindparam("user_id")))
_GET_FOR_UPDATE = prepare(scoped(Membership).where(Membership.user_id == bindparam("user_id")).with_for_update())
_INSERT = prepare(insert(Membership))
_UPDATE = prepare(
    update(Membership)
    .where(Membership.tenant_id == tenant_parameter(), Membership.user_id == bindparam("which_user"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("full_name", "locale", "role", "team_id", "status", "version", "updated_at", "updated_by")
        }
    )
)
_NEXT_VERSION = prepare(
    update(Membership)
    .where(Membership.tenant_id == tenant_parameter(), Membership.user_id == bindparam("which_user"))
    .values(version=Membership.version + 1, updated_at=bindparam("at"))
    .returning(*Membership.__table__.columns)
)
_NEXT_OF_OWNERS = prepare(
    update(Membership)
    .where(Membership.tenant_id == tenant_parameter(), Membership.role == "owner", Membership.status == "active")
    .values(version=Membership.version + 1, updated_at=bindparam("at"))
    .returning(*Membership.__table__.columns)
)
_PAGE = scoped(Membership).order_by(Membership.created_at, Membership.user_id).limit(bindparam("limit"))
_FIRST_PAGE = prepare(_PAGE)
_NEXT_PAGE = prepare(
    _PAGE.where(
        tuple_(Membership.created_at, Membership.user_id)
        > tuple_(
            bindparam("after_created_at", type_=Membership.created_at.type),
            bindparam("after_user_id", type_=Membership.user_id.type),
        )
    )
)
_OTHER_OWNERS = prepare(
    select(func.count())
    .select_from(Membership)
    .where(
        Membership.tenant_id == tenant_parameter(),
        Membership.role == "owner",
        Membership.status == "active",
        Membership.user_id != bindparam("user_id"),
    )
)
_OWNERS = prepare(
    scoped(Membership).where(Membership.role == "owner", Membership.status == "active").limit(bindparam("limit"))
)
_TEAM = prepare(scoped(Team, Team.id).where(Team.id == bindparam("team_id"), Team.deleted_at.is_(None)))
_ACCOUNT_COLUMNS = "SELECT id, email, full_name, locale, password_hash, status, email_confirmed FROM user_account"
_ACCOUNT_BY_EMAIL = text(f"{_ACCOUNT_COLUMNS} WHERE email = %(email)s", "email")
_ACCOUNT = text(f"{_ACCOUNT_COLUMNS} WHERE id = %(id)s", "id")
_ADD_ACCOUNT = text(
    """
    INSERT INTO user_account (id, email, email_confirmed, full_name, locale, password_hash, status, version,
                              created_at, password_changed_at)
    VALUES (%(id)s, %(email)s, %(email_confirmed)s, %(full_name)s, %(locale)s, %(password_hash)s, 'active', 1,
            %(at)s, %(at)s)
    ON CONFLICT (email) DO NOTHING
    """,
    "id",
    "email",
    "email_confirmed",
    "full_name",
    "locale",
    "password_hash",
    "at",
)
_CONFIRM_EMAIL = text(
    "UPDATE user_account SET email_confirmed = true, version = version + 1 WHERE id = %(id)s AND NOT email_confirmed",
    "id",
)
_CHANGE_EMAIL = text(
    "UPDATE user_account SET email = %(email)s, email_confirmed = true, version = version + 1 WHERE id = %(id)s",
    "id",
    "email",
)
_SET_PASSWORD = text(
    """
    UPDATE user_account SET password_hash = %(password_hash)s, password_changed_at = %(at)s, version = version + 1
     WHERE id = %(id)s
    """,
    "id",
    "password_hash",
    "at",
)
_MEMBERSHIPS = text(
    "SELECT tenant_id, user_id, role, status, version FROM membership WHERE user_id = %(user_id)s ORDER BY tenant_id",
    "user_id",
)
_CHANGE_MEMBER_EMAIL = prepare(
    update(Membership)
    .where(Membership.tenant_id == tenant_parameter(), Membership.user_id == bindparam("which_user"))
    .values(
        email=bindparam("new_email"),
        version=Membership.version + 1,
        updated_at=bindparam("at", type_=Membership.updated_at.type),
        updated_by=bindparam("which_user"),
    )
)
_REHASH = text(
    "UPDATE user_account SET password_hash = %(password_hash)s, version = version + 1 WHERE id = %(id)s",
    "id",
    "password_hash",
)
_RIGHTS = text(
    """
    SELECT membership.user_id, membership.full_name, membership.email, membership.role, membership.team_id,
           membership.version AS user_version, role.id AS role_id, role.scopes AS role_scopes,
           role.visibility AS role_visibility, role.version AS role_version,
           role.hidden_fields AS role_hidden, role.read_only_fields AS role_read_only, tenant.teams_version,
           tenant.owner_visibility,
           CASE WHEN membership.role = 'owner' AND tenant.owner_visibility <> 'all' THEN (
               SELECT jsonb_build_object('id', glass.id, 'client_id', glass.client_id, 'record_id', glass.record_id,
                                         'reason', glass.reason, 'until', floor(extract(epoch FROM glass.expires_at)))
                 FROM break_glass AS glass
                WHERE glass.tenant_id = membership.tenant_id AND glass.user_id = membership.user_id
                  AND glass.ended_at IS NULL AND glass.expires_at > now()
           ) END AS glass,
           CASE WHEN role.visibility = 'team' OR membership.role = ANY (%(team_roles)s)
                     OR membership.role = 'owner' AND tenant.owner_visibility = 'team' THEN ARRAY (
               WITH RECURSIVE below AS (
                   SELECT team.id FROM team
                    WHERE team.tenant_id = membership.tenant_id
                      AND (team.id = membership.team_id OR team.lead_id = membership.user_id)
                   UNION
                   SELECT team.id FROM team JOIN below ON team.parent_id = below.id
                    WHERE team.tenant_id = membership.tenant_id
               )
               SELECT below.id FROM below ORDER BY below.id
           ) END AS teams_below,
           CASE WHEN membership.team_id IS NOT NULL THEN ARRAY (
               WITH RECURSIVE above AS (
                   SELECT team.id, team.parent_id FROM team
                    WHERE team.tenant_id = membership.tenant_id AND team.id = membership.team_id
                   UNION
                   SELECT team.id, team.parent_id FROM team JOIN above ON team.id = above.parent_id
                    WHERE team.tenant_id = membership.tenant_id
               )
               SELECT above.id FROM above WHERE above.id <> membership.team_id ORDER BY above.id
           ) END AS teams_above,
           tenant.rules_version,
           CASE WHEN tenant.rules_version > 0 THEN (
               SELECT jsonb_agg(jsonb_build_object(
                          'id', rule.id, 'source_kind', rule.source_kind, 'level', rule.level,
                          'grantee_kind', rule.grantee_kind, 'grantee_id', rule.grantee_id,
                          'source_ids', CASE WHEN rule.source_kind = 'user' THEN ARRAY [rule.source_id] ELSE ARRAY (
                              WITH RECURSIVE below AS (
                                  SELECT rule.source_id AS id
                                  UNION
                                  SELECT team.id FROM team JOIN below ON team.parent_id = below.id
                                   WHERE team.tenant_id = membership.tenant_id
                              )
                              SELECT below.id FROM below ORDER BY below.id
                          ) END) ORDER BY rule.id)
                 FROM sharing_rule AS rule
                WHERE rule.tenant_id = membership.tenant_id
                  AND (rule.grantee_kind = 'team'
                       OR rule.grantee_kind = 'role' AND rule.grantee_id = membership.role
                       OR rule.grantee_kind = 'user' AND rule.grantee_id = membership.user_id::text)
           ) END AS rules,
           COALESCE(NULLIF(membership.locale, ''), tenant.locale) AS locale,
           tenant.tenant_id, tenant.name AS tenant_name, tenant.slug AS tenant_slug, tenant.accent_color,
           tenant.sandbox_of,
           tenant.time_zone, tenant.country_code, tenant.currency_code, tenant.second_factor_required,
           user_account.email_confirmed AND user_account.email = membership.email AS email_verified
      FROM membership JOIN tenant USING (tenant_id) JOIN user_account ON user_account.id = membership.user_id
      LEFT JOIN role ON role.tenant_id = membership.tenant_id AND role.name = membership.role
     WHERE membership.tenant_id = %(member_of)s AND membership.user_id = ANY (%(user_ids)s)
       AND membership.status = 'active'
       AND tenant.status IN ('trial', 'active', 'past_due')
    """,
    "member_of",
    "user_ids",
    "team_roles",
)


def get(work: Work, user_id: UUID) -> Row | None:
    """A person of the company."""
    return work.row(_GET, user_id=user_id)


def owners(work: Work, *, limit: int = 20) -> list[Row]:
    """People who own the company."""
    return work.rows(_OWNERS, limit=limit)


def get_for_update(work: Work, user_id: UUID) -> Row | None:
    """A person of the company, locked until the transaction ends."""
    return work.row(_GET_FOR_UPDATE, user_id=user_id)


def page(work: Work, *, limit: int, after: tuple[datetime, UUID] | None) -> list[Row]:
    """People of the company, oldest first, after the given position."""
    if after is None:
        return work.rows(_FIRST_PAGE, limit=limit)
    return work.rows(_NEXT_PAGE, limit=limit, after_created_at=after[0], after_user_id=after[1])


def add(work: Work, **values: Any) -> None:
    """Writes a new membership."""
    work.execute(_INSERT, **values)


def change(work: Work, user_id: UUID, **values: Any) -> None:
    """Writes the changeable fields of a membership."""
    work.execute(_UPDATE, which_user=user_id, **{f"new_{name}": value for name, value in values.items()})


def next_version(work: Work, user_id: UUID) -> Row:
    """Gives a membership a new version, under which tokens of former ones are refused; returns its row."""
    return work.row(_NEXT_VERSION, which_user=user_id, at=work.now)


def next_versions_of_owners(work: Work) -> list[Row]:
    """As `next_version`, for every owner at work."""
    return work.rows(_NEXT_OF_OWNERS, at=work.now)


def has_other_owner(work: Work, user_id: UUID) -> bool:
    """Whether an active owner remains without this person."""
    row = work.row(_OTHER_OWNERS, user_id=user_id)
    return row is not None and row[0] > 0


def team_exists(work: Work, team_id: UUID) -> bool:
    """Whether the company has this team."""
    return work.row(_TEAM, team_id=team_id) is not None


def account_by_email(platform: PlatformWork, email: str) -> Row | None:
    """The account with this normalised e-mail."""
    return platform.row(_ACCOUNT_BY_EMAIL, email=email)


def add_account(
    platform: PlatformWork,
    *,
    user_id: UUID,
    email: str,
    full_name: str,
    locale: str,
    password_hash: str,
    email_confirmed: bool,
) -> bool:
    """Writes a new account; False where the e-mail has one."""
    return (
        platform.execute(
            _ADD_ACCOUNT,
            id=user_id,
            email=email,
            email_confirmed=email_confirmed,
            full_name=full_name,
            locale=locale,
            password_hash=password_hash,
            at=platform.now,
        )
        == 1
    )


def change_password_hash(platform: PlatformWork, user_id: UUID, password_hash: str) -> None:
    """Replaces an account's hash by one with today's parameters."""
    platform.execute(_REHASH, id=user_id, password_hash=password_hash)


def account(platform: PlatformWork, user_id: UUID) -> Row | None:
    """The account of a person."""
    return platform.row(_ACCOUNT, id=user_id)


def confirm_email(platform: PlatformWork, user_id: UUID) -> None:
    """Notes that the account's address is the person's."""
    platform.execute(_CONFIRM_EMAIL, id=user_id)


def change_email(platform: PlatformWork, user_id: UUID, email: str) -> None:
    """Gives the account another, confirmed address. The unique key refuses one that is taken."""
    platform.execute(_CHANGE_EMAIL, id=user_id, email=email)


def change_member_email(work: Work, user_id: UUID, email: str) -> None:
    """Writes the account's new address into its membership of the company."""
    work.execute(_CHANGE_MEMBER_EMAIL, which_user=user_id, new_email=email, at=work.now)


def set_password_hash(platform: PlatformWork, user_id: UUID, password_hash: str) -> None:
    """Gives the account another password."""
    platform.execute(_SET_PASSWORD, id=user_id, password_hash=password_hash, at=platform.now)


def memberships(platform: PlatformWork, user_id: UUID) -> list[Row]:
    """Every membership of the account, whatever its state."""
    return platform.rows(_MEMBERSHIPS, user_id=user_id)


def rights(platform: PlatformWork, tenant_id: UUID, user_id: UUID) -> Row | None:
    """What decides a person's rights in a company, with the company's settings; None where either is not active.

    `teams_below` are the teams whose records a visibility by team shows: the own one, those led, and all below;
    `teams_above` those that the own one lies in. `rules` are the sharing rules for the person, the role, or any team.
    """
    return platform.row(_RIGHTS, member_of=tenant_id, user_ids=[user_id], team_roles=TEAM_ROLES)


def rights_of_many(platform: PlatformWork, tenant_id: UUID, user_ids: list[UUID]) -> list[Row]:
    """As `rights`, for several people at once, in no order; those who are not active are left out."""
    return platform.rows(_RIGHTS, member_of=tenant_id, user_ids=user_ids, team_roles=TEAM_ROLES)
