"""Statements on plans of companies and on what these use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.metering import STANDING
from chassis.statements import text
from chassis.work import Row, Work
from psycopg.types.json import Jsonb

from gateway.identity.platform import PlatformWork

_GET = text("SELECT plan, overrides, version FROM company_plan WHERE tenant_id = %(tenant_id)s", "tenant_id")
_GET_FOR_UPDATE = text(f"{_GET.text} FOR UPDATE", "tenant_id")
_PUT = text(
    """
    INSERT INTO company_plan (tenant_id, plan, overrides, version, updated_at)
    VALUES (%(tenant_id)s, %(plan)s, %(overrides)s, %(version)s, %(at)s)
    ON CONFLICT (tenant_id) DO UPDATE
       SET plan = excluded.plan, overrides = excluded.overrides, version = excluded.version,
           updated_at = excluded.updated_at
    """,
    "tenant_id",
)
_LIMITS = text("SELECT meter, most FROM usage_limit WHERE tenant_id = %(tenant_id)s", "tenant_id")
_USED = text(
    "SELECT used FROM usage_count WHERE tenant_id = %(tenant_id)s AND meter = %(meter)s AND period = %(period)s",
    "tenant_id",
)
_THERE = text("SELECT 1 FROM tenant WHERE tenant_id = %(tenant_id)s FOR KEY SHARE", "tenant_id")
_NOW = text(
    """
    SELECT DISTINCT ON (meter) meter, day, used, told_at FROM usage_day WHERE tenant_id = %(tenant_id)s
     ORDER BY meter, day DESC
    """,
    "tenant_id",
)
_DAYS = text(
    """
    SELECT meter, day, used, peak FROM usage_day WHERE tenant_id = %(tenant_id)s AND day <= %(until)s
     ORDER BY meter, day
    """,
    "tenant_id",
    "until",
)
_TELL = text(
    """
    INSERT INTO usage_day AS d (tenant_id, meter, day, used, peak, changes, told_at)
    SELECT %(tenant_id)s, meter, day, used, used, changes, %(at)s
      FROM unnest(%(meters)b::text[], %(days)b::date[], %(used)b::bigint[], %(changes)b::bigint[])
           AS told(meter, day, used, changes)
    ON CONFLICT (tenant_id, meter, day) DO UPDATE
       SET used = excluded.used, peak = greatest(d.peak, excluded.used), changes = excluded.changes,
           told_at = excluded.told_at
     WHERE d.changes <= excluded.changes
    """,
    "tenant_id",
)
_WARN = text(
    """
    INSERT INTO usage_warning (tenant_id, meter, period, percent, most, warned_at)
    VALUES (%(tenant_id)s, %(meter)s, %(period)s, %(percent)s, %(most)s, %(at)s) ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)
_ADMINISTRATORS = text(
    """
    SELECT user_id, email, locale FROM membership
     WHERE tenant_id = %(tenant_id)s AND role IN ('owner', 'admin') AND status = 'active' ORDER BY created_at
     LIMIT %(limit)s
    """,
    "tenant_id",
)
_PLANNED = text(
    "SELECT tenant_id, plan FROM company_plan WHERE tenant_id > %(after)s ORDER BY tenant_id LIMIT %(limit)s",
    "after",
    "limit",
)
_PLANS_OF = text("SELECT tenant_id, plan FROM company_plan WHERE tenant_id = ANY(%(ids)s)", "ids")
_ALL_DAYS = text(
    """
    SELECT tenant_id, meter, day, used, peak FROM usage_day
     WHERE tenant_id > %(after)s AND day <= %(until)s AND (day >= %(since)s OR day = (
        SELECT max(before.day) FROM usage_day AS before
         WHERE before.tenant_id = usage_day.tenant_id AND before.meter = usage_day.meter AND before.day < %(since)s))
       AND tenant_id IN (SELECT DISTINCT tenant_id FROM usage_day JOIN tenant USING (tenant_id)
                          WHERE tenant_id > %(after)s AND tenant.sandbox_of IS NULL
                          ORDER BY tenant_id LIMIT %(limit)s)
     ORDER BY tenant_id, meter, day
    """,
    "after",
    "since",
    "until",
    "limit",
)
_FORGET = text(
    """
    DELETE FROM usage_day AS old WHERE tenant_id = %(tenant_id)s AND day < %(before)s
       AND EXISTS (SELECT FROM usage_day AS later WHERE later.tenant_id = %(tenant_id)s AND later.meter = old.meter
                      AND later.day > old.day AND later.day < %(before)s)
    """,
    "tenant_id",
    "before",
)
_RECOUNT = text(
    """
    WITH found (meter, used) AS (
        SELECT 'seats', count(*) FROM membership WHERE tenant_id = %(tenant_id)s AND status = 'active'
        UNION ALL SELECT 'webhook_endpoints', count(*) FROM webhook_endpoint
                   WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL
        UNION ALL SELECT 'custom_fields', count(*) FROM custom_field WHERE tenant_id = %(tenant_id)s AND NOT archived
        UNION ALL SELECT 'partner_apps', count(*) FROM app_grant
                   WHERE tenant_id = %(tenant_id)s AND revoked_at IS NULL
    )
    INSERT INTO usage_count AS c (tenant_id, meter, period, used, changes, told)
    SELECT %(tenant_id)s, meter, %(period)s, used, 1, false FROM found
    ON CONFLICT (tenant_id, meter, period) DO UPDATE SET used = excluded.used, changes = c.changes + 1, told = false
     WHERE c.used <> excluded.used
    """,
    "tenant_id",
    "period",
)
_COUNTERS = text(
    "SELECT 1 FROM usage_count WHERE tenant_id = %(tenant_id)s AND meter = 'seats' FOR UPDATE", "tenant_id"
)


