"""What is suggested beside a basket: by rules of analytics, by own orders, and never what cannot be sold."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
import pytest
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.jobs import Control, Outcome
from chassis.statements import text
from chassis.testing.databases import TestDatabase
from chassis.testing.events import received, recorded
from chassis.testing.people import Person
from chassis.work import Database
from funia.analytics.v1 import events_pb2 as found
from funia.sales.v1 import catalogue_pb2 as catalogue
from funia.sales.v1 import events_pb2 as events
from funia.sales.v1 import order_pb2 as orders
from funia.sales.v1 import stock_pb2 as stock
from funia.sales.v1 import suggestion_pb2 as pb
from sales.consumers.baskets import count_orders, keep_rules
from sales.jobs.baskets import BasketCount
from sales.model.suggestion import ALL_BASKETS
from sales.queries import suggestions as queries
from sales.usecases import suggestions

from .companies import settle
from .importer import Desk
from .shop import create, euros, open_shop
from .test_lines import item
from .test_orders import get, place, step
from .test_reports import run
from .test_till_sync import sync
from .test_tills import a_register
from .tills import cups, open_till

_ORDERS = text("SELECT count(*) AS counted FROM counted_basket WHERE tenant_id = %(tenant_id)s", "tenant_id")
_FILL_BASKETS = text(
    """
    INSERT INTO product_basket (tenant_id, product_id, orders)
    SELECT %(tenant_id)s, ('00000000-0000-0000-0000-' || lpad(to_hex(one), 12, '0'))::uuid, 1000
      FROM generate_series(0, %(products)s) AS one
    """,
    "tenant_id",
)
_FILL_PAIRS = text(
    """
    INSERT INTO product_pair (tenant_id, product_id, other_id, orders)
    SELECT %(tenant_id)s, ('00000000-0000-0000-0000-' || lpad(to_hex(one), 12, '0'))::uuid,
           ('00000000-0000-0000-0000-' || lpad(to_hex(other), 12, '0'))::uuid, 3 + (one * other) % 97
      FROM generate_series(1, 40) AS one, generate_series(1, %(products)s) AS other WHERE one <> other
    """,
    "tenant_id",
)
_PLAN = text(f"EXPLAIN {queries.PAIRS.text}", "tenant_id")


@pytest.fixture
def shelf(alice: Person, bob: Person, database: Database) -> dict[str, catalogue.ProductVariant]:
    """Things that the first company sells, by their names; the second sells cups."""
    open_shop(alice)
    open_shop(bob)
    for person in (alice, bob):
        settle(database, person.tenant_id)
    made = {}
    for name in ("Coffee", "Filter", "Milk", "Soap"):
        product = create(alice, "Product", catalogue.Product(name=name))
        variant = catalogue.ProductVariant(product_id=product.id, sku=name.upper(), price=euros(5))
        made[name] = create(alice, "ProductVariant", variant)
    return made


def told(person: Person, order: orders.Order, verb: str, products: Sequence[catalogue.ProductVariant] = ()) -> Any:
    """An event of an order, as sales publishes it."""
    lines = [events.OrderedLine(product_id=one.product_id, quantity_milli=1_000) for one in products]
    payload = events.OrderChanged(
        order_id=order.id, status="canceled" if verb == "canceled" else "confirmed", lines=lines
    )
    return received(Event(f"sales.order.{verb}", UUID(order.id), 1, payload), person.tenant_id)


def sell(person: Person, database: Database, times: int, *things: catalogue.ProductVariant) -> list[orders.Order]:
    """Orders of these things, counted."""
    made = [place(person, *(item(one, 1) for one in things)) for _ in range(times)]
    with database.open_work(Caller.system(person.tenant_id)) as work:
        count_orders(work, [told(person, one, "placed", things) for one in made])
    return made


def suggest(person: Person, *basket: catalogue.ProductVariant, **given: Any) -> list[pb.Suggestion]:
    request = pb.SuggestProductsRequest(product_ids=[one.product_id for one in basket], **given)
    return list(person.call("SuggestionService.SuggestProducts", request).suggestions)


def discovered(person: Person, database: Database, generation: UUID, part: int, parts: int, *rules: Any) -> None:
    payload = found.BasketRulesDiscovered(generation_id=str(generation), part=part, parts=parts, rules=rules)
    payload.discovered_at.GetCurrentTime()
    event = Event("analytics.basket_rule.discovered", generation, part, payload)
    with database.open_work(Caller.system(person.tenant_id)) as work:
        keep_rules(work, [received(event, person.tenant_id)])


def rule(antecedents: Sequence[catalogue.ProductVariant], consequent: catalogue.ProductVariant, share: float) -> Any:
    return found.BasketRule(
        rule_id=str(uuid7()),
        antecedent_product_ids=[one.product_id for one in antecedents],
        consequent_product_id=consequent.product_id,
        support=0.1,
        confidence=share,
        lift=2,
        together=10,
    )


def test_what_was_bought_together_is_suggested_with_its_share(
    alice: Person, bob: Person, database: Database, shelf: dict[str, catalogue.ProductVariant]
) -> None:
    coffee, filters, milk, soap = (shelf[one] for one in ("Coffee", "Filter", "Milk", "Soap"))
    sell(alice, database, 3, coffee, filters)
    sell(alice, database, 1, coffee)
    sell(alice, database, 2, coffee, milk)
    sell(alice, database, 3, soap)
    (one,) = suggest(alice, coffee)
    assert (one.product_id, one.product_variant_id, one.name) == (filters.product_id, filters.id, "Filter")
    assert (one.source, one.share_basis_points, one.lift) == ("pair", 5_000, 1.5)
    assert [(each.product_id, each.name) for each in one.because] == [(coffee.product_id, "Coffee")]
    assert suggest(alice, coffee, filters) == []
    assert suggest(bob, coffee) == []


def test_an_order_is_counted_once_and_a_canceled_one_no_more(
    alice: Person, database: Database, shelf: dict[str, catalogue.ProductVariant]
) -> None:
    coffee, filters = shelf["Coffee"], shelf["Filter"]
    made = sell(alice, database, 3, coffee, filters)
    sell(alice, database, 3, shelf["Soap"])
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        count_orders(work, [told(alice, made[0], "placed", (coffee, filters))])
        assert not suggestions.recount(work)
    assert [one.share_basis_points for one in suggest(alice, coffee)] == [10_000]
    step(alice, "Cancel", made[0])
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        count_orders(work, [told(alice, made[0], "canceled")])
    assert suggest(alice, coffee) == []


def test_orders_of_a_file_are_counted_together_once_they_are_in(
    alice: Person, bob: Person, database: Database, sales_database: TestDatabase, desk: Desk
) -> None:
    for person in (alice, bob):
        settle(database, person.tenant_id)
    lines = [f"{order},{sku},1,2026-01-05,5" for order in range(3) for sku in ("tea", "cup")]
    lines += [f"{order},soap,1,2026-01-05,5" for order in range(3, 6)]
    done = desk.load(alice, "order", "\n".join(["number,sku,quantity,date,price", *lines]))
    with psycopg.connect(sales_database.admin_url) as admin:
        waiting = "SELECT 1 FROM procrastinate_jobs WHERE task_name = %s AND args::text LIKE %s"
        assert admin.execute(waiting, [suggestions.COUNT, f"%{done.id}%"]).fetchone()
    control = Control(threading.Event(), slice_s=3600, attempt=0, last_attempt=False)
    for _ in range(2):
        assert BasketCount(database).handle(alice.tenant_id, UUID(done.id), control) is Outcome.DONE
    found = catalogue.FindProductVariantRequest(code="tea")
    tea = alice.call("ProductVariantService.FindProductVariant", found)
    assert [(one.name, one.share_basis_points) for one in suggest(alice, tea)] == [("cup", 10_000)]
    assert suggest(bob, tea) == []


def test_the_nightly_count_finds_orders_that_no_event_told_of(
    alice: Person, bob: Person, database: Database, shelf: dict[str, catalogue.ProductVariant]
) -> None:
    coffee, filters = shelf["Coffee"], shelf["Filter"]
    made = [place(alice, item(coffee, 1), item(filters, 1)) for _ in range(4)]
    sell(alice, database, 2, shelf["Soap"])
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        assert suggestions.recount(work)
        assert not suggestions.recount(work)
    assert [one.share_basis_points for one in suggest(alice, coffee)] == [10_000]
    step(alice, "Cancel", made[0])
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        assert suggestions.recount(work)
        assert work.row(_ORDERS).counted == 5  # type: ignore[union-attr]
    with database.open_work(Caller.system(bob.tenant_id)) as work:
        assert not suggestions.recount(work)


def test_what_is_not_sold_or_not_there_is_never_suggested(
    alice: Person, database: Database, shelf: dict[str, catalogue.ProductVariant]
) -> None:
    coffee, filters, milk = shelf["Coffee"], shelf["Filter"], shelf["Milk"]
    sell(alice, database, 3, coffee, filters, milk)
    sell(alice, database, 3, shelf["Soap"])
    assert {one.name for one in suggest(alice, coffee)} == {"Filter", "Milk"}
    alice.call("ProductVariantService.DeleteProductVariant", catalogue.DeleteProductVariantRequest(id=milk.id))
    product = alice.call("ProductService.GetProduct", catalogue.GetProductRequest(id=filters.product_id))
    product.track_stock = True
    change = catalogue.UpdateProductRequest(product=product, etag=product.etag)
    change.update_mask.paths.append("track_stock")
    alice.call("ProductService.UpdateProduct", change)
    assert suggest(alice, coffee) == []
    register = a_register(alice)
    adjust = stock.AdjustStockRequest(product_variant_id=filters.id, store_id=register.store_id, change_milli=1_000)
    alice.call("StockService.AdjustStock", adjust)
    assert [one.name for one in suggest(alice, coffee, store_id=register.store_id)] == ["Filter"]
    assert suggest(alice, coffee) == []


def test_rules_of_analytics_come_first_and_replace_each_other_as_a_whole(
    alice: Person, bob: Person, database: Database, shelf: dict[str, catalogue.ProductVariant]
) -> None:
    coffee, filters, milk, soap = (shelf[one] for one in ("Coffee", "Filter", "Milk", "Soap"))
    sell(alice, database, 3, coffee, filters)
    sell(alice, database, 3, soap)
    older, newer = uuid7(), uuid7()
    both = rule((coffee, milk), soap, 0.9)
    discovered(alice, database, older, 1, 2, rule((coffee,), milk, 0.38))
    assert [one.name for one in suggest(alice, coffee)] == ["Filter"]
    discovered(alice, database, older, 2, 2, both)
    first = suggest(alice, coffee)
    assert [(one.name, one.source, one.share_basis_points) for one in first] == [
        ("Milk", "rule", 3_800),
        ("Filter", "pair", 10_000),
    ]
    assert next((one.name, one.suggestion_id) for one in suggest(alice, coffee, milk)) == ("Soap", both.rule_id)
    discovered(alice, database, newer, 1, 1)
    discovered(alice, database, older, 1, 1, both)
    assert [one.name for one in suggest(alice, coffee, milk)] == ["Filter"]
    assert suggest(bob, coffee, milk) == []


def test_a_line_says_for_which_suggestion_it_was_added_and_the_report_counts_it(
    alice: Person, database: Database, shelf: dict[str, catalogue.ProductVariant]
) -> None:
    coffee, filters = shelf["Coffee"], shelf["Filter"]
    sell(alice, database, 3, coffee, filters)
    sell(alice, database, 3, shelf["Soap"])
    (one,) = suggest(alice, coffee)
    made = place(alice, item(coffee, 1), item(filters, 2, suggestion_id=one.suggestion_id))
    assert [line.suggestion_id for line in made.lines] == ["", one.suggestion_id]
    placed = next(
        one.payload
        for one in recorded(database, alice.tenant_id)
        if one.type == "sales.order.placed" and str(one.subject_id) == made.id
    )
    assert isinstance(placed, events.OrderChanged)
    assert [line.suggestion_id for line in placed.lines] == ["", one.suggestion_id]
    at_till = cups(filters, unit_minor=500)
    at_till.suggestion_id = one.suggestion_id
    sold = open_till(alice).sell(at_till)
    assert [line.suggestion_id for line in get(alice, sold.order_id).lines] == [one.suggestion_id]
    report = run(alice, "products", "product")
    at = [each.column for each in report.definition.columns].index("suggested_lines")
    shown = {row.keys[0]: (row.values[at].value, row.values[at + 1].value) for row in report.rows}
    assert shown[filters.product_id] == (2, 1_500)
    assert shown[coffee.product_id] == (0, 0)


def test_a_till_keeps_what_goes_with_each_of_its_goods(
    alice: Person, database: Database, shelf: dict[str, catalogue.ProductVariant]
) -> None:
    coffee, filters, milk = shelf["Coffee"], shelf["Filter"], shelf["Milk"]
    sell(alice, database, 3, coffee, filters)
    sell(alice, database, 3, shelf["Soap"])
    discovered(alice, database, uuid7(), 1, 1, rule((coffee,), milk, 0.38), rule((coffee, milk), filters, 0.9))
    items = {one.product_id: one for one in sync(alice, a_register(alice).id).items}
    kept = [(one.product_id, one.share_basis_points) for one in items[coffee.product_id].companions]
    assert kept == [(milk.product_id, 3_800), (filters.product_id, 10_000)]
    assert [one.product_id for one in items[filters.product_id].companions] == [coffee.product_id]


def test_a_look_into_many_pairs_goes_by_the_index(alice: Person, database: Database) -> None:
    basket = [UUID(int=one) for one in range(1, 11)]
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(_FILL_BASKETS, products=2_000)
        work.execute(_FILL_PAIRS, products=2_000)
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        given = {"product_ids": basket, "without": basket, "everything": ALL_BASKETS, "least": 3, "each": 20}
        assert "ix_product_pair_often" in str(work.rows(_PLAN, **given))
        assert len(queries.pairs(work, basket, without=basket, least=3, each=20)) == 200
