"""Runs a report: a period, a filter and what to group by, to rows of figures with the filters that open their records.

Sums follow what the caller sees, as lists do: whoever sees the own records only gets sums of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from chassis.errors import NotFound, invalid_field
from chassis.work import Row, Work

from sales.queries import company, funnel, sales_days
from sales.queries import reports as queries
from sales.usecases import goal_report
from sales.usecases.prices import today
from sales.usecases.report_answers import ROWS_MAX, Line, Question, check_size
from sales.usecases.report_catalogue import BY_KEY, Figure, Group, Report
from sales.usecases.report_drills import both, drill_of, midnight, soon, within

GROUPS_MAX = 2
DAYS_MAX = 3_660
MONTHS_SHOWN = 12
Key = Sequence[Any]
"""The place of a line among the others."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know. The last twelve months where no period is named."""

    report: str
    first_day: date | None = None
    last_day: date | None = None
    filter: str = ""
    group_by: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """An answer. `totals` has a line a currency, none where there is nothing to sum. `next_key` is given where lines
    follow, and says after which place they do."""

    report: Report
    groups: Sequence[Group]
    first_day: date | None
    last_day: date | None
    currency: str
    lines: Sequence[Line] = field(default_factory=list)
    totals: Sequence[Line] = field(default_factory=list)
    next_key: Key | None = None


def run(work: Work, asked: Asked, *, limit: int = 0, after: Key | None = None) -> Found:
    """The answer, as things stand now; of so many lines from behind a place, of all where there is no limit.

    Raises NotFound, and InvalidArgument naming what cannot be asked.
    """
    report = report_of(asked.report)
    groups = _groups(report, asked.group_by)
    first, last = _period(work, report, asked)
    own = company.company(work)
    span = (None, None) if first is None or last is None else (first, last + timedelta(days=1))
    question = Question(report, groups, span, asked.filter, own.currency_code, own.time_zone)
    lines, totals = goal_report.count(work, question) if report.source is None else _count(work, question)
    place = _place_of(report, groups, _stages(work, groups))
    ordered = sorted(lines, key=place)
    if after is not None:
        ordered = [one for one in ordered if place(one) > list(after)]
    shown = ordered[:limit] if limit else ordered
    names = _names(work, groups, shown)
    return Found(
        report,
        groups,
        first,
        last,
        own.currency_code,
        [replace(one, names=[names.get(key, "") for key in _named(groups, one)]) for one in shown],
        sorted(totals, key=lambda one: one.currency),
        place(shown[-1]) if len(shown) < len(ordered) else None,
    )


def _count(work: Work, question: Question) -> tuple[list[Line], list[Line]]:
    """Lines of a source, in no order, and their totals."""
    report, (first, before) = question.report, question.span
    assert report.source is not None, "what counts in a way of its own is not counted here"
    source = report.source
    condition = report.condition(work, question.filter)
    if report.records == "orders":
        sales_days.fold(work)
    timed = source.moment is not None
    bounds = [midnight(one, question.zone) if timed and one is not None else one for one in (first, before)]

    def count(by: Sequence[Group]) -> list[Row]:
        return queries.count(
            work,
            source,
            [one.key for one in by],
            figures=[one.key for one in report.figures],
            condition=condition,
            first=bounds[0],
            before=bounds[1],
            zone=question.zone,
            limit=ROWS_MAX + 1,
        )

    rows = count(question.groups)
    check_size(len(rows))
    dated = within(report.period, first, before, question.zone) if report.period else ""
    shown = _Shown(work, question, both(report.drill, dated, question.filter))
    totals = [shown.line((), row) for row in count(())] if rows else []
    return [shown.line(question.groups, row) for row in rows], totals


def report_of(key: str) -> Report:
    """The report of this name. Raises NotFound naming those there are."""
    found = BY_KEY.get(key)
    if found is None:
        raise NotFound(f"There is no such report. There are: {', '.join(BY_KEY)}.", reason="REPORT_NOT_FOUND")
    return found


class _Shown:
    """Makes lines of rows."""

    def __init__(self, work: Work, question: Question, base: str) -> None:
        self._report, self._currency, self._zone = question.report, question.currency, question.zone
        self._base = base
        self._hidden = work.caller.fields.hidden_in("deal")
        self._today = today(work)

    def line(self, groups: Sequence[Group], row: Row) -> Line:
        keys = [queries.in_words(getattr(row, f"key_{at}")) for at in range(len(groups))]
        currency = row.currency_code or ""
        of_rows = [drill_of(group, key, self._today, self._zone) for group, key in zip(groups, keys, strict=True)]
        in_currency = f'currency_code = "{currency}"' if currency and self._report.records in _CURRENCIES else ""
        drill = both(self._base, *of_rows, in_currency) if all(of_rows) else ""
        figures = self._report.figures
        return Line(
            keys,
            [],
            currency or self._currency,
            [self._value(one, row) for one in figures],
            drill,
            [both(drill, soon(one.soon, self._today, self._zone)) if one.soon and drill else "" for one in figures],
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


def _named(groups: Sequence[Group], line: Line) -> list[tuple[str, str]]:
    return [(group.names, key) for group, key in zip(groups, line.keys, strict=True)]


def _names(work: Work, groups: Sequence[Group], lines: Sequence[Line]) -> dict[tuple[str, str], str]:
    """What the keys of these lines are called, by their kind of record and key."""
    found: dict[tuple[str, str], str] = {}
    for at, group in enumerate(groups):
        ids = {UUID(one.keys[at]) for one in lines if group.names and one.keys[at]}
        if ids:
            found |= {(group.names, key): name for key, name in queries.names(work, group.names, sorted(ids)).items()}
    return found


def _stages(work: Work, groups: Sequence[Group]) -> dict[str, int]:
    """The places of stages in their pipelines, where rows are made of stages."""
    if groups[0].names != "stage":
        return {}
    return {str(one.id): at for at, one in enumerate(funnel.stages(work))}


def _place_of(report: Report, groups: Sequence[Group], stages: Mapping[str, int]) -> Callable[[Line], list[Any]]:
    """Times, spans and stages in their order, everything else by what the report is about, the most first."""
    group = groups[0]
    if stages:
        return lambda one: [stages.get(one.keys[0], len(stages)), *one.keys[1:]]
    if group.kind in ("day", "week", "month", "span"):
        return lambda one: [one.currency, *one.keys]
    if group.days:
        order = list(group.days)
        return lambda one: [one.currency, order.index(one.keys[0]), *one.keys[1:]]
    at = next(index for index, one in enumerate(report.figures) if one.key == report.lead)
    return lambda one: [one.currency, -(one.values[at] or 0), *one.keys]
