"""Deals over gRPC: their way through the stages, who sees them, the board and the forecast."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.events import recorded
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import deal_pb2 as pb
from funia.sales.v1 import need_pb2 as needs_pb
from funia.sales.v1 import pipeline_pb2 as pipelines
from funia.sales.v1 import pricing_pb2 as pricing
from funia.sales.v1 import settings_pb2
from funia.type.v1.money_pb2 import Money
from google.protobuf.field_mask_pb2 import FieldMask

from .companies import customer, settle
from .shop import create


@pytest.fixture(autouse=True)
def settled(alice: Person, database: Database) -> None:
    settle(database, alice.tenant_id)


def euros(amount: int) -> Money:
    return Money(currency_code="EUR", amount_minor=amount * 100)


def stages(person: Person, index: int = 0) -> dict[str, pipelines.Stage]:
    """Stages of a pipeline by name."""
    listed = person.call("PipelineService.ListPipelines", pipelines.ListPipelinesRequest(order_by="position"))
    return {one.name: one for one in listed.pipelines[index].stages}


def deal(person: Person, name: str = "Ten chairs", **given: Any) -> pb.Deal:
    made: pb.Deal = person.call("DealService.CreateDeal", pb.CreateDealRequest(deal=pb.Deal(name=name, **given)))
    return made


def need(person: Person, statement: str = "Ten chairs that stack", **given: Any) -> needs_pb.Need:
    """A need of a customer."""
    request = needs_pb.CreateNeedRequest(need=needs_pb.Need(statement=statement, **given))
    made: needs_pb.Need = person.call("NeedService.CreateNeed", request)
    return made


def move(person: Person, one: pb.Deal, stage: str, **given: Any) -> pb.Deal:
    request = pb.MoveDealRequest(id=one.id, stage_id=stages(person)[stage].id, **given)
    moved: pb.Deal = person.call("DealService.MoveDeal", request)
    return moved


def change(person: Person, one: pb.Deal, **given: Any) -> pb.Deal:
    changed = pb.Deal(id=one.id, **given)
    request = pb.UpdateDealRequest(deal=changed, update_mask=FieldMask(paths=list(given)))
    answer: pb.Deal = person.call("DealService.UpdateDeal", request)
    return answer


def test_a_company_begins_with_pipelines_in_its_language(house: House, database: Database, alice: Person) -> None:
    person = house.person()
    settle(database, person.tenant_id, locale="bg-BG")
    settle(database, person.tenant_id, locale="bg-BG")
    listed = person.call("PipelineService.ListPipelines", pipelines.ListPipelinesRequest(order_by="position"))
    assert [one.name for one in listed.pipelines] == ["Продажби", "След продажбата"]
    assert [one.probability for one in listed.pipelines[0].stages] == [10, 25, 30, 40, 60, 80, 100, 0]
    settings = person.call("SalesSettingsService.GetSalesSettings", settings_pb2.GetSalesSettingsRequest())
    assert "Конкурент" in settings.lost_reasons


def test_a_new_deal_stands_in_the_first_stage_and_takes_what_it_gives(alice: Person) -> None:
    made = deal(alice, amount=euros(1_000))
    first = stages(alice)["Prospecting"]
    assert (made.stage_id, made.status, made.probability, made.forecast_category) == (
        first.id, "open", 10, "pipeline",
    )  # fmt: skip
    assert made.owner_id == str(alice.actor_id)
    days = date.fromisoformat(made.expected_close_date) - datetime.now(UTC).date()
    assert timedelta(days=28) < days < timedelta(days=32)


def test_a_gate_says_everything_that_is_missing_at_once(alice: Person, database: Database) -> None:
    made = deal(alice)
    refusal = refused(move, alice, made, "Negotiation")
    assert refusal.reason == "STAGE_GATE"
    assert [one.field for one in refusal.violations] == [
        "deal.account_id", "deal.contacts", "deal.amount", "deal.next_step",
    ]  # fmt: skip
    account, person = (customer(database, alice.tenant_id, kind) for kind in ("account", "contact"))
    change(
        alice, made, account_id=account, amount=euros(5_000), next_step="Call",
        contacts=[pb.DealContact(contact_id=person, role="buyer")],
    )  # fmt: skip
    moved = move(alice, made, "Negotiation")
    assert (moved.probability, moved.forecast_category) == (80, "commit")


def test_no_gate_is_passed_by_creating_a_deal_behind_it(alice: Person) -> None:
    behind = stages(alice)["Closed won"]
    assert refused(deal, alice, stage_id=behind.id).reason == "STAGE_GATE"


def test_a_deal_is_won_lost_and_opened_again_by_who_may(alice: Person, house: House, database: Database) -> None:
    made = deal(alice, account_id=customer(database, alice.tenant_id, "account"), amount=euros(1_000))
    won = move(alice, made, "Closed won")
    assert (won.status, won.probability) == ("won", 100)
    assert won.closed_at.seconds
    seller = house.person(alice.tenant_id, scopes=["sales.read", "sales.write"])
    assert refused(move, seller, made, "Prospecting", reason="?").reason == "MISSING_SCOPE"
    assert refused(move, alice, made, "Prospecting").violations[0].field == "reason"
    again = move(alice, made, "Prospecting", reason="They called again")
    assert (again.status, again.probability, again.HasField("closed_at")) == ("open", 10, False)
    assert refused(move, alice, made, "Closed lost").violations[0].field == "deal.lost_reason"
    assert refused(move, alice, made, "Closed lost", lost_reason="Weather").reason == "UNKNOWN_REASON"
    lost = move(alice, made, "Closed lost", lost_reason="Price", lost_note="Too dear")
    assert (lost.status, lost.lost_reason, lost.lost_note) == ("lost", "Price", "Too dear")
    request = pb.ListStageHistoryRequest(deal_id=made.id, page_size=3)
    steps = alice.call("DealService.ListStageHistory", request)
    rest = alice.call(
        "DealService.ListStageHistory",
        pb.ListStageHistoryRequest(deal_id=made.id, page_size=3, page_token=steps.next_page_token),
    )
    assert [one.reason for one in [*steps.steps, *rest.steps]] == ["Price", "They called again", "", ""]
    verbs = [one.type.rpartition(".")[2] for one in recorded(database, alice.tenant_id) if ".deal." in one.type]
    assert verbs == ["created", "stage_changed", "won", "stage_changed", "reopened", "stage_changed", "lost"]


def test_two_sellers_who_move_one_deal_meet_and_the_second_is_told(alice: Person) -> None:
    made = deal(alice)
    assert refused(change, alice, made, need_ids=[str(uuid7())]).reason == "NEED_NOT_FOUND"
    need(alice, deal_id=made.id)
    first = alice.call("DealService.GetDeal", pb.GetDealRequest(id=made.id))
    moved = move(alice, first, "Needs analysis", etag=first.etag)
    late = refused(move, alice, first, "Needs analysis", etag=first.etag)
    assert (late.reason, late.metadata["stage_id"]) == ("STALE_ETAG", moved.stage_id)


def test_who_sees_only_his_own_sees_no_others_on_list_board_and_forecast(
    alice: Person, house: House, bob: Person
) -> None:
    mine = house.person(alice.tenant_id, visibility="own")
    own = deal(mine, "Mine", amount=euros(100))
    other = deal(alice, "Others", amount=euros(200))
    assert refused(mine.call, "DealService.GetDeal", pb.GetDealRequest(id=other.id)).reason == "DEAL_NOT_FOUND"
    assert refused(bob.call, "DealService.GetDeal", pb.GetDealRequest(id=own.id)).reason == "DEAL_NOT_FOUND"
    assert [one.name for one in mine.call("DealService.ListDeals", pb.ListDealsRequest()).deals] == ["Mine"]
    column = _board(mine).columns[0]
    assert (column.deal_count, column.amount_minor, [one.name for one in column.deals]) == (1, 10_000, ["Mine"])
    month = own.expected_close_date[:7]
    forecast = mine.call("DealService.GetForecast", pb.GetForecastRequest(first_month=month, months=1))
    assert forecast.months[0].sums.pipeline_minor == 10_000
    assert forecast.months[0].sums.weighted_minor == 1_000
    whole = alice.call("DealService.GetForecast", pb.GetForecastRequest(first_month=month, months=2))
    assert [one.sums.pipeline_minor for one in whole.months] == [30_000, 0]
    assert {one.owner_id for one in whole.owners} == {str(mine.actor_id), str(alice.actor_id)}


def _board(person: Person, **given: Any) -> pb.DealBoard:
    listed = person.call("PipelineService.ListPipelines", pipelines.ListPipelinesRequest(order_by="position"))
    request = pb.GetDealBoardRequest(pipeline_id=listed.pipelines[0].id, **given)
    board: pb.DealBoard = person.call("DealService.GetDealBoard", request)
    return board


def test_a_board_gives_each_column_its_sums_and_first_deals_and_the_list_goes_on(alice: Person) -> None:
    for number in range(5):
        deal(alice, f"Deal {number}", amount=euros(100 * number))
    board = _board(alice, deals_per_stage=2)
    column = board.columns[0]
    assert [one.stage.name for one in board.columns][-1] == "Negotiation"
    assert (column.deal_count, column.amount_minor, column.weighted_minor) == (5, 100_000, 10_000)
    assert [one.name for one in column.deals] == ["Deal 4", "Deal 3"]
    more = alice.call(
        "DealService.ListDeals",
        pb.ListDealsRequest(
            filter=column.filter, order_by="stage_entered_at desc", page_size=2, page_token=column.next_page_token
        ),
    )
    assert [one.name for one in more.deals] == ["Deal 2", "Deal 1"]
    few = _board(alice, filter="amount >= 30000", order_by="amount")
    assert [one.name for one in few.columns[0].deals] == ["Deal 3", "Deal 4"]
    assert few.columns[0].deal_count == 2


def test_a_foreign_amount_needs_a_rate_and_counts_at_home(alice: Person) -> None:
    dollars = Money(currency_code="USD", amount_minor=10_000)
    missing = refused(deal, alice, amount=dollars)
    assert (missing.reason, missing.violations[0].field) == ("RATE_MISSING", "deal.amount.currency_code")
    rate = pricing.CurrencyRate(
        source_currency="USD", target_currency="EUR", valid_from="2020-01-01", rate_billionths=900_000_000
    )
    create(alice, "CurrencyRate", rate)
    made = deal(alice, amount=dollars)
    assert (made.amount.amount_minor, made.home_amount) == (10_000, Money(currency_code="EUR", amount_minor=9_000))


def test_the_chance_follows_the_stage_unless_somebody_said_otherwise(alice: Person) -> None:
    follows, stays = deal(alice), deal(alice, probability=55)
    stage = stages(alice)["Prospecting"]
    alice.call(
        "StageService.UpdateStage",
        pipelines.UpdateStageRequest(stage=pipelines.Stage(id=stage.id, probability=15)),
    )
    got = [alice.call("DealService.GetDeal", pb.GetDealRequest(id=one.id)).probability for one in (follows, stays)]
    assert got == [15, 55]


def test_people_of_a_deal_are_known_named_once_and_found(alice: Person, bob: Person, database: Database) -> None:
    person = customer(database, alice.tenant_id, "contact")
    made = deal(alice, contacts=[pb.DealContact(contact_id=person, role="champion", is_primary=True)])
    deal(alice, "Another")
    asked = pb.ListDealsRequest(filter=f'contact_id = "{person}"')
    assert [one.id for one in alice.call("DealService.ListDeals", asked).deals] == [made.id]
    twice = [pb.DealContact(contact_id=person), pb.DealContact(contact_id=person)]
    assert refused(deal, alice, contacts=twice).violations[0].field == "deal.contacts[1].contact_id"
    settle(database, bob.tenant_id)
    foreign = refused(deal, bob, contacts=[pb.DealContact(contact_id=person)])
    assert (foreign.reason, foreign.violations[0].field) == ("PERSON_NOT_FOUND", "deal.contacts[0].contact_id")
    company = customer(database, alice.tenant_id, "account", owner_id=uuid7())
    assert deal(alice, account_id=company).account_id == company


def test_a_company_that_one_may_not_see_is_none_to_sell_to(alice: Person, house: House, database: Database) -> None:
    mine = house.person(alice.tenant_id, visibility="own")
    company = customer(database, alice.tenant_id, "account", owner_id=alice.actor_id)
    assert refused(deal, mine, account_id=company).reason == "COMPANY_NOT_FOUND"


def test_a_pipeline_and_a_stage_with_deals_stay(alice: Person) -> None:
    made = deal(alice)
    in_use = refused(alice.call, "StageService.DeleteStage", pipelines.DeleteStageRequest(id=made.stage_id))
    assert in_use.reason == "STAGE_IN_USE"
    request = pipelines.DeletePipelineRequest(id=made.pipeline_id)
    assert refused(alice.call, "PipelineService.DeletePipeline", request).reason == "PIPELINE_IN_USE"
    alice.call("DealService.DeleteDeal", pb.DeleteDealRequest(id=made.id))
    assert alice.call("PipelineService.DeletePipeline", request).deleted_at.seconds


def test_a_deal_rots_where_its_stage_says_so(alice: Person, database: Database) -> None:
    made = deal(alice)
    assert not made.rotting
    old = text("UPDATE deal SET stage_entered_at = now() - interval '15 days', updated_at = now() - interval '15 days' "
               "WHERE tenant_id = %(tenant_id)s", "tenant_id")  # fmt: skip
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(old)
    assert alice.call("DealService.GetDeal", pb.GetDealRequest(id=made.id)).rotting


def test_a_role_that_hides_amounts_hides_them_everywhere(alice: Person, house: House) -> None:
    made = deal(alice, amount=euros(100))
    blind = house.person(alice.tenant_id, hid="deal.amount")
    got = blind.call("DealService.GetDeal", pb.GetDealRequest(id=made.id))
    assert not got.HasField("amount")
    assert not got.HasField("home_amount")
    assert _board(blind).columns[0].amount_minor == 0
    for asked in ("amount > 1", "home_amount > 1"):
        assert refused(blind.call, "DealService.ListDeals", pb.ListDealsRequest(filter=asked)).reason == "FIELD_HIDDEN"
    assert refused(blind.call, "DealService.ListDeals", pb.ListDealsRequest(order_by="amount")).reason == "FIELD_HIDDEN"
