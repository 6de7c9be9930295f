"""The files of imports: taking one in, and giving back the rows of it that did not go in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from chassis.caller import Caller
from chassis.files import FileStore
from chassis.ids import uuid7
from chassis.work import Database, Row

from contacts.imports.encodings import EncodingFinder
from contacts.imports.inspection import inspect, watched
from contacts.imports.limits import ImportLimits
from contacts.imports.safe_csv import BOM, csv_lines
from contacts.usecases import import_job


def take_in(
    database: Database,
    files: FileStore,
    limits: ImportLimits,
    caller: Caller,
    chunks: Iterable[bytes],
    *,
    kind: str,
    file_name: str,
) -> Row:
    """Stores an uploaded file, reads its heading and returns the fresh import. What cannot be read is not kept."""
    import_id = uuid7()
    key = f"imports/{import_id}"
    finder = EncodingFinder(sample_bytes=limits.sniff_bytes)
    stored = files.put(caller.tenant_id, key, watched(chunks, finder), max_bytes=limits.file_max_bytes)
    try:
        shape = inspect(files, caller.tenant_id, key, kind, finder, limits)
        with database.open_work(caller) as work:
            return import_job.add(
                work,
                import_id,
                kind=kind,
                file_name=file_name,
                file_bytes=stored.size_bytes,
                file_key=key,
                shape=shape,
            )
    except BaseException:
        files.delete(caller.tenant_id, key)
        raise


def refused_rows(database: Database, limits: ImportLimits, caller: Caller, import_id: UUID) -> Iterator[bytes]:
    """The refused rows as CSV: the original columns, then row number, column, reason and message; page by page."""
    with database.open_work(caller, read_only=True) as work:
        job = import_job.get(work, import_id)
        headings = [column["heading"] for column in job.columns]
        hidden = import_job.hidden_columns(work, job)
    yield BOM.encode() + csv_lines([[*headings, "import row", "import column", "import reason", "import message"]])
    after_row = 0
    while True:
        with database.open_work(caller, read_only=True) as work:
            page = import_job.errors(work, import_id, after_row=after_row, limit=limits.error_page_rows)
        if not page:
            return
        yield csv_lines(_line(row, len(headings), hidden) for row in page)
        after_row = page[-1].row


def _line(row: Row, width: int, hidden: Collection[int]) -> list[str]:
    """A ragged row keeps its values: missing ones are empty, surplus ones follow the reason."""
    values = ["" if place in hidden else value for place, value in enumerate(row.values)]
    shown = values[:width] + [""] * (width - len(values))
    return [*shown, str(row.row), row.column, row.reason, row.message, *values[width:]]
