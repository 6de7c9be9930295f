"""CSV that a spreadsheet cannot be made to run: a value that would start a formula gets an apostrophe before it.

The apostrophe goes before ``=``, ``+``, ``-``, ``@``, tab and carriage return, phone numbers included ("'+359..."),
which a spreadsheet shows as text. `unguarded` takes it off again when such a file is imported.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

_MARKS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"
"""Put before a file, or spreadsheets take UTF-8 for something else."""


def guarded(value: str) -> str:
    """The value as it may stand in a cell."""
    return "'" + value if value.startswith(_MARKS) else value


def unguarded(value: str) -> str:
    """The value without the apostrophe that `guarded` put before it."""
    return value[1:] if value[:1] == "'" and value[1:].startswith(_MARKS) else value


def csv_lines(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows as bytes of a CSV file, each value guarded."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([guarded(value) for value in row])
    return text.getvalue().encode()
