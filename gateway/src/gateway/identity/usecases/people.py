"""The company's own row and its people: adding, changing role, team and status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.caller import VISIBILITIES
from chassis.errors import Conflict, FailedPrecondition, InvalidArgument, PermissionDenied, Violation, invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from gateway.errors import stale, user_not_found
from gateway.identity import events, roles
from gateway.identity.passwords import Passwords
from gateway.identity.platform import platform_rights
from gateway.identity.queries import former_colleague
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users
from gateway.identity.usecases import custom_roles
from gateway.identity.usecases.addresses import checked_email
from gateway.identity.usecases.endings import end_in_company
from gateway.identity.usecases.members import add_member

TENANT_FIELDS = (
    "name",
    "country_code",
    "currency_code",
    "time_zone",
    "locale",
    "accent_color",
    "second_factor_required",
    "owner_visibility",
)
USER_FIELDS = ("full_name", "role", "status", "locale", "team_id")
_VERBS = {"active": "activated", "suspended": "suspended", "deactivated": "deactivated", "invited": "invited"}


@dataclass(frozen=True, slots=True)
class NewUser:
    """What an administrator says of a new person."""

    email: str
    full_name: str
    role: str
    password: str
    locale: str


def change_tenant(work: Work, values: dict[str, Any], *, etag: str) -> Row:
    """Changes the named fields of the company."""
    row = tenants.get_for_update(work)
    assert row is not None
    if etag and etag != str(row.version):
        raise stale(etag, row.version)
    changed = tuple(name for name in TENANT_FIELDS if name in values and values[name] != getattr(row, name))
    if not changed:
        return row
    if "owner_visibility" in changed:
        _check_owners_sight(work, values["owner_visibility"])
    after = {name: values.get(name, getattr(row, name)) for name in TENANT_FIELDS}
    tenants.change(work, version=row.version + 1, updated_at=work.now, **after)
    row = tenants.get(work)
    work.record(events.tenant_changed("updated", row, placement=tenants.placement_of(work), changed_fields=changed))
    if "owner_visibility" in changed:
        # Tokens of owners were made from what they saw before.
        for owner in users.next_versions_of_owners(work):
            work.record(events.user_changed("updated", owner, changed_fields=("visibility",)))
    return row


def _check_owners_sight(work: Work, visibility: str) -> None:
    """Owners decide what owners see, and nobody widens it beyond what he sees himself."""
    _check_owner_may(work)
    if visibility not in VISIBILITIES:
        raise invalid_field("tenant.owner_visibility", "choose own, team or all", reason="NOT_ONE_OF")
    if VISIBILITIES.index(visibility) > VISIBILITIES.index(work.caller.visibility):
        raise PermissionDenied(
            "You cannot let owners see more than you see yourself. Open the company by break-glass first.",
            reason="VISIBILITY_BEYOND_OWN",
        )


def add_user(work: Work, new: NewUser, passwords: Passwords) -> Row:
    """Makes a person a member; an account that exists already keeps its password.

    Raises Conflict where the person is a member, InvalidArgument where a new account has no password.
    """
    email = checked_email(new.email)
    check_role(work, new.role, field="role")
    with platform_rights(work) as platform:
        account = users.account_by_email(platform, email)
    if account is None:
        if not new.password:
            raise invalid_field("password", "give a first password; this person has no account yet", reason="REQUIRED")
        passwords.check_strength(new.password, email=email)
        password_hash = passwords.hash(new.password)
        user_id = uuid7()
        with platform_rights(work) as platform:
            added = users.add_account(
                platform,
                user_id=user_id,
                email=email,
                full_name=new.full_name,
                locale=new.locale or "en",
                password_hash=password_hash,
                email_confirmed=False,
            )
        if not added:
            raise Conflict("Somebody made this account at the same time. Repeat the request.", reason="EMAIL_TAKEN")
    else:
        user_id = account.id
        if users.get(work, user_id) is not None:
            raise Conflict("This person belongs to your company already.", reason="USER_EXISTS")
    add_member(work, user_id, email=email, full_name=new.full_name, role=new.role, locale=new.locale)
    row = users.get(work, user_id)
    assert row is not None
    work.record(events.user_changed("activated", row))
    return row


def change_user(work: Work, user_id: UUID, values: dict[str, str], *, etag: str) -> Row:
    """Changes the named fields of a person. The last owner stays an owner, and nobody suspends himself."""
    row = users.get_for_update(work, user_id)
    if row is None:
        raise user_not_found(user_id)
    if etag and etag != str(row.version):
        raise stale(etag, row.version)
    before = {name: _text(getattr(row, name)) for name in USER_FIELDS}
    changed = tuple(name for name in USER_FIELDS if name in values and values[name] != before[name])
    if not changed:
        return row
    after = {name: values.get(name, before[name]) for name in USER_FIELDS}
    if former_colleague.is_one(work, user_id):
        raise FailedPrecondition(
            "This colleague left and has no name here any more. Invite the person anew.", reason="FORMER_COLLEAGUE"
        )
    _check_change(work, row, before, after)
    users.change(
        work,
        user_id,
        **{**after, "team_id": UUID(after["team_id"]) if after["team_id"] else None},
        version=row.version + 1,
        updated_at=work.now,
        updated_by=work.caller.actor_id,
    )
    row = users.get(work, user_id)
    assert row is not None
    if row.status != "active" and before["status"] == "active":
        end_in_company(work, row, row.status)
    verb = _VERBS[row.status] if "status" in changed else "updated"
    work.record(events.user_changed(verb, row, changed_fields=changed))
    return row


def _check_change(work: Work, row: Row, before: dict[str, str], after: dict[str, str]) -> None:
    if after["status"] == "invited" and before["status"] != "invited":
        raise invalid_field("user.status", "invite the person anew instead", reason="INVALID_STATUS")
    violations = [
        Violation(f"user.{name}", "Fill this in.", "REQUIRED")
        for name in ("full_name", "role", "status")
        if not after[name].strip()
    ]
    if violations:
        raise InvalidArgument(f"{violations[0].field}: Fill this in.", reason="INVALID_FIELD", violations=violations)
    if after["role"] != before["role"]:
        check_role(work, after["role"], field="user.role")
        if before["role"] == roles.OWNER:
            _check_owner_may(work)
    if after["team_id"] and after["team_id"] != before["team_id"]:
        check_team(work, UUID(after["team_id"]), field="user.team_id")
    if after["status"] != before["status"] and row.user_id == work.caller.actor_id:
        raise FailedPrecondition("You cannot change your own status. Ask another administrator.", reason="OWN_STATUS")
    stays_owner = after["role"] == roles.OWNER and after["status"] == "active"
    if before["role"] == roles.OWNER and before["status"] == "active" and not stays_owner:
        _check_owner_may(work)
        if not users.has_other_owner(work, row.user_id):
            raise FailedPrecondition(
                "This is the last owner of the company. Make somebody else an owner first.", reason="LAST_OWNER"
            )


def check_role(work: Work, role: str, *, field: str) -> None:
    """Raises InvalidArgument for a role that is none, PermissionDenied where the caller may not give it."""
    if role == roles.OWNER:
        _check_owner_may(work)
    custom_roles.givable(work, role, field=field)


def check_team(work: Work, team_id: UUID, *, field: str) -> None:
    """Raises InvalidArgument for a team that is none, PermissionDenied for one whose records the caller cannot see."""
    if not users.team_exists(work, team_id):
        raise invalid_field(field, "there is no such team in your company", reason="UNKNOWN_TEAM")
    if work.caller.visibility != "all" and team_id not in work.caller.team_ids:
        raise PermissionDenied(
            "You can put people only into teams whose records you see yourself.", reason="TEAMS_BEYOND_OWN"
        )


def _check_owner_may(work: Work) -> None:
    """Owners are made and unmade by owners; an app never does it."""
    member = users.get(work, work.caller.actor_id) if work.caller.actor_type == "user" else None
    if member is None or member.role != roles.OWNER:
        raise PermissionDenied("Only an owner can do this.", reason="OWNER_ONLY")


def _text(value: object) -> str:
    return "" if value is None else str(value)
