"""Goods that came back in another system: a return of the order they were sold by, where it can be found.

What is looked for is the customer's latest order before it that has so much left of the same product at the same price;
without one the return stands alone. Either way the money was given back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.ids import uuid7
from chassis.statements import text
from chassis.work import Row, Work

from sales import events
from sales.imports.batch import Outcome, Terms
from sales.model.billing import Refund, ReturnLine, ReturnOrder
from sales.pricing.amounts import MICROS, MILLI, digits, part_of, rounded
from sales.queries import import_undo, imports
from sales.queries.imports import BulkRows
from sales.queries.orders import ORDER_LINES
from sales.records import ORDERS

if TYPE_CHECKING:
    from sales.imports.orders import Group, Line

_RETURNS, _RETURN_LINES, _REFUNDS = BulkRows(ReturnOrder), BulkRows(ReturnLine), BulkRows(Refund)
_LOOKED_AT = 50
"""Lines of one product to one customer that are looked at for the one that came back, the latest first."""
_SOLD = text(
    """
    SELECT wanted.account_id, wanted.variant_id, sold.*
      FROM unnest(%(accounts)b::uuid[], %(variants)b::uuid[]) AS wanted(account_id, variant_id) CROSS JOIN LATERAL (
            SELECT line.order_id, line.id, line.quantity_milli, line.returned_milli, line.gross_minor,
                   line.list_unit_micros, head.ordered_on
              FROM sales_order AS head
              JOIN order_line AS line ON line.tenant_id = head.tenant_id AND line.order_id = head.id
             WHERE head.tenant_id = %(tenant_id)s AND head.account_id = wanted.account_id
               AND head.currency_code = %(currency)s AND head.status IN ('completed', 'partially_returned')
               AND line.product_variant_id = wanted.variant_id AND line.returned_milli < line.quantity_milli
             ORDER BY head.ordered_on DESC, line.id LIMIT %(limit)s
           ) AS sold
    """,
    "tenant_id",
)
_COME_BACK = text(
    """
    UPDATE order_line SET returned_milli = returned_milli + step.quantity
      FROM unnest(%(orders)b::uuid[], %(lines)b::uuid[], %(quantities)b::bigint[]) AS step(order_id, line_id, quantity)
     WHERE order_line.tenant_id = %(tenant_id)s AND order_line.order_id = step.order_id
       AND order_line.id = step.line_id
    """,
    "tenant_id",
)
_PAYMENTS = text(
    """
    SELECT id, order_id, amount_minor - refunding_minor AS left_minor FROM payment
     WHERE tenant_id = %(tenant_id)s AND order_id = ANY(%(orders)b) AND status = 'captured'
     ORDER BY order_id, created_at, id FOR UPDATE
    """,
    "tenant_id",
)
_GIVE_BACK = text(
    """
    UPDATE payment SET refunding_minor = refunding_minor + step.minor,
           refunded_amount_minor = refunded_amount_minor + step.minor, version = version + 1, updated_at = %(now)s
      FROM unnest(%(payments)b::uuid[], %(minors)b::bigint[]) AS step(payment_id, minor)
     WHERE payment.tenant_id = %(tenant_id)s AND payment.id = step.payment_id
    """,
    "tenant_id",
)
_SETTLE = text(
    """
    UPDATE sales_order SET refunded_amount_minor = refunded_amount_minor + step.minor, version = version + 1,
           updated_at = %(now)s, updated_by = %(actor_id)s,
           payment_status = CASE WHEN refunded_amount_minor + step.minor >= paid_amount_minor THEN 'refunded'
                                 WHEN refunded_amount_minor + step.minor > 0 THEN 'partially_refunded'
                                 ELSE payment_status END,
           status = CASE WHEN EXISTS (
               SELECT FROM order_line AS line WHERE line.tenant_id = %(tenant_id)s AND line.order_id = step.order_id
                  AND line.returned_milli < line.quantity_milli) THEN 'partially_returned' ELSE 'returned' END
      FROM unnest(%(orders)b::uuid[], %(minors)b::bigint[]) AS step(order_id, minor)
     WHERE sales_order.tenant_id = %(tenant_id)s AND sales_order.id = step.order_id
    """,
    "tenant_id",
    "actor_id",
)


class _Shelf:
    """Lines that were sold and may have come back, with what is left of them as this batch goes on."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._sold: dict[tuple[UUID, UUID], list[Row]] = defaultdict(list)
        self._returned: dict[UUID, int] = {}
        for row in rows:
            self._sold[row.account_id, row.variant_id].append(row)
            self._returned[row.id] = row.returned_milli

    def take(self, account_id: UUID, variant_id: UUID, line: Line) -> tuple[Row, int] | None:
        """The line that a row means, and its part of what was paid; None where there is none."""
        wanted = -line.quantity
        for row in self._sold[account_id, variant_id]:
            before = self._returned[row.id]
            fits = row.list_unit_micros == line.micros and row.ordered_on <= line.day
            if fits and row.quantity_milli - before >= wanted:
                self._returned[row.id] = before + wanted
                return row, part_of(row.gross_minor, before, before + wanted, row.quantity_milli)
        return None


