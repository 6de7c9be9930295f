"""What reports are asked and answer, whichever way they count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chassis.errors import InvalidArgument

from sales.usecases.report_catalogue import Group, Report

ROWS_MAX = 5_000


@dataclass(frozen=True, slots=True)
class Question:
    """A report, what its rows are made of, the time from a day to before another, and the company's ways."""

    report: Report
    groups: Sequence[Group]
    span: tuple[date | None, date | None]
    filter: str
    currency: str
    zone: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a report: its keys, what these are called as far as sales knows, its figures, and its records.

    `drill` finds the records of the row; `drills` those of single figures, where they are others.
    """

    keys: Sequence[str]
    names: Sequence[str]
    currency: str
    values: Sequence[int | None]
    drill: str
    drills: Sequence[str] = ()


def check_size(rows: int) -> None:
    """Raises InvalidArgument where a report has more rows than anybody can be given."""
    if rows > ROWS_MAX:
        raise InvalidArgument(
            f"This report would have more than {ROWS_MAX} rows. Ask for less time, narrow the filter, or group by"
            " something else.",
            reason="REPORT_TOO_LARGE",
        )
