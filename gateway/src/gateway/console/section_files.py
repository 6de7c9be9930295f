"""Figures of pages as files: whatever a page shows in tables, people can take along and reckon with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from babel.numbers import NumberFormatError, parse_decimal
from flask import Response
from report_files.content import NOTHING, FileCell, FileContent, FileRow, FileTable, FileWords
from report_files.fonts import Fonts
from report_files.writing import MEDIA_TYPES, written

from gateway.console import formats
from gateway.console.figures import Cell, Section, Shown
from gateway.console.i18n import current_locale, gettext

FORMS = "csv, xlsx, pdf"
_fonts = Fonts()
_CURRENCY = r"(?:[A-Z]{0,3}[$€£¥₽₴₺]?|лв\.?|kr|zł|Kč|Ft)"
_UNITS = re.compile(rf"^(-?){_CURRENCY}\s?(-?\d[\d.,\s’]*?)\s*(?:%|{_CURRENCY})$")
"""A number with the sign of its currency or per cent, before it or after it."""


def file_of(title: str, subtitle: str, sections: Sequence[Section], form: str) -> Response:
    """A file of all tables of these sections, in the reader's language. `form` is csv, xlsx or pdf."""
    words = FileWords(
        current_locale(), gettext("Altogether"), gettext("Page %(page)s of %(pages)s", page="{page}", pages="{{nb}}")
    )
    tables = [_table(one) for one in sections if one.table is not None]
    content = FileContent(title, subtitle, formats.now(), words, tables or [FileTable(title, [title], [], [])])
    made = written(content, form, _fonts)
    name = "-".join(re.findall(r"\w+", title.lower())) or "report"
    response = Response(made, content_type=MEDIA_TYPES[form])
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}-{formats.now():%Y-%m-%d}.{form}")
    return response


def number_in(text: str) -> Decimal | None:
    """The number that a figure of a page shows, in units of its currency or in per cent; None where it is no number."""
    found = _UNITS.match(text.replace("\u2212", "-").strip())
    if found is None:
        return None
    try:
        return Decimal(parse_decimal(found[1] + found[2].strip(), locale=formats.babel_locale()))
    except NumberFormatError:
        return None


def _table(section: Section) -> FileTable:
    table = section.table
    assert table is not None, "sections without a table are left out"
    return FileTable(
        table.caption,
        table.groups,
        table.columns,
        [_row(one) for one in table.rows],
        [_row(one) for one in table.totals],
        section.note,
    )


def _row(row: Shown) -> FileRow:
    return FileRow(row.labels, [_cell(one) for one in row.cells])


def _cell(cell: Cell) -> FileCell:
    return FileCell(cell.text or NOTHING, number_in(cell.text))
