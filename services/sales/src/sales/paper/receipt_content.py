"""What a receipt says, apart from how it is drawn: what draws takes a second to load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A line: what it would have cost, and what it did."""

    name: str
    quantity_milli: int
    unit: str
    list_minor: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ReceiptPayment:
    """How a part was paid. Of a gift card it is said what is left on it, and its last characters."""

    method: str
    amount_minor: int
    tendered_minor: int
    left_minor: int | None = None
    last_digits: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptContent:
    """Everything that a receipt says. Amounts in minor units; `at` in the zone of the store; of gift
    cards that were sold the last characters and what was put on them. Where tax comes on top, amounts of lines are
    without it; else within."""

    language: str
    kind: str
    seller_name: str
    tax_number: str
    store_name: str
    address: str
    phone: str
    register: str
    number: str
    at: datetime
    currency: str
    lines: Sequence[ReceiptLine]
    gross_minor: int
    taxes: Sequence[tuple[int, int, int]]
    tax_on_top: bool
    payments: Sequence[ReceiptPayment]
    gift_cards: Sequence[tuple[str, int]]
    points: Mapping[str, int]
    footer: str
