"""Members, their points and tiers, over gRPC: earned with what is paid, spent, taken back, expired, and never twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.events import received, recorded
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.contacts.v1.events_pb2 import ContactChanged
from funia.sales.v1 import loyalty_pb2 as pb
from funia.sales.v1 import payment_pb2 as payments
from funia.sales.v1 import pricing_pb2 as pricing
from google.protobuf.field_mask_pb2 import FieldMask
from sales.consumers.people import forget_erased
from sales.usecases import points
from sales.usecases.members import check_digit

from .books import check_books
from .companies import customer, settle
from .shop import Shop, create, open_shop
from .test_invoices import ask_back, go, inspected
from .test_lines import item
from .test_orders import get, place
from .test_payments import give_back, pay
from .tills import cups, open_till

_AGE_LOTS = text(
    "UPDATE point_lot SET usable_at = usable_at - %(by)s, expires_at = expires_at - %(by)s"
    " WHERE tenant_id = %(tenant_id)s",
    "tenant_id",
)


def programme(person: Person, **given: Any) -> pb.LoyaltyProgram:
    """A programme of ten points a euro, each worth a cent."""
    values = {"active": True, "earn_milli": 10_000, "point_value_minor": 1, **given}
    mask = FieldMask(paths=list(values))
    request = pb.UpdateLoyaltyProgramRequest(program=pb.LoyaltyProgram(**values), update_mask=mask)
    made: pb.LoyaltyProgram = person.call("LoyaltyService.UpdateLoyaltyProgram", request)
    return made


def enrol(person: Person, **given: Any) -> pb.LoyaltyMember:
    """A member, known by a phone number where nothing is said."""
    request = pb.EnrolMemberRequest(**(given or {"phone": "0888 123 456"}))
    made: pb.LoyaltyMember = person.call("LoyaltyMemberService.EnrolMember", request)
    return made


def member(person: Person, one: pb.LoyaltyMember) -> pb.LoyaltyMember:
    """The member as they are now."""
    found: pb.LoyaltyMember = person.call(
        "LoyaltyMemberService.GetLoyaltyMember", pb.GetLoyaltyMemberRequest(id=one.id)
    )
    return found


def balances(person: Person, one: pb.LoyaltyMember) -> tuple[int, int, int]:
    """Points that can be spent, that can be spent later, and that are owed."""
    now = member(person, one)
    return now.available_points, now.pending_points, now.owed_points


def find(person: Person, query: str) -> pb.FoundCustomer:
    """What a counter finds."""
    found: pb.FoundCustomer = person.call("LoyaltyMemberService.FindCustomer", pb.FindCustomerRequest(query=query))
    return found


def by_points(person: Person, order: Any, one: pb.LoyaltyMember, count: int = 0, payment_id: str = "") -> Any:
    """Pays with points."""
    request = pb.PayWithPointsRequest(id=payment_id or str(uuid7()), order_id=order.id, member_id=one.id, points=count)
    return person.call("LoyaltyMemberService.PayWithPoints", request)


def adjust(person: Person, one: pb.LoyaltyMember, count: int, adjustment_id: str = "") -> pb.PointPosting:
    """Adds or takes points by hand."""
    request = pb.AdjustPointsRequest(id=adjustment_id or str(uuid7()), member_id=one.id, points=count, reason="Sorry")
    made: pb.PointPosting = person.call("LoyaltyMemberService.AdjustPoints", request)
    return made


def sold(person: Person, shop: Shop, one: pb.LoyaltyMember, count: int = 1) -> Any:
    """Red cups at 12 euros, paid in cash by a member."""
    order = place(person, item(shop.red, count), fulfilled=True, loyalty_member_id=one.id)
    pay(person, order, order.gross_amount.amount_minor)
    return get(person, order.id)


def passes(database: Database, person: Person, one: pb.LoyaltyMember, days: int) -> None:
    """Lets days pass for the lots of a company, and wakes a member as the timer does."""
    with database.open_work(Caller.system(person.tenant_id)) as work:
        work.execute(_AGE_LOTS, by=timedelta(days=days))
        points.wake(work, UUID(one.id))


@pytest.fixture
def shop(alice: Person, database: Database) -> Shop:
    opened = open_shop(alice)
    settle(database, alice.tenant_id)
    programme(alice)
    return opened


def test_an_order_earns_once_it_is_paid_and_not_twice(alice: Person, bob: Person, shop: Shop) -> None:
    one = enrol(alice)
    order = place(alice, item(shop.red, 1), fulfilled=True, loyalty_member_id=one.id)
    paid = str(uuid7())
    pay(alice, order, 500)
    assert balances(alice, one) == (0, 0, 0)
    for _ in range(2):
        pay(alice, order, 700, payment_id=paid)
    assert balances(alice, one) == (120, 0, 0)
    assert refused(bob.call, "LoyaltyMemberService.GetLoyaltyMember", pb.GetLoyaltyMemberRequest(id=one.id)).reason == (
        "LOYALTY_MEMBER_NOT_FOUND"
    )


def test_a_card_shown_at_a_till_earns_once_and_one_that_nobody_has_earns_nothing(alice: Person, shop: Shop) -> None:
    one, till = enrol(alice), open_till(alice)
    sale = till.sale(cups(shop.red, 2), card_number=one.card_number)
    assert till.post(sale) == till.post(sale)
    till.sell(cups(shop.red), card_number="4000000000000")
    assert balances(alice, one) == (240, 0, 0)


def test_the_customer_of_an_order_is_found_as_its_member(alice: Person, database: Database, shop: Shop) -> None:
    person = customer(database, alice.tenant_id, "contact")
    one = enrol(alice, contact_id=person)
    assert enrol(alice, contact_id=person, name="Ann").id == one.id
    order = place(alice, item(shop.red, 1), fulfilled=True, contact_id=person)
    pay(alice, order, 1_200)
    assert balances(alice, one) == (120, 0, 0)


def test_units_that_come_back_take_exactly_their_points_with_them(
    alice: Person, database: Database, shop: Shop
) -> None:
    programme(alice, earn_milli=1_000, rounding="nearest")
    one = enrol(alice)
    order = place(alice, item(shop.red, 3, unit_micros=2_777_700), fulfilled=True, loyalty_member_id=one.id)
    pay(alice, order, order.gross_amount.amount_minor)
    assert balances(alice, one) == (10, 0, 0)
    left = []
    for _ in range(3):
        inspected(alice, ask_back(alice, order, 0, 1))
        left.append(balances(alice, one)[0])
    assert left == [7, 3, 0]
    check_books(database, alice.tenant_id)


def test_money_given_back_takes_its_part_and_a_return_with_its_refund_counts_once(alice: Person, shop: Shop) -> None:
    one = enrol(alice)
    order = place(alice, item(shop.red, 2), fulfilled=True, loyalty_member_id=one.id)
    paid = pay(alice, order, 2_400)
    give_back(alice, paid, 600)
    assert balances(alice, one) == (180, 0, 0)
    asked = ask_back(alice, order, 0, 1)
    inspected(alice, asked)
    assert balances(alice, one) == (120, 0, 0)
    go(alice, "Refund", asked)
    assert balances(alice, one) == (60, 0, 0)


def test_points_that_were_spent_before_the_goods_came_back_are_owed_and_settled_first(
    alice: Person, database: Database, shop: Shop
) -> None:
    one = enrol(alice)
    first = sold(alice, shop, one)
    by_points(alice, place(alice, item(shop.red, 1), fulfilled=True, loyalty_member_id=one.id), one, 100)
    inspected(alice, ask_back(alice, first, 0, 1))
    assert balances(alice, one) == (0, 0, 100)
    sold(alice, shop, one)
    assert balances(alice, one) == (20, 0, 0)
    check_books(database, alice.tenant_id)


def test_points_pay_once_never_more_than_there_are_and_come_back_with_their_refund(alice: Person, shop: Shop) -> None:
    one = enrol(alice)
    adjust(alice, one, 500)
    order = place(alice, item(shop.red, 1), fulfilled=True, loyalty_member_id=one.id)
    assert refused(by_points, alice, order, one, 501).reason == "NOT_ENOUGH_POINTS"
    paid = str(uuid7())
    first, again = by_points(alice, order, one, 300, paid), by_points(alice, order, one, 300, paid)
    assert first == again
    assert (first.method, first.amount.amount_minor, balances(alice, one)[0]) == ("points", 300, 200)
    pay(alice, order, 900)
    assert balances(alice, one)[0] == 200 + 90
    give_back(alice, payments.Payment(id=paid), 100)
    give_back(alice, payments.Payment(id=paid))
    taken_back = 23  # a quarter of 90, halves away from zero
    assert balances(alice, one)[0] == 200 + 300 + 90 - taken_back


def test_a_point_of_more_than_a_cent_comes_back_in_parts_that_add_up(alice: Person, shop: Shop) -> None:
    programme(alice, point_value_minor=7, earn_milli=0)
    one = enrol(alice)
    adjust(alice, one, 50)
    order = place(alice, item(shop.red, 1), fulfilled=True, loyalty_member_id=one.id)
    paid = by_points(alice, order, one, 50)
    for minor in (100, 100, 150):
        give_back(alice, paid, minor)
    assert balances(alice, one) == (50, 0, 0)


def test_points_wait_until_they_can_be_spent_and_expire_oldest_first(
    alice: Person, database: Database, shop: Shop
) -> None:
    programme(alice, pending_days=14, expiry_months=1)
    one = enrol(alice)
    order = sold(alice, shop, one)
    assert balances(alice, one) == (0, 120, 0)
    assert refused(by_points, alice, order, one, 1).reason
    passes(database, alice, one, 15)
    assert balances(alice, one) == (120, 0, 0)
    sold(alice, shop, one)
    passes(database, alice, one, 15)
    other = place(alice, item(shop.red, 1), fulfilled=True)
    by_points(alice, other, one, 100)
    passes(database, alice, one, 16)
    assert balances(alice, one) == (120, 0, 0)
    passes(database, alice, one, 20)
    assert balances(alice, one) == (0, 0, 0)
    kinds = [one.kind for one in postings(alice, one)]
    assert kinds == ["expire", "expire", "redeem", "release", "earn", "release", "earn"]
    check_books(database, alice.tenant_id)


def postings(person: Person, one: pb.LoyaltyMember) -> list[pb.PointPosting]:
    """What happened to a member's points, read page by page."""
    found: list[pb.PointPosting] = []
    token = ""
    while True:
        answer = person.call(
            "LoyaltyMemberService.ListPointPostings",
            pb.ListPointPostingsRequest(member_id=one.id, page_size=3, page_token=token),
        )
        found += answer.postings
        token = answer.next_page_token
        if not token:
            return found