def is_there(work: Work) -> bool:
    """Whether the company was not erased; its erasure waits until the transaction ends, and takes what it wrote."""
    return work.row(_THERE) is not None


def get(work: Work, *, for_update: bool = False) -> Row | None:
    """The company's plan: plan, overrides, version; None where it was never given one."""
    return work.row(_GET_FOR_UPDATE if for_update else _GET)


def put(work: Work, *, plan: str, overrides: dict[str, int | None], version: int) -> None:
    """Writes the company's plan."""
    work.execute(_PUT, plan=plan, overrides=Jsonb(overrides), version=version, at=work.now)


def limits(work: Work) -> dict[str, int]:
    """What the company may use, by meter; what is not in it is not limited."""
    return {row.meter: row.most for row in work.rows(_LIMITS)}


def used(work: Work, meter: str, period: date) -> int:
    """What one of identity's own counters stands at."""
    row = work.row(_USED, meter=meter, period=period)
    return 0 if row is None else int(row.used)


def latest(work: Work) -> list[Row]:
    """What was told last of each meter: meter, day, used, told_at."""
    return work.rows(_NOW)


def days(work: Work, *, until: date) -> list[Row]:
    """The whole history up to that day, by meter and day: some hundred rows a year."""
    return work.rows(_DAYS, until=until)


def tell(work: Work, told: Sequence[tuple[str, date, int, int]]) -> None:
    """Keeps what was counted: meter, day, use, and how often the counter has changed; what is older changes nothing."""
    meters, on, used, changes = (list(part) for part in zip(*told, strict=True))
    work.execute(_TELL, meters=meters, days=on, used=used, changes=changes, at=work.now)


def warn(work: Work, meter: str, *, period: date, percent: int, most: int) -> bool:
    """Notes a warning; False where it was given before, for this limit in this period."""
    return work.execute(_WARN, meter=meter, period=period, percent=percent, most=most, at=work.now) == 1


def administrators(work: Work, *, limit: int = 50) -> list[Row]:
    """Owners and administrators at work, oldest first."""
    return work.rows(_ADMINISTRATORS, limit=limit)


def planned(platform: PlatformWork, *, after: UUID | None, limit: int) -> list[Row]:
    """Companies that have a plan, by id."""
    return platform.rows(_PLANNED, after=after or UUID(int=0), limit=limit)


def plans_of(platform: PlatformWork, ids: list[UUID]) -> dict[UUID, str]:
    """The plans of these companies, of those that have one."""
    return {row.tenant_id: row.plan for row in platform.rows(_PLANS_OF, ids=ids)}


def days_of_all(platform: PlatformWork, *, after: UUID | None, since: date, until: date, limit: int) -> list[Row]:
    """Rows of that time of so many companies, each meter with what it stood at before. Sandboxes are none."""
    return platform.rows(_ALL_DAYS, after=after or UUID(int=0), since=since, until=until, limit=limit)


def forget(work: Work, *, before: date) -> int:
    """Removes history of long ago, but what each meter stood at last."""
    return work.execute(_FORGET, before=before)


def recount(work: Work) -> int:
    """Puts identity's own counters right; returns how many were wrong or missing."""
    work.rows(_COUNTERS)
    return work.execute(_RECOUNT, period=STANDING)