def write(
    work: Work,
    terms: Terms,
    groups: Sequence[Group],
    articles: Mapping[str, Row],
    buyers: Mapping[str, UUID],
    outcome: Outcome,
) -> None:
    """Writes these comebacks: returns that are over, their refunds, and what that does to their orders."""
    if not groups:
        return
    pairs = {
        (buyers[group.first.customer], articles[line.sku.lower()].id)
        for group in groups
        if group.first.customer in buyers
        for line in group.lines
    }
    accounts, variants = [one for one, _ in pairs], [one for _, one in pairs]
    currency = terms.reading.currency
    found = work.rows(_SOLD, accounts=accounts, variants=variants, currency=currency, limit=_LOOKED_AT) if pairs else []
    shelf = _Shelf(found)
    scale = 10 ** digits(currency)
    heads: list[dict[str, Any]] = []
    rows: dict[UUID, int] = {}
    lines: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    steps: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for group in groups:
        account_id = buyers.get(group.first.customer)
        own: dict[UUID | None, dict[str, Any]] = {}
        for line in group.lines:
            article = articles[line.sku.lower()]
            taken = None if account_id is None else shelf.take(account_id, article.id, line)
            order_id = None if taken is None else taken[0].order_id
            if order_id not in own:
                number = group.number if not own else f"{group.number}-{len(own) + 1}"
                own[order_id] = _head(number, order_id, account_id, group)
            head = own[order_id]
            line_id = uuid7() if taken is None else taken[0].id
            given = rounded(-line.quantity * line.micros * scale, MILLI * MICROS) if taken is None else taken[1]
            head["amount_minor"] += given
            part = lines.setdefault((head["id"], line_id), _part(head["id"], line_id))
            part["product_variant_id"] = article.id
            part["quantity_milli"] -= line.quantity
            part["accepted_milli"] -= line.quantity
            part["amount_minor"] += given
            if order_id is not None:
                steps[order_id, line_id] -= line.quantity
            else:
                outcome.note(line.raw, "ORDER_UNKNOWN", "Went in as a return of its own: no order fits it.")
        heads += own.values()
        rows |= dict.fromkeys((head["id"] for head in own.values()), group.first.raw.number)
    same = _same(work, terms)
    _RETURNS.add(work, heads, **same)
    _RETURN_LINES.add(work, list(lines.values()), restocked_milli=0)
    for one in heads:
        outcome.wrote("return", one["id"], rows[one["id"]], external_id=one["number"])
    imports.keep(work, "return", terms.system, terms.import_id, {one["number"]: one["id"] for one in heads})
    work.record_all([events.return_event("imported", SimpleNamespace(**same, **one)) for one in heads])
    outcome.made["returns"] += len(heads)
    _settle(work, heads, steps)


def _settle(work: Work, heads: Sequence[dict[str, Any]], steps: Mapping[tuple[UUID, UUID], int]) -> None:
    """What came back leaves its orders, and the money its payments."""
    if not steps:
        return
    work.execute(
        _COME_BACK,
        orders=[order_id for order_id, _ in steps],
        lines=[line_id for _, line_id in steps],
        quantities=list(steps.values()),
    )
    linked = [one for one in heads if one["order_id"] is not None]
    orders = sorted({one["order_id"] for one in linked})
    left: dict[UUID, list[list[Any]]] = defaultdict(list)
    for row in work.rows(_PAYMENTS, orders=orders):
        left[row.order_id].append([row.id, row.left_minor])
    refunds: list[dict[str, Any]] = []
    given: dict[UUID, int] = defaultdict(int)
    per_order: dict[UUID, int] = dict.fromkeys(orders, 0)
    for one in linked:
        owed = one["amount_minor"]
        for payment in left[one["order_id"]]:
            part = min(owed, payment[1])
            if part:
                refunds.append({"id": uuid7(), "payment_id": payment[0], "return_id": one["id"], "amount_minor": part})
                given[payment[0]] += part
                per_order[one["order_id"]] += part
                payment[1] -= part
                owed -= part
    stamps = {"version": 1, "created_at": work.now, "created_by": work.caller.actor_id}
    stamps |= {"updated_at": work.now, "updated_by": work.caller.actor_id}
    _REFUNDS.add(work, refunds, **stamps, status="succeeded", reason="", provider_reference="", failure="")
    if given:
        work.execute(_GIVE_BACK, payments=list(given), minors=list(given.values()), now=work.now)
    work.execute(_SETTLE, orders=list(per_order), minors=list(per_order.values()), now=work.now)
    import_undo.follow(work, orders)
    after = ORDER_LINES.of(work, orders)
    work.record_all([events.order_event("returned", row, after[row.id]) for row in ORDERS.batch(work, orders)])


def _head(number: str, order_id: UUID | None, account_id: UUID | None, group: Group) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "number": number,
        "order_id": order_id,
        "account_id": account_id,
        "returned_on": group.first.day,
        "amount_minor": 0,
    }


def _part(return_id: UUID, line_id: UUID) -> dict[str, Any]:
    return {
        "return_id": return_id,
        "line_id": line_id,
        "product_variant_id": None,
        "quantity_milli": 0,
        "accepted_milli": 0,
        "amount_minor": 0,
    }


def _same(work: Work, terms: Terms) -> dict[str, Any]:
    return {
        "version": 1,
        "created_at": work.now,
        "created_by": work.caller.actor_id,
        "updated_at": work.now,
        "updated_by": work.caller.actor_id,
        "contact_id": None,
        "status": "refunded",
        "reason": "",
        "note": "",
        "currency_code": terms.reading.currency,
        "exchange_order_id": None,
    }
