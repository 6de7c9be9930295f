"""TillOrderService at the edge: what tills have sold and taken back, and their receipts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

from chassis.errors import FuniaError, Kind, NotFound
from chassis.paging import Pager
from chassis.records.mapping import timestamp
from chassis.server import Call
from chassis.work import Row, Work
from funia.sales.v1 import till_order_pb2 as pb
from funia.sales.v1.lines_pb2 import LineItem
from report_files.fonts import Fonts

from sales.errors import not_there
from sales.paper.receipt_content import ReceiptLine
from sales.pricing.discounts import Discount
from sales.queries import billing, till_receipts, tills
from sales.queries import gift_cards as queries
from sales.queries.orders import ORDER_LINES
from sales.usecases import till_grants, till_orders, till_returns
from sales.usecases.sold_cards import Told
from sales.usecases.till_orders import Rules, Sale
from sales.usecases.till_papers import content_of
from sales.usecases.till_prices import SoldLine
from sales.usecases.till_returns import Back
from sales.usecases.till_tenders import Shown, Tender
from sales.wire import items

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
_TOLD = frozenset(
    {Kind.INVALID_ARGUMENT, Kind.CONFLICT, Kind.FAILED_PRECONDITION, Kind.PERMISSION_DENIED, Kind.UNPROCESSABLE}
)
"""Errors that say something of a sale. Others are of the moment, or of the register: the call fails."""
_NUMBER = re.compile(r"(.+)-(\d{1,12})")
_LAST = 2**62


class _Checked(Exception):
    """Ends the work of a sale that was only to be checked, so that nothing of it stays."""


class TillOrderServicer:
    """What tills have sold and taken back."""

    service = pb.DESCRIPTOR.services_by_name["TillOrderService"]

    def __init__(self, pager: Pager, rules: Rules, fonts: Fonts) -> None:
        self._pager, self._rules, self._fonts = pager, rules, fonts

    def PostTillOrders(self, call: Call, request: pb.PostTillOrdersRequest) -> pb.PostTillOrdersResponse:
        register_id = UUID(request.register_id)
        answer = pb.PostTillOrdersResponse()
        for order in request.orders[:1] if request.check_only else request.orders:
            sale = _sale(order, strict=order.strict or request.check_only)
            try:
                with call.database.open_work(call.caller) as work:
                    kept = till_orders.post(work, self._rules, register_id, sale)
                    if request.check_only:
                        raise _Checked
                answer.receipts.append(_receipt(kept.receipt, kept.cards))
                answer.last_sequence = kept.last_sequence
            except _Checked:
                pass
            except FuniaError as error:
                if error.kind not in _TOLD:
                    raise
                answer.refusal.CopyFrom(_refusal(order.id, error))
                break
        if not request.check_only and not answer.HasField("refusal"):
            # Each sale has read it under the lock of the register.
            return answer
        with call.database.open_work(call.caller, read_only=True) as work:
            register = tills.register(work, register_id)
            if register is None:
                raise not_there("register_id", "register")
            answer.last_sequence = register.last_sequence
        return answer

    def PostTillReturn(self, work: Work, request: pb.PostTillReturnRequest) -> pb.TillReceipt:
        steps: dict[UUID, tuple[int, int]] = {}
        for line in request.lines:
            quantity, damaged = steps.get(UUID(line.line_id), (0, 0))
            more = line.quantity_milli if line.damaged else 0
            steps[UUID(line.line_id)] = quantity + line.quantity_milli, damaged + more
        back = Back(
            id=UUID(request.id),
            session_id=UUID(request.session_id),
            sequence=request.sequence,
            order_id=UUID(request.order_id),
            steps=steps,
            reason=request.reason.strip(),
            method=request.method,
            digest=_digest(request, sequence=0, session_id=""),
        )
        till_returns.post(work, UUID(request.register_id), back)
        return self._whole(work, till_receipts.get(work, back.id))

    def GrantTillDiscount(self, work: Work, request: pb.GrantTillDiscountRequest) -> pb.TillDiscountGrant:
        register_id = UUID(request.register_id)
        if tills.register(work, register_id) is None:
            raise not_there("register_id", "register")
        word = till_grants.grant(work, register_id, UUID(request.till_order_id))
        return pb.TillDiscountGrant(discount_grant=word, granted_by=str(work.caller.actor_id))

    def GetTillReceipt(self, work: Work, request: pb.GetTillReceiptRequest) -> pb.TillReceipt:
        return self._whole(work, till_receipts.get(work, UUID(request.id)))

    def FindTillReceipt(self, work: Work, request: pb.FindTillReceiptRequest) -> pb.TillReceipt:
        read = _NUMBER.fullmatch(request.number.strip().upper())
        return self._whole(work, None if read is None else till_receipts.find(work, read[1], int(read[2])))

    def ListTillReceipts(self, work: Work, request: pb.ListTillReceiptsRequest) -> pb.ListTillReceiptsResponse:
        size = self._pager.size(request.page_size)
        binding = ("ListTillReceipts", request.register_id, request.session_id, str(request.flagged))
        before = _LAST
        if request.page_token:
            before = int(str(self._pager.key(work.tenant_id, binding, request.page_token)[0]))
        rows = till_receipts.page(
            work,
            UUID(request.register_id),
            session_id=UUID(request.session_id) if request.session_id else None,
            flagged=request.flagged,
            before=before,
            limit=size + 1,
        )
        token = ""
        if len(rows) > size:
            rows = rows[:size]
            token = self._pager.token(work.tenant_id, binding, [str(rows[-1].sequence)])
        return pb.ListTillReceiptsResponse(receipts=[_receipt(row) for row in rows], next_page_token=token)

    def GetTillReceiptPaper(self, work: Work, request: pb.GetTillReceiptPaperRequest) -> pb.TillReceiptPaper:
        row = till_receipts.get(work, UUID(request.id))
        receipt = self._whole(work, row)
        lines = [
            ReceiptLine(one.name, one.quantity_milli, one.unit, one.list_minor, _shown(one)) for one in receipt.lines
        ]
        # Here, not above: what draws takes a second to load, which every start would pay for.
        from sales.paper.receipt import receipt_paper

        on_top = any(one.tax_minor and not one.tax_included for one in receipt.lines)
        content = content_of(work, row, lines, request.language, tax_on_top=on_top)
        return pb.TillReceiptPaper(
            file_name=f"{receipt.number.lower()}.pdf", content=receipt_paper(content, self._fonts.files())
        )

    def _whole(self, work: Work, row: Row | None) -> pb.TillReceipt:
        if row is None:
            raise NotFound(
                "There is no such receipt. Look at the number again: it stands at the top of the receipt.",
                reason="TILL_RECEIPT_NOT_FOUND",
            )
        cards = queries.of_order(work, row.order_id) if row.kind == "sale" else []
        made = _receipt(row, [Told(card, "") for card in cards])
        lines = ORDER_LINES.of(work, [row.order_id])[row.order_id] if row.order_id else []
        if row.kind == "sale":
            made.lines.extend(items(lines))
        else:
            named = {line.id: line for line in lines}
            made.lines.extend(
                _returned(one, named[one.line_id]) for one in billing.return_lines(work, [row.return_id])[row.return_id]
            )
        return made


def _sale(order: pb.TillOrder, *, strict: bool) -> Sale:
    return Sale(
        id=UUID(order.id),
        session_id=UUID(order.session_id),
        sequence=order.sequence,
        said_at=order.sold_at.ToDatetime(UTC),
        age=timedelta(seconds=order.age_seconds),
        sold_by=UUID(order.sold_by) if order.sold_by else None,
        shown=Shown(
            card_number=order.card_number,
            phone=order.phone.strip(),
            contact_id=UUID(order.contact_id) if order.contact_id else None,
            account_id=UUID(order.account_id) if order.account_id else None,
        ),
        lines=[_sold(line) for line in order.lines],
        suggested=frozenset(UUID(one) for one in order.shown_suggestion_ids),
        coupon_codes=[one for one in order.coupon_codes if one.strip()],
        discount=Discount(order.document_discount_basis_points, order.document_discount_minor),
        tenders=[_tender(one) for one in order.payments],
        grant=order.discount_grant,
        strict=strict,
        digest=_digest(order, sequence=0, session_id="", age_seconds=0, strict=False, discount_grant=""),
    )


def _tender(one: pb.TillTender) -> Tender:
    return Tender(
        id=UUID(one.id),
        method=one.method,
        amount_minor=one.amount_minor,
        tendered_minor=one.tendered_minor,
        reference=one.reference.strip(),
        points=one.points,
        code=one.gift_card_code.strip(),
    )


def _sold(line: pb.TillOrderLine) -> SoldLine:
    return SoldLine(
        id=UUID(line.id),
        variant_id=UUID(line.product_variant_id),
        quantity_milli=line.quantity_milli,
        discount=Discount(line.discount_basis_points, line.discount_minor),
        taken={name: getattr(line, name) for name in _TAKEN},
        suggestion_id=UUID(line.suggestion_id) if line.suggestion_id else None,
    )


def _digest(message: Any, **left_out: Any) -> str:
    """What a sale is known by again: everything but what changes from try to try."""
    same = type(message)()
    same.CopyFrom(message)
    for name, value in left_out.items():
        setattr(same, name, value)
    return hashlib.sha256(same.SerializeToString(deterministic=True)).hexdigest()


def _refusal(order_id: str, error: FuniaError) -> pb.TillRefusal:
    field = error.violations[0].field if error.violations else ""
    return pb.TillRefusal(id=order_id, reason=error.reason, message=error.message, field=field)


def _receipt(row: Row, cards: Sequence[Told] = ()) -> pb.TillReceipt:
    made = pb.TillReceipt(
        id=str(row.id),
        register_id=str(row.register_id),
        session_id=str(row.session_id),
        sequence=row.sequence,
        kind=row.kind,
        order_id=str(row.order_id or ""),
        return_id=str(row.return_id or ""),
        sold_at=timestamp(row.sold_at),
        till_said_at=timestamp(row.till_said_at),
        received_at=timestamp(row.received_at),
        sold_by=str(row.sold_by),
        currency_code=row.currency_code,
        gross_minor=row.gross_minor,
        discount_minor=row.discount_minor,
        taxes=[pb.TillReceiptTax(**one) for one in row.taxes],
        payments=[pb.TillReceiptPayment(**one) for one in row.payments],
        flags=row.flags,
        priced_gross_minor=row.priced_gross_minor,
        differences=[pb.TillPriceDifference(**one) for one in row.differences],
        card_number=row.card_number,
        agreed_by=str(row.agreed_by or ""),
        posted_by=str(row.posted_by or ""),
    )
    made.gift_cards.extend(_card(one) for one in cards)
    if row.points:
        made.points.CopyFrom(pb.TillReceiptPoints(**row.points))
    if hasattr(row, "prefix"):
        made.number = f"{row.prefix}-{row.sequence:06}"
        made.order_number = row.order_number or ""
    return made


def _card(one: Told) -> pb.TillReceiptGiftCard:
    card = one.card
    return pb.TillReceiptGiftCard(
        gift_card_id=str(card.id), last_digits=card.last_digits, amount_minor=card.issued_amount_minor, code=one.code
    )


def _shown(line: LineItem) -> int:
    """What a line cost in the sense in which its list price is meant: with tax where that includes it."""
    return int(line.gross_minor if line.tax_included else line.net_minor)


def _returned(line: Row, sold: Row) -> LineItem:
    return LineItem(
        id=str(line.line_id),
        product_variant_id=str(sold.product_variant_id),
        name=sold.name,
        sku=sold.sku,
        unit=sold.unit,
        quantity_milli=line.accepted_milli,
        list_minor=line.amount_minor,
        tax_included=True,
        gross_minor=line.amount_minor,
    )
