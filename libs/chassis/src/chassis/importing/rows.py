"""Records of a file one by one, whatever stands in it: a broken record costs itself, never its neighbours.

Text files are streamed; a workbook is loaded whole and therefore bounded. Nothing is interpreted here.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from chassis.importing.limits import ImportLimits

if TYPE_CHECKING:
    from typing_extensions import Buffer

_MARK = "\ufeff"


class Problem(NamedTuple):
    """Why a row cannot go in: reason, message for the user, and the heading or field to blame."""

    reason: str
    message: str
    column: str = ""


class RawRow(NamedTuple):
    """A record of the file. Numbers count from 1 with the heading, blank rows included, as a spreadsheet does."""

    number: int
    values: list[str]
    problem: Problem | None


def text_rows(
    chunks: Iterable[bytes], *, encoding: str, delimiter: str, width: int, limits: ImportLimits
) -> Iterator[RawRow]:
    """Records of a delimited text file. `width` is the number of columns, 0 where not known yet."""
    # UTF-16 has no bytes to keep for an odd unit, so its damage shows as the replacement character.
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    lines = io.TextIOWrapper(
        io.BufferedReader(_Chunks(chunks), 256 * 1024), encoding=encoding, errors=errors, newline=None
    )
    try:
        yield from _Records(lines, delimiter, width, limits, wide=errors == "replace").read()
    finally:
        lines.close()


def workbook_rows(path: Path) -> Iterator[RawRow]:
    """Records of the first sheet of a workbook that has any."""
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(str(path))
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height == 0:
            continue
        first = (sheet.start or (0, 0))[0] + 1
        for offset, cells in enumerate(sheet.iter_rows()):
            values = [cell_text(cell) for cell in cells]
            if any(values):
                yield RawRow(first + offset, values, None)
        return


def cell_text(cell: Any) -> str:
    """A cell of a workbook as text: whole numbers without a point, dates in ISO 8601."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


class _Records:
    def __init__(self, lines: io.TextIOBase, delimiter: str, width: int, limits: ImportLimits, *, wide: bool) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._width = width
        self._limits = limits
        self._wide = wide
        self._returned: deque[str] = deque()

    def read(self) -> Iterator[RawRow]:
        delimiter = self._delimiter
        most = self._limits.line_max_chars
        readline = self._lines.readline
        returned = self._returned
        number = 0
        while True:
            line = returned.popleft() if returned else readline(most + 1)
            if not line:
                return
            if number == 0:
                line = line.removeprefix(_MARK)
                if line.rstrip("\n").lower() in (f"sep={delimiter}", f'"sep={delimiter}"'):
                    continue
            number += 1
            if len(line) > most and line[-1] != "\n":
                self._skip_line()
                yield RawRow(number, [line[:200]], self._too_long())
                continue
            bare = line[:-1] if line[-1] == "\n" else line
            damage = None if bare.isascii() and "\0" not in bare else self._damage(bare)
            if '"' not in bare:
                values = bare.split(delimiter)
                if any(values) and not bare.isspace():
                    yield RawRow(number, values, damage)
                continue
            values, problem = self._quoted(bare)
            yield RawRow(number, values, damage or problem)

    def _quoted(self, bare: str) -> tuple[list[str], Problem | None]:
        """The values of a record that has quotes in it; it may go on over the next lines."""
        values, state = self._parse(bare)
        if state == "":
            return values, None
        if state == "open":
            whole = self._continued(bare)
            if whole is not None:
                return whole, None
        if state == "long":
            return [bare[:200]], self._too_long()
        remedy = 'Put values with quotes in them into quotes, and write each inner quote twice ("")'
        return [bare], Problem("BROKEN_QUOTE", f"The quotes of this row do not match. {remedy}.")

    def _continued(self, bare: str) -> list[str] | None:
        """The record with the lines its open quote runs over, or None (and the lines given back) where it is broken."""
        text = bare
        taken: list[str] = []
        quotes = bare.count('"')
        while len(taken) < self._limits.record_max_lines and len(text) <= self._limits.line_max_chars:
            line = self._returned.popleft() if self._returned else self._lines.readline(self._limits.line_max_chars + 1)
            if not line:
                break
            taken.append(line)
            text = f"{text}\n{line.removesuffix(chr(10))}"
            here = line.count('"')
            quotes += here
            if not here or quotes % 2:
                continue
            values, state = self._parse(text)
            if state == "" and (not self._width or len(values) == self._width) and self._damage(text) is None:
                return values
            if state != "open":
                break
        self._returned.extendleft(reversed(taken))
        return None

    def _parse(self, text: str) -> tuple[list[str], str]:
        try:
            lines = [line + "\n" for line in text.split("\n")]
            return next(csv.reader(lines, delimiter=self._delimiter, strict=True, skipinitialspace=True)), ""
        except csv.Error as error:
            problem = str(error)
            if problem.startswith("unexpected end"):
                return [], "open"
            return [], "long" if problem.startswith("field larger") else "broken"

    def _damage(self, text: str) -> Problem | None:
        if "\0" in text:
            return Problem("INVALID_TEXT", "This row has a NUL character in it. Remove it.")
        if self._wide:
            whole = "\ufffd" not in text
        else:
            try:
                text.encode()
                whole = True
            except UnicodeEncodeError:
                whole = False
        if whole:
            return None
        return Problem(
            "INVALID_ENCODING", "This row has bytes that are no text in the file's encoding. Save the file as UTF-8."
        )

    def _skip_line(self) -> None:
        while (rest := self._lines.readline(self._limits.line_max_chars)) and rest[-1] != "\n":
            pass

    def _too_long(self) -> Problem:
        most = min(self._limits.line_max_chars, csv.field_size_limit())
        return Problem("ROW_TOO_LONG", f"This row is longer than {most:,} characters. Shorten its values.")


class _Chunks(io.RawIOBase):
    """A readable stream over pieces of bytes."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        target = memoryview(buffer)
        count = min(len(target), len(self._rest))
        target[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
