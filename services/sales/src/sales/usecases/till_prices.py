"""What a till took for its lines, beside what the price function makes of them.

A till reckons with the prices it last read. What it took stays what the order costs; where the price function differs,
the difference is kept line by line.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from chassis.errors import InvalidArgument, Violation, invalid_field
from chassis.work import Row, Work

from sales.pricing.conditions import Buyer
from sales.pricing.discounts import Discount
from sales.queries import till_receipts
from sales.usecases.lines import LineGiven, called, price_lines, sums
from sales.usecases.prices import GIFT_CARD, LineWanted

Values = dict[str, Any]
PRICE_DIFFERS, NOT_PRICED, COUPON_NOT_VALID = "price_differs", "not_priced", "coupon_not_valid"
_OF_A_COUPON = "COUPON_"
"""How reasons begin for which a coupon is not taken."""
_TAKEN = (
    "list_unit_micros",
    "tax_included",
    "list_minor",
    "rule_minor",
    "discounted_minor",
    "coupon_minor",
    "document_discount_minor",
    "tax_rate_basis_points",
    "net_minor",
    "tax_minor",
    "gross_minor",
)
"""What a till reckons of a line."""
_TAKEN_OFF = ("rule_minor", "discounted_minor", "coupon_minor", "document_discount_minor")


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line as a till sold it. `taken` are the columns of a line that the till has reckoned."""

    id: UUID
    variant_id: UUID
    quantity_milli: int
    discount: Discount
    taken: Values
    suggestion_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SoldLines:
    """Columns of the lines as they were sold, the sums of the document, how the price function differs, and which lines
    sell gift cards."""

    lines: Sequence[Values]
    totals: Values
    priced_gross_minor: int | None
    differences: Sequence[Values]
    flags: Sequence[str]
    gift_cards: AbstractSet[UUID] = frozenset()


def check_sums(lines: Sequence[SoldLine]) -> None:
    """Raises InvalidArgument at the first line whose amounts do not add up."""
    for index, line in enumerate(lines):
        one = line.taken
        left = one["list_minor"] - sum(one[name] for name in _TAKEN_OFF)
        if one["net_minor"] + one["tax_minor"] != one["gross_minor"]:
            raise invalid_field(f"lines[{index}].gross_minor", "net and tax make another sum", reason="SUM_DIFFERS")
        if left != one["gross_minor" if one["tax_included"] else "net_minor"]:
            raise invalid_field(
                f"lines[{index}].list_minor", "what was taken off leaves another amount", reason="SUM_DIFFERS"
            )
    if len({line.id for line in lines}) != len(lines):
        raise invalid_field("lines", "each line has an id of its own", reason="DUPLICATE")


def as_sold(
    work: Work,
    buyer: Buyer,
    lines: Sequence[SoldLine],
    discount: Discount,
    coupon_codes: Sequence[str],
    *,
    strict: bool,
) -> SoldLines:
    """Prices what a till sold and keeps what it took. Raises InvalidArgument where it never was for sale here, and,
    where `strict`, where the price function cannot price it or makes it cost something else."""
    given = [
        LineGiven(
            LineWanted(
                one.variant_id, one.quantity_milli, None, one.discount, face_micros=one.taken["list_unit_micros"]
            ),
            one.id,
            suggestion_id=one.suggestion_id,
        )
        for one in lines
    ]
    try:
        priced = price_lines(work, buyer, given, coupon_codes=coupon_codes, discount=discount)
    except InvalidArgument as error:
        if strict:
            raise
        if coupon_codes and error.reason.startswith(_OF_A_COUPON):
            without = as_sold(work, buyer, lines, discount, (), strict=False)
            return replace(without, flags=[COUPON_NOT_VALID, *without.flags])
        return _unpriced(work, lines)
    kept, differences = [], []
    for sold, line in zip(lines, priced.lines, strict=True):
        differing = {name for name in _TAKEN if line[name] != sold.taken[name]}
        if differing:
            differences.append(_difference(sold, line["gross_minor"]))
        kept.append(line | sold.taken | ({"rules": []} if "rule_minor" in differing else {}))
    if differences and strict:
        raise InvalidArgument(
            "Prices have changed since the till read them. Read them again and show the customer the new sum.",
            reason=PRICE_DIFFERS.upper(),
            violations=[Violation("lines", "the price is another one now", PRICE_DIFFERS.upper())],
        )
    gross = priced.totals["gross_amount_minor"]
    flags = [PRICE_DIFFERS] if differences else []
    totals = sums(kept) | {"coupons": priced.totals["coupons"]}
    return SoldLines(kept, totals, gross, differences, flags, priced.gift_cards)


def _difference(sold: SoldLine, priced: int) -> Values:
    return {"line_id": str(sold.id), "sold_minor": sold.taken["gross_minor"], "priced_minor": priced}


def _unpriced(work: Work, lines: Sequence[SoldLine]) -> SoldLines:
    articles = till_receipts.ever_sold(work, list({one.variant_id for one in lines}))
    kept = []
    for index, sold in enumerate(lines):
        article = articles.get(sold.variant_id)
        if article is None:
            field = f"lines[{index}].product_variant_id"
            raise invalid_field(field, "there never was such a variant", reason="VARIANT_NOT_FOUND")
        kept.append(_line(sold, article))
    cards = {one.id for one in lines if articles[one.variant_id].kind == GIFT_CARD}
    return SoldLines(kept, sums(kept), None, (), [NOT_PRICED], cards)


def _line(sold: SoldLine, article: Row) -> Values:
    return {
        "id": sold.id,
        "product_variant_id": sold.variant_id,
        "product_id": article.product_id,
        "name": called(article),
        "sku": article.sku,
        "unit": article.unit,
        "description": "",
        "quantity_milli": sold.quantity_milli,
        "unit_micros": None,
        "discount_basis_points": sold.discount.basis_points,
        "discount_minor": sold.discount.amount,
        "price_book_id": None,
        "rules": [],
        "cost_minor": None,
        "breaches": [],
        "suggestion_id": sold.suggestion_id,
        **sold.taken,
    }
