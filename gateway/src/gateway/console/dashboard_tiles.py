"""Tiles of a dashboard as the page shows them: a figure with what it was before, a plot, and the table behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from funia.analytics.v1 import dashboard_pb2 as pb
from funia.analytics.v1.metric_pb2 import MetricRow, MetricTable

from gateway.console import formats
from gateway.console.analysis_words import LESS_IS_BETTER, METRICS, MOVING_PERIODS
from gateway.console.dimensions import DIMENSIONS, TIMES, key_names, time_name, times_between
from gateway.console.figures import Cell, Section, Series, Shown, Table, minor_units, plot_json
from gateway.console.i18n import gettext
from gateway.console.report_words import figure

_ADDED_UP = frozenset({"number", "money", "quantity"})
_MEANS = frozenset({"average_order"})
_HUNDREDTHS = 100
LISTED = frozenset({"order", "deal"})
"""Records that the console has lists of."""
_STEADY = 0.05
"""Per cent of change below which nothing has changed that anybody would call so."""


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure has changed against the time before: the share in words, and whether that is good."""

    text: str
    before: str
    tone: str
    """better, worse or plain."""


@dataclass(frozen=True, slots=True)
class TileView:
    """A tile: its figures by name with their links, the change of the first, its plot and its table."""

    title: str
    period: str
    chart: str
    numbers: Sequence[tuple[str, Cell]]
    change: Change | None
    plot: str
    legend: Sequence[str]
    table: Table | None


def tile_view(shown: pb.TileFigures) -> TileView:
    """The tile as people see it."""
    tile, found = shown.tile, shown.figures
    title = tile.title or ", ".join(metric_name(one) for one in tile.metrics)
    span = " – ".join(dict.fromkeys(formats.format_date(one) for one in (found.first_day, found.last_day)))
    totals = found.totals
    numbers = [
        (
            metric_name(metric.metric),
            Cell(figure(row.values[at], metric.unit, row.currency_code), _records(tile, found, at, row)),
        )
        for row in totals
        for at, metric in enumerate(found.metrics)
    ] or [(metric_name(one.metric), Cell("0" if one.unit == "number" else "–")) for one in found.metrics]
    return TileView(
        title,
        f"{MOVING_PERIODS[tile.period]} · {span}",
        tile.chart,
        numbers,
        _change(shown) if tile.compared else None,
        _plot(tile, found) if tile.chart != "table" else "",
        [metric_name(one.metric) for one in found.metrics],
        _table(tile, title, found) if tile.group_by else None,
    )  # fmt: skip


def section_of_tile(shown: pb.TileFigures) -> Section:
    """The tile as a part of a file: its table, or a table of its figures."""
    view = tile_view(shown)
    title = f"{view.title} · {view.period}"
    if view.table is not None:
        return Section(
            title, table=Table(title, view.table.groups, view.table.columns, view.table.rows, view.table.totals)
        )
    rows = [Shown([name], [cell, Cell(view.change.before if view.change and at == 0 else "")])
            for at, (name, cell) in enumerate(view.numbers)]  # fmt: skip
    columns = [gettext("Now"), gettext("Before")]
    return Section(title, table=Table(title, [gettext("Figure")], columns, rows))


def metric_name(metric: str) -> str:
    """What a figure is called; its name where this console is older than the figure."""
    return str(METRICS.get(metric, metric))


def of_nothing(metric: str, unit: str) -> int | None:
    """What a figure is where there is nothing to count: nought of what is added up, and no mean or share."""
    return 0 if unit in _ADDED_UP and metric not in _MEANS else None


