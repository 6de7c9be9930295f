"""Lines of documents: priced by the one price function when they are written, and kept as they were from then on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.errors import invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from sales.model.lines import DealLine
from sales.pricing.amounts import part_of
from sales.pricing.conditions import Buyer
from sales.pricing.discounts import NO_DISCOUNT, Discount
from sales.pricing.waterfall import PricedLine
from sales.queries import loyalty
from sales.usecases.prices import GIFT_CARD, Document, LineWanted, price_document, today

Values = dict[str, Any]
NOTHING_SOLD: Values = {
    "list_amount_minor": 0,
    "rule_amount_minor": 0,
    "discount_amount_minor": 0,
    "net_amount_minor": 0,
    "tax_amount_minor": 0,
    "gross_amount_minor": 0,
    "taxes": [],
    "coupons": [],
    "breaches": [],
}
"""Sums of a document without lines."""
_TAKEN_OFF = ("rule_minor", "discounted_minor", "coupon_minor", "document_discount_minor")
_OF_ITS_DOCUMENT = frozenset({"tenant_id", "deal_id", "id", "position"})
_KEPT = [one.name for one in DealLine.__table__.columns if one.name not in _OF_ITS_DOCUMENT]


@dataclass(frozen=True, slots=True)
class LineGiven:
    """A line as a caller writes it. Without an id it gets one."""

    wanted: LineWanted
    id: UUID | None = None
    description: str = ""
    suggestion_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PricedLines:
    """Columns of the lines (`LineColumns`, but for position and document), the sums of the document (the amounts of
    `DocumentColumns`), the coupons that were taken, and which lines sell gift cards."""

    lines: Sequence[Values]
    totals: Values
    coupons: Sequence[Row]
    gift_cards: AbstractSet[UUID] = frozenset()


def price_lines(
    work: Work,
    buyer: Buyer,
    lines: Sequence[LineGiven],
    *,
    coupon_codes: Sequence[str] = (),
    discount: Discount = NO_DISCOUNT,
) -> PricedLines:
    """Prices lines by what holds now. Raises InvalidArgument naming line and field."""
    _own_ids(lines)
    if not lines:
        return PricedLines([], dict(NOTHING_SOLD), [])
    document = Document(buyer, [one.wanted for one in lines], coupon_codes, discount)
    result = price_document(work, document)
    priced, totals = result.priced, result.priced.totals
    made = [
        _line(given, line, result.articles[line.variant_id]) for given, line in zip(lines, priced.lines, strict=True)
    ]
    return PricedLines(
        made,
        {
            "list_amount_minor": totals.list_amount,
            "rule_amount_minor": totals.rule_amount,
            "discount_amount_minor": totals.discount_amount,
            "net_amount_minor": totals.net_amount,
            "tax_amount_minor": totals.tax_amount,
            "gross_amount_minor": totals.gross_amount,
            "taxes": [{"rate_basis_points": rate, "tax_minor": tax} for rate, tax in totals.taxes.items()],
            "coupons": [{"id": str(one.id), "amount_minor": one.amount} for one in priced.coupons],
            "breaches": list(priced.breaches),
        },
        result.coupons,
        {one["id"] for one in made if result.articles[one["product_variant_id"]].kind == GIFT_CARD},
    )


def buyer(
    work: Work,
    currency: str,
    *,
    account_id: UUID | None = None,
    contact_id: UUID | None = None,
    member_id: UUID | None = None,
    store_id: UUID | None = None,
    channel: str = "sales",
) -> Buyer:
    """Who buys, today at the company's place; members belong to the segment of their tier."""
    segment = loyalty.segment(work, member_id, contact_id, account_id) if member_id or contact_id or account_id else ""
    return Buyer(today(work), currency, account_id, contact_id, frozenset({segment} - {""}), store_id, channel)


def frozen(rows: Iterable[Row]) -> PricedLines:
    """Lines of another document as those of a new one, at the prices they have, and their sums."""
    lines = [{name: getattr(row, name) for name in _KEPT} | {"id": uuid7()} for row in rows]
    return PricedLines(lines, sums(lines), [])


