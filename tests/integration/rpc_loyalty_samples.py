"""Sample requests for loyalty and gift cards."""

from __future__ import annotations

from typing import cast
from uuid import uuid4

from funia.sales.v1 import gift_card_pb2 as cards
from funia.sales.v1 import loyalty_pb2 as loyalty
from funia.type.v1.money_pb2 import Money
from google.protobuf.field_mask_pb2 import FieldMask
from rpc_billing_samples import _placed
from rpc_sales_samples import _records
from rpc_world import Sample, World

_MEMBERS = "sales.v1.LoyaltyMemberService"
_CARDS = "sales.v1.GiftCardService"


def _programme(world: World) -> loyalty.UpdateLoyaltyProgramRequest:
    values = {"active": True, "currency_code": "EUR", "earn_milli": 1_000, "point_value_minor": 1}
    return loyalty.UpdateLoyaltyProgramRequest(
        program=loyalty.LoyaltyProgram(**values),  # type: ignore[arg-type]
        update_mask=FieldMask(paths=list(values)),
    )


def _member(world: World) -> loyalty.LoyaltyMember:
    request = loyalty.EnrolMemberRequest(card_number=uuid4().hex[:16], name=world.mark)
    return cast(loyalty.LoyaltyMember, world.call(_MEMBERS, "EnrolMember", request))


def _adjustment(world: World) -> loyalty.AdjustPointsRequest:
    return loyalty.AdjustPointsRequest(id=str(uuid4()), member_id=_member(world).id, points=50, reason=world.mark)


def _rich(world: World) -> str:
    """A member who has points."""
    world.call("sales.v1.LoyaltyService", "UpdateLoyaltyProgram", _programme(world))
    request = _adjustment(world)
    world.call(_MEMBERS, "AdjustPoints", request)
    return request.member_id


def _to_issue(world: World) -> cards.IssueGiftCardRequest:
    return cards.IssueGiftCardRequest(
        id=str(uuid4()),
        amount=Money(currency_code="EUR", amount_minor=500),
        reason=world.mark,
        member_id=_member(world).id,
    )


def _issued(world: World) -> cards.IssuedGiftCard:
    issued = cast(cards.IssuedGiftCard, world.call(_CARDS, "IssueGiftCard", _to_issue(world)))
    world.ids.add(issued.gift_card.id)
    return issued


def _blocked(world: World) -> str:
    card_id = _issued(world).gift_card.id
    world.call(_CARDS, "BlockGiftCard", cards.BlockGiftCardRequest(id=card_id))
    return card_id


def _listed_cards(world: World) -> cards.ListGiftCardsRequest:
    _issued(world)
    return cards.ListGiftCardsRequest(page_size=200)


def _listed_members(world: World) -> loyalty.ListLoyaltyMembersRequest:
    _member(world)
    return loyalty.ListLoyaltyMembersRequest(page_size=200)


def _reported(world: World) -> loyalty.GetLiabilityReportRequest:
    _rich(world)
    return loyalty.GetLiabilityReportRequest()


def _changed(world: World) -> loyalty.UpdateLoyaltyMemberRequest:
    changed = loyalty.LoyaltyMember(id=_member(world).id, name="Changed")
    return loyalty.UpdateLoyaltyMemberRequest(loyalty_member=changed, update_mask=FieldMask(paths=["name"]))


LOYALTY_SAMPLES: dict[str, Sample] = {
    "/funia.sales.v1.LoyaltyService/GetLoyaltyProgram": Sample(lambda _: loyalty.GetLoyaltyProgramRequest(), ours=True),
    "/funia.sales.v1.LoyaltyService/UpdateLoyaltyProgram": Sample(_programme, ours=True),
    "/funia.sales.v1.LoyaltyService/GetLiabilityReport": Sample(_reported),
    **_records(
        loyalty.DESCRIPTOR,
        "LoyaltyTier",
        lambda w: loyalty.LoyaltyTier(name=w.mark, threshold_points=1_000),
        {"segment": "changed"},
        names=False,
    ),
    f"/funia.{_MEMBERS}/GetLoyaltyMember": Sample(lambda w: loyalty.GetLoyaltyMemberRequest(id=_member(w).id)),
    f"/funia.{_MEMBERS}/BatchGetLoyaltyMembers": Sample(
        lambda w: loyalty.BatchGetLoyaltyMembersRequest(ids=[_member(w).id])
    ),
    f"/funia.{_MEMBERS}/ListLoyaltyMembers": Sample(_listed_members),
    f"/funia.{_MEMBERS}/UpdateLoyaltyMember": Sample(_changed),
    f"/funia.{_MEMBERS}/EnrolMember": Sample(lambda w: loyalty.EnrolMemberRequest(contact_id=w.contact())),
    f"/funia.{_MEMBERS}/FindCustomer": Sample(lambda w: loyalty.FindCustomerRequest(query=_member(w).card_number)),
    f"/funia.{_MEMBERS}/MoveMember": Sample(lambda w: loyalty.MoveMemberRequest(id=_member(w).id, step="suspend")),
    f"/funia.{_MEMBERS}/AdjustPoints": Sample(_adjustment),
    f"/funia.{_MEMBERS}/ListPointPostings": Sample(lambda w: loyalty.ListPointPostingsRequest(member_id=_rich(w))),
    f"/funia.{_MEMBERS}/PayWithPoints": Sample(
        lambda w: loyalty.PayWithPointsRequest(id=str(uuid4()), order_id=_placed(w).id, member_id=_rich(w), points=5)
    ),
    f"/funia.{_CARDS}/GetGiftCard": Sample(lambda w: cards.GetGiftCardRequest(id=_issued(w).gift_card.id)),
    f"/funia.{_CARDS}/ListGiftCards": Sample(_listed_cards),
    f"/funia.{_CARDS}/IssueGiftCard": Sample(_to_issue),
    f"/funia.{_CARDS}/FindGiftCard": Sample(lambda w: cards.FindGiftCardRequest(code=_issued(w).code)),
    f"/funia.{_CARDS}/BlockGiftCard": Sample(lambda w: cards.BlockGiftCardRequest(id=_issued(w).gift_card.id)),
    f"/funia.{_CARDS}/UnblockGiftCard": Sample(lambda w: cards.UnblockGiftCardRequest(id=_blocked(w))),
    f"/funia.{_CARDS}/PayWithGiftCard": Sample(
        lambda w: cards.PayWithGiftCardRequest(id=str(uuid4()), order_id=_placed(w).id, code=_issued(w).code)
    ),
    f"/funia.{_CARDS}/ListGiftCardPostings": Sample(
        lambda w: cards.ListGiftCardPostingsRequest(gift_card_id=_issued(w).gift_card.id)
    ),
}
