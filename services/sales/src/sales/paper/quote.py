"""A quote on paper. The same content gives the same bytes, so that its digest says which paper was accepted.

Import it where a paper is drawn, not at the start: what draws takes a second to load.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from sales.paper.content import PaperLine, QuoteContent
from sales.paper.words import WORDS, day, money, percent, quantity
from sales.pricing.amounts import rounded

_FAMILY = "Paper"
_MARGIN_MM = 18
_GREY = (110, 118, 128)
_LINE = (205, 210, 216)
_COLUMNS = (74, 24, 28, 20, 28)


def quote_paper(content: QuoteContent, fonts: Mapping[str, Path]) -> bytes:
    """The PDF. `fonts` are files by style, as `Fonts.files` gives them."""
    paper = _Paper(content, fonts)
    paper.head()
    paper.items()
    paper.sums()
    paper.texts()
    return bytes(paper.output())


class _Paper(FPDF):
    def __init__(self, content: QuoteContent, fonts: Mapping[str, Path]) -> None:
        super().__init__(format="A4")
        self._content = content
        self._words = WORDS[content.language]
        self.set_margin(_MARGIN_MM)
        self.set_auto_page_break(True, margin=_MARGIN_MM + 8)
        for style, file in fonts.items():
            self.add_font(_FAMILY, style, file)
        self.set_creation_date(content.made_at)
        self.set_title(f"{self._words['quote']} {content.number}".strip())
        self.set_lang(content.language)
        self.set_draw_color(*_LINE)
        self.set_font(_FAMILY, size=10)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-_MARGIN_MM)
        self._small()
        if self._content.footer:
            self.multi_cell(0, 4, self._content.footer, align="C", new_x="LMARGIN", new_y="NEXT")
        self.cell(0, 5, self._words["page"].format(page=self.page_no()), align="C")
        self._plain()

    def head(self) -> None:
        content, words = self._content, self._words
        if content.seller_name:
            self.set_font(_FAMILY, "B", 12)
            self.cell(0, 6, content.seller_name, new_x="LMARGIN", new_y="NEXT")
        self._small()
        for line in (
            content.seller_address,
            f"{words['tax_number']}: {content.seller_tax_number}" if content.seller_tax_number else "",
        ):
            if line:
                self.multi_cell(0, 4.5, line, new_x="LMARGIN", new_y="NEXT")
        self.ln(8)
        self._plain()
        if content.recipient:
            self._small()
            self.cell(0, 5, words["for"], new_x="LMARGIN", new_y="NEXT")
            self._plain()
            self.multi_cell(0, 5, content.recipient, new_x="LMARGIN", new_y="NEXT")
            self.ln(6)
        self.set_font(_FAMILY, "B", 17)
        heading = " ".join(one for one in (words["quote"], content.number) if one)
        self.multi_cell(0, 8, heading, new_x="LMARGIN", new_y="NEXT")
        self.set_font(_FAMILY, "B", 12)
        self.multi_cell(0, 6, content.title, new_x="LMARGIN", new_y="NEXT")
        self._small()
        facts = [
            f"{words['day']}: {day(content.on, content.language)}",
            f"{words['valid_until']}: {day(content.valid_until, content.language)}",
        ]
        if content.revision > 1:
            facts.append(f"{words['version']} {content.revision}")
        if content.draft:
            facts.insert(0, words["draft"])
        self.cell(0, 6, "   ·   ".join(facts), new_x="LMARGIN", new_y="NEXT")
        self.ln(4)
        self._plain()
        if content.introduction:
            self.multi_cell(0, 5, content.introduction, new_x="LMARGIN", new_y="NEXT")
            self.ln(4)

    def items(self) -> None:
        content, words, language = self._content, self._words, self._content.language
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=_COLUMNS,
            headings_style=FontFace(emphasis="BOLD", size_pt=9, color=_GREY),
            line_height=5,
            padding=(1.2, 1),
            text_align=("LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT"),
        ) as table:
            table.row([words[one] for one in ("item", "quantity", "price", "discount", "amount")])
            for line in content.lines:
                off = line.list_minor - line.amount_minor
                unit = rounded(line.list_minor * 1000, line.quantity_milli)
                table.row(
                    [
                        f"{line.name}\n{line.description}" if line.description else line.name,
                        f"{quantity(line.quantity_milli, language)} {_unit(line)}".strip(),
                        money(unit, content.currency, language),
                        percent(rounded(off * 10_000, line.list_minor), language) if off and line.list_minor else "",
                        money(line.amount_minor, content.currency, language),
                    ]
                )
        self.ln(4)

    def sums(self) -> None:
        content, words = self._content, self._words
        if content.off_minor:
            self._sum(words["list"], content.list_minor)
            self._sum(words["off"], -content.off_minor)
        if not content.tax_included:
            self._sum(words["net"], content.net_minor)
            for rate, tax in content.taxes:
                self._sum(words["tax"].format(rate=percent(rate, content.language)), tax)
        self.set_font(_FAMILY, "B", 12)
        self._sum(words["total"], content.gross_minor)
        self._plain()
        if content.tax_included:
            self._small()
            for rate, tax in content.taxes:
                self._sum(words["tax_within"].format(rate=percent(rate, content.language)), tax)
            self._plain()
        self.ln(6)

    def texts(self) -> None:
        if self._content.terms:
            self.set_font(_FAMILY, "B", 10)
            self.cell(0, 6, self._words["terms"], new_x="LMARGIN", new_y="NEXT")
            self._plain()
            self.multi_cell(0, 5, self._content.terms, new_x="LMARGIN", new_y="NEXT")
            self.ln(4)
        if self._content.documents:
            self.set_font(_FAMILY, "B", 10)
            self.cell(0, 6, self._words["enclosed"], new_x="LMARGIN", new_y="NEXT")
            self._plain()
            for name, file_name in self._content.documents:
                self.multi_cell(0, 5, f"{name} ({file_name})", new_x="LMARGIN", new_y="NEXT")

    def _sum(self, label: str, minor: int) -> None:
        self.cell(self.epw - 45, 6.5, label, align="R")
        self.cell(
            45,
            6.5,
            money(minor, self._content.currency, self._content.language),
            align="R",
            new_x="LMARGIN",
            new_y="NEXT",
        )

    def _small(self) -> None:
        self.set_font(_FAMILY, size=9)
        self.set_text_color(*_GREY)

    def _plain(self) -> None:
        self.set_font(_FAMILY, size=10)
        self.set_text_color(0, 0, 0)


def _unit(line: PaperLine) -> str:
    """The unit; pieces go without saying in every language."""
    return "" if line.unit == "piece" else line.unit
