"""Points and gift cards that pay for an order or an invoice at a desk."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_OID, uuid5

from chassis.errors import InvalidArgument
from flask import Blueprint, Response, request
from funia.sales.v1 import gift_card_pb2, gift_card_pb2_grpc, loyalty_pb2, loyalty_pb2_grpc

from gateway.console.amounts import money_of
from gateway.console.backend import call, form_key, stubs
from gateway.console.fields import Field
from gateway.console.guard import needs
from gateway.console.i18n import gettext, lazy
from gateway.console.kinds import KINDS
from gateway.console.values import Record
from gateway.console.views.order_money import PAGE, SELLS, done

_AMOUNT = Field("amount", lazy("Amount"), "money")
_POINTS_DIGITS = 10


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(f"{PAGE}/gift-card", "pay_with_gift_card", pay_with_gift_card, methods=["POST"])
    blueprint.add_url_rule(f"{PAGE}/points", "pay_with_points", pay_with_points, methods=["POST"])


@needs(SELLS)
def pay_with_gift_card(plural: str, record_id: object) -> Response:
    """Takes what is written from a card, as much as fits where nothing is."""

    def pay() -> None:
        message = gift_card_pb2.PayWithGiftCardRequest(
            id=_payment_id(), code=request.form.get("code", "").strip(), **_for(plural, record_id)
        )
        if text := request.form.get("amount", "").strip():
            message.amount.CopyFrom(money_of(_AMOUNT, text, request.form.get("currency", "")))
        call(stubs().sales(gift_card_pb2_grpc.GiftCardServiceStub).PayWithGiftCard, message, idempotency_key=form_key())

    return done(plural, str(record_id), pay)


@needs(SELLS)
def pay_with_points(plural: str, record_id: object) -> Response:
    """Spends points of the member who is written, or of the customer himself."""

    def pay() -> None:
        text = request.form.get("points", "").strip()
        if text and not (text.isdecimal() and len(text) <= _POINTS_DIGITS):
            raise InvalidArgument(gettext("Write how many points, such as 250."), reason="INVALID_VALUE")
        written = request.form.get("member", "").strip()
        member_id = _found(written) if written else _member_of(KINDS[plural].get(str(record_id)))
        if not member_id:
            raise InvalidArgument(
                gettext("This customer is no member. Write a card, a phone or an e-mail address."),
                reason="MEMBER_NOT_FOUND",
            )
        message = loyalty_pb2.PayWithPointsRequest(
            id=_payment_id(), member_id=member_id, points=int(text or 0), **_for(plural, record_id)
        )
        call(_members().PayWithPoints, message, idempotency_key=form_key())

    return done(plural, str(record_id), pay)


def _payment_id() -> str:
    """The same form sent twice is the same payment."""
    return str(uuid5(NAMESPACE_OID, form_key()))


def _for(plural: str, record_id: object) -> dict[str, Any]:
    return {"order_id" if plural == "orders" else "invoice_id": str(record_id)}


def _members() -> loyalty_pb2_grpc.LoyaltyMemberServiceStub:
    return stubs().sales(loyalty_pb2_grpc.LoyaltyMemberServiceStub)


def _found(text: str) -> str:
    return str(call(_members().FindCustomer, loyalty_pb2.FindCustomerRequest(query=text)).member.id)


def _member_of(record: Record) -> str:
    """The member that the customer of an order or invoice is; empty where he is none."""
    for field in ("contact_id", "account_id"):
        if owner_id := getattr(record, field):
            message = loyalty_pb2.ListLoyaltyMembersRequest(filter=f'{field} = "{owner_id}"', page_size=1)
            for member in call(_members().ListLoyaltyMembers, message).loyalty_members:
                return str(member.id)
    return ""
