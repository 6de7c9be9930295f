"""What sort of file was uploaded: format, encoding, delimiter, headings, samples and the proposed mapping."""

from __future__ import annotations

import csv
import itertools
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from chassis.errors import InvalidArgument, TooLarge
from chassis.files import FileStore
from chassis.importing.encodings import EncodingFinder
from chassis.importing.limits import ImportLimits
from chassis.importing.rows import RawRow, text_rows, workbook_rows
from chassis.work import Row

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS = (",", ";", "\t", "|")
_VALUE = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[+(]?\d[\d\s().,/-]*")


@dataclass(frozen=True, slots=True)
class Proposer:
    """What a service knows of the columns of a kind of record."""

    is_known: Callable[[str], bool]
    """Whether a heading looks like the name of a field."""
    propose: Callable[[Sequence[str], Sequence[Sequence[str]]], tuple[str, ...]]
    """The field each column seems to fill, by headings and samples; empty where none."""


@dataclass(frozen=True, slots=True)
class FileShape:
    """How to read a file. A workbook has neither encoding nor delimiter."""

    format: str
    encoding: str
    delimiter: str
    has_header: bool
    headings: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    """For each column, up to some values of the first rows."""
    fields: tuple[str, ...]
    """For each column, the field it seems to hold; empty where none."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What it takes to read the rows of a file again."""

    file_key: str
    format: str
    encoding: str
    delimiter: str
    has_header: bool
    width: int


def watched(chunks: Iterable[bytes], finder: EncodingFinder) -> Iterator[bytes]:
    """The pieces unchanged, seen by the finder on their way."""
    for chunk in chunks:
        finder.feed(chunk)
        yield chunk


def inspect(
    files: FileStore, tenant_id: UUID, file_key: str, proposer: Proposer, finder: EncodingFinder, limits: ImportLimits
) -> FileShape:
    """Reads the first rows of a stored file. Raises InvalidArgument where it is no table, TooLarge over a bound."""
    head = finder.head
    if not head.strip():
        raise _unreadable("The file is empty.")
    if head.startswith((_ZIP, _OLE)):
        layout = Layout(file_key, "workbook", "", "", has_header=False, width=0)
        _check_workbook(files, tenant_id, file_key, limits, zipped=head.startswith(_ZIP))
    else:
        encoding = finder.found()
        if encoding is None:
            raise _unreadable("This is neither a text file nor a workbook.")
        delimiter = _delimiter(head.decode(encoding, "replace"), whole=len(head) < limits.sniff_bytes)
        layout = Layout(file_key, "text", encoding, delimiter, has_header=False, width=0)
    with open_rows(files, tenant_id, layout, limits) as rows:
        first = list(itertools.islice(rows, 1 + max(20, limits.samples)))
    if not first:
        raise _unreadable("The file has no rows.")
    if first[0].problem is not None:
        raise _unreadable(f"The heading cannot be read: {first[0].problem.message}")
    return _shape(layout, first, proposer, limits)


@contextmanager
def open_rows(files: FileStore, tenant_id: UUID, layout: Layout, limits: ImportLimits) -> Iterator[Iterator[RawRow]]:
    """All records of the file, the heading included."""
    if layout.format == "workbook":
        with files.local(tenant_id, layout.file_key) as path:
            yield workbook_rows(path)
        return
    rows = text_rows(
        files.read(tenant_id, layout.file_key),
        encoding=layout.encoding,
        delimiter=layout.delimiter,
        width=layout.width,
        limits=limits,
    )
    try:
        yield rows
    finally:
        rows.close()  # type: ignore[attr-defined]


@contextmanager
def data_rows(files: FileStore, tenant_id: UUID, layout: Layout, limits: ImportLimits) -> Iterator[Iterator[RawRow]]:
    """The rows of the file without its heading."""
    with open_rows(files, tenant_id, layout, limits) as rows:
        if layout.has_header:
            next(rows, None)
        yield rows


def layout_of(job: Row) -> Layout:
    """How the file of an import is read."""
    return Layout(job.file_key, job.format, job.encoding, job.delimiter, job.has_header, len(job.columns))


def _shape(layout: Layout, first: list[RawRow], proposer: Proposer, limits: ImportLimits) -> FileShape:
    top = [value.strip() for value in first[0].values]
    while top and not top[-1]:
        top.pop()
    has_header = _looks_like_heading(top, proposer)
    width = len(top) if has_header else max(len(row.values) for row in first)
    if width > limits.columns_max:
        raise TooLarge(
            f"The file has {width} columns: {limits.columns_max} at most. Leave out those you do not need.",
            reason="TOO_MANY_COLUMNS",
        )
    headings = _unique(top if has_header else [""] * width)
    body = [row for row in first[1 if has_header else 0 :] if row.problem is None]
    samples = tuple(
        tuple(
            row.values[index].strip()[: limits.sample_max_chars]
            for row in body
            if index < len(row.values) and row.values[index].strip()
        )
        for index in range(width)
    )
    return FileShape(
        layout.format,
        layout.encoding,
        layout.delimiter,
        has_header,
        headings,
        tuple(column[: limits.samples] for column in samples),
        proposer.propose(headings, samples),
    )


def _looks_like_heading(top: list[str], proposer: Proposer) -> bool:
    if any(proposer.is_known(value) for value in top):
        return True
    return not any(_VALUE.fullmatch(value) for value in top)


def _unique(names: list[str]) -> tuple[str, ...]:
    """Headings that can be told apart: empty ones get a number, a repeated one gets "(2)" after it."""
    taken: set[str] = set()
    result = []
    for index, name in enumerate(names, start=1):
        base = name or f"Column {index}"
        unique = base
        for count in itertools.count(2):
            if unique not in taken:
                break
            unique = f"{base} ({count})"
        taken.add(unique)
        result.append(unique)
    return tuple(result)


def _delimiter(text: str, *, whole: bool) -> str:
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    if not whole and len(lines) > 1:
        lines.pop()
    lines = [line for line in lines[:200] if line.strip()]
    if not lines:
        return ","
    told = re.fullmatch(r'"?sep=(.)"?', lines[0], re.IGNORECASE)
    if told and told.group(1) in _DELIMITERS:
        return told.group(1)

    def score(delimiter: str) -> tuple[float, int]:
        counts = [_count(line, delimiter) for line in lines]
        usual, times = Counter(counts).most_common(1)[0]
        if counts[0] == 1:
            return 0.0, 0
        agreeing = times / len(lines) if usual > 1 else 0.0
        return round(agreeing + (0.5 if usual == counts[0] else 0.0), 2), counts[0]

    best = max(_DELIMITERS, key=score)
    return best if score(best)[1] else ","


def _count(line: str, delimiter: str) -> int:
    if '"' not in line:
        return line.count(delimiter) + 1
    return len(next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), []))


