"""Plans of companies: given by operators, seen by administrators, with what was used of them by month.

A plan never deletes anything: a company above its limits keeps what it has and reads it, and adds nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.allowances import set_limits
from chassis.errors import invalid_field
from chassis.metering import METERS
from chassis.work import Row, Work

from gateway.identity.plan_events import plan_changed
from gateway.identity.queries import plan as queries
from gateway.plans import LIMITS, NO_PLAN, REQUESTS_PER_S
from gateway.settings import GatewaySettings

Overrides = Mapping[str, int | None]
"""Limits of one company in place of its plan's; None lifts a limit."""
_MOST = 2**62


@dataclass(frozen=True, slots=True)
class Use:
    """How much of something a company uses; `most` is None where nothing limits it. Counted at `told_at`."""

    meter: str
    unit: str
    daily: bool
    used: int
    most: int | None
    told_at: datetime | None

    @property
    def percent(self) -> int:
        """Share of the limit, in whole percent; 0 without a limit, and 100 where nothing is allowed."""
        if self.most is None:
            return 0
        return self.used * 100 // self.most if self.most else 100


@dataclass(frozen=True, slots=True)
class CompanyPlan:
    """A company's plan and what it uses of it."""

    name: str
    overrides: Overrides
    requests_per_s: int | None
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class UsageMonth:
    """What a meter came to in a month: the sum of its days, or the highest where it counts what there is."""

    month: date
    meter: str
    used: int


def give(work: Work, settings: GatewaySettings, plan: str, overrides: Overrides) -> None:
    """Gives the company a plan and limits of its own. The services keep to them within seconds.

    Raises InvalidArgument for an unknown plan or limit. Nothing happens where nothing changes.
    """
    if plan != NO_PLAN and plan not in settings.plans:
        raise invalid_field("plan", f"choose one of: {', '.join(settings.plans)}", reason="UNKNOWN_PLAN")
    for name, most in overrides.items():
        if name not in LIMITS:
            raise invalid_field(name, f"this is no limit; choose among {', '.join(LIMITS)}", reason="UNKNOWN_LIMIT")
        if most is not None and not (name == REQUESTS_PER_S) <= most <= _MOST:
            raise invalid_field(name, "write a whole number, or nothing", reason="INVALID_LIMIT")
    before = queries.get(work, for_update=True)
    limits = effective(settings, plan, overrides)
    is_same = before is not None and (before.plan, before.overrides) == (plan, dict(overrides))
    if is_same and queries.limits(work) == limits:
        return
    version = 1 if before is None else before.version + 1
    queries.put(work, plan=plan, overrides=dict(overrides), version=version)
    set_limits(work, limits, known=LIMITS)
    work.record(plan_changed(work.tenant_id, version, plan, limits))


def begin(work: Work, settings: GatewaySettings) -> None:
    """Gives a company that signs up the plan that all begin with."""
    if settings.plan_at_sign_up != NO_PLAN:
        give(work, settings, settings.plan_at_sign_up, {})


def begin_sandbox(work: Work, settings: GatewaySettings) -> None:
    """Gives a sandbox the plan that all of them have, whatever the plan of its company."""
    if settings.sandbox_plan != NO_PLAN:
        give(work, settings, settings.sandbox_plan, {})


def apply_again(work: Work, settings: GatewaySettings) -> None:
    """Brings the limits of a company to what its plan is configured as now; a plan that is gone leaves them alone."""
    row = queries.get(work)
    if row is not None and (row.plan == NO_PLAN or row.plan in settings.plans):
        give(work, settings, row.plan, row.overrides)


def effective(settings: GatewaySettings, plan: str, overrides: Overrides) -> dict[str, int]:
    """The limits that hold: the plan's, and the company's own over them."""
    limits: dict[str, int | None] = {**settings.plans.get(plan, {}), **overrides}
    return {name: most for name, most in limits.items() if most is not None}


def look(work: Work) -> CompanyPlan:
    """The company's plan and what it uses."""
    row = queries.get(work)
    limits = queries.limits(work)
    told = {one.meter: one for one in queries.latest(work)}
    uses = tuple(_use(meter, told.get(meter), limits.get(meter), work.now) for meter in METERS)
    return CompanyPlan(
        name=NO_PLAN if row is None else row.plan,
        overrides={} if row is None else row.overrides,
        requests_per_s=limits.get(REQUESTS_PER_S),
        uses=uses,
    )


def _use(name: str, told: Row | None, most: int | None, now: datetime) -> Use:
    meter = METERS[name]
    is_of_now = told is not None and (not meter.daily or told.day == meter.period(now))
    used = told.used if told is not None and is_of_now else 0
    return Use(name, meter.unit, meter.daily, used, most, None if told is None else told.told_at)


def history(work: Work, *, months: int) -> list[UsageMonth]:
    """What was used in each of the last months, the newest first."""
    today = work.now.date()
    return by_month(queries.days(work, until=today), first=months_before(today, months - 1), last=today)


def by_month(days: Iterable[Any], *, first: date, last: date) -> list[UsageMonth]:
    """Months from rows of days in the order of meter and day; a meter that did not change stands as it stood."""
    found: dict[tuple[date, str], int] = {}
    stood: dict[str, tuple[date, int]] = {}
    for row in days:
        month = row.day.replace(day=1)
        if METERS[row.meter].daily:
            found[month, row.meter] = found.get((month, row.meter), 0) + row.used
            continue
        for between in _months(stood[row.meter][0], month) if row.meter in stood else (month,):
            found[between, row.meter] = max(found.get((between, row.meter), 0), stood.get(row.meter, (0, 0))[1])
        found[month, row.meter] = max(found[month, row.meter], row.peak)
        stood[row.meter] = (month, row.used)
    for meter, (month, used) in stood.items():
        for between in _months(month, last):
            found[between, meter] = max(found.get((between, meter), 0), used)
    begins = first.replace(day=1)
    order = list(METERS)
    kept = [UsageMonth(month, meter, used) for (month, meter), used in found.items() if month >= begins]
    return sorted(kept, key=lambda one: (-one.month.toordinal(), order.index(one.meter)))


def months_before(day: date, count: int) -> date:
    """The first of the month so many months before."""
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _months(first: date, last: date) -> Iterable[date]:
    count = (last.year - first.year) * 12 + last.month - first.month
    return [months_before(last, back) for back in range(count, -1, -1)]
