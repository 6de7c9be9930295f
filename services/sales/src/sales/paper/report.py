"""Files of a report: CSV and XLSX with bare numbers to reckon with, and a PDF to read.

Texts come from records and are written as texts: nothing here becomes a formula in somebody's spreadsheet.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace
from xlsxwriter import Workbook

from sales.paper.report_content import FileColumn, FileRow, ReportContent
from sales.paper.words import WORDS, money, percent, quantity
from sales.pricing.amounts import digits

_FAMILY = "Paper"
_GREY = (110, 118, 128)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell of a CSV must not begin with, lest a spreadsheet reckon it."""
_DAY_S = 86_400
_PDF_ROWS_MAX = 1_000


def as_csv(content: ReportContent) -> bytes:
    """UTF-8 with a mark at its head, so that spreadsheets read Cyrillic. Amounts in units of the currency, times in
    days, shares in per cent."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*map(_harmless, content.groups), content.currency_heading, *_headings(content)])
    for row in content.rows:
        values = [_bare(value, column, row.currency) for value, column in zip(row.values, content.columns, strict=True)]
        writer.writerow([*map(_harmless, row.labels), row.currency, *("" if one is None else one for one in values)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(content: ReportContent) -> bytes:
    """A workbook of one sheet, its head frozen, its totals below."""
    file = BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": content.title, "created": content.made_at.replace(tzinfo=None)})
    sheet = book.add_worksheet("Report")
    bold = book.add_format({"bold": True})
    kinds = {
        places: book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")}) for places in range(4)
    }
    for at, heading in enumerate([*content.groups, content.currency_heading, *_headings(content)]):
        sheet.write_string(0, at, heading, bold)
    beside = len(content.groups)
    for line, row in enumerate([*content.rows, *content.totals], start=1):
        labels = row.labels or [content.total_heading]
        for at, label in enumerate(labels):
            sheet.write_string(line, at, label)
        sheet.write_string(line, beside, row.currency)
        for at, (value, column) in enumerate(zip(row.values, content.columns, strict=True), start=beside + 1):
            if value is not None:
                places = digits(row.currency) if column.unit == "money" and row.currency else _PLACES[column.unit]
                sheet.write_number(line, at, float(_bare(value, column, row.currency) or 0), kinds[min(places, 3)])
    sheet.set_column(0, max(0, beside - 1), 28)
    sheet.set_column(beside, beside + len(content.columns), 15)
    sheet.freeze_panes(1, beside)
    book.close()
    return file.getvalue()


def as_pdf(content: ReportContent, fonts: Mapping[str, Path]) -> bytes:
    """A table on A4 pages across; of many rows the first thousand, which the last line says."""
    paper = _Paper(content, fonts)
    paper.table_of()
    return bytes(paper.output())


def _headings(content: ReportContent) -> list[str]:
    return [_harmless(one.heading) for one in content.columns]


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


_PLACES = {"number": 0, "quantity": 3, "money": 2, "percent": 2, "seconds": 2}


def _bare(value: int | None, column: FileColumn, currency: str) -> Decimal | None:
    if value is None:
        return None
    if column.unit == "seconds":
        return round(Decimal(value) / _DAY_S, 2)
    places = digits(currency) if column.unit == "money" and currency else _PLACES[column.unit]
    return Decimal(value).scaleb(-places)


class _Paper(FPDF):
    def __init__(self, content: ReportContent, fonts: Mapping[str, Path]) -> None:
        super().__init__(orientation="landscape", format="A4")
        self._content = content
        self.set_auto_page_break(True, margin=18)
        for style, file in fonts.items():
            self.add_font(_FAMILY, style, file)
        self.set_creation_date(content.made_at)
        self.set_title(content.title)
        self.set_lang(content.language)
        self.set_draw_color(205, 210, 216)
        self.set_font(_FAMILY, size=9)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-14)
        self.set_text_color(*_GREY)
        self.cell(0, 5, WORDS[self._content.language]["page"].format(page=self.page_no()), align="C")
        self.set_text_color(0, 0, 0)

    def table_of(self) -> None:
        content = self._content
        self.set_font(_FAMILY, "B", 15)
        self.multi_cell(0, 8, content.title, new_x="LMARGIN", new_y="NEXT")
        self.set_font(_FAMILY, size=9)
        self.set_text_color(*_GREY)
        self.multi_cell(0, 5, content.subtitle, new_x="LMARGIN", new_y="NEXT")
        self.set_text_color(0, 0, 0)
        self.ln(3)
        groups, columns = len(content.groups), len(content.columns)
        shown = content.rows[:_PDF_ROWS_MAX]
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=[34] * groups + [max(18, 200 // max(columns, 1))] * columns,
            headings_style=FontFace(emphasis="BOLD", color=_GREY),
            line_height=5,
            padding=(0.8, 1),
            text_align=["LEFT"] * groups + ["RIGHT"] * columns,
        ) as table:
            table.row([*content.groups, *(one.heading for one in content.columns)])
            for row in shown:
                table.row([*row.labels, *self._figures(row)])
            for row in content.totals:
                style = FontFace(emphasis="BOLD")
                table.row([content.total_heading, *[""] * (groups - 1), *self._figures(row)], style=style)
        if len(shown) < len(content.rows):
            self.cell(0, 6, f"{len(shown)} / {len(content.rows)}")

    def _figures(self, row: FileRow) -> list[str]:
        return [
            _READ[column.unit](value, row.currency, self._content.language) if value is not None else "–"
            for value, column in zip(row.values, self._content.columns, strict=True)
        ]


_READ: Mapping[str, Callable[[int, str, str], str]] = {
    "number": lambda value, _currency, language: quantity(value * 1000, language),
    "quantity": lambda value, _currency, language: quantity(value, language),
    "money": money,
    "percent": lambda value, _currency, language: percent(value, language),
    "seconds": lambda value, _currency, language: quantity(round(value * 1000 / _DAY_S), language),
}
