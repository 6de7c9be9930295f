"""Members, tiers and gift cards: their lists and pages, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from chassis.errors import NotFound
from funia.sales.v1 import gift_card_pb2, gift_card_pb2_grpc, loyalty_pb2, loyalty_pb2_grpc

from gateway.console import loyalty_fields as shown
from gateway.console.acts import Action
from gateway.console.backend import call, stubs
from gateway.console.fields import Field
from gateway.console.i18n import lazy
from gateway.console.kind import Child, Listed, ListQuery, Words
from gateway.console.sales_kind import SELLS, SETS_UP, SalesKind
from gateway.console.values import Record

_MEMBERS, _CARDS = loyalty_pb2_grpc.LoyaltyMemberServiceStub, gift_card_pb2_grpc.GiftCardServiceStub
_LOYALTY: Any = loyalty_pb2.DESCRIPTOR
_GIFT_CARD: Any = gift_card_pb2.DESCRIPTOR
_MOVE = loyalty_pb2.MoveMemberRequest


class Members(SalesKind):
    """Members are enrolled, and found as a counter finds them."""

    def create(self, record: Record, *, allow_duplicate: bool, company_id: str, key: str) -> Record:
        names = ("contact_id", "account_id", "card_number", "name", "phone", "email")
        request = loyalty_pb2.EnrolMemberRequest(**{name: getattr(record, name) for name in names})
        return call(stubs().sales(_MEMBERS).EnrolMember, request, idempotency_key=key)

    def find(self, text: str, query: ListQuery) -> Listed:
        if "@" in text or any(one.isdigit() for one in text):
            try:
                found = call(stubs().sales(_MEMBERS).FindCustomer, loyalty_pb2.FindCustomerRequest(query=text))
            except NotFound:
                return Listed((), "")
            members: Sequence[Record] = [found.member] if found.HasField("member") else []
            return Listed(members, "")
        return super().find(text, query)


class GiftCards(SalesKind):
    """Gift cards are issued, and never change but by what is spent."""

    def find(self, text: str, query: ListQuery) -> Listed:
        request = gift_card_pb2.FindGiftCardRequest(code=text[:40])
        try:
            return Listed([call(stubs().sales(_CARDS).FindGiftCard, request)], "")
        except NotFound:
            return self.list(ListQuery(f'last_digits = "{_quoted(text)}"', query.order_by, query.page_token))


def issue(record: Record, key: str) -> gift_card_pb2.IssuedGiftCard:
    """Issues a card as its form says; the answer alone has its code."""
    request = gift_card_pb2.IssueGiftCardRequest(
        id=key or str(uuid4()),
        amount=record.issued_amount,
        reason=record.reason,
        expires_on=record.expires_on,
        contact_id=record.contact_id,
        member_id=record.member_id,
    )
    issued: gift_card_pb2.IssuedGiftCard = call(stubs().sales(_CARDS).IssueGiftCard, request)
    return issued


def _adjustment(**given: Any) -> loyalty_pb2.AdjustPointsRequest:
    return loyalty_pb2.AdjustPointsRequest(id=str(uuid4()), **given)


def _quoted(text: str) -> str:
    return text[:20].upper().replace("\\", "").replace('"', "")


MEMBER_ACTS = (
    Action("adjust", lazy("Add or take points"), "plus", _MEMBERS, _adjustment, "AdjustPoints",
        frozenset({"active", "suspended"}),
        (
            Field("points", lazy("Points"), "number", in_form=True, hint=lazy("Below zero to take, such as -50.")),
            Field("reason", lazy("Why?"), in_form=True, max_length=500),
        ), subject="member_id", scope=SETS_UP),
    Action("suspend", lazy("Suspend"), "player-pause", _MEMBERS, _MOVE, "MoveMember", frozenset({"active"}),
        fixed={"step": "suspend"}),
    Action("resume", lazy("Resume"), "player-play", _MEMBERS, _MOVE, "MoveMember", frozenset({"suspended"}),
        fixed={"step": "resume"}, main=True),
    Action("close", lazy("End the membership"), "x", _MEMBERS, _MOVE, "MoveMember",
        frozenset({"active", "suspended"}), fixed={"step": "close"}, danger=True),
)  # fmt: skip
CARD_ACTS = (
    Action("block", lazy("Block the card"), "lock", _CARDS, gift_card_pb2.BlockGiftCardRequest, "BlockGiftCard",
        frozenset({"active"}), danger=True),
    Action("unblock", lazy("Let it be spent again"), "check", _CARDS, gift_card_pb2.UnblockGiftCardRequest,
        "UnblockGiftCard", frozenset({"blocked"}), main=True, scope=SETS_UP),
)  # fmt: skip
LOYALTY_KINDS: tuple[SalesKind, ...] = (
    Members(
        "members", "loyalty_member", lazy("Members"), lazy("Member"), "star",
        Words(
            intro=lazy("Who collects points. Find them by card, phone, e-mail or name."),
            add=lazy("Add a member"),
            done=lazy("Add the member"),
            nobody=lazy("Nobody is a member yet"),
            first=lazy("A person, a phone number or a card is enough; points come with the first order."),
        ),
        shown.MEMBER_FIELDS, shown.MEMBER_COLUMNS, "LoyaltyMember", _LOYALTY, _MEMBERS,
        writes=SELLS, page="console/member_page.html", listed=shown.MEMBER_LISTED, acts=MEMBER_ACTS,
        children=(Child("orders", "loyalty_member_id"), Child("gift-cards", "member_id")),
    ),
    GiftCards(
        "gift-cards", "gift_card", lazy("Gift cards"), lazy("Gift card"), "gift",
        Words(
            intro=lazy("Money paid ahead. Find a card by its code or its last four characters."),
            add=lazy("Issue a gift card"),
            done=lazy("Issue the card"),
            nobody=lazy("No gift card is here yet"),
            first=lazy("Sell them as products of the kind “Gift card”, or give one away here."),
            name=lazy("Card"),
        ),
        shown.CARD_FIELDS, shown.CARD_COLUMNS, "GiftCard", _GIFT_CARD, _CARDS,
        writes=SELLS, name_sort="", page="console/member_page.html", listed=shown.CARD_LISTED, acts=CARD_ACTS,
    ),
    SalesKind(
        "tiers", "loyalty_tier", lazy("Tiers"), lazy("Tier"), "trophy",
        Words(
            intro=lazy("What members reach by the points they earn, and what it gives them."),
            add=lazy("Add a tier"),
            done=lazy("Add the tier"),
            nobody=lazy("There is no tier yet"),
            first=lazy("Without tiers all members earn alike. Add one, such as “Gold” from 1,000 points."),
        ),
        shown.TIER_FIELDS, shown.TIER_COLUMNS, "LoyaltyTier", _LOYALTY, loyalty_pb2_grpc.LoyaltyTierServiceStub,
        children=(Child("members", "tier_id"),),
    ),
)  # fmt: skip
