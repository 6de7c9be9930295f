"""A receipt of a till as a PDF for a roll of 80 mm, as long as it has to be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fpdf import FPDF

from sales.paper.receipt_content import ReceiptContent, ReceiptLine
from sales.paper.receipt_words import RECEIPT_WORDS
from sales.paper.words import day, money, percent, quantity

_FAMILY = "Paper"
_WIDTH_MM, _MARGIN_MM, _ROW_MM, _LONGEST_MM = 80, 4, 4.4, 3_000


def receipt_paper(content: ReceiptContent, fonts: Mapping[str, Path]) -> bytes:
    """The PDF. `fonts` are files by style, as `Fonts.files` gives them."""
    # Written once to see how long it gets, and again on paper of that length.
    length = _rolled(content, fonts, _LONGEST_MM)[0]
    return _rolled(content, fonts, length + 2 * _MARGIN_MM)[1]


def _rolled(content: ReceiptContent, fonts: Mapping[str, Path], length_mm: float) -> tuple[float, bytes]:
    """How far down the paper it goes, and the PDF, with which the typeface's files are closed."""
    roll = _Roll(content, fonts, length_mm)
    return roll.write(), bytes(roll.output())


class _Roll(FPDF):
    def __init__(self, content: ReceiptContent, fonts: Mapping[str, Path], length_mm: float) -> None:
        super().__init__(format=(_WIDTH_MM, length_mm))
        self._content, self._words = content, RECEIPT_WORDS[content.language]
        self.set_margin(_MARGIN_MM)
        self.set_auto_page_break(False)
        for style, file in fonts.items():
            self.add_font(_FAMILY, style, file)
        self.set_creation_date(content.at)
        self.set_title(content.number)
        self.set_lang(content.language)
        self.add_page()

    def write(self) -> float:  # type: ignore[override]
        """Writes everything; where it ends, in millimetres."""
        content, words = self._content, self._words
        self._middle(content.seller_name or content.store_name, bold=True, size=11)
        for text in (content.store_name if content.seller_name else "", content.address, content.phone):
            self._middle(text)
        if content.tax_number:
            self._middle(f"{words['tax_number']}: {content.tax_number}")
        self.ln(2)
        self._middle(words[content.kind], bold=True, size=10)
        self._pair(content.number, f"{day(content.at, content.language)} {content.at:%H:%M}")
        self._pair(content.register, "")
        self._rule()
        for line in content.lines:
            self._line(line)
        self._rule()
        if content.tax_on_top:
            self.set_font(_FAMILY, size=8)
            self._row(words["without_tax"], self._money(content.gross_minor - sum(tax for _, _, tax in content.taxes)))
            self._taxes("tax_on_top")
        self.set_font(_FAMILY, "B", 11)
        self._row(words["total"], self._money(content.gross_minor), 6)
        self.set_font(_FAMILY, size=8)
        if not content.tax_on_top:
            self._taxes("tax")
        for one in content.payments:
            self._row(words[one.method], self._money(max(one.tendered_minor, one.amount_minor)))
            if one.tendered_minor > one.amount_minor:
                self._row(words["change"], self._money(one.tendered_minor - one.amount_minor))
            if one.left_minor is not None:
                self._row(f"   {words['left_on_card'].format(digits=one.last_digits)}", self._money(one.left_minor))
        for name in ("earned", "spent", "available"):
            if content.points.get(name):
                self._row(words[f"points_{name}"], f"{content.points[name]:,}".replace(",", "\u202f"))
        for digits, amount in content.gift_cards:
            self._row(words["sold_card"].format(digits=digits), self._money(amount))
        if content.footer:
            self.ln(3)
            self._middle(content.footer)
        return float(self.get_y())

    def _taxes(self, word: str) -> None:
        for rate, _, tax in self._content.taxes:
            self._row(self._words[word].format(rate=percent(rate, self._content.language)), self._money(tax))

    def _line(self, line: ReceiptLine) -> None:
        content, words = self._content, self._words
        self.set_font(_FAMILY, size=8.5)
        self.multi_cell(0, _ROW_MM, line.name, new_x="LMARGIN", new_y="NEXT")
        unit = "" if line.unit == "piece" else f" {line.unit}"
        self.set_font(_FAMILY, size=8)
        amount = f"{quantity(line.quantity_milli, content.language)}{unit}"
        self._row(f"   {amount}", self._money(line.amount_minor))
        if line.list_minor > line.amount_minor:
            self._row(f"   {words['off']}", self._money(line.amount_minor - line.list_minor))

    def _money(self, minor: int) -> str:
        return money(minor, self._content.currency, self._content.language)

    def _middle(self, text: str, *, bold: bool = False, size: float = 8) -> None:
        if text:
            self.set_font(_FAMILY, "B" if bold else "", size)
            self.multi_cell(0, _ROW_MM if size < 9 else 5.5, text, align="C", new_x="LMARGIN", new_y="NEXT")

    def _pair(self, left: str, right: str) -> None:
        self.set_font(_FAMILY, size=8)
        self._row(left, right)

    def _row(self, left: str, right: str, height: float = _ROW_MM) -> None:
        self.cell(self.epw - 30, height, left)
        self.cell(30, height, right, align="R", new_x="LMARGIN", new_y="NEXT")

    def _rule(self) -> None:
        self.ln(1)
        self.line(_MARGIN_MM, self.get_y(), _WIDTH_MM - _MARGIN_MM, self.get_y())
        self.ln(1)
