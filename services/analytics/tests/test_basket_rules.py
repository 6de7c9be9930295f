"""Baskets through the door: published rules, what is refused, who hears of them, and the orders behind a rule."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from analytics.consumers.events import store_events
from analytics.jobs import model_runs as jobs
from analytics.queries import basket_rules as queries
from chassis.caller import Caller
from chassis.errors import Kind
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.events import recorded
from chassis.testing.people import Person, refused
from funia.analytics.v1 import basket_rule_pb2 as pb
from funia.analytics.v1 import model_run_pb2 as runs_pb

from .model_desk import Desk, control, opened
from .telling import line, order

_NO_SORT = text("SELECT set_config('enable_sort', 'off', true)")
SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c9")


@pytest.fixture(scope="module")
def desk(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with opened(admin_url, tmp_path_factory.mktemp("baskets")) as one:
        yield one


def product(name: str) -> str:
    return str(uuid5(SPACE, name))


def basket(tenant: UUID, names: Sequence[str], **given: Any) -> Any:
    return order(tenant, lines=[line(100, product_id=product(one)) for one in names], **given)


def bread_and_butter(tenant: UUID, **given: Any) -> list[Any]:
    """Thirty orders: butter is in all ten with bread and in two without."""
    held = [("bread", "butter")] * 10 + [("butter",)] * 2 + [("milk", "eggs")] * 3 + [("tea",)] * 15
    return [basket(tenant, names, **given) for names in held]


def rules_of(person: Person, **asked: Any) -> list[pb.FoundBasketRule]:
    found: list[pb.FoundBasketRule] = []
    token = ""
    while True:
        asking = pb.ListBasketRulesRequest(page_token=token, **asked)
        page = person.call("BasketRuleService.ListBasketRules", asking)
        found += page.rules
        token = page.next_page_token
        if not token:
            return found


def discovered(desk: Desk, person: Person) -> list[Any]:
    told = [one for one in recorded(desk.database, person.tenant_id) if one.type == "analytics.basket_rule.discovered"]
    return [one.payload for one in told]


def test_the_published_rules_of_groceries_come_out_of_the_door(desk: Desk, published: Path) -> None:
    person = desk.house.person()
    lines = (published / "groceries" / "groceries.csv").read_text().splitlines()
    store_events(desk.store, [basket(person.tenant_id, [one.strip() for one in row.split(",")]) for row in lines])
    run = desk.run(
        person, "baskets", least_support_ppm=6000, least_confidence_permille=250, longest=4, significance_permille=1000
    )
    assert run.state == "active", run.refusal
    found = run.result.baskets
    assert (found.baskets, found.products, found.least_baskets, found.rules) == (9835, 169, 60, 463)
    rules = rules_of(person, page_size=200)
    assert Counter(len(one.antecedent_product_ids) + 1 for one in rules) == {2: 150, 3: 297, 4: 16}
    with (published / "groceries" / "expected_rules_supp0.006_conf0.25.csv").open() as file:
        theirs = {
            (frozenset(product(part.strip()) for part in row["a"].split(",")), product(row["c"].strip())): row
            for row in csv.DictReader(file)
        }
    ours = {(frozenset(one.antecedent_product_ids), one.consequent_product_id): one for one in rules}
    assert ours.keys() == theirs.keys()
    for key, rule in ours.items():
        assert rule.confidence == pytest.approx(float(theirs[key]["confidence"]), rel=1e-12)
        assert rule.lift == pytest.approx(float(theirs[key]["lift"]), rel=1e-12)
    told = discovered(desk, person)
    assert sum(len(one.rules) for one in told) == sum(one.lift > 1 for one in rules)
    assert {one.generation_id for one in told} == {run.id}


def test_rules_are_listed_filtered_and_opened_by_their_company_alone(desk: Desk) -> None:
    person, stranger = desk.house.person(), desk.house.person()
    store_events(desk.store, bread_and_butter(person.tenant_id))
    run = desk.run(person, "baskets", least_confidence_permille=500)
    assert run.result.baskets.baskets == 30
    assert [one.code for one in run.result.remarks] == ["FEW_ORDERS"]
    for sort in ("lift", "confidence", "support"):
        values = [getattr(one, sort) for one in rules_of(person, sort=sort, page_size=1)]
        assert len(values) == 4
        assert all(first >= second for first, second in pairwise(values))
    to_butter = next(one for one in rules_of(person) if one.consequent_product_id == product("butter"))
    assert (to_butter.together, to_butter.antecedent_count, to_butter.consequent_count) == (10, 10, 12)
    assert (to_butter.confidence, to_butter.lift) == (1.0, 2.5)
    assert to_butter.p_value <= to_butter.p_adjusted <= 0.05
    assert {one.consequent_product_id for one in rules_of(person, product_id=product("milk"))} == {
        product("milk"), product("eggs"),
    }  # fmt: skip
    assert len(rules_of(person, least_lift_permille=9_000)) == 2
    asked = pb.ListBasketRuleOrdersRequest(id=to_butter.id, page_size=8)
    first = person.call("BasketRuleService.ListBasketRuleOrders", asked)
    asked.page_token = first.next_page_token
    rest = person.call("BasketRuleService.ListBasketRuleOrders", asked)
    assert (len(first.order_ids), len({*first.order_ids, *rest.order_ids})) == (8, 10)
    assert rules_of(stranger) == []
    asked.page_token = ""
    assert refused(stranger.call, "BasketRuleService.ListBasketRuleOrders", asked).kind is Kind.NOT_FOUND
    seller = desk.house.person(person.tenant_id, visibility="own")
    for method, request in (
        ("ListBasketRules", pb.ListBasketRulesRequest()),
        ("ListBasketRuleOrders", asked),
    ):
        assert refused(seller.call, f"BasketRuleService.{method}", request).reason == "NEEDS_ALL_RECORDS"


def test_only_runs_of_the_whole_company_suggest_and_a_newer_one_takes_the_place(desk: Desk) -> None:
    person, store = desk.house.person(), str(uuid7())
    store_events(desk.store, bread_and_butter(person.tenant_id))
    store_events(desk.store, bread_and_butter(person.tenant_id, store_id=store, status="canceled"))
    store_events(desk.store, [basket(person.tenant_id, ("tea", "milk"), store_id=store)] * 1)
    first = desk.run(person, "baskets")
    one_store = desk.run(person, "baskets", store_id=store)
    assert (one_store.result.baskets.baskets, one_store.result.baskets.rules) == (1, 0)
    assert [one.generation_id for one in discovered(desk, person)] == [first.id]
    assert rules_of(person) == []
    jobs_run = desk.runs.refresh(person.tenant_id, person.tenant_id, control())
    assert jobs_run is jobs.Outcome.DONE
    listed = person.call("ModelRunService.ListModelRuns", runs_pb.ListModelRunsRequest(kind="baskets"))
    night = listed.model_runs[0]
    assert (night.state, night.parameters.store_id) == ("scheduled", "")
    desk.runs.handle(person.tenant_id, UUID(night.id), control())
    desk.runs.handle(person.tenant_id, UUID(night.id), control())
    assert [one.generation_id for one in discovered(desk, person)] == [first.id, night.id]
    assert {one.rule_id for one in discovered(desk, person)[1].rules} == {one.id for one in rules_of(person)}


def test_a_group_of_customers_has_rules_of_its_own(desk: Desk) -> None:
    person = desk.house.person()
    ours, theirs = str(uuid7()), str(uuid7())
    told = bread_and_butter(person.tenant_id, account_id=ours)
    told += [basket(person.tenant_id, ("tea", "milk"), account_id=theirs, ordered_on="2024-01-05")] * 1
    store_events(desk.store, told)
    run = desk.run(person, "baskets", group="lost", as_of="2026-03-05")
    assert (run.state, run.result.baskets.baskets + (run.refusal.reason == "EMPTY")) in (("active", 1), ("failed", 1))
    bad = runs_pb.StartModelRunRequest(kind="baskets", parameters=runs_pb.ModelParameters(group="nobody"))
    assert refused(person.call, "ModelRunService.StartModelRun", bad).reason == "UNKNOWN_GROUP"


@pytest.mark.parametrize(
    ("held", "reason"),
    [((), "EMPTY"), ((("tea",), ("milk",)), "ONE_PRODUCT_EACH")],
)
def test_what_holds_nothing_together_is_refused_with_the_reason(
    desk: Desk, held: Sequence[Sequence[str]], reason: str
) -> None:
    person = desk.house.person()
    store_events(desk.store, [basket(person.tenant_id, names) for names in held])
    run = desk.run(person, "baskets")
    assert (run.state, run.refusal.reason) == ("failed", reason)
    assert run.refusal.message.endswith(".")
    assert discovered(desk, person) == []


def test_a_return_and_a_line_of_nothing_are_in_no_basket(desk: Desk) -> None:
    person = desk.house.person()
    back = [line(-100, product_id=product("bread"), quantity_milli=-1000), line(0, product_id=product("butter"))]
    store_events(desk.store, [order(person.tenant_id, lines=back)])
    run = desk.run(person, "baskets")
    assert run.refusal.reason == "ONE_PRODUCT_EACH"


def test_each_order_of_the_list_is_read_from_its_index(desk: Desk) -> None:
    given: dict[str, Any] = {
        "run_id": uuid7(), "product_id": None, "least_lift": 0.0, "least_confidence": 0.0, "limit": 5,
        "at": 2.0, "after": uuid7(),
    }  # fmt: skip
    with desk.database.open_work(Caller.system(uuid7()), read_only=True) as work:
        work.execute(_NO_SORT)
        for sort in queries.SORTS:
            plan = str(work.rows(text(f"EXPLAIN {queries.LISTED[sort, True].text}", "tenant_id"), **given))
            assert f"ix_basket_rule_{sort}" in plan, plan
            assert "Sort" not in plan


def test_days_outside_are_not_looked_at(desk: Desk) -> None:
    person = desk.house.person()
    store_events(desk.store, bread_and_butter(person.tenant_id))
    day = date(2026, 3, 1)
    run = desk.run(person, "baskets", first_day=day.replace(day=2).isoformat())
    assert run.refusal.reason == "EMPTY"
