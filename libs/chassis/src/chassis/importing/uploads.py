"""The files of imports: taking one in, and giving back the rows of it that did not go in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from chassis.caller import Caller
from chassis.files import FileStore
from chassis.ids import uuid7
from chassis.importing.encodings import EncodingFinder
from chassis.importing.inspection import FileShape, Proposer, inspect, watched
from chassis.importing.limits import ImportLimits
from chassis.importing.safe_csv import BOM, csv_lines
from chassis.importing.store import ImportStore
from chassis.work import Database, Row, Work


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file that was taken in, and how it is read."""

    import_id: UUID
    file_key: str
    file_bytes: int
    shape: FileShape


def take_in(
    database: Database,
    files: FileStore,
    limits: ImportLimits,
    caller: Caller,
    chunks: Iterable[bytes],
    proposer: Proposer,
    add: Callable[[Work, TakenIn], Row],
) -> Row:
    """Stores an uploaded file, reads its heading and returns what `add` writes. What cannot be read is not kept."""
    import_id = uuid7()
    key = f"imports/{import_id}"
    finder = EncodingFinder(sample_bytes=limits.sniff_bytes)
    stored = files.put(caller.tenant_id, key, watched(chunks, finder), max_bytes=limits.file_max_bytes)
    try:
        shape = inspect(files, caller.tenant_id, key, proposer, finder, limits)
        with database.open_work(caller) as work:
            return add(work, TakenIn(import_id, key, stored.size_bytes, shape))
    except BaseException:
        files.delete(caller.tenant_id, key)
        raise


def refused_rows(
    database: Database,
    store: ImportStore,
    limits: ImportLimits,
    caller: Caller,
    import_id: UUID,
    hidden_columns: Callable[[Work, Row], Collection[int]],
) -> Iterator[bytes]:
    """The refused rows as CSV: the original columns, then row number, column, reason and message; page by page."""
    with database.open_work(caller, read_only=True) as work:
        job = store.found(work, import_id)
        headings = [column["heading"] for column in job.columns]
        hidden = hidden_columns(work, job)
    yield BOM.encode() + csv_lines([[*headings, "import row", "import column", "import reason", "import message"]])
    after_row = 0
    while True:
        with database.open_work(caller, read_only=True) as work:
            page = store.errors(work, import_id, after_row=after_row, limit=limits.error_page_rows)
        if not page:
            return
        yield csv_lines(_line(row, len(headings), hidden) for row in page)
        after_row = page[-1].row


def _line(row: Row, width: int, hidden: Collection[int]) -> list[str]:
    """A ragged row keeps its values: missing ones are empty, surplus ones follow the reason."""
    values = ["" if place in hidden else value for place, value in enumerate(row.values)]
    shown = values[:width] + [""] * (width - len(values))
    return [*shown, str(row.row), row.column, row.reason, row.message, *values[width:]]
