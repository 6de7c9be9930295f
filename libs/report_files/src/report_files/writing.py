"""Files of reports: CSV and XLSX with bare numbers to reckon with, and a PDF to read.

Texts come from records and are written as texts: nothing here becomes a formula in somebody's spreadsheet.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace
from xlsxwriter import Workbook

from report_files.content import NOTHING, FileCell, FileContent, FileRow, FileTable

MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_FAMILY = "Paper"
_GREY = (110, 118, 128)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell of a CSV must not begin with, lest a spreadsheet reckon it."""
_PLACES_MAX = 3
_PDF_ROWS_MAX = 1_000
_SHEET_NAME_MAX = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_LABEL_MM, _FIGURES_MM, _FIGURE_LEAST_MM = 34, 200, 18


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


def as_pdf(content: FileContent, fonts: Mapping[str, Path]) -> bytes:
    """Tables on A4 pages across; of many rows the first thousand, which a line below says."""
    paper = _Paper(content, fonts)
    for table in content.tables:
        paper.write(table, titled=len(content.tables) > 1)
    return bytes(paper.output())


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


class _Paper(FPDF):
    def __init__(self, content: FileContent, fonts: Mapping[str, Path]) -> None:
        super().__init__(orientation="landscape", format="A4")
        self._content = content
        self.set_auto_page_break(True, margin=18)
        for style, file in fonts.items():
            self.add_font(_FAMILY, style, file)
        self.set_creation_date(content.made_at)
        self.set_title(content.title)
        self.set_lang(content.words.language)
        self.set_draw_color(205, 210, 216)
        self.set_font(_FAMILY, size=9)
        self.add_page()
        self._heading(content.title, 15, 8)
        self._aside(content.subtitle)
        self.ln(3)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_text_color(*_GREY)
        self.cell(0, 5, self._content.words.page.format(page=self.page_no()), align="C")
        self.set_text_color(0, 0, 0)

    def write(self, table: FileTable, *, titled: bool) -> None:  # type: ignore[override]
        """A table, under its title where there are several."""
        if titled:
            self._heading(table.title, 11, 7)
        kept = [at for at, one in enumerate(table.columns) if one not in table.plain_columns]
        groups, columns = len(table.groups), len(kept)
        shown = table.rows[:_PDF_ROWS_MAX]
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=[_LABEL_MM] * groups + [max(_FIGURE_LEAST_MM, _FIGURES_MM // max(columns, 1))] * columns,
            headings_style=FontFace(emphasis="BOLD", color=_GREY),
            line_height=5,
            padding=(0.8, 1),
            text_align=["LEFT"] * groups + ["RIGHT"] * columns,
        ) as drawn:
            drawn.row([*table.groups, *(table.columns[at] for at in kept)])
            for row in shown:
                drawn.row([*row.labels, *_texts(row, kept)])
            for row in table.totals:
                labels = row.labels or [self._content.words.total]
                texts = [*labels, *[""] * (groups - len(labels)), *_texts(row, kept)]
                drawn.row(texts, style=FontFace(emphasis="BOLD"))
        if len(shown) < len(table.rows):
            self.cell(0, 6, f"{len(shown)} / {len(table.rows)}", new_x="LMARGIN", new_y="NEXT")
        if table.note:
            self.ln(1)
            self._aside(table.note)
        self.ln(5)

    def _heading(self, text: str, size: int, height: int) -> None:
        self.set_font(_FAMILY, "B", size)
        self.multi_cell(0, height, text, new_x="LMARGIN", new_y="NEXT")
        self.set_font(_FAMILY, size=9)

    def _aside(self, text: str) -> None:
        self.set_text_color(*_GREY)
        self.multi_cell(0, 5, text, new_x="LMARGIN", new_y="NEXT")
        self.set_text_color(0, 0, 0)


def _texts(row: FileRow, kept: Sequence[int]) -> list[str]:
    return [row.cells[at].text for at in kept]
