"""A till at work: its register, its session, and what it sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.ids import uuid7
from chassis.testing.people import Person
from funia.sales.v1 import pos_session_pb2 as sessions
from funia.sales.v1 import store_pb2 as stores
from funia.sales.v1 import till_order_pb2 as pb
from google.protobuf.timestamp_pb2 import Timestamp

from .test_tills import a_register, ask, start


@dataclass
class Till:
    """A till of a person, which numbers its own sales."""

    person: Person
    register: stores.Register
    session: sessions.PosSession
    sequence: int = field(default=0)

    def sale(self, *lines: pb.TillOrderLine, paid: dict[str, int] | None = None, **given: Any) -> pb.TillOrder:
        """The next sale of these lines, paid in cash where nothing else is said."""
        self.sequence += 1
        due = sum(line.gross_minor for line in lines)
        made = pb.TillOrder(
            id=str(uuid7()),
            session_id=self.session.id,
            sequence=self.sequence,
            sold_at=stamp(),
            lines=lines,
            payments=[
                pb.TillTender(id=str(uuid7()), method=method, amount_minor=amount)
                for method, amount in (paid or {"cash": due}).items()
            ],
        )
        for name, value in given.items():
            if name == "sold_at":
                made.sold_at.CopyFrom(value)
            elif name == "coupon_codes":
                made.coupon_codes.extend(value)
            else:
                setattr(made, name, value)
        return made

    def post(self, *orders: pb.TillOrder, **given: Any) -> pb.PostTillOrdersResponse:
        """Sends sales."""
        request = pb.PostTillOrdersRequest(register_id=self.register.id, orders=orders, **given)
        answer: pb.PostTillOrdersResponse = self.person.call("TillOrderService.PostTillOrders", request)
        return answer

    def sell(self, *lines: pb.TillOrderLine, **given: Any) -> pb.TillReceipt:
        """Sends one sale that is taken."""
        answer = self.post(self.sale(*lines, **given))
        assert not answer.HasField("refusal"), answer.refusal
        return answer.receipts[0]

    def back(self, receipt: pb.TillReceipt, quantity: int = 1, **given: Any) -> pb.PostTillReturnRequest:
        """The next return, of so many of the first line."""
        self.sequence += 1
        line = pb.TillReturnLine(line_id=receipt.lines[0].id, quantity_milli=quantity * 1_000)
        return pb.PostTillReturnRequest(
            register_id=self.register.id,
            id=str(uuid7()),
            session_id=self.session.id,
            sequence=self.sequence,
            order_id=receipt.order_id,
            lines=[line],
            reason="Broken",
            **given,
        )

    def report(self) -> sessions.TillReport:
        """The X report as it is now."""
        report: sessions.TillReport = ask(self.person, "GetXReport", session_id=self.session.id)
        return report


def open_till(person: Person, *, code: str = "S1", opening: int = 10_000) -> Till:
    """A till with an open session."""
    register = a_register(person, code=code)
    return Till(person, register, start(person, register, opening_float_minor=opening))


def cups(variant: Any, count: int = 1, *, unit_minor: int = 1_000, off: int = 0) -> pb.TillOrderLine:
    """So many cups at 20 % tax on top; `off` is a discount of the line."""
    amount = unit_minor * count
    net = amount - off
    tax = (net * 2_000 * 2 + 10_000) // 20_000
    return pb.TillOrderLine(
        id=str(uuid7()),
        product_variant_id=variant.id,
        quantity_milli=count * 1_000,
        discount_minor=off,
        list_unit_micros=unit_minor * 10_000,
        list_minor=amount,
        discounted_minor=off,
        tax_rate_basis_points=2_000,
        net_minor=net,
        tax_minor=tax,
        gross_minor=net + tax,
    )


def in_points(count: int, worth: int = 1) -> pb.TillTender:
    """So many points, each worth so many cents."""
    return pb.TillTender(id=str(uuid7()), method="points", amount_minor=count * worth, points=count)


def from_card(made: Any, minor: int) -> pb.TillTender:
    """So much from a gift card."""
    return pb.TillTender(id=str(uuid7()), method="gift_card", amount_minor=minor, gift_card_code=made.code)


def in_cash(minor: int) -> pb.TillTender:
    """So much in cash."""
    return pb.TillTender(id=str(uuid7()), method="cash", amount_minor=minor)


def paid_by(sale: pb.TillOrder, *tenders: pb.TillTender) -> pb.TillOrder:
    """The sale, paid so."""
    del sale.payments[:]
    sale.payments.extend(tenders)
    return sale


def stamp(ago: timedelta = timedelta()) -> Timestamp:
    """A moment some time ago."""
    made = Timestamp()
    made.FromDatetime(datetime.now(UTC) - ago)
    return made


def receipt_of(person: Person, receipt_id: str) -> pb.TillReceipt:
    """A receipt with its lines."""
    found: pb.TillReceipt = person.call("TillOrderService.GetTillReceipt", pb.GetTillReceiptRequest(id=receipt_id))
    return found
