"""When a price book, a price rule or a coupon applies: to whom, where, what and in which days."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, where and when. `on` is the day at the seller's place."""

    on: date
    currency: str
    account_id: UUID | None = None
    contact_id: UUID | None = None
    segments: AbstractSet[str] = frozenset()
    store_id: UUID | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A variant of a product as pricing needs it. `path` holds its category and all categories above.

    `cost_micros` is what a unit costs the seller, None where it is not known; `base_micros` the catalogue's own price
    in `base_currency`, None where it has none. A `gift_card` costs what is put on it: nothing comes off it, it bears
    no tax, which is due when it is spent (multi-purpose vouchers, Directive (EU) 2016/1065).
    """

    variant_id: UUID
    product_id: UUID
    path: AbstractSet[UUID] = frozenset()
    tax_code: str = ""
    cost_micros: int | None = None
    cost_currency: str = ""
    base_micros: int | None = None
    base_currency: str = ""
    gift_card: bool = False


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom something holds. What is left out holds for all; days include both ends."""

    account_id: UUID | None = None
    segment: str = ""
    store_id: UUID | None = None
    channel: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, buyer: Buyer) -> bool:
        return (
            (self.valid_from is None or self.valid_from <= buyer.on)
            and (self.valid_to is None or buyer.on <= self.valid_to)
            and (self.account_id is None or self.account_id == buyer.account_id)
            and (not self.segment or self.segment in buyer.segments)
            and (self.store_id is None or self.store_id == buyer.store_id)
            and (not self.channel or self.channel == buyer.channel)
        )

    @property
    def rank(self) -> int:
        """How closely it names its buyer: an account before a segment before a store before a channel."""
        return (
            8 * (self.account_id is not None)
            + 4 * bool(self.segment)
            + 2 * (self.store_id is not None)
            + bool(self.channel)
        )


EVERYBODY = Audience()


@dataclass(frozen=True, slots=True)
class Goods:
    """What something holds for. All three empty means everything."""

    variants: AbstractSet[UUID] = frozenset()
    products: AbstractSet[UUID] = frozenset()
    categories: AbstractSet[UUID] = frozenset()

    def holds(self, article: Article) -> bool:
        if not (self.variants or self.products or self.categories):
            return True
        return (
            article.variant_id in self.variants
            or article.product_id in self.products
            or not self.categories.isdisjoint(article.path)
        )


EVERYTHING = Goods()
