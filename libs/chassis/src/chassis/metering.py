"""What a company uses of what its plan allows: counters that commit with the writes they count, and their limits.

A use case says `work.count(...)`; the counts of a transaction are added in the round trip of its commit, so a counter
is locked for no longer than the commit itself. Beyond a limit the database refuses, and nothing of it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import psycopg

from chassis.errors import FuniaError, PermissionDenied, ResourceExhausted
from chassis.schema import Roles, protect
from chassis.statements import Prepared, text

STANDING = date(1970, 1, 1)
"""The period of meters that count what there is, and not what happens on a day."""
REACHED = "LIMIT_REACHED"
FULL = "P0F02"
"""SQLSTATE of `usage_add` beyond a limit. The detail is meter, period, use and limit."""


@dataclass(frozen=True, slots=True)
class Meter:
    """Something that is counted. A daily one begins anew at midnight UTC, and its limit is of a day."""

    name: str
    unit: str
    daily: bool = False

    def period(self, at: datetime) -> date:
        """The period that a moment belongs to."""
        return at.astimezone(UTC).date() if self.daily else STANDING


METERS: dict[str, Meter] = {
    meter.name: meter
    for meter in (
        Meter("seats", "people"),
        Meter("contacts", "records"),
        Meter("accounts", "records"),
        Meter("leads", "records"),
        Meter("deals", "records"),
        Meter("storage_bytes", "bytes"),
        Meter("api_calls", "calls", daily=True),
        Meter("bulk_rows", "rows", daily=True),
        Meter("webhook_endpoints", "endpoints"),
        Meter("custom_fields", "fields"),
        Meter("partner_apps", "apps"),
    )
}
"""Every meter. A new main record adds its line here and counts itself where its rows are written."""

Counts = Mapping[tuple[str, bool], int]
"""What a transaction adds, by meter and whether its limit is kept; what has happened already is never refused."""

_ADD = text(
    "SELECT usage_add(%(meters)b::text[], %(periods)b::date[], %(deltas)b::bigint[], %(kept)b::boolean[])",
    "meters",
    "periods",
    "deltas",
    "kept",
)


def addition(counts: Counts, now: datetime) -> tuple[Prepared, dict[str, Any]]:
    """The statement that adds these counts: always in the same order, so that two transactions cannot deadlock."""
    ordered = sorted((name, kept, delta) for (name, kept), delta in counts.items() if delta)
    return _ADD, {
        "meters": [name for name, _, _ in ordered],
        "periods": [METERS[name].period(now) for name, _, _ in ordered],
        "deltas": [delta for _, _, delta in ordered],
        "kept": [kept for _, kept, _ in ordered],
    }


def refusal_of(error: psycopg.Error) -> FuniaError | None:
    """The error for the caller, where it was `usage_add` that refused."""
    if error.sqlstate != FULL:
        return None
    meter, used, most = (error.diag.message_detail or "").split(" ")
    return limit_reached(meter, used=int(used), most=int(most), now=datetime.now(UTC))


def limit_reached(meter: str, *, used: int, most: int, now: datetime) -> FuniaError:
    """The refusal of what would go beyond a limit: 403, or 429 where the limit is of a day."""
    kind = METERS[meter]
    metadata = {"limit": meter, "used": str(used), "most": str(most)}
    span = " a day" if kind.daily else ""
    said = f"The plan of your company allows {most} {kind.unit}{span} ({meter}), and {used} are used."
    if not kind.daily:
        said += " Remove some, or ask whoever runs the platform for a larger plan."
        return PermissionDenied(said, reason=REACHED, metadata=metadata)
    midnight = datetime.combine(kind.period(now) + timedelta(days=1), time(), UTC)
    wait_s = str(int((midnight - now).total_seconds()) + 1)
    said += " Go on after midnight UTC, or ask whoever runs the platform for a larger plan."
    return ResourceExhausted(said, reason=REACHED, metadata={**metadata, "retry_after_s": wait_s})


def metering_tables(roles: Roles) -> list[str]:
    """DDL of counters and limits; a service whose records are counted runs it in a migration."""
    return [
        """
        CREATE TABLE usage_limit (
            tenant_id uuid NOT NULL,
            meter text NOT NULL,
            most bigint NOT NULL CHECK (most >= 0),
            PRIMARY KEY (tenant_id, meter)
        )
        """,
        *protect("usage_limit", roles),
        """
        CREATE TABLE usage_plan (
            tenant_id uuid NOT NULL PRIMARY KEY,
            version bigint NOT NULL
        )
        """,
        *protect("usage_plan", roles),
        """
        CREATE TABLE usage_count (
            tenant_id uuid NOT NULL,
            meter text NOT NULL,
            period date NOT NULL,
            used bigint NOT NULL CHECK (used >= 0),
            changes bigint NOT NULL,
            told boolean NOT NULL,
            PRIMARY KEY (tenant_id, meter, period)
        ) WITH (fillfactor = 40)
        """,
        *protect("usage_count", roles),
        "CREATE INDEX ix_usage_count_untold ON usage_count (tenant_id) WHERE NOT told",
        f"CREATE POLICY relay ON usage_count TO {roles.relay} USING (true) WITH CHECK (true)",
        f"GRANT SELECT, UPDATE (told), DELETE ON usage_count TO {roles.relay}",
        _USAGE_ADD_OF,
        _USAGE_ADD,
    ]


# A limit is looked at after the counter was locked and raised, so that of two who take the last place one is refused.
_USAGE_ADD_OF = f"""
CREATE FUNCTION usage_add_of(tenant uuid, meters text[], periods date[], deltas bigint[], kept boolean[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    now_used bigint;
    allowed bigint;
BEGIN
    FOR place IN 1 .. coalesce(array_length(meters, 1), 0) LOOP
        IF deltas[place] < 0 THEN
            UPDATE usage_count SET used = greatest(used + deltas[place], 0), changes = changes + 1, told = false
             WHERE tenant_id = tenant AND meter = meters[place] AND period = periods[place];
            CONTINUE;
        END IF;
        INSERT INTO usage_count AS c (tenant_id, meter, period, used, changes, told)
        VALUES (tenant, meters[place], periods[place], deltas[place], 1, false)
        ON CONFLICT (tenant_id, meter, period) DO UPDATE
           SET used = c.used + excluded.used, changes = c.changes + 1, told = false
        RETURNING used INTO now_used;
        IF kept[place] THEN
            SELECT most INTO allowed FROM usage_limit WHERE tenant_id = tenant AND meter = meters[place];
            IF FOUND AND now_used > allowed THEN
                RAISE EXCEPTION 'a limit of the plan is reached' USING ERRCODE = '{FULL}',
                    DETAIL = meters[place] || ' ' || (now_used - deltas[place]) || ' ' || allowed;
            END IF;
        END IF;
    END LOOP;
END
$$
"""
_USAGE_ADD = """
CREATE FUNCTION usage_add(meters text[], periods date[], deltas bigint[], kept boolean[]) RETURNS void
LANGUAGE sql AS $$ SELECT usage_add_of(current_setting('app.tenant_id')::uuid, meters, periods, deltas, kept) $$
"""
