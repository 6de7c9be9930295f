"""Between messages and what use cases take and give: priced documents and the lines of documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from chassis.records.mapping import RecordMapping
from chassis.work import Row, Work
from funia.sales.v1 import lines_pb2, order_pb2
from funia.sales.v1 import pricing_pb2 as pb

from sales.model.lines import DealLine
from sales.model.order import OrderLine
from sales.pricing.conditions import Buyer
from sales.pricing.discounts import Discount
from sales.pricing.rules import Applied
from sales.pricing.waterfall import PricedLine
from sales.usecases.lines import LineGiven
from sales.usecases.prices import Document, LineWanted, Result, today


def _mapping(table: Any) -> RecordMapping:
    columns = {one.name: one for one in table.__table__.columns}
    return RecordMapping(lines_pb2.LineItem.DESCRIPTOR, columns, "lines")


_LINES, _ORDER_LINES = _mapping(DealLine), _mapping(OrderLine)
"""Lines of orders say how far they have come; those of all other documents have the same columns."""


def read_document(work: Work, request: pb.PriceLinesRequest) -> Document:
    """What is to be priced."""
    return Document(
        buyer=Buyer(
            on=date.fromisoformat(request.day) if request.day else today(work),
            currency=request.currency_code,
            account_id=_id(request.account_id),
            contact_id=_id(request.contact_id),
            store_id=_id(request.store_id),
            channel=request.channel or "sales",
        ),
        lines=[read_line(line) for line in request.lines],
        coupon_codes=list(request.coupon_codes),
        discount=Discount(request.discount_basis_points, request.discount_minor),
    )


def read_items(items: Iterable[lines_pb2.LineItem]) -> list[LineGiven]:
    """Lines as a caller writes them."""
    return [
        LineGiven(
            LineWanted(
                UUID(item.product_variant_id),
                item.quantity_milli,
                item.unit_micros if item.HasField("unit_micros") else None,
                Discount(item.discount_basis_points, item.discount_minor),
            ),
            UUID(item.id) if item.id else None,
            item.description.strip(),
            _id(item.suggestion_id),
        )
        for item in items
    ]


def items(rows: Iterable[Row]) -> list[lines_pb2.LineItem]:
    """Lines of a document as callers see them."""
    found = []
    for row in rows:
        item = lines_pb2.LineItem()
        (_ORDER_LINES if hasattr(row, "fulfilled_milli") else _LINES).fill(row, item)
        found.append(item)
    return found


def read_steps(lines: Iterable[order_pb2.LineQuantity]) -> dict[UUID, int]:
    """Quantities by line; what is named twice adds up."""
    found: dict[UUID, int] = {}
    for line in lines:
        line_id = UUID(line.line_id)
        found[line_id] = found.get(line_id, 0) + line.quantity_milli
    return found


def read_line(line: pb.LineToPrice) -> LineWanted:
    """A line to price."""
    return LineWanted(
        variant_id=UUID(line.product_variant_id),
        quantity_milli=line.quantity_milli,
        unit_micros=line.unit_micros if line.HasField("unit_micros") else None,
        discount=Discount(line.discount_basis_points, line.discount_minor),
    )


def priced_message(result: Result) -> pb.PricedDocument:
    """A priced document."""
    priced, totals = result.priced, result.priced.totals
    return pb.PricedDocument(
        currency_code=priced.currency,
        lines=[_line(line) for line in priced.lines],
        coupons=[_applied(one) for one in priced.coupons],
        list_minor=totals.list_amount,
        rule_minor=totals.rule_amount,
        discount_minor=totals.discount_amount,
        net_minor=totals.net_amount,
        tax_minor=totals.tax_amount,
        gross_minor=totals.gross_amount,
        taxes=[pb.TaxAmount(rate_basis_points=rate, tax_minor=tax) for rate, tax in totals.taxes.items()],
        breaches=priced.breaches,
    )


def _line(line: PricedLine) -> pb.PricedLine:
    return pb.PricedLine(
        product_variant_id=str(line.variant_id),
        quantity_milli=line.quantity_milli,
        unit_micros=line.unit_micros,
        price_book_id=str(line.book_id or ""),
        tax_included=line.tax_included,
        list_minor=line.list_amount,
        rules=[_applied(one) for one in line.rules],
        rule_minor=line.rule_amount,
        discount_minor=line.discount_amount,
        coupon_minor=line.coupon_amount,
        document_discount_minor=line.document_discount_amount,
        tax_rate_basis_points=line.tax_rate_bps,
        net_minor=line.net_amount,
        tax_minor=line.tax_amount,
        gross_minor=line.gross_amount,
        cost_minor=line.cost_amount,
    )


def _applied(one: Applied) -> pb.AppliedAmount:
    return pb.AppliedAmount(id=str(one.id), amount_minor=one.amount)


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
