"""A report of sales as the content of a file: each figure as people read it, and bare."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from report_files.content import NOTHING, FileCell, FileContent, FileRow, FileTable, FileWords

from sales.paper.words import WORDS, money, percent, quantity
from sales.pricing.amounts import digits

_DAY_S = 86_400
_PLACES = {"number": 0, "quantity": 3, "money": 2, "percent": 2, "seconds": 2}


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A column of figures: its heading and its unit."""

    heading: str
    unit: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row: what it is of, the currency of its amounts, its figures."""

    labels: Sequence[str]
    currency: str
    values: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """What a report says. Amounts are in minor units, times in seconds, shares in hundredths of a per cent."""

    language: str
    title: str
    subtitle: str
    made_at: datetime
    currency_heading: str
    total_heading: str
    groups: Sequence[str]
    columns: Sequence[FigureColumn]
    rows: Sequence[FigureRow]
    totals: Sequence[FigureRow]


def file_content(report: ReportFigures) -> FileContent:
    """The file's content: bare amounts in units of their currency, times in days, shares in per cent.

    The currency has a column of its own in files to reckon with; papers show it beside each amount.
    """

    def row_of(row: FigureRow) -> FileRow:
        figures = [
            _cell(value, one.unit, row.currency, report.language)
            for value, one in zip(row.values, report.columns, strict=True)
        ]
        return FileRow(row.labels, [FileCell(row.currency), *figures])

    table = FileTable(
        title=report.title,
        groups=report.groups,
        columns=[report.currency_heading, *(one.heading for one in report.columns)],
        rows=[row_of(one) for one in report.rows],
        totals=[row_of(one) for one in report.totals],
        plain_columns=frozenset({report.currency_heading}),
    )
    words = FileWords(report.language, report.total_heading, WORDS[report.language]["page"])
    return FileContent(report.title, report.subtitle, report.made_at, words, [table])


def _cell(value: int | None, unit: str, currency: str, language: str) -> FileCell:
    if value is None:
        return FileCell(NOTHING)
    return FileCell(_READ[unit](value, currency, language), _bare(value, unit, currency))


def _bare(value: int, unit: str, currency: str) -> Decimal:
    if unit == "seconds":
        return round(Decimal(value) / _DAY_S, 2)
    places = digits(currency) if unit == "money" and currency else _PLACES[unit]
    return Decimal(value).scaleb(-places)


_READ: Mapping[str, Callable[[int, str, str], str]] = {
    "number": lambda value, _currency, language: quantity(value * 1000, language),
    "quantity": lambda value, _currency, language: quantity(value, language),
    "money": money,
    "percent": lambda value, _currency, language: percent(value, language),
    "seconds": lambda value, _currency, language: quantity(round(value * 1000 / _DAY_S), language),
}
