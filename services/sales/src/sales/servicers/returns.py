"""ReturnService at the edge."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from chassis.errors import NotFound
from chassis.record_shares import check_writes
from chassis.records.mapping import timestamp
from chassis.server import Call
from chassis.work import Row, Work
from funia.sales.v1 import return_pb2 as pb
from funia.type.v1.money_pb2 import Money

from sales.queries import billing as queries
from sales.queries.billing import RETURNS
from sales.records import ORDER, ORDERS
from sales.servicers.order import OrderServicer
from sales.usecases import orders, refunds, returns
from sales.usecases.card_accounts import CardDesk
from sales.wire import read_steps


class ReturnServicer:
    """Goods that come back."""

    service = pb.DESCRIPTOR.services_by_name["ReturnService"]

    def __init__(self, desk: CardDesk, order_servicer: OrderServicer) -> None:
        self._desk = desk
        self._orders = order_servicer

    def GetReturn(self, work: Work, request: pb.GetReturnRequest) -> pb.ReturnOrder:
        row = RETURNS.get(work, UUID(request.id))
        if row is None or not _seen(work, row):
            raise NotFound(f"There is no return {request.id} that you may see.", reason="RETURN_NOT_FOUND")
        return _message(work, row)

    def ListReturns(self, work: Work, request: pb.ListReturnsRequest) -> pb.ListReturnsResponse:
        order = ORDERS.get(work, UUID(request.order_id))
        if order is None:
            raise ORDER.not_found(request.order_id)
        rows = RETURNS.by(work, "order_id", order.id)
        lines = queries.return_lines(work, [row.id for row in rows])
        return pb.ListReturnsResponse(returns=[_filled(row, lines[row.id]) for row in rows])

    def RequestReturn(self, work: Work, request: pb.RequestReturnRequest) -> pb.ReturnOrder:
        order = ORDERS.get(work, UUID(request.order_id), lock=True)
        if order is None:
            raise ORDER.not_found(request.order_id)
        check_writes(order, ORDER.said)
        return_id = UUID(request.id) if request.id else None
        known = None if return_id is None else RETURNS.get(work, return_id)
        if known is None or known.order_id != order.id:
            known = returns.request(work, order, read_steps(request.lines), request.reason.strip(), return_id)
        return _message(work, known)

    def AuthorizeReturn(self, work: Work, request: pb.AuthorizeReturnRequest) -> pb.ReturnOrder:
        return self._move(work, request.id, "authorize")

    def ReceiveReturn(self, work: Work, request: pb.ReceiveReturnRequest) -> pb.ReturnOrder:
        return self._move(work, request.id, "receive")

    def RejectReturn(self, work: Work, request: pb.RejectReturnRequest) -> pb.ReturnOrder:
        return self._move(work, request.id, "reject", request.note.strip())

    def InspectReturn(self, work: Work, request: pb.InspectReturnRequest) -> pb.ReturnOrder:
        order, row = self._locked(work, request.id)
        judged = {UUID(line.line_id): (line.accepted_milli, line.restocked_milli) for line in request.lines}
        return _message(work, returns.inspect(work, order, row, judged))

    def RefundReturn(self, call: Call, request: pb.RefundReturnRequest) -> pb.ReturnOrder:
        with call.database.open_work(call.caller) as work:
            _, row = self._locked(work, request.id)
            if row.status == "refunded":
                return _message(work, row)
            begun = returns.begin_refund(work, row, UUID(request.payment_id) if request.payment_id else None)
            if begun is None:
                return _message(work, returns.refunded(work, row))
            owed, payment, refund = begun
            if not payment.provider:
                refunds.succeed(work, owed, payment, refund)
                return _message(work, returns.refunded(work, row))
        given = refund if refund.status == "succeeded" else None
        given = given or self._desk.give_back(call.database, call.caller, payment.id, refund.id)
        with call.database.open_work(call.caller) as work:
            _, row = self._locked(work, request.id)
            return _message(work, returns.refunded(work, row) if given.status == "succeeded" else row)

    def ExchangeReturn(self, work: Work, request: pb.ExchangeReturnRequest) -> pb.ReturnOrder:
        _, row = self._locked(work, request.id)
        draft = self._orders.draft(work, request.order, None)
        return _message(work, returns.exchange(work, row, orders.confirm(work, draft, new=True)))

    def _move(self, work: Work, return_id: str, verb: str, note: str = "") -> pb.ReturnOrder:
        _, row = self._locked(work, return_id)
        return _message(work, returns.move(work, row, verb, note=note))

    def _locked(self, work: Work, return_id: str) -> tuple[Row, Row]:
        order, row = returns.locked(work, UUID(return_id))
        check_writes(order, ORDER.said)
        return order, row


def _seen(work: Work, row: Row) -> bool:
    """Who sees an order sees its returns; those of no order are for who sees everything."""
    if row.order_id is None:
        return work.caller.visibility == "all"
    return ORDERS.get(work, row.order_id) is not None


def _message(work: Work, row: Row) -> pb.ReturnOrder:
    return _filled(row, queries.return_lines(work, [row.id])[row.id])


def _filled(row: Row, lines: Iterable[Row]) -> pb.ReturnOrder:
    return pb.ReturnOrder(
        id=str(row.id),
        etag=str(row.version),
        number=row.number,
        order_id=str(row.order_id or ""),
        account_id=str(row.account_id or ""),
        contact_id=str(row.contact_id or ""),
        returned_on="" if row.returned_on is None else row.returned_on.isoformat(),
        status=row.status,
        reason=row.reason,
        note=row.note,
        lines=[
            pb.ReturnLine(
                line_id=str(line.line_id),
                product_variant_id=str(line.product_variant_id or ""),
                quantity_milli=line.quantity_milli,
                accepted_milli=line.accepted_milli,
                restocked_milli=line.restocked_milli,
                amount_minor=line.amount_minor,
            )
            for line in lines
        ],
        amount=Money(currency_code=row.currency_code, amount_minor=row.amount_minor),
        exchange_order_id=str(row.exchange_order_id or ""),
        created_at=timestamp(row.created_at),
    )
