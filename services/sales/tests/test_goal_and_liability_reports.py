"""Reports of goals and of what is owed to members and holders of gift cards, and reports given page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from chassis.caller import Caller
from chassis.statements import text
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import deal_pb2 as deals
from funia.sales.v1 import gift_card_pb2 as cards
from funia.sales.v1 import loyalty_pb2 as loyalty
from funia.sales.v1 import sales_activity_pb2 as activities

from .companies import settle
from .shop import Shop, open_shop
from .test_activities import activity
from .test_activities import move as move_activity
from .test_deals import deal, euros
from .test_gift_cards import issue
from .test_goals import goal, won
from .test_loyalty import adjust, enrol, programme
from .test_reports import figures, run, values

_YEAR = {"first_day": "2026-01-01", "last_day": "2026-12-31"}
_AGE_LOTS = text(
    "UPDATE point_lot SET usable_at = usable_at - interval '100 days', expires_at = expires_at - interval '100 days'"
    " WHERE tenant_id = %(tenant_id)s AND member_id::text = %(id)s",
    "tenant_id",
)


@pytest.fixture
def shop(alice: Person, bob: Person, database: Database) -> Shop:
    opened = open_shop(alice)
    for person in (alice, bob):
        settle(database, person.tenant_id)
    return opened


def test_goals_are_summed_by_person_and_time_and_open_what_they_count(
    alice: Person, bob: Person, house: House, database: Database, shop: Shop
) -> None:
    seller = house.person(alice.tenant_id, visibility="own")
    mine = str(seller.actor_id)
    won(seller, database, 300, "2026-11-05T12:00:00Z")
    won(alice, database, 500, "2026-11-05T12:00:00Z")
    won(bob, database, 900, "2026-11-05T12:00:00Z")
    goal(alice, "amount_won", 60_000, user_id=mine)
    goal(alice, "deals_won", 4, period="quarter", starts_on="2026-10-01")
    goal(bob, "amount_won", 1, user_id=str(bob.actor_id))
    move_activity(alice, activity(alice), "completed")
    of_all = run(alice, "goals", "owner", "span", **_YEAR)
    amounts = ("target_amount", "amount_won", "amount_reached", "target_deals", "deals_won", "deals_reached")
    assert figures(of_all, *amounts) == {
        (mine, "2026-11"): (60_000, 30_000, 5_000, None, None, None),
        ("", "2026-Q4"): (None, None, None, 4, 2, 5_000),
    }
    of_company = next(row for row in of_all.rows if not row.keys[0])
    at = [one.column for one in of_all.definition.columns].index("deals_won")
    listed = alice.call("DealService.ListDeals", deals.ListDealsRequest(filter=of_company.values[at].filter))
    assert {one.amount.amount_minor for one in listed.deals} == {30_000, 50_000}
    assert [row.keys[0] for row in run(seller, "goals", **_YEAR).rows] == [mine]
    blind = house.person(alice.tenant_id, hid="deal.amount")
    assert set(figures(run(blind, "goals", **_YEAR), "target_amount", "amount_won").values()) == {
        (60_000, None), (None, None),
    }  # fmt: skip


def test_activities_of_a_goal_open_as_activities(alice: Person, shop: Shop) -> None:
    begun = datetime.now(UTC).date().replace(day=1)
    goal(alice, "activities_done", 2, starts_on=begun.isoformat(), user_id=str(alice.actor_id))
    move_activity(alice, activity(alice), "completed")
    found = run(alice, "goals", "month")
    column = next(one for one in found.definition.columns if one.column == "activities_done")
    at = [one.column for one in found.definition.columns].index("activities_done")
    assert (column.records, found.rows[0].values[at].value) == ("sales-activities", 1)
    request = activities.ListSalesActivitiesRequest(filter=found.rows[0].values[at].filter)
    assert len(alice.call("SalesActivityService.ListSalesActivities", request).sales_activities) == 1


def test_points_are_told_by_age_and_by_what_expires_soon(
    alice: Person, bob: Person, database: Database, shop: Shop
) -> None:
    for person in (alice, bob):
        programme(person, expiry_months=4)
    old, new = enrol(alice, phone="0888 000 001"), enrol(alice, phone="0888 000 002")
    adjust(alice, old, 500)
    adjust(alice, new, 200)
    adjust(bob, enrol(bob), 900)
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(_AGE_LOTS, id=old.id)
    found = run(alice, "points_owed")
    assert figures(found, "members", "points", "value", "soon", "soon_value") == {
        ("up_to_90",): (1, 200, 200, 0, 0), ("91_180",): (1, 500, 500, 500, 500),
    }  # fmt: skip
    assert values(found, found.totals[0], "members", "points", "soon") == (2, 700, 500)
    by_end = run(alice, "points_owed", "expiry")
    assert figures(by_end, "points") == {("within_30",): (500,), ("after_90",): (200,)}

    def members(filter_text: str) -> list[str]:
        request = loyalty.ListLoyaltyMembersRequest(filter=filter_text)
        return [one.id for one in alice.call("LoyaltyMemberService.ListLoyaltyMembers", request).loyalty_members]

    assert [members(row.filter) for row in (*found.rows, *by_end.rows)] == [[new.id], [old.id], [old.id], [new.id]]
    assert members(found.rows[0].values[3].filter) == []
    assert members(found.totals[0].values[3].filter) == [old.id]


def test_money_on_gift_cards_is_told_by_when_it_expires(alice: Person, bob: Person, shop: Shop) -> None:
    day = (datetime.now(UTC).date() + timedelta(days=10)).isoformat()
    issue(alice, 2_500, expires_on=day)
    issue(alice, 4_000)
    issue(bob, 9_900)
    found = run(alice, "gift_cards", "expiry")
    assert figures(found, "cards", "left", "soon_left") == {
        ("within_30",): (1, 2_500, 2_500), ("never",): (1, 4_000, 0),
    }  # fmt: skip
    for row, left in zip(found.rows, (2_500, 4_000), strict=True):
        listed = alice.call("GiftCardService.ListGiftCards", cards.ListGiftCardsRequest(filter=row.filter))
        assert [one.balance_amount.amount_minor for one in listed.gift_cards] == [left]


def test_a_long_report_is_given_page_by_page_and_a_token_of_another_is_refused(alice: Person, shop: Shop) -> None:
    for number, source in enumerate(("web", "fair", "friend"), start=1):
        deal(alice, amount=euros(100 * number), source=source)
    whole = run(alice, "pipeline", "source")
    first = run(alice, "pipeline", "source", page_size=2)
    rest = run(alice, "pipeline", "source", page_size=2, page_token=first.next_page_token)
    assert [*first.rows, *rest.rows] == list(whole.rows)
    assert (len(first.rows), rest.next_page_token, whole.next_page_token) == (2, "", "")
    assert first.totals == rest.totals == whole.totals
    assert refused(run, alice, "pipeline", "owner", page_token=first.next_page_token).reason
