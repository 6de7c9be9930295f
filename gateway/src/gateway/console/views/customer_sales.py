"""What sales knows of a person or a company, beside its facts: points, tier and cards, and how much it may owe."""

from __future__ import annotations

from chassis.errors import FuniaError, NotFound
from flask import Blueprint, Response, make_response, render_template, request
from funia.sales.v1 import credit_pb2, credit_pb2_grpc, gift_card_pb2, gift_card_pb2_grpc, loyalty_pb2, loyalty_pb2_grpc

from gateway.console.amounts import money_amount, money_of
from gateway.console.backend import call, form_key, session, stubs
from gateway.console.fields import Field
from gateway.console.guard import needs
from gateway.console.i18n import lazy
from gateway.console.page import HTTP_STATUS
from gateway.console.words import say, violations

CARDS_SHOWN = 20
CUSTOMERS = {"people": "contact_id", "companies": "account_id"}
"""The field by which records of sales name customers of a kind."""
_AMOUNT = Field("amount", lazy("Amount"), "money")


def add(blueprint: Blueprint) -> None:
    kinds = ", ".join(f'"{one}"' for one in CUSTOMERS)
    blueprint.add_url_rule(f"/<any({kinds}):plural>/<uuid:record_id>/loyalty", "customer_loyalty", customer_loyalty)
    blueprint.add_url_rule("/companies/<uuid:record_id>/credit", "customer_credit", customer_credit)
    blueprint.add_url_rule("/companies/<uuid:record_id>/credit", "credit_set", credit_set, methods=["POST"])


@needs("sales.read")
def customer_loyalty(plural: str, record_id: object) -> Response:
    """Points, tier and gift cards of a customer."""
    wanted = f'{CUSTOMERS[plural]} = "{record_id}"'
    members = stubs().sales(loyalty_pb2_grpc.LoyaltyMemberServiceStub)
    found = call(members.ListLoyaltyMembers, loyalty_pb2.ListLoyaltyMembersRequest(filter=wanted, page_size=1))
    gift_cards = stubs().sales(gift_card_pb2_grpc.GiftCardServiceStub)
    cards = gift_card_pb2.ListGiftCardsRequest(filter=wanted, page_size=CARDS_SHOWN, order_by="created_at desc")
    page = render_template(
        "console/customer_loyalty.html",
        member=next(iter(found.loyalty_members), None),
        # Companies hold points, and gift cards are of people.
        cards=call(gift_cards.ListGiftCards, cards).gift_cards if plural == "people" else (),
        field=CUSTOMERS[plural],
        record_id=str(record_id),
    )
    return make_response(page)


@needs("sales.read")
def customer_credit(record_id: object) -> Response:
    return _credit(str(record_id))


@needs("sales.admin")
def credit_set(record_id: object) -> Response:
    """Says how much a company may owe; an empty amount takes the limit away."""
    text = request.form.get("amount", "").strip()
    message = credit_pb2.SetCreditLimitRequest(account_id=str(record_id))
    try:
        if text:
            message.amount.CopyFrom(money_of(_AMOUNT, text, request.form.get("currency", "")))
        call(_limits().SetCreditLimit, message, idempotency_key=form_key())
    except FuniaError as error:
        said = " ".join(violations(error).values()) if error.violations else say(error)
        return _credit(str(record_id), said, HTTP_STATUS[error.kind], text)
    return _credit(str(record_id))


def _credit(account_id: str, problem: str = "", status: int = 200, written: str = "") -> Response:
    try:
        limit = call(_limits().GetCreditLimit, credit_pb2.GetCreditLimitRequest(account_id=account_id))
    except NotFound:
        limit = credit_pb2.CreditLimit(account_id=account_id)
    page = render_template(
        "console/customer_credit.html",
        limit=limit,
        amount=written or money_amount(limit.amount),
        currency=limit.amount.currency_code or session().currency_code or "EUR",
        unpaid=f'account_id = "{account_id}" AND (payment_status = "unpaid" OR payment_status = "partially_paid")',
        problem=problem,
    )
    return make_response(page, status)


def _limits() -> credit_pb2_grpc.CreditLimitServiceStub:
    return stubs().sales(credit_pb2_grpc.CreditLimitServiceStub)
