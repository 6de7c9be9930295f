"""What the paper of a quote says, apart from how it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line as the paper shows it: amounts before tax is put on top, or with it where prices include it."""

    name: str
    description: str
    quantity_milli: int
    unit: str
    list_minor: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class QuoteContent:
    """Everything that the paper of a quote says. Amounts in minor units."""

    language: str
    draft: bool
    title: str
    number: str
    revision: int
    on: date
    valid_until: date
    made_at: datetime
    currency: str
    tax_included: bool
    seller_name: str
    seller_address: str
    seller_tax_number: str
    recipient: str
    introduction: str
    terms: str
    footer: str
    lines: Sequence[PaperLine]
    list_minor: int
    off_minor: int
    net_minor: int
    gross_minor: int
    taxes: Sequence[tuple[int, int]]
    documents: Sequence[tuple[str, str]] = ()
    """Names and files of what goes with it."""
