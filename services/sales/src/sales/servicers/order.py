"""OrderService at the edge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from chassis.errors import Conflict
from chassis.ids import uuid7
from chassis.masks import read_mask, set_fields
from chassis.paging import Pager
from chassis.record_shares import check_writes
from chassis.records import RecordServicer
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.sales.v1 import order_pb2 as pb

from sales.errors import not_there
from sales.queries import orders as queries
from sales.queries.lines import DEAL_LINES
from sales.queries.orders import ORDER_LINES
from sales.records import DEAL, DEALS, MEMBERS, ORDER
from sales.references import Customers
from sales.usecases import orders
from sales.usecases.lines import frozen
from sales.wire import items, read_items, read_steps

Values = dict[str, Any]
_FRAME = frozenset({"id", "etag", "created_at", "updated_at", "deleted_at"})
_GIVEN = ORDER.mapping.names & {
    "channel",
    "account_id",
    "contact_id",
    "deal_id",
    "store_id",
    "reference",
    "note",
    "currency_code",
    "loyalty_member_id",
    "coupon_codes",
    "document_discount_basis_points",
    "document_discount_minor",
    "owner_id",
    "team_id",
    "external_ids",
    "custom",
}


class OrderServicer(RecordServicer):
    """Orders."""

    service = pb.DESCRIPTOR.services_by_name["OrderService"]
    resource = ORDER

    def __init__(self, pager: Pager, customers: Customers) -> None:
        super().__init__(pager)
        self._customers = customers

    def living(self, work: Work, kind: str, ids: set[UUID]) -> set[UUID]:
        return ids - self._customers.unknown(work, kind, ids)

    def message(self, work: Work, row: Row) -> pb.Order:
        made = pb.Order(lines=items(ORDER_LINES.of(work, [row.id])[row.id]))
        self.resource.mapping.fill(row, made)
        return made

    def messages(self, work: Work, rows: list[Row]) -> list[Any]:
        found = []
        for row in rows:
            made = pb.Order()
            self.resource.mapping.fill(row, made)
            found.append(made)
        return found

    def CreateOrder(self, work: Work, request: pb.CreateOrderRequest) -> pb.Order:
        return self.message(work, self.draft(work, request.order, None))

    def PlaceOrder(self, work: Work, request: pb.PlaceOrderRequest) -> pb.Order:
        order_id = UUID(request.id) if request.id else uuid7()
        placed = self.store.get(work, order_id) if request.id else None
        if placed is None:
            placed = orders.confirm(work, self.draft(work, request.order, order_id), new=True)
            if request.fulfilled:
                placed = orders.fulfil(work, placed, {}, order_id)
        return self.message(work, placed)

    def CreateOrderFromDeal(self, work: Work, request: pb.CreateOrderFromDealRequest) -> pb.Order:
        deal = DEALS.get(work, UUID(request.deal_id))
        if deal is None or deal.deleted_at is not None:
            raise DEAL.not_found(request.deal_id)
        lines = DEAL_LINES.of(work, [deal.id])[deal.id]
        given = {
            "deal_id": deal.id,
            "account_id": deal.account_id,
            "contact_id": next((UUID(one["contact_id"]) for one in deal.contacts if one.get("is_primary")), None),
            "owner_id": deal.owner_id,
            "team_id": deal.team_id,
            "currency_code": deal.lines_currency,
        }
        if not lines:
            raise Conflict("This deal has no lines. Add what is sold first.", reason="DEAL_WITHOUT_LINES")
        return self.message(work, orders.put_draft(work, given, frozen(lines)))

    def UpdateOrder(self, work: Work, request: pb.UpdateOrderRequest) -> pb.Order:
        given = request.order
        mask = read_mask(request.update_mask, given.DESCRIPTOR) if request.update_mask.paths else set_fields(given)
        before = self._locked(work, given.id, request.etag)
        values = self.with_custom(work, before, self.resource.mapping.values(given, sorted(mask.names & _GIVEN)))
        self._check_named(work, values, before)
        lines = read_items(given.lines) if "lines" in mask.names else None
        return self.message(work, orders.change(work, before, values, lines))

    def ConfirmOrder(self, work: Work, request: pb.ConfirmOrderRequest) -> pb.Order:
        return self.message(work, orders.confirm(work, self._locked(work, request.id, request.etag)))

    def CancelOrder(self, work: Work, request: pb.CancelOrderRequest) -> pb.Order:
        row = self._locked(work, request.id, request.etag)
        return self.message(work, orders.cancel(work, row, request.reason.strip()))

    def CompleteOrder(self, work: Work, request: pb.CompleteOrderRequest) -> pb.Order:
        return self.message(work, orders.complete(work, self._locked(work, request.id, request.etag)))

    def FulfilOrder(self, work: Work, request: pb.FulfilOrderRequest) -> pb.Fulfilment:
        row = self._locked(work, request.order_id)
        fulfilment_id = UUID(request.id) if request.id else uuid7()
        known = {one.id for one, _ in queries.fulfilments(work, row.id)} if request.id else set()
        if fulfilment_id not in known:
            orders.fulfil(
                work,
                row,
                read_steps(request.lines),
                fulfilment_id,
                tracking_code=request.tracking_code.strip(),
                note=request.note.strip(),
            )
        found = {one.id: (one, lines) for one, lines in queries.fulfilments(work, row.id)}
        return _fulfilment(*found[fulfilment_id])

    def ListFulfilments(self, work: Work, request: pb.ListFulfilmentsRequest) -> pb.ListFulfilmentsResponse:
        row = self.found(work, UUID(request.order_id))
        found = queries.fulfilments(work, row.id)
        return pb.ListFulfilmentsResponse(fulfilments=[_fulfilment(one, lines) for one, lines in found])

    def draft(self, work: Work, order: pb.Order, order_id: UUID | None) -> Row:
        """A draft, as a caller writes it."""
        values = self.with_custom(work, None, self.resource.mapping.values(order, sorted(_GIVEN)))
        values["channel"] = values["channel"] or "sales"
        self._check_named(work, values, None)
        return orders.draft(work, values, read_items(order.lines), order_id=order_id)

    def _locked(self, work: Work, order_id: str, etag: str = "") -> Row:
        row = self.locked(work, UUID(order_id), etag)
        check_writes(row, self.resource.said)
        return row

    def _check_named(self, work: Work, values: Mapping[str, Any], before: Row | None) -> None:
        """Only who is new is asked for: who has gone since stays named."""
        for kind in ("account", "contact"):
            named = values.get(f"{kind}_id")
            if named is not None and (before is None or getattr(before, f"{kind}_id") != named):
                self._customers.check(work, kind, [(f"order.{kind}_id", named)])
        member_id = values.get("loyalty_member_id")
        shown_before = None if before is None else before.loyalty_member_id
        if member_id not in (None, shown_before) and MEMBERS.get(work, member_id) is None:
            raise not_there("order.loyalty_member_id", "member")
        if before is None and values.get("deal_id") is not None and DEALS.get(work, values["deal_id"]) is None:
            raise not_there("order.deal_id", "deal")


def _fulfilment(row: Row, lines: Iterable[Row]) -> pb.Fulfilment:
    return pb.Fulfilment(
        id=str(row.id),
        order_id=str(row.order_id),
        lines=[pb.LineQuantity(line_id=str(one.line_id), quantity_milli=one.quantity_milli) for one in lines],
        tracking_code=row.tracking_code,
        note=row.note,
        fulfilled_at=timestamp(row.fulfilled_at),
    )
