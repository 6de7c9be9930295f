"""Files to read: tables on pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from report_files.content import FileContent, FileRow, FileTable

_FAMILY = "Paper"
_GREY = (110, 118, 128)
_PDF_ROWS_MAX = 1_000
_LABEL_MM, _FIGURES_MM, _FIGURE_LEAST_MM = 34, 200, 18


def as_pdf(content: FileContent, fonts: Mapping[str, Path]) -> bytes:
    """Tables on A4 pages across; of many rows the first thousand, which a line below says."""
    paper = _Paper(content, fonts)
    for table in content.tables:
        paper.write(table, titled=len(content.tables) > 1)
    return bytes(paper.output())


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
