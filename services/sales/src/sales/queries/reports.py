"""The frame of reports: one statement that counts a source by what it is asked to be grouped by.

What is counted stands in `report_sources`. Statements carry the tenant and what the caller may see, always.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.statements import prepare, text
from chassis.tables import Access, tenant_parameter, visible
from chassis.work import Row, Work
from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Numeric,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    true,
)
from sqlalchemy.sql.elements import ColumnElement

Column = ColumnElement[Any]
Columns = Mapping[str, Any]
_NAMES = {
    kind: text(
        f"SELECT id, {name} AS name FROM {table} WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)b::uuid[])",
        "tenant_id",
    )
    for kind, table, name in (
        ("stage", "stage", "name"),
        ("pipeline", "pipeline", "name"),
        ("store", "store", "name"),
        ("register", "register", "name"),
        ("product", "product", "name"),
        ("rule", "price_rule", "name"),
        ("tier", "loyalty_tier", "name"),
    )
}


@dataclass(frozen=True, slots=True)
class Source:
    """What is counted: a table, what of it belongs to a report, and the ways to group and count it.

    `day` or `moment` is the column that a period is about. `seen_by` is the person to whom a row belongs where the
    table has no owner and team: whoever does not see everything then sees his own; what has none of these is
    everybody's. `start` is the table with those that
    figures need joined to it.
    """

    table: Any
    figures: Mapping[str, Any]
    keys: Mapping[str, Any]
    where: Sequence[Column] = ()
    day: Any = None
    moment: Any = None
    currency: Any = None
    seen_by: Any = None
    start: Any = None


def zoned(moment: Any) -> Column:
    """The day of a moment at the company's place."""
    return cast(func.timezone(bindparam("zone"), moment), Date)


def spans(day: Any) -> dict[str, Column]:
    """A day by itself, its week by the Monday, its month."""
    return {
        "day": cast(day, Text),
        "week": func.to_char(func.date_trunc(literal_column("'week'"), day), literal_column("'YYYY-MM-DD'")),
        "month": func.to_char(day, literal_column("'YYYY-MM'")),
    }


def count(
    work: Work,
    source: Source,
    by: Sequence[str],
    *,
    figures: Sequence[str],
    condition: ColumnElement[bool] | None,
    first: Any,
    before: Any,
    zone: str,
    limit: int,
) -> list[Row]:
    """Rows of keys (`key_0` and on), currency and figures of what the caller sees, from `first` to `before`."""
    keys = [source.keys[name].label(f"key_{at}") for at, name in enumerate(by)]
    currency = null().cast(Text) if source.currency is None else source.currency
    parts = [*keys, *([] if source.currency is None else [currency])]
    statement = (
        select(*keys, currency.label("currency_code"), *(source.figures[name].label(name) for name in figures))
        .select_from(source.table if source.start is None else source.start)
        .where(source.table.tenant_id == tenant_parameter(), *source.where, _seen(work, source))
        .group_by(*parts)
    )
    if source.day is not None:
        statement = statement.where(
            source.day >= bindparam("first", type_=Date), source.day < bindparam("before", type_=Date)
        )
    if source.moment is not None:
        moment = DateTime(timezone=True)
        statement = statement.where(
            source.moment >= bindparam("first", type_=moment), source.moment < bindparam("before", type_=moment)
        )
    if condition is not None:
        statement = statement.where(condition)
    prepared = prepare(statement.limit(literal_column(str(limit))))
    given = {"first": first, "before": before, "zone": zone, "today": _day(work, zone)}
    return work.rows(prepared, **{name: value for name, value in given.items() if name in prepared.names})


def names(work: Work, kind: str, ids: Sequence[UUID]) -> dict[str, str]:
    """What records of sales are called, by their ids; those in the bin, too."""
    statement = _NAMES.get(kind)
    return {} if statement is None else {str(row.id): row.name for row in work.rows(statement, ids=list(ids))}


def number(column: Any) -> Column:
    """A sum as a whole number, zero where there is nothing to sum."""
    return func.coalesce(func.sum(column), 0).cast(BigInteger)


def share(part: Any, whole: Any) -> Column:
    """A share in hundredths of a per cent; nothing where the whole is nothing."""
    return func.round(part * literal_column("10000.0") / func.nullif(whole, 0)).cast(BigInteger)


def average(column: Any) -> Column:
    """The mean as a whole number."""
    return func.round(func.avg(column)).cast(BigInteger)


def median(column: Any) -> Column:
    """The value in the middle as a whole number."""
    return func.round(cast(func.percentile_cont(literal_column("0.5")).within_group(column), Numeric)).cast(BigInteger)


def seconds_between(first: Any, last: Any) -> Column:
    """Seconds from one moment to another."""
    return func.extract("epoch", last - first)


def in_words(value: Any) -> str:
    """A key as text; empty where there is none."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _seen(work: Work, source: Source) -> ColumnElement[bool]:
    if issubclass(source.table, Access):
        return visible(source.table, work.caller.sight, listing=True)
    if work.caller.sight == "all" or source.seen_by is None:
        return true()
    mine: ColumnElement[bool] = source.seen_by == bindparam("actor_id")
    return mine


def _day(work: Work, zone: str) -> date:
    return work.now.astimezone(ZoneInfo(zone)).date()
