"""What the file of a report says, apart from how it is written: what writes takes a second to load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

NOTHING = "–"
"""What people read where there is no figure; spreadsheets have an empty cell there."""


@dataclass(frozen=True, slots=True)
class FileCell:
    """A figure: as people read it, and bare where it is a number to reckon with.

    Spreadsheets show as many decimals as the number has.
    """

    text: str
    number: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row: what it is of, and its figures."""

    labels: Sequence[str]
    cells: Sequence[FileCell]


@dataclass(frozen=True, slots=True)
class FileTable:
    """A table: `groups` head the labels of its rows, `columns` their figures. A row of totals may have no labels."""

    title: str
    groups: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[FileRow]
    totals: Sequence[FileRow] = ()
    note: str = ""
    plain_columns: frozenset[str] = frozenset()
    """Columns that papers leave out: their cells say again what the others show."""


@dataclass(frozen=True, slots=True)
class FileWords:
    """What every file says in the reader's language. `page` has places for ``{page}`` and, escaped, ``{{nb}}``."""

    language: str
    total: str
    page: str


@dataclass(frozen=True, slots=True)
class FileContent:
    """Everything that the file of a report says."""

    title: str
    subtitle: str
    made_at: datetime
    words: FileWords
    tables: Sequence[FileTable]
