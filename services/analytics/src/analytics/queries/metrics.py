"""Figures of the catalogue by period and dimension, and the records behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from analytics.errors import invalid_field
from analytics.queries.catalogue import METRICS, TIMES, Metric, Source
from analytics.queries.people import one_person, staying_for
from analytics.queries.sight import Sight
from analytics.store.port import Parameter

_NOBODY = "00000000-0000-0000-0000-000000000000"
_PERSON = "customer_id"
_OF_PERSON = f"toString({_PERSON})"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `filters` are keys by dimension."""

    metrics: Sequence[Metric]
    first: date
    last: date
    filters: Mapping[str, str]
    group_by: Sequence[str] = ()
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of figures."""

    keys: Sequence[str]
    currency: str
    values: Sequence[int | None]


def named(field: str, names: Sequence[str]) -> list[Metric]:
    """The figures of these names, all of one source. Raises InvalidArgument with those there are."""
    found = []
    for index, name in enumerate(names):
        metric = METRICS.get(name)
        if metric is None:
            raise invalid_field(f"{field}[{index}]", f"choose of {', '.join(METRICS)}", "UNKNOWN_METRIC")
        if metric.source is not METRICS[names[0]].source:
            possible = ", ".join(one.name for one in METRICS.values() if one.source is METRICS[names[0]].source)
            raise invalid_field(f"{field}[{index}]", f"ask for it alone, or beside {possible}", "OTHER_FACT")
        found.append(metric)
    return found


def dimensions_of(source: Source) -> list[str]:
    """What figures of a source can be split by."""
    return [*TIMES, *source.dimensions]


def check_dimensions(source: Source, field: str, names: Sequence[str]) -> None:
    """Raises InvalidArgument where figures of a source cannot be split by these, or by one of them twice."""
    for index, name in enumerate(names):
        _key(source, f"{field}[{index}]", name)
    if len(set(names)) < len(names):
        raise invalid_field(field, "name each dimension once", "REPEATED_DIMENSION")


def rows_of(sight: Sight, asked: Question, *, limit: int) -> list[Line]:
    """Rows of figures: times in their order, others with the most of the first figure first."""
    source = asked.metrics[0].source
    check_dimensions(source, "group_by", asked.group_by)
    keys = [_key(source, "group_by", name) for name in asked.group_by]
    columns = ", ".join(f"{key} AS key_{index}" for index, key in enumerate(keys))
    names = ", ".join(f"key_{index}" for index in range(len(keys)))
    values = ", ".join(f"{metric.formula} AS value_{index}" for index, metric in enumerate(asked.metrics))
    in_time = bool(asked.group_by) and asked.group_by[0] in TIMES
    order = f"{names}, currency" if in_time else f"value_0 DESC, {names + ', ' if names else ''}currency"
    conditions, parameters = _conditions(sight, asked)
    sql = (
        f"SELECT {columns + ', ' if columns else ''}{source.currency} AS currency, {values} FROM {_rows(asked)}"
        f" WHERE {conditions} GROUP BY {names + ', ' if names else ''}currency ORDER BY {order}"
        f" LIMIT {limit:d}"
    )
    hidden = [metric.hidden_with in sight.hidden for metric in asked.metrics]
    lines = []
    for row in sight.query(sql, **parameters):
        found: Sequence[Any] = row[len(keys) + 1 :]
        shown = [None if hide or value is None else int(value) for hide, value in zip(hidden, found, strict=True)]
        lines.append(Line([_shown(one) for one in row[: len(keys)]], str(row[len(keys)]), shown))
    return lines


def records_of(
    sight: Sight, asked: Question, *, limit: int, after: tuple[str, UUID] | None
) -> list[tuple[str, UUID, str]]:
    """Days, ids and kinds of the records that a figure counts, the newest first."""
    source = asked.metrics[0].source
    conditions, parameters = _conditions(sight, asked)
    if after is not None:
        conditions += " AND (day, id) < (toDate32({after_day:String}), {after_id:UUID})"
        parameters |= {"after_day": after[0], "after_id": after[1]}
    kind = source.kind or f"'{source.record}'"
    sql = (
        f"SELECT DISTINCT {source.day} AS day, {source.record_id} AS id, {kind} AS kind FROM {_rows(asked)}"
        f" WHERE {conditions}"
        f" ORDER BY day DESC, id DESC LIMIT {limit:d}"
    )
    return [(str(row[0]), UUID(str(row[1])), str(row[2])) for row in sight.query(sql, **parameters)]


def _conditions(sight: Sight, asked: Question) -> tuple[str, dict[str, Parameter]]:
    source = asked.metrics[0].source
    seen = "SEEN" if source.owned else "order_id IN (SELECT order_id FROM order_fact WHERE SEEN)"
    if not source.owned:
        seen = f"(ALL_SEEN OR {seen})"
    conditions = [
        source.where,
        seen,
        f"{source.day} BETWEEN toDate32({{first:String}}) AND toDate32({{last:String}})",
    ]
    parameters: dict[str, Parameter] = {"first": asked.first.isoformat(), "last": asked.last.isoformat()}
    for index, (name, key) in enumerate(asked.filters.items()):
        column = _key(source, f"filters[{index}].dimension", name)
        conditions.append(f"has({{filter_{index}:Array(String)}}, {column})")
        shown = staying_for(sight, key) if column == _OF_PERSON else key
        parameters[f"filter_{index}"] = [shown] if shown else ["", _NOBODY]
    if asked.currency:
        conditions.append(f"{source.currency} = {{currency:String}}")
        parameters["currency"] = asked.currency
    return " AND ".join(conditions), parameters


def _rows(asked: Question) -> str:
    """The source of the rows, with people as who they are by now where the question looks at people."""
    source = asked.metrics[0].source
    columns = [source.dimensions.get(name, "") for name in (*asked.group_by, *asked.filters)]
    if _PERSON in columns or any(_PERSON in metric.formula for metric in asked.metrics):
        return one_person(source.rows, _PERSON)
    return source.rows


def _key(source: Source, field: str, name: str) -> str:
    """The expression of a dimension, as text."""
    if name in TIMES:
        return TIMES[name].format(day=source.day)
    column = source.dimensions.get(name)
    if column is None:
        raise invalid_field(field, f"choose of {', '.join(dimensions_of(source))}", "UNKNOWN_DIMENSION")
    return f"toString({column})"


def _shown(key: object) -> str:
    return "" if key == _NOBODY else str(key)