def test_tiers_are_reached_by_points_earn_more_and_price_by_their_segment(alice: Person, shop: Shop) -> None:
    gold = pb.LoyaltyTier(name="Gold", threshold_points=100, earn_percent=150, segment="gold")
    alice.call("LoyaltyTierService.CreateLoyaltyTier", pb.CreateLoyaltyTierRequest(loyalty_tier=gold))
    create(
        alice,
        "PriceRule",
        pricing.PriceRule(name="Gold", effect="percent_off", value=1_000, segment="gold", active=True),
    )
    one = enrol(alice)
    first = sold(alice, shop, one)
    assert (first.gross_amount.amount_minor, find(alice, one.phone).tier_name) == (1_200, "Gold")
    second = sold(alice, shop, one)
    assert second.gross_amount.amount_minor == 1_080
    assert balances(alice, one)[0] == 120 + 162
    inspected(alice, ask_back(alice, first, 0, 1))
    inspected(alice, ask_back(alice, second, 0, 1))
    assert (member(alice, one).tier_id, balances(alice, one)) == ("", (0, 0, 0))


def test_goods_earn_by_their_own_rules(alice: Person, shop: Shop) -> None:
    one = enrol(alice)
    programme(alice, earn_rules=[pb.EarnRule(category_id=shop.category.id, percent=200)])
    sold(alice, shop, one)
    programme(alice, earn_rules=[pb.EarnRule(product_id=shop.product.id, percent=0)])
    sold(alice, shop, one)
    assert balances(alice, one) == (240, 0, 0)


