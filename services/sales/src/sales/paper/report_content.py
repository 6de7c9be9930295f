"""What the file of a report says, apart from how it is written: what writes takes a second to load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of figures: its heading and its unit."""

    heading: str
    unit: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row: what it is of, the currency of its amounts, its figures."""

    labels: Sequence[str]
    currency: str
    values: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything that the file of a report says."""

    language: str
    title: str
    subtitle: str
    made_at: datetime
    currency_heading: str
    total_heading: str
    groups: Sequence[str]
    columns: Sequence[FileColumn]
    rows: Sequence[FileRow]
    totals: Sequence[FileRow]
