"""What pages of figures are made of: tables whose figures open the records behind them, and plots."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import get_currency_precision

from gateway.console import formats

BARS_MAX = 20
"""Bars of a plot that is not over time; the table has all rows."""
PLOT_COLOURS = ("people", "companies", "activities", "other")


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, and the list of its records where there is one. `heat` shades it, from 0 to 9; none below zero."""

    text: str
    href: str = ""
    heat: int = -1


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as the page shows it."""

    labels: Sequence[str]
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures: `groups` head the labels of its rows, `columns` their figures."""

    caption: str
    groups: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Shown]
    totals: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """Values of a plot, one for each label."""

    name: str
    values: Sequence[float | None]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of a page's question: its name in the address, its label, values with their words, the chosen one."""

    name: str
    label: str
    values: Sequence[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: names and figures in `tiles`, a plot and its table."""

    title: str
    tiles: Sequence[tuple[str, str]] = ()
    plot: str = ""
    legend: Sequence[str] = ()
    table: Table | None = None
    note: str = ""
    answer: str = ""
    """What the figures say, in a sentence."""


def plot_json(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    across: bool = False,
    beside: bool = False,
    lines: bool = False,
) -> str:
    """Data of a plot for a data block; empty where nothing is to be drawn."""
    if not any(value for one in series for value in one.values):
        return ""
    plot = {
        "labels": list(labels),
        "series": [
            {
                "key": PLOT_COLOURS[index % len(PLOT_COLOURS)],
                "name": one.name,
                "counts": list(one.values),
                "dashed": one.dashed,
            }
            for index, one in enumerate(series)
        ],
        "across": across,
        "beside": beside,
        "lines": lines,
    }
    return json.dumps(plot, ensure_ascii=False).replace("<", "\\u003c")


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a plot of two figures, and what it is of."""

    across: float
    up: float
    name: str


def scatter_json(points: Sequence[Point], across: str, up: str) -> str:
    """Data of a plot of points for a data block; `across` and `up` name the axes. Empty without points."""
    if not points:
        return ""
    plot = {"points": [[one.across, one.up, one.name] for one in points], "axes": [across, up]}
    return json.dumps(plot, ensure_ascii=False).replace("<", "\\u003c")


def percent(part: int, whole: int) -> str:
    """A share in per cent; a dash of nothing."""
    return formats.format_decimal_places(round(1000 * part / whole), 1) + "\u00a0%" if whole else "–"


def minor_units(unit: str, currency: str) -> int:
    """How many minor units, or whatever a figure is kept in, a plot shows as one."""
    return int(10 ** get_currency_precision(currency or "EUR")) if unit == "money" else 1
