"""Files to reckon with: CSV and XLSX with bare numbers.

Texts come from records and are written as texts: nothing here becomes a formula in somebody's spreadsheet.
"""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from report_files.content import NOTHING, FileCell, FileContent

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell of a CSV must not begin with, lest a spreadsheet reckon it."""
_PLACES_MAX = 3
_SHEET_NAME_MAX = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")


def as_csv(content: FileContent) -> bytes:
    """UTF-8 with a mark at its head, so that spreadsheets read Cyrillic. Several tables stand below each other under
    their titles; totals are left to whoever reckons."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    several = len(content.tables) > 1
    for at, table in enumerate(content.tables):
        if several:
            writer.writerows([[]] if at else [])
            writer.writerow([_harmless(table.title)])
        writer.writerow([*map(_harmless, table.groups), *map(_harmless, table.columns)])
        for row in table.rows:
            writer.writerow([*map(_harmless, row.labels), *(_bare(one) for one in row.cells)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(content: FileContent) -> bytes:
    """A workbook of one sheet a table, its head frozen, its totals below."""
    file = BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": content.title, "created": content.made_at.replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    kinds = {
        places: book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")})
        for places in range(_PLACES_MAX + 1)
    }
    for table, name in zip(content.tables, _sheet_names(content), strict=True):
        sheet = book.add_worksheet(name)
        for at, heading in enumerate([*table.groups, *table.columns]):
            sheet.write_string(0, at, heading, bold)
        beside = len(table.groups)
        for line, row in enumerate([*table.rows, *table.totals], start=1):
            for at, label in enumerate(row.labels or [content.words.total]):
                sheet.write_string(line, at, label)
            for at, one in enumerate(row.cells, start=beside):
                if one.number is not None:
                    sheet.write_number(line, at, float(one.number), kinds[_places(one)])
                elif one.text != NOTHING:
                    sheet.write_string(line, at, one.text)
        sheet.set_column(0, max(0, beside - 1), 28)
        sheet.set_column(beside, beside + len(table.columns), 15)
        sheet.freeze_panes(1, beside)
    book.close()
    return file.getvalue()


def _bare(cell: FileCell) -> object:
    if cell.number is not None:
        return cell.number
    return "" if cell.text == NOTHING else _harmless(cell.text)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _places(cell: FileCell) -> int:
    exponent = cell.number.as_tuple().exponent if cell.number is not None else 0
    return min(max(-exponent, 0), _PLACES_MAX) if isinstance(exponent, int) else 0


def _sheet_names(content: FileContent) -> list[str]:
    """Names that a workbook takes: short, without signs of its own, each once."""
    names: list[str] = []
    for at, table in enumerate(content.tables, start=1):
        plain = " ".join(_NOT_IN_SHEET_NAMES.sub(" ", table.title).split())[:_SHEET_NAME_MAX].strip() or f"{at}"
        known = {one.lower() for one in names}
        tail = f" {at}"
        names.append(plain if plain.lower() not in known else plain[: _SHEET_NAME_MAX - len(tail)] + tail)
    return names
