"""Why turnover changed between two periods: price, volume and mix, in integers that add up to the smallest unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.methods.findings import refuse_unless


@dataclass(frozen=True)
class Sold:
    """A product's sales of a period: `quantity` in thousandths of its unit, `amount` in minor units of one currency."""

    quantity: int
    amount: int


@dataclass(frozen=True)
class Effects:
    """Parts of a change in minor units that add up to it. `other` is of products whose returns outweigh their sales."""

    price: int = 0
    volume: int = 0
    mix: int = 0
    new: int = 0
    lost: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        return self.price + self.volume + self.mix + self.new + self.lost + self.other


@dataclass(frozen=True)
class Bridge:
    """From turnover `before` to `after` (minor units), in all and by product."""

    before: int
    after: int
    effects: Effects
    products: Mapping[str, Effects]


def price_volume_mix(before: Mapping[str, Sold], after: Mapping[str, Sold]) -> Bridge:
    """The parts of the change, product by product; quantities of all products are added, so they should share a unit.

    Price: the new quantity at the difference of prices. Volume: what the old turnover gains if every product sells as
    much more as all together. Mix: the rest of a product sold in both periods. Raises Refused(EMPTY).
    """
    refuse_unless(bool(before or after), "EMPTY")
    none = Sold(0, 0)
    pairs = {each: (before.get(each, none), after.get(each, none)) for each in sorted({*before, *after})}
    stay = [pair for pair in pairs.values() if pair[0].quantity > 0 and pair[1].quantity > 0]
    old, new = sum(pair[0].quantity for pair in stay), sum(pair[1].quantity for pair in stay)
    products = {each: _effects(first, second, old, new) for each, (first, second) in pairs.items()}
    return Bridge(
        sum(each.amount for each in before.values()),
        sum(each.amount for each in after.values()),
        Effects(
            price=sum(each.price for each in products.values()),
            volume=sum(each.volume for each in products.values()),
            mix=sum(each.mix for each in products.values()),
            new=sum(each.new for each in products.values()),
            lost=sum(each.lost for each in products.values()),
            other=sum(each.other for each in products.values()),
        ),
        products,
    )


def _effects(first: Sold, second: Sold, old: int, new: int) -> Effects:
    change = second.amount - first.amount
    if first == Sold(0, 0):
        return Effects(new=change)
    if second == Sold(0, 0):
        return Effects(lost=change)
    if first.quantity <= 0 or second.quantity <= 0:
        return Effects(other=change)
    price = second.amount - _rounded(first.amount * second.quantity, first.quantity)
    volume = _rounded(first.amount * (new - old), old)
    return Effects(price=price, volume=volume, mix=change - price - volume)


def _rounded(part: int, whole: int) -> int:
    """part / whole to the nearest integer, halves away from nought; `whole` is positive."""
    size = (2 * abs(part) + whole) // (2 * whole)
    return size if part >= 0 else -size
