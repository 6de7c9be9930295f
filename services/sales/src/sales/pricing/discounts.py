"""Discounts that a person gives, coupons that a buyer brings, and how much of a discount needs nobody's leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sales.errors import InvalidPricing
from sales.pricing.amounts import share
from sales.pricing.conditions import EVERYBODY, EVERYTHING, Audience, Buyer, Goods


@dataclass(frozen=True, slots=True)
class Discount:
    """Either basis points or minor units off; both zero is no discount."""

    basis_points: int = 0
    amount: int = 0

    def of(self, amount: int) -> int:
        """Minor units that come off; at most the amount."""
        return min(share(amount, self.basis_points) if self.basis_points else self.amount, amount)


NO_DISCOUNT = Discount()


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon as pricing sees it; how often it was used is counted elsewhere."""

    id: UUID
    code: str
    discount: Discount
    currency: str = ""
    min_amount: int = 0
    goods: Goods = EVERYTHING
    audience: Audience = EVERYBODY

    def check(self, buyer: Buyer) -> None:
        """Raises InvalidPricing where it does not hold for this buyer."""
        if not self.audience.holds(buyer):
            raise self.refused("does not hold here, today or for this customer", "COUPON_NOT_VALID")
        if self.currency and self.currency != buyer.currency:
            raise self.refused(f"is for {self.currency} only", "COUPON_CURRENCY")

    def refused(self, why: str, reason: str) -> InvalidPricing:
        return InvalidPricing(f"The coupon {self.code} {why}. Take it off.", reason=reason, field="coupon_codes")


@dataclass(frozen=True, slots=True)
class DiscountPolicy:
    """What may be given away without asking. Basis points; a floor of None means any margin will do."""

    max_discount_bps: int = 10_000
    min_margin_bps: int | None = None


NO_LIMIT = DiscountPolicy()
Breach = Literal["discount_above_limit", "margin_below_floor"]


def breaches(policy: DiscountPolicy, *, before: int, given: int, net: int, cost: int | None) -> Sequence[Breach]:
    """Why somebody must agree: `given` of `before` was taken off by hand, and `net` is left over a cost, all net of tax
    or all with it."""
    found: list[Breach] = []
    if given * 10_000 > before * policy.max_discount_bps:
        found.append("discount_above_limit")
    floor = policy.min_margin_bps
    if given and floor is not None and cost is not None and (net - cost) * 10_000 < net * floor:
        found.append("margin_below_floor")
    return found
