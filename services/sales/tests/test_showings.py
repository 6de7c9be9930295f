"""What was suggested beside a document, and what of it was taken: each once, and told to analytics."""

from __future__ import annotations

from uuid import uuid4

import pytest
from chassis.errors import Kind
from chassis.ids import uuid7
from chassis.testing.events import recorded
from chassis.testing.people import Person, refused
from chassis.work import Database
from funia.sales.v1 import catalogue_pb2 as catalogue
from funia.sales.v1 import events_pb2 as events
from funia.sales.v1 import order_pb2 as orders
from funia.sales.v1 import suggestion_pb2 as pb

from .companies import settle
from .shop import create, euros, open_shop
from .test_lines import item
from .test_orders import draft
from .test_suggestions import discovered, rule
from .tills import cups, open_till


@pytest.fixture
def coffee(alice: Person, bob: Person, database: Database) -> catalogue.ProductVariant:
    for person in (alice, bob):
        open_shop(person)
        settle(database, person.tenant_id)
    product = create(alice, "Product", catalogue.Product(name="Coffee"))
    variant = catalogue.ProductVariant(product_id=product.id, sku="COFFEE", price=euros(5))
    made: catalogue.ProductVariant = create(alice, "ProductVariant", variant)
    return made


def show(person: Person, document_id: str, *suggestion_ids: str, kind: str = "order") -> int:
    request = pb.RecordShownSuggestionsRequest(
        document_kind=kind, document_id=document_id, suggestion_ids=suggestion_ids
    )
    return int(person.call("SuggestionService.RecordShownSuggestions", request).recorded)


def told(database: Database, person: Person) -> list[tuple[int, list[tuple[str, str, bool]]]]:
    """Versions and suggestions of what was told, oldest first."""
    found = []
    for one in recorded(database, person.tenant_id):
        if isinstance(one.payload, events.SuggestionsShown):
            shown = [(each.suggestion_id, each.source, each.taken) for each in one.payload.suggestions]
            found.append((one.version, sorted(shown)))
    return found


def test_a_suggestion_counts_once_for_a_document_and_stays_taken(
    alice: Person, database: Database, coffee: catalogue.ProductVariant
) -> None:
    found = rule((coffee,), coffee, 0.4)
    discovered(alice, database, uuid7(), 1, 1, found)
    pair = str(uuid4())
    order = draft(alice, item(coffee, 1))
    assert show(alice, order.id, found.rule_id, pair) == 2
    assert show(alice, order.id, found.rule_id, pair) == 0
    order.lines.append(item(coffee, 1, suggestion_id=pair))
    change = orders.UpdateOrderRequest(order=order, etag=order.etag)
    change.update_mask.paths.append("lines")
    order = alice.call("OrderService.UpdateOrder", change)
    assert show(alice, order.id, found.rule_id) == 1
    del order.lines[1:]
    change = orders.UpdateOrderRequest(order=order, etag=order.etag)
    change.update_mask.paths.append("lines")
    alice.call("OrderService.UpdateOrder", change)
    assert show(alice, order.id) == 0
    first = sorted([(found.rule_id, "rule", False), (pair, "pair", False)])
    assert told(database, alice) == [(2, first), (3, [(pair, "pair", True)])]
    payloads = [one.payload for one in recorded(database, alice.tenant_id)]
    said = next(one for one in payloads if isinstance(one, events.SuggestionsShown))
    assert (said.document_id, said.document_kind, said.owner_id) == (order.id, "order", order.owner_id)


def test_a_till_tells_with_the_sale_what_it_showed(
    alice: Person, database: Database, coffee: catalogue.ProductVariant
) -> None:
    taken, left = str(uuid4()), str(uuid4())
    line = cups(coffee, unit_minor=500)
    line.suggestion_id = taken
    till = open_till(alice)
    sale = till.sale(line)
    sale.shown_suggestion_ids.extend([taken, left, left])
    for _ in range(2):
        assert not till.post(sale).HasField("refusal")
    assert told(database, alice) == [(3, sorted([(taken, "pair", True), (left, "pair", False)]))]
    till.sell(cups(coffee, unit_minor=500))
    assert len(told(database, alice)) == 1


def test_whose_document_it_is_not_records_nothing(
    alice: Person, bob: Person, database: Database, coffee: catalogue.ProductVariant
) -> None:
    order = draft(alice, item(coffee, 1))
    for person, kind in ((bob, "order"), (alice, "quote")):
        assert refused(show, person, order.id, str(uuid4()), kind=kind).kind is Kind.NOT_FOUND
    error = refused(show, alice, order.id, "such")
    assert (error.kind, error.violations[0].field) == (Kind.INVALID_ARGUMENT, "suggestion_ids[0]")
    assert refused(show, alice, order.id, kind="invoice").violations[0].field == "document_kind"
    assert told(database, alice) == told(database, bob) == []
