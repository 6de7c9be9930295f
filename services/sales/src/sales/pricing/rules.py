"""Price rules: what comes off the list price by itself.

Of the rules that hold, the one that saves the buyer most applies; those marked stackable then apply one after the other
to what is left, in order of priority. No rule makes a price negative or dearer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sales.pricing.amounts import MILLI, extended, rounded, share
from sales.pricing.conditions import EVERYBODY, EVERYTHING, Article, Audience, Buyer, Goods

Effect = Literal["percent_off", "amount_off", "fixed_price", "buy_get"]


@dataclass(frozen=True, slots=True)
class PriceRule:
    """One rule. `value` is basis points for `percent_off`, micros a unit for `amount_off` and `fixed_price`.

    `buy_get` gives the cheapest units free: of every `buy + get` units, `get` cost nothing.
    """

    id: UUID
    effect: Effect
    value: int = 0
    buy: int = 0
    get: int = 0
    currency: str = ""
    goods: Goods = EVERYTHING
    audience: Audience = EVERYBODY
    min_quantity_milli: int = 0
    priority: int = 0
    stackable: bool = False

    def holds(self, article: Article, quantity_milli: int) -> bool:
        return self.min_quantity_milli <= quantity_milli and self.goods.holds(article)

    def saving(self, amount: int, quantity_milli: int, currency: str) -> int:
        """Minor units that come off an amount for so many units; between zero and the amount."""
        if self.effect == "percent_off":
            saved = share(amount, self.value)
        elif self.effect == "amount_off":
            saved = extended(self.value, quantity_milli, currency)
        elif self.effect == "fixed_price":
            saved = amount - extended(self.value, quantity_milli, currency)
        else:
            free = quantity_milli // MILLI // (self.buy + self.get) * self.get
            saved = rounded(amount * free * MILLI, quantity_milli)
        return min(max(saved, 0), amount)


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule, coupon or discount that took something off, in minor units."""

    id: UUID
    amount: int


class Rules:
    """Rules that hold for one buyer. Make one a document."""

    def __init__(self, rules: Sequence[PriceRule], buyer: Buyer) -> None:
        self._currency = buyer.currency
        mine = [
            one for one in rules if one.audience.holds(buyer) and (not one.currency or one.currency == buyer.currency)
        ]
        mine.sort(key=lambda one: (-one.priority, one.id.bytes))
        self._single = [one for one in mine if not one.stackable]
        self._stackable = [one for one in mine if one.stackable]

    def savings(self, article: Article, quantity_milli: int, amount: int) -> list[Applied]:
        """What comes off the list amount of a line, rule by rule."""
        applied = []
        best: PriceRule | None = None
        most = 0
        for rule in self._single:
            if rule.holds(article, quantity_milli):
                saved = rule.saving(amount, quantity_milli, self._currency)
                if saved > most:
                    best, most = rule, saved
        if best is not None:
            applied.append(Applied(best.id, most))
        left = amount - most
        for rule in self._stackable:
            if left and rule.holds(article, quantity_milli):
                saved = min(rule.saving(left, quantity_milli, self._currency), left)
                if saved:
                    applied.append(Applied(rule.id, saved))
                    left -= saved
        return applied