def test_a_counter_finds_customers_by_card_phone_and_email(alice: Person, bob: Person, shop: Shop) -> None:
    one = enrol(alice, phone="0888 123 456", email="Ann@Example.com", name="Ann")
    assert (one.phone, one.email, len(one.card_number)) == ("+359888123456", "ann@example.com", 13)
    assert check_digit(one.card_number[:12]) == one.card_number[12] == check_digit(one.card_number[:12])
    adjust(alice, one, 250)
    for query in (one.card_number, "+359 888 123 456", "00359888123456", "ann@example.COM "):
        found = find(alice, query)
        assert (found.member.id, found.points_worth.amount_minor) == (one.id, 250)
    assert check_digit("400638133393") == "1"
    for query in (one.card_number, "0888123456", "somebody"):
        assert refused(find, bob, query).reason == "LOYALTY_MEMBER_NOT_FOUND"
    other = enrol(alice, card_number="AB-12 34")
    assert find(alice, "ab1234").member.id == other.id
    wrong = {"card_number": "AB1234", "phone": one.phone}
    assert refused(enrol, alice, **wrong).reason == "OTHER_MEMBER"
    assert refused(enrol, alice, name="Nobody").reason == "REQUIRED"


def test_points_are_adjusted_once_with_a_reason_by_who_may(alice: Person, house: House, shop: Shop) -> None:
    one = enrol(alice)
    adjustment_id = str(uuid7())
    assert adjust(alice, one, 40, adjustment_id) == adjust(alice, one, 40, adjustment_id)
    assert refused(adjust, alice, one, -41).reason == "NOT_ENOUGH_POINTS"
    assert adjust(alice, one, -15).reason == "Sorry"
    assert balances(alice, one) == (25, 0, 0)
    seller = house.person(alice.tenant_id, scopes=["sales.read", "sales.write"])
    assert refused(adjust, seller, one, 1).reason == "MISSING_SCOPE"


