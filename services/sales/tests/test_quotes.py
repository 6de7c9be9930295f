"""Quotes over gRPC: frozen prices, versions, the customer's link, expiry, evidence, and the way to an order."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from typing import Any
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.jobs import Control, Outcome
from chassis.statements import text
from chassis.testing.events import received, recorded
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.contacts.v1.events_pb2 import ContactChanged
from funia.sales.v1 import catalogue_pb2 as catalogue
from funia.sales.v1 import deal_pb2 as deals
from funia.sales.v1 import lines_pb2 as lines
from funia.sales.v1 import pricing_pb2 as pricing
from funia.sales.v1 import quote_link_pb2 as links
from funia.sales.v1 import quote_pb2 as pb
from google.protobuf.field_mask_pb2 import FieldMask
from sales.consumers.people import forget_erased
from sales.jobs.quote_expiry import QuoteExpiry
from sales.queries.quotes import is_accepted

from .companies import customer, settle
from .shop import Shop, create, euros, open_shop

_MOVE_DAY = text("UPDATE quote SET valid_until = %(day)s WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id")


@pytest.fixture
def shop(alice: Person, database: Database) -> Shop:
    opened = open_shop(alice)
    settle(database, alice.tenant_id)
    return opened


def ask(person: Person, verb: str, **given: Any) -> Any:
    """Calls a method of quotes, or of their links."""
    module, service = (pb, "QuoteService") if hasattr(pb, f"{verb}Request") else (links, "QuoteLinkService")
    return person.call(f"{service}.{verb}", getattr(module, f"{verb}Request")(**given))


def quote(person: Person, shop: Shop, **given: Any) -> pb.Quote:
    """A draft of two red cups."""
    line = lines.LineItem(product_variant_id=shop.red.id, quantity_milli=2_000)
    made: pb.Quote = ask(person, "CreateQuote", quote=pb.Quote(title="Cups", lines=[line], **given))
    return made


def send(person: Person, one: pb.Quote) -> tuple[pb.Quote, str]:
    """The quote, and the secret of its link."""
    answer = ask(person, "SendQuote", id=one.id)
    return answer.quote, answer.link.rpartition("/")[2]


def move_day(database: Database, person: Person, one: pb.Quote, days: int) -> None:
    """Makes its last day so many days from now."""
    with database.open_work(Caller.system(person.tenant_id)) as work:
        work.execute(_MOVE_DAY, id=UUID(one.id), day=datetime.now(UTC).date() + timedelta(days=days))


def test_a_quote_keeps_its_price_from_sending_to_the_order_of_it(alice: Person, bob: Person, shop: Shop) -> None:
    one = quote(alice, shop, valid_until="2100-01-31")
    assert (one.status, one.number, one.revision, one.gross_amount.amount_minor) == ("draft", "", 1, 2_400)
    sent, secret = send(alice, one)
    assert (sent.status, sent.number[:4]) == ("sent", "QUO-")
    dearer = catalogue.ProductVariant(id=shop.red.id, price=euros(99))
    update = catalogue.UpdateProductVariantRequest(product_variant=dearer, update_mask=FieldMask(paths=["price"]))
    alice.call("ProductVariantService.UpdateProductVariant", update)
    title = pb.Quote(id=one.id, title="Other")
    assert refused(ask, alice, "UpdateQuote", quote=title).reason == "WRONG_STATE"
    assert refused(ask, alice, "CreateOrderFromQuote", quote_id=one.id).reason == "WRONG_STATE"
    page = ask(alice, "OpenQuoteLink", token=secret, looked=True)
    assert (page.open, page.quote.status, page.quote.lines[0].name) == (True, "viewed", "Cup, Red")
    assert not page.quote.lines[0].HasField("cost_minor")
    paper = ask(alice, "GetLinkedQuotePaper", token=secret)
    assert paper.content.startswith(b"%PDF-")
    assert hashlib.sha256(paper.content).hexdigest() == paper.digest == sent.paper_digest
    said = {"token": secret, "name": "Ann Buyer", "address": "192.0.2.7", "user_agent": "Firefox"}
    wrong = refused(ask, alice, "AcceptLinkedQuote", **said, paper_digest="0" * 64)
    assert wrong.reason == "PAPER_CHANGED"
    accepted = ask(alice, "AcceptLinkedQuote", **said, paper_digest=paper.digest)
    assert (accepted.open, accepted.quote.status) == (False, "accepted")
    evidence = ask(alice, "GetQuoteEvidence", id=one.id)
    assert (evidence.name, evidence.by, evidence.address, evidence.user_agent, evidence.paper_digest) == (
        "Ann Buyer", "customer", "192.0.2.7", "Firefox", paper.digest,
    )  # fmt: skip
    order, again = (ask(alice, "CreateOrderFromQuote", quote_id=one.id) for _ in range(2))
    assert (order.id, order.quote_id, order.gross_amount.amount_minor) == (again.id, one.id, 2_400)
    assert ask(alice, "GetQuote", id=one.id).status == "ordered"
    assert refused(ask, bob, "OpenQuoteLink", token=secret).reason == "LINK_NOT_FOUND"
    assert refused(ask, bob, "GetQuote", id=one.id).reason == "QUOTE_NOT_FOUND"


def test_a_new_version_supersedes_the_old_one_and_its_link(alice: Person, shop: Shop, database: Database) -> None:
    first, old = send(alice, quote(alice, shop))
    second = ask(alice, "ReviseQuote", id=first.id)
    assert (second.number, second.revision, second.previous_id, second.series_id) == (
        first.number, 2, first.id, first.id,
    )  # fmt: skip
    assert second.gross_amount == first.gross_amount
    assert ask(alice, "GetQuote", id=first.id).status == "superseded"
    assert refused(ask, alice, "AcceptQuote", id=first.id, name="Ann").reason == "WRONG_STATE"
    assert refused(ask, alice, "OpenQuoteLink", token=old).reason == "LINK_NOT_FOUND"
    assert refused(ask, alice, "ReviseQuote", id=first.id).reason == "WRONG_STATE"
    _, link = send(alice, second)
    _, newer = send(alice, second)
    assert refused(ask, alice, "OpenQuoteLink", token=link).reason == "LINK_NOT_FOUND"
    declined = ask(alice, "DeclineLinkedQuote", token=newer, reason="Too dear")
    assert declined.quote.status == "declined"
    verbs = [one.type.rpartition(".")[2] for one in recorded(database, alice.tenant_id) if ".quote." in one.type]
    assert verbs == ["created", "sent", "superseded", "created", "sent", "sent", "declined"]


def test_an_expired_quote_is_not_accepted_even_before_its_timer_ran(
    alice: Person, shop: Shop, database: Database
) -> None:
    one, secret = send(alice, quote(alice, shop))
    expiry, control = QuoteExpiry(database), _control()
    assert expiry.handle(alice.tenant_id, UUID(one.id), control) is Outcome.DONE
    assert ask(alice, "GetQuote", id=one.id).status == "sent"
    move_day(database, alice, one, -2)
    assert not ask(alice, "OpenQuoteLink", token=secret).open
    said = {"token": secret, "name": "Ann", "paper_digest": one.paper_digest}
    assert refused(ask, alice, "AcceptLinkedQuote", **said).reason == "QUOTE_EXPIRED"
    assert refused(ask, alice, "AcceptQuote", id=one.id, name="Ann").reason == "QUOTE_EXPIRED"
    expiry.handle(alice.tenant_id, UUID(one.id), control)
    expiry.handle(alice.tenant_id, UUID(one.id), control)
    assert ask(alice, "GetQuote", id=one.id).status == "expired"
    verbs = [event.type for event in recorded(database, alice.tenant_id) if event.type.endswith(".expired")]
    assert verbs == ["sales.quote.expired"]


def test_a_discount_beyond_the_policy_is_not_sent_without_somebody_who_may_agree(
    alice: Person, house: House, shop: Shop
) -> None:
    create(alice, "DiscountPolicy", pricing.DiscountPolicy(name="All", max_discount_basis_points=500))
    seller = house.person(alice.tenant_id, scopes=["sales.read", "sales.write"])
    one = quote(seller, shop, document_discount_basis_points=2_000)
    assert list(one.breaches) == ["discount_above_limit"]
    assert refused(ask, seller, "SendQuote", id=one.id).reason == "APPROVAL_NEEDED"
    assert ask(seller, "GetQuote", id=one.id).status == "draft"
    assert send(alice, one)[0].status == "sent"


def test_a_deal_takes_over_and_passes_its_gate_once_the_quote_is_accepted(
    alice: Person, shop: Shop, database: Database
) -> None:
    account, person = (customer(database, alice.tenant_id, kind) for kind in ("account", "contact"))
    draft = deals.Deal(name="Cups", account_id=account, contacts=[deals.DealContact(contact_id=person, role="buyer")])
    deal = alice.call("DealService.CreateDeal", deals.CreateDealRequest(deal=draft))
    one = quote(alice, shop, deal_id=deal.id)
    assert (one.account_id, one.contact_id) == (account, person)
    assert not _gate_holds(alice, deal, database)
    send(alice, one)
    ask(alice, "AcceptQuote", id=one.id, name="Ann", note="by phone")
    assert _gate_holds(alice, deal, database)


def test_an_erased_person_leaves_no_name_paper_or_link_in_quotes(alice: Person, shop: Shop, database: Database) -> None:
    person, other = (customer(database, alice.tenant_id, "contact") for _ in range(2))
    one, secret = send(alice, quote(alice, shop, contact_id=person, recipient="Ann Buyer\n1 High Street"))
    kept, _ = send(alice, quote(alice, shop, contact_id=other, recipient="Bob Buyer"))
    ask(alice, "AcceptQuote", id=one.id, name="Ann Buyer", note="called")
    event = Event("contacts.contact.erased", UUID(person), 2, ContactChanged())
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        forget_erased(work, [received(event, alice.tenant_id)])
    forgotten = ask(alice, "GetQuote", id=one.id)
    assert (forgotten.recipient, forgotten.accepted_by, forgotten.status) == ("", "", "accepted")
    evidence = ask(alice, "GetQuoteEvidence", id=one.id)
    assert (evidence.name, evidence.note, evidence.paper_digest) == ("", "", one.paper_digest)
    assert refused(ask, alice, "OpenQuoteLink", token=secret).reason == "LINK_NOT_FOUND"
    assert ask(alice, "GetQuote", id=kept.id).recipient == "Bob Buyer"


def _gate_holds(person: Person, deal: deals.Deal, database: Database) -> bool:
    with database.open_work(Caller.system(person.tenant_id)) as work:
        return is_accepted(work, UUID(deal.id))


def _control() -> Control:
    return Control(Flag(), slice_s=1, attempt=0, last_attempt=False)