def _check_workbook(files: FileStore, tenant_id: UUID, file_key: str, limits: ImportLimits, *, zipped: bool) -> None:
    with files.local(tenant_id, file_key) as path:
        if path.stat().st_size > limits.workbook_max_bytes:
            raise TooLarge(
                f"A workbook may have {limits.workbook_max_bytes:,} bytes. Save it as CSV: that may be far larger.",
                reason="WORKBOOK_TOO_LARGE",
            )
        if zipped:
            try:
                with zipfile.ZipFile(path) as archive:
                    unpacked = sum(item.file_size for item in archive.infolist())
            except zipfile.BadZipFile as error:
                raise _unreadable("The workbook is damaged.") from error
            if unpacked > limits.workbook_unpacked_max_bytes:
                raise TooLarge(
                    f"The workbook unpacks to more than {limits.workbook_unpacked_max_bytes:,} bytes. Save it as CSV.",
                    reason="WORKBOOK_TOO_LARGE",
                )
        from python_calamine import CalamineError

        try:
            next(workbook_rows(path), None)
        except (CalamineError, OSError, ValueError) as error:
            raise _unreadable("The workbook cannot be read. It may be damaged or have a password.") from error


def _unreadable(what: str) -> InvalidArgument:
    return InvalidArgument(f"{what} Send a CSV, TSV or XLSX file with a heading row.", reason="UNREADABLE_FILE")
