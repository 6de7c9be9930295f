"""The list price of an article: from the nearest price book that has it, else the catalogue's own price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sales.errors import InvalidPricing
from sales.pricing.amounts import rounded
from sales.pricing.conditions import EVERYBODY, Article, Audience, Buyer

RATE_SCALE = 10**9
"""Currency rates are in billionths."""


@dataclass(frozen=True, slots=True)
class BookEntry:
    """Price of one unit from a quantity on. Days include both ends."""

    unit_micros: int
    min_quantity_milli: int = 0
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, on: date, quantity_milli: int) -> bool:
        return (
            self.min_quantity_milli <= quantity_milli
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_to is None or on <= self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class PriceBook:
    """Prices in one currency for an audience. Of two books as near to the buyer, the higher priority is asked first."""

    id: UUID
    currency: str
    entries: Mapping[UUID, Sequence[BookEntry]]
    audience: Audience = EVERYBODY
    priority: int = 0
    tax_included: bool = False


@dataclass(frozen=True, slots=True)
class Rates:
    """Dated currency rates: for a pair, days ascending and the rate in billionths that holds from each on."""

    pairs: Mapping[tuple[str, str], Sequence[tuple[date, int]]] = field(default_factory=dict)

    def of(self, source: str, target: str, on: date) -> int:
        """Units of `target` for one of `source`, in billionths. Raises InvalidPricing where none is known that day."""
        if source == target:
            return RATE_SCALE
        direct = self._latest(source, target, on)
        if direct is not None:
            return direct
        inverse = self._latest(target, source, on)
        if inverse is not None:
            return rounded(RATE_SCALE * RATE_SCALE, inverse)
        raise InvalidPricing(
            f"There is no rate from {source} to {target} for {on.isoformat()}. Enter one in Settings > Currencies.",
            reason="RATE_MISSING",
            field="currency_code",
        )

    def _latest(self, source: str, target: str, on: date) -> int | None:
        known = [rate for day, rate in self.pairs.get((source, target), ()) if day <= on]
        return known[-1] if known else None


@dataclass(frozen=True, slots=True)
class ListPrice:
    """A unit's price before anything comes off, and the book it stands in (None: the catalogue)."""

    unit_micros: int
    book_id: UUID | None
    tax_included: bool


class Books:
    """Price books that hold for one buyer, nearest first. Make one a document."""

    def __init__(self, books: Sequence[PriceBook], rates: Rates, buyer: Buyer, *, tax_included: bool = False) -> None:
        self._buyer = buyer
        self._rates = rates
        self._tax_included = tax_included
        mine = [one for one in books if one.currency == buyer.currency and one.audience.holds(buyer)]
        self._books = sorted(mine, key=lambda one: (-one.audience.rank, -one.priority, one.id.bytes))

    def price(self, article: Article, quantity_milli: int) -> ListPrice:
        """The list price. Raises InvalidPricing where neither a book nor the catalogue has one, or without a rate."""
        buyer = self._buyer
        for book in self._books:
            entries = [one for one in book.entries.get(article.variant_id, ()) if one.holds(buyer.on, quantity_milli)]
            if entries:
                best = max(entries, key=lambda one: (one.min_quantity_milli, one.valid_from or date.min))
                return ListPrice(best.unit_micros, book.id, book.tax_included)
        if article.base_micros is None:
            raise InvalidPricing(
                f"The product has no price in {buyer.currency}. Add it to a price book, or give the line a price.",
                reason="PRICE_MISSING",
                field="variant_id",
            )
        rate = self._rates.of(article.base_currency, buyer.currency, buyer.on)
        return ListPrice(rounded(article.base_micros * rate, RATE_SCALE), None, self._tax_included)

    @property
    def currency(self) -> str:
        """The buyer's currency."""
        return self._buyer.currency

    def in_currency(self, micros: int, currency: str) -> int:
        """A unit amount of another currency in the buyer's. Raises InvalidPricing where a rate is missing."""
        return rounded(micros * self._rates.of(currency, self._buyer.currency, self._buyer.on), RATE_SCALE)