def _change(shown: pb.TileFigures) -> Change | None:
    """Of the first figure in the first currency."""
    if not shown.figures.totals and not shown.before.totals:
        return None
    metric = shown.figures.metrics[0]
    currency = (shown.figures.totals or shown.before.totals)[0].currency_code
    now, then = (_value(one, currency) for one in (shown.figures, shown.before))
    span = " – ".join(formats.format_date(one) for one in (shown.before.first_day, shown.before.last_day))
    before = next((row.values[0] for row in shown.before.totals if row.currency_code == currency), None)
    said = figure(before, metric.unit, currency) if before is not None else "–"
    was = gettext("%(figure)s from %(span)s", figure=said, span=span)
    if now is None or not then:
        return Change("", was, "plain")
    if metric.unit == "percent":
        points = (now - then) / _HUNDREDTHS
        text, moved = gettext("%(num)s points", num=_signed(points)), points
    else:
        moved = 100 * (now - then) / abs(then)
        text = f"{_signed(moved)}\u00a0%"
    if abs(moved) < _STEADY:
        return Change(gettext("Unchanged"), was, "plain")
    better = (moved > 0) != (metric.metric in LESS_IS_BETTER)
    return Change(text, was, "better" if better else "worse")


def _signed(number: float) -> str:
    text = formats.format_number(round(abs(number), 1))
    return f"+{text}" if number > 0 else f"\u2212{text}"


def _value(found: MetricTable, currency: str) -> int | None:
    row = next((one for one in found.totals if one.currency_code == currency), None)
    return row.values[0].value if row is not None and row.values[0].HasField("value") else None


def _plot(tile: pb.Tile, found: MetricTable) -> str:
    """Of one currency; times in which nothing was are there, too."""
    if not tile.group_by or not found.rows:
        return ""
    currency = found.totals[0].currency_code if found.totals else found.rows[0].currency_code
    rows = {tuple(row.keys): row for row in found.rows if row.currency_code == currency}
    first = tile.group_by[0]
    if first in TIMES and len(tile.group_by) == 1:
        keys: list[tuple[str, ...]] = [(one,) for one in times_between(first, found.first_day, found.last_day)]
        labels = [time_name(first, key) for (key,) in keys]
    else:
        keys = list(rows)
        names = _names(found)
        labels = [
            " · ".join(names[group][key] for group, key in zip(tile.group_by, each, strict=True)) for each in keys
        ]
    series = [
        Series(
            metric_name(metric.metric),
            [_drawn(rows.get(key), at, metric.metric, metric.unit, currency) for key in keys],
        )
        for at, metric in enumerate(found.metrics)
    ]
    in_time = first in TIMES
    return plot_json(labels, series, across=not in_time, beside=len(series) > 1, lines=tile.chart in ("line", "number"))


def _drawn(row: MetricRow | None, at: int, metric: str, unit: str, currency: str) -> float | None:
    scale = _HUNDREDTHS if unit == "percent" else 1000 if unit == "quantity" else minor_units(unit, currency)
    if row is not None and row.values[at].HasField("value"):
        return row.values[at].value / scale
    return of_nothing(metric, unit) if row is None else None


def _names(found: MetricTable) -> Mapping[str, Mapping[str, str]]:
    return {
        group: key_names(group, list(dict.fromkeys(row.keys[at] for row in found.rows)))
        for at, group in enumerate(found.group_by)
    }


def _table(tile: pb.Tile, title: str, found: MetricTable) -> Table:
    names = _names(found)

    def shown(row: MetricRow) -> Shown:
        labels = [names[group][key] for group, key in zip(found.group_by, row.keys, strict=False)]
        cells = [
            Cell(figure(row.values[at], metric.unit, row.currency_code), _records(tile, found, at, row))
            for at, metric in enumerate(found.metrics)
        ]
        return Shown(labels, cells)

    groups = [str(DIMENSIONS.get(one, one)) for one in found.group_by]
    columns = [metric_name(one.metric) for one in found.metrics]
    return Table(title, groups, columns, [shown(one) for one in found.rows], [shown(one) for one in found.totals])


def _records(tile: pb.Tile, found: MetricTable, at: int, row: MetricRow) -> str:
    """The list of the records behind a figure; none where the console has no such list."""
    if not row.values[at].value or found.metrics[at].record not in LISTED:
        return ""
    asked = [(one.dimension, one.key) for one in tile.filters] + list(zip(found.group_by, row.keys, strict=False))
    return url_for(
        "console.analysis_records",
        metric=found.metrics[at].metric,
        dimension=[dimension for dimension, _ in asked],
        key=[key for _, key in asked],
        first=found.first_day,
        last=found.last_day,
        currency=row.currency_code,
    )