def test_members_are_suspended_and_closed_and_points_of_a_closed_one_lapse(
    alice: Person, database: Database, shop: Shop
) -> None:
    one = enrol(alice)
    adjust(alice, one, 40)
    order = place(alice, item(shop.red, 1), fulfilled=True, loyalty_member_id=one.id)

    def move(step: str) -> str:
        moved: pb.LoyaltyMember = alice.call(
            "LoyaltyMemberService.MoveMember", pb.MoveMemberRequest(id=one.id, step=step)
        )
        return moved.status

    assert move("suspend") == "suspended"
    assert refused(by_points, alice, order, one, 1).reason == "MEMBER_NOT_ACTIVE"
    assert (move("resume"), move("close")) == ("active", "closed")
    assert balances(alice, one) == (0, 0, 0)
    assert refused(move, "resume").reason == "WRONG_STATE"
    check_books(database, alice.tenant_id)


def test_people_who_are_erased_leave_no_name_phone_or_address_in_their_membership(
    alice: Person, database: Database, shop: Shop
) -> None:
    person = customer(database, alice.tenant_id, "contact")
    one = enrol(alice, contact_id=person, name="Ann", phone="0888 123 456", email="ann@example.com")
    event = Event("contacts.contact.erased", UUID(person), 2, ContactChanged())
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        forget_erased(work, [received(event, alice.tenant_id)])
    now = member(alice, one)
    assert (now.contact_id, now.name, now.phone, now.email, now.status) == ("", "", "", "", "closed")


def test_the_liability_report_follows_points_and_money_by_month(alice: Person, shop: Shop) -> None:
    one = enrol(alice)
    order = sold(alice, shop, one)
    by_points(alice, place(alice, item(shop.red, 1), fulfilled=True), one, 20)
    inspected(alice, ask_back(alice, order, 0, 1))
    report = alice.call("LoyaltyService.GetLiabilityReport", pb.GetLiabilityReportRequest())
    last = report.months[-1]
    assert (len(report.months), last.unit, last.issued, last.redeemed) == (12, "points", 120, 20)
    assert (last.opening, last.reversed, last.closing, last.worth.amount_minor) == (0, 100, 0, 0)


def test_events_of_members_tell_no_names(alice: Person, database: Database, shop: Shop) -> None:
    one = enrol(alice, phone="0888 123 456", name="Ann")
    sold(alice, shop, one)
    told = [event for event in recorded(database, alice.tenant_id) if event.type.startswith("sales.loyalty")]
    assert [event.type for event in told] == ["sales.loyalty.enrolled", "sales.loyalty.earned"]
    assert told[1].payload.points == 120
    assert not any("Ann" in str(event.payload) or "888" in str(event.payload) for event in told)
