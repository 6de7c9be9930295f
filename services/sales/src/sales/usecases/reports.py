"""Runs a report: a period, a filter and what to group by, to rows of figures with the filters that open their records.

Sums follow what the caller sees, as lists do: whoever sees the own records only gets sums of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from chassis.errors import InvalidArgument, NotFound, invalid_field
from chassis.work import Row, Work

from sales.queries import company, funnel, sales_days
from sales.queries import reports as queries
from sales.usecases.prices import today
from sales.usecases.report_catalogue import BY_KEY, Figure, Group, Report, both, drill_of, midnight, within

GROUPS_MAX = 2
ROWS_MAX = 5_000
DAYS_MAX = 3_660
MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know. The last twelve months where no period is named."""

    report: str
    first_day: date | None = None
    last_day: date | None = None
    filter: str = ""
    group_by: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a report: its keys, what these are called as far as sales knows, its figures, and its records."""

    keys: Sequence[str]
    names: Sequence[str]
    currency: str
    values: Sequence[int | None]
    drill: str


@dataclass(frozen=True, slots=True)
class Found:
    """An answer. `totals` has a line a currency, none where there is nothing to sum."""

    report: Report
    groups: Sequence[Group]
    first_day: date | None
    last_day: date | None
    currency: str
    lines: Sequence[Line] = field(default_factory=list)
    totals: Sequence[Line] = field(default_factory=list)


def run(work: Work, asked: Asked) -> Found:
    """The answer, as things stand now. Raises NotFound, and InvalidArgument naming what cannot be asked."""
    report = report_of(asked.report)
    groups = _groups(report, asked.group_by)
    first, last = _period(work, report, asked)
    own = company.company(work)
    zone = own.time_zone
    condition = report.condition(work, asked.filter)
    if report.records == "orders":
        sales_days.fold(work)
    span = (None, None) if first is None or last is None else (first, last + timedelta(days=1))
    timed = report.source.moment is not None
    bounds = [midnight(one, zone) if timed and one is not None else one for one in span]

    def count(by: Sequence[Group]) -> list[Row]:
        return queries.count(
            work,
            report.source,
            [one.key for one in by],
            figures=[one.key for one in report.figures],
            condition=condition,
            first=bounds[0],
            before=bounds[1],
            zone=zone,
            limit=ROWS_MAX + 1,
        )

    rows = count(groups)
    if len(rows) > ROWS_MAX:
        raise InvalidArgument(
            f"This report would have more than {ROWS_MAX} rows. Ask for less time, narrow the filter, or group by"
            " something else.",
            reason="REPORT_TOO_LARGE",
        )
    dated = within(report.period, span[0], span[1], zone) if report.period and span[0] and span[1] else ""
    base = both(report.drill, dated, asked.filter)
    names = _names(work, groups, rows)
    shown = _Shown(work, report, own.currency_code, base, zone)
    lines = [shown.line(groups, row, names) for row in rows]
    totals = [shown.line((), row, {}) for row in count(())] if rows else []
    return Found(
        report,
        groups,
        first,
        last,
        own.currency_code,
        _ordered(report, groups, lines, _places(work, groups)),
        sorted(totals, key=lambda one: one.currency),
    )


def report_of(key: str) -> Report:
    """The report of this name. Raises NotFound naming those there are."""
    found = BY_KEY.get(key)
    if found is None:
        raise NotFound(f"There is no such report. There are: {', '.join(BY_KEY)}.", reason="REPORT_NOT_FOUND")
    return found


class _Shown:
    """Makes lines of rows."""

    def __init__(self, work: Work, report: Report, currency: str, base: str, zone: str) -> None:
        self._report, self._currency, self._base, self._zone = report, currency, base, zone
        self._hidden = work.caller.fields.hidden_in("deal")
        self._today = today(work)

    def line(self, groups: Sequence[Group], row: Row, names: Mapping[str, Mapping[str, str]]) -> Line:
        keys = [queries.in_words(getattr(row, f"key_{at}")) for at in range(len(groups))]
        currency = row.currency_code or ""
        of_rows = [drill_of(group, key, self._today, self._zone) for group, key in zip(groups, keys, strict=True)]
        found = self._report.opens and all(of_rows)
        in_currency = f'currency_code = "{currency}"' if currency and self._report.records in _CURRENCIES else ""
        return Line(
            keys,
            [names.get(group.names, {}).get(key, "") for group, key in zip(groups, keys, strict=True)],
            currency or self._currency,
            [self._value(one, row) for one in self._report.figures],
            both(self._base, *of_rows, in_currency) if found else "",
        )

    def _value(self, figure: Figure, row: Row) -> int | None:
        if figure.hidden_with in self._hidden:
            return None
        value: int | None = getattr(row, figure.key)
        return value


_CURRENCIES = frozenset({"orders", "invoices"})
"""Records that are filtered by their currency."""


def _groups(report: Report, asked: Sequence[str]) -> Sequence[Group]:
    found = []
    for index, key in enumerate(asked or (report.groups[0].key,)):
        group = report.group(key)
        if group is None or key in asked[:index]:
            possible = ", ".join(one.key for one in report.groups)
            raise invalid_field(f"group_by[{index}]", f"choose of {possible}, each once", reason="UNKNOWN_GROUP")
        found.append(group)
    return found


def _period(work: Work, report: Report, asked: Asked) -> tuple[date | None, date | None]:
    if not report.period:
        return None, None
    last = asked.last_day or today(work)
    months = last.year * 12 + last.month - MONTHS_SHOWN
    first = asked.first_day or date(months // 12, months % 12 + 1, 1)
    if first > last:
        raise invalid_field("last_day", "it lies before the first day", reason="BACKWARDS")
    if (last - first).days > DAYS_MAX:
        raise invalid_field("first_day", f"ask for {DAYS_MAX} days at most", reason="TOO_LONG")
    return first, last


def _names(work: Work, groups: Sequence[Group], rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    found = {}
    for at, group in enumerate(groups):
        ids = {UUID(str(key)) for row in rows if group.names and (key := getattr(row, f"key_{at}")) is not None}
        if ids:
            found[group.names] = queries.names(work, group.names, sorted(ids))
    return found


def _places(work: Work, groups: Sequence[Group]) -> dict[str, int]:
    """The places of stages in their pipelines, where rows are made of stages."""
    if groups[0].names != "stage":
        return {}
    return {str(one.id): at for at, one in enumerate(funnel.stages(work))}


def _ordered(report: Report, groups: Sequence[Group], lines: list[Line], places: Mapping[str, int]) -> Sequence[Line]:
    """Times, ages and stages in their order, everything else by what the report is about."""
    kind = groups[0].kind
    if places:
        return sorted(lines, key=lambda one: (places.get(one.keys[0], len(places)), *one.keys[1:]))
    if kind in ("day", "week", "month"):
        return sorted(lines, key=lambda one: (one.currency, *one.keys))
    if kind == "age":
        order = list(_AGES)
        return sorted(lines, key=lambda one: (one.currency, order.index(one.keys[0]), *one.keys))
    at = next(index for index, one in enumerate(report.figures) if one.key == report.lead)
    return sorted(lines, key=lambda one: (one.currency, -_number(one.values[at]), *one.keys))


def _number(value: Any) -> int:
    return 0 if value is None else int(value)


_AGES = ("not_due", "1_30", "31_60", "61_90", "over_90")
