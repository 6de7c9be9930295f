"""Statements on companies."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import bindparam, insert, update

from gateway.identity.model.tables import Placement, Tenant
from gateway.identity.platform import PlatformWork

_GET = prepare(scoped(Tenant))
_GET_FOR_UPDATE = prepare(scoped(Tenant).with_for_update())
_INSERT = prepare(insert(Tenant))
_INSERT_PLACEMENT = prepare(insert(Placement))
_UPDATE = prepare(
    update(Tenant)
    .where(Tenant.tenant_id == tenant_parameter())
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "name",
                "country_code",
                "currency_code",
                "time_zone",
                "locale",
                "accent_color",
                "second_factor_required",
                "owner_visibility",
                "version",
                "updated_at",
            )
        }
    )
)
_SET_STATUS = prepare(
    update(Tenant)
    .where(Tenant.tenant_id == tenant_parameter())
    .values(status=bindparam("new_status"), version=Tenant.version + 1, updated_at=bindparam("at"))
    .returning(*Tenant.__table__.columns)
)
_GET_PLACED = text(
    """
    SELECT tenant.tenant_id, tenant.status, coalesce(nullif(placement.database_name, ''), 'pooled') AS placement
      FROM tenant JOIN placement USING (tenant_id) WHERE tenant.tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)
_PLACE = text(
    """
    UPDATE placement SET kind = %(kind)s, database_name = %(name)s, version = version + 1, updated_at = %(at)s
     WHERE tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)
_BUMP = prepare(
    update(Tenant)
    .where(Tenant.tenant_id == tenant_parameter())
    .values(version=Tenant.version + 1, updated_at=bindparam("at"))
    .returning(*Tenant.__table__.columns)
)
_TAKE_SLUG = text(
    "INSERT INTO tenant_slug (slug, for_tenant) VALUES (%(slug)s, %(for_tenant)s) ON CONFLICT DO NOTHING",
    "slug",
    "for_tenant",
)
_LIST_OF_USER = text(
    """
    SELECT tenant.tenant_id, tenant.name, tenant.slug, tenant.sandbox_of, tenant.owner_visibility, membership.role,
           role.id AS role_id,
           role.scopes AS role_scopes, role.visibility AS role_visibility, role.version AS role_version,
           role.hidden_fields AS role_hidden, role.read_only_fields AS role_read_only
      FROM membership JOIN tenant USING (tenant_id)
      LEFT JOIN role ON role.tenant_id = membership.tenant_id AND role.name = membership.role
     WHERE membership.user_id = %(user_id)s AND membership.status = 'active'
       AND tenant.status IN ('trial', 'active', 'past_due')
     ORDER BY tenant.name, tenant.tenant_id
     LIMIT %(limit)s
    """,
    "user_id",
    "limit",
)
_PAGE_OF_ALL = text(
    """
    SELECT tenant.tenant_id, tenant.status, tenant.created_at, tenant.sandbox_of, erasure.due_at, erasure.problem,
           coalesce(nullif(placement.database_name, ''), 'pooled') AS placement
      FROM tenant JOIN placement USING (tenant_id) LEFT JOIN erasure ON erasure.for_tenant = tenant.tenant_id
     WHERE tenant.tenant_id > %(after)s
       AND (%(placement)s = '' OR coalesce(nullif(placement.database_name, ''), 'pooled') = %(placement)s)
     ORDER BY tenant.tenant_id LIMIT %(limit)s
    """,
    "after",
    "limit",
    "placement",
)
_PLACED = text(
    """
    SELECT coalesce(nullif(placement.database_name, ''), 'pooled') AS placement,
           count(*) FILTER (WHERE tenant.sandbox_of IS NULL) AS tenants,
           count(*) FILTER (WHERE tenant.sandbox_of IS NOT NULL) AS sandboxes
      FROM tenant JOIN placement USING (tenant_id) GROUP BY 1 ORDER BY 1
    """,
)
_IS_SANDBOX = text("SELECT 1 FROM tenant WHERE tenant_id = %(which)s AND sandbox_of IS NOT NULL", "which")
_STATES_OF_USER = text(
    """
    SELECT membership.status AS member_status, tenant.status AS tenant_status
      FROM membership JOIN tenant USING (tenant_id)
     WHERE membership.user_id = %(user_id)s AND membership.status <> 'deactivated'
     LIMIT %(limit)s
    """,
    "user_id",
    "limit",
)


def get(work: Work) -> Row | None:
    """The company of the running work."""
    return work.row(_GET)


def get_for_update(work: Work) -> Row | None:
    """The company, locked until the transaction ends."""
    return work.row(_GET_FOR_UPDATE)


def add(work: Work, **values: Any) -> None:
    """Writes a new company, with its pooled placement."""
    work.execute(_INSERT, **values, teams_version=0, rules_version=0, owner_visibility="all")
    work.execute(_INSERT_PLACEMENT, kind="pooled", database_name="", version=1, updated_at=values["updated_at"])


def change(work: Work, *, updated_at: datetime, version: int, **values: str | bool) -> None:
    """Writes the changeable fields of the company."""
    changed = {"version": version, "updated_at": updated_at, **values}
    work.execute(_UPDATE, **{f"new_{name}": value for name, value in changed.items()})


def set_status(work: Work, status: str) -> Row:
    """Writes the company's state and returns its row."""
    return work.row(_SET_STATUS, new_status=status, at=work.now)


def get_placed(work: Work) -> Row | None:
    """The company's id, status and placement ("pooled", or the name of a dedicated one)."""
    return work.row(_GET_PLACED)


def placement_of(work: Work) -> str:
    """The company's placement by name."""
    row = get_placed(work)
    assert row is not None
    name: str = row.placement
    return name


def place(work: Work, *, kind: str, name: str) -> None:
    """Writes the company's placement; `name` is empty for the shared databases."""
    work.execute(_PLACE, kind=kind, name=name, at=work.now)


def bump(work: Work) -> Row:
    """Counts a change of the company that its own row does not hold, and returns the row."""
    return work.row(_BUMP, at=work.now)


def take_slug(platform: PlatformWork, slug: str, tenant_id: UUID) -> bool:
    """Reserves a slug; False where another company has it."""
    return platform.execute(_TAKE_SLUG, slug=slug, for_tenant=tenant_id) == 1


def page_of_all(platform: PlatformWork, *, after: UUID | None, limit: int, placement: str = "") -> list[Row]:
    """Companies by id, with the erasure that waits for them; of one placement where it is named."""
    return platform.rows(_PAGE_OF_ALL, after=after or UUID(int=0), limit=limit, placement=placement)


def placed(platform: PlatformWork) -> list[Row]:
    """How many companies and sandboxes live in each placement. It reads them all: a question of operators."""
    return platform.rows(_PLACED)


def of_user(platform: PlatformWork, user_id: UUID, *, limit: int = 100) -> list[Row]:
    """Companies a person may work in now, by name."""
    return platform.rows(_LIST_OF_USER, user_id=user_id, limit=limit)


def states_of_user(platform: PlatformWork, user_id: UUID, *, limit: int = 100) -> list[Row]:
    """How a person stands in companies he was not removed from, and how they stand themselves."""
    return platform.rows(_STATES_OF_USER, user_id=user_id, limit=limit)


def is_sandbox(platform: PlatformWork, tenant_id: UUID) -> bool:
    """Whether the company is a sandbox of another one."""
    return platform.row(_IS_SANDBOX, which=tenant_id) is not None