def sums(lines: Sequence[Values]) -> Values:
    """The amounts of a document of these lines, without its coupons."""
    taxes: dict[int, int] = {}
    for line in lines:
        taxes[line["tax_rate_basis_points"]] = taxes.get(line["tax_rate_basis_points"], 0) + line["tax_minor"]
    return {
        "list_amount_minor": sum(line["list_minor"] for line in lines),
        "rule_amount_minor": sum(line["rule_minor"] for line in lines),
        "discount_amount_minor": sum(
            line["discounted_minor"] + line["coupon_minor"] + line["document_discount_minor"] for line in lines
        ),
        "net_amount_minor": sum(line["net_minor"] for line in lines),
        "tax_amount_minor": sum(line["tax_minor"] for line in lines),
        "gross_amount_minor": sum(line["gross_minor"] for line in lines),
        "taxes": [{"rate_basis_points": rate, "tax_minor": tax} for rate, tax in taxes.items()],
        "coupons": [],
        "breaches": list(dict.fromkeys(breach for line in lines for breach in line["breaches"])),
    }


def portion(row: Row, before: int, quantity: int) -> Values:
    """So much of a line, after so much of it that went before; all portions of a line add up to it."""
    after, whole = before + quantity, row.quantity_milli

    def part(amount: int) -> int:
        return part_of(amount, before, after, whole)

    taken = {name: part(getattr(row, name)) for name in _TAKEN_OFF}
    gross, tax = part(row.gross_minor), part(row.tax_minor)
    net = gross - tax
    return {name: getattr(row, name) for name in _KEPT} | {
        **taken,
        "id": uuid7(),
        "quantity_milli": quantity,
        "list_minor": (gross if row.tax_included else net) + sum(taken.values()),
        "rules": [{**one, "amount_minor": part(one["amount_minor"])} for one in row.rules],
        "net_minor": net,
        "tax_minor": tax,
        "gross_minor": gross,
        "cost_minor": None if row.cost_minor is None else part(row.cost_minor),
    }


def asked_again(rows: Iterable[Row]) -> list[LineGiven]:
    """Lines of a document as they were asked for, to price them anew."""
    return [
        LineGiven(
            LineWanted(
                row.product_variant_id,
                row.quantity_milli,
                row.unit_micros,
                Discount(row.discount_basis_points, row.discount_minor),
            ),
            row.id,
            row.description,
            row.suggestion_id,
        )
        for row in rows
    ]


def _own_ids(lines: Sequence[LineGiven]) -> None:
    known: set[UUID] = set()
    for index, line in enumerate(lines):
        if line.id is not None and line.id in known:
            raise invalid_field(f"lines[{index}].id", "each line has an id of its own", reason="DUPLICATE")
        if line.id is not None:
            known.add(line.id)


def _line(given: LineGiven, line: PricedLine, article: Row) -> Values:
    asked = given.wanted
    return {
        "id": given.id or uuid7(),
        "product_variant_id": line.variant_id,
        "product_id": article.product_id,
        "name": called(article),
        "sku": article.sku,
        "unit": article.unit,
        "description": given.description,
        "quantity_milli": line.quantity_milli,
        "unit_micros": asked.by_hand(article),
        "discount_basis_points": asked.discount.basis_points,
        "discount_minor": asked.discount.amount,
        "list_unit_micros": line.unit_micros,
        "price_book_id": line.book_id,
        "tax_included": line.tax_included,
        "list_minor": line.list_amount,
        "rules": [{"id": str(one.id), "amount_minor": one.amount} for one in line.rules],
        "rule_minor": line.rule_amount,
        "discounted_minor": line.discount_amount,
        "coupon_minor": line.coupon_amount,
        "document_discount_minor": line.document_discount_amount,
        "tax_rate_basis_points": line.tax_rate_bps,
        "net_minor": line.net_amount,
        "tax_minor": line.tax_amount,
        "gross_minor": line.gross_amount,
        "cost_minor": line.cost_amount,
        "breaches": list(line.breaches),
        "suggestion_id": given.suggestion_id,
    }


def called(article: Row) -> str:
    """Product and variant, as papers name them."""
    name, variant = article.name, article.variant_name
    return f"{name}, {variant}" if variant and variant != name else str(name)
