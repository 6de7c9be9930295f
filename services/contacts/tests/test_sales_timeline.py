"""What sales did, on the timeline of the customer: who sees it, and what merging and erasing make of it."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from uuid import UUID

from chassis.caller import Caller
from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.subscriptions import Received
from chassis.testing.events import received
from chassis.testing.tokens import TokenIssuer
from chassis.work import Database
from contacts.consumers.sales_timeline import SUBJECTS, add_sales_lines
from contacts.usecases import person as person_rules
from funia.contacts.v1 import account_pb2, activity_pb2
from funia.contacts.v1 import contact_pb2 as pb
from funia.sales.v1.events_pb2 import DealChanged, LeadChanged, OrderChanged, QuoteChanged, SalesActivityChanged
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from .conftest import SCOPES, Person


def of_sales(who: Person, type_: str, record_id: UUID, payload: Message) -> Received:
    return received(Event(type_, record_id, 1, payload), who.tenant_id)


def feed(database: Database, who: Person, *events: Received) -> None:
    with database.open_work(Caller.system(who.tenant_id)) as work:
        add_sales_lines(work, events)


def seller(issuer: TokenIssuer, who: Person) -> Person:
    """The same person, with the right to read sales."""
    token = issuer.token(who.tenant_id, (*SCOPES, "sales.read"), actor_id=who.actor_id)
    return Person(who.tenant_id, who.actor_id, token, who.grpc_channel)


def timeline(who: Person, subject_id: str, prefix: str = "sales.") -> list[activity_pb2.TimelineEntry]:
    request = activity_pb2.ListTimelineRequest(subject_id=subject_id, type_prefix=prefix)
    return list(who.call("ActivityService.ListTimeline", request).entries)


def contact(who: Person, name: str = "Anna") -> pb.Contact:
    request = pb.CreateContactRequest(contact=pb.Contact(given_name=name), allow_duplicate=True)
    return who.call("ContactService.CreateContact", request)


def company(who: Person) -> account_pb2.Account:
    request = account_pb2.CreateAccountRequest(account=account_pb2.Account(name="Globex"))
    return who.call("AccountService.CreateAccount", request)


def won(who: Person, *, account_id: str = "", contact_ids: tuple[str, ...] = ()) -> Received:
    deal_id = uuid7()
    payload = DealChanged(deal_id=str(deal_id), account_id=account_id, contact_ids=contact_ids, status="won")
    return of_sales(who, "sales.deal.won", deal_id, payload)


def stamp(day: int) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(datetime(2026, 3, day, 9, tzinfo=UTC))
    return made


def test_sales_are_told_on_the_person_and_the_company_in_order_and_once(
    alice: Person, bob: Person, issuer: TokenIssuer, database: Database
) -> None:
    anna, globex = contact(alice), company(alice)
    lead, deal, order = uuid7(), uuid7(), uuid7()
    both = {"contact_id": anna.id, "account_id": globex.id}
    imported = OrderChanged(order_id=str(order), ordered_on="2026-03-02", **both)
    events = [
        of_sales(alice, "sales.order.imported", order, imported),
        of_sales(
            alice,
            "sales.lead.converted",
            lead,
            LeadChanged(lead_id=str(lead), deal_id=str(deal), captured_at=stamp(5), **both),
        ),
        of_sales(
            alice,
            "sales.deal.stage_changed",
            deal,
            DealChanged(
                deal_id=str(deal), account_id=globex.id, contact_ids=[anna.id], status="open", stage_id=str(lead)
            ),
        ),
        of_sales(alice, "sales.deal.stage_changed", deal, DealChanged(contact_ids=[anna.id], status="won")),
        of_sales(alice, "sales.quote.accepted", lead, QuoteChanged(quote_id=str(lead), contact_id=anna.id)),
        of_sales(alice, "sales.order.paid", order, OrderChanged(payment_status="partially_paid", **both)),
    ]
    for _ in range(2):
        feed(database, alice, *events)
    feed(database, alice, of_sales(alice, "sales.order.imported", order, imported))
    who = seller(issuer, alice)
    lines = timeline(who, anna.id)
    assert [one.type for one in lines] == [
        "sales.quote.accepted",
        "sales.deal.stage_changed",
        "sales.lead.converted",
        "sales.lead.captured",
        "sales.order.imported",
    ]
    assert dict(lines[1].details) == {"deal_id": str(deal), "stage_id": str(lead)}
    assert lines[3].occurred_at == stamp(5)
    assert [one.type for one in timeline(who, globex.id)] == [one.type for one in lines[1:]]
    assert timeline(seller(issuer, bob), contact(bob).id, "") == []


def test_a_line_of_sales_is_hidden_from_whoever_may_not_read_sales(
    alice: Person, issuer: TokenIssuer, database: Database
) -> None:
    anna = contact(alice)
    feed(database, alice, won(alice, contact_ids=(anna.id,)))
    assert [one.type for one in timeline(seller(issuer, alice), anna.id, "")] == ["sales.deal.won"]
    assert timeline(alice, anna.id, "") == []
    assert timeline(alice, anna.id) == []


def test_events_of_customers_that_are_not_there_or_of_another_company_add_nothing(
    alice: Person, bob: Person, database: Database
) -> None:
    of_bob = contact(bob)
    feed(database, alice, won(alice, contact_ids=(of_bob.id, str(uuid7()))), won(alice))
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        assert work.raw.execute("SELECT 1 FROM timeline_entry").fetchall() == []


def test_lines_go_with_the_person_who_stays_and_later_ones_come_to_that_one_too(
    alice: Person, issuer: TokenIssuer, database: Database
) -> None:
    first, second, third = contact(alice, "Anna"), contact(alice, "Ann"), contact(alice, "Anne")
    deal = won(alice, contact_ids=(second.id,))
    feed(database, alice, deal)
    for kept, other in ((third, second), (first, third)):
        alice.call("ContactService.MergeContacts", pb.MergeContactsRequest(id=kept.id, other_id=other.id))
    late = won(alice, contact_ids=(second.id, third.id, first.id))
    feed(database, alice, deal, late)
    who = seller(issuer, alice)
    assert [UUID(one.id) for one in timeline(who, first.id)] == [late.id, deal.id]
    assert timeline(who, second.id) == []


def test_a_line_that_comes_with_the_erasure_of_the_person_is_gone_after_it(
    alice: Person, issuer: TokenIssuer, database: Database
) -> None:
    anna = contact(alice)
    event = won(alice, contact_ids=(anna.id,))
    ended: list[float] = []

    def erase() -> None:
        with database.open_work(Caller.system(alice.tenant_id)) as work:
            person_rules.erase(work, UUID(anna.id), etag="")
        ended.append(time.monotonic())

    with database.open_work(Caller.system(alice.tenant_id)) as work:
        add_sales_lines(work, [event])
        eraser = threading.Thread(target=erase)
        eraser.start()
        eraser.join(0.3)
        assert not ended, "the erasure waits for the line that is being written"
    eraser.join(10)
    feed(database, alice, event, won(alice, contact_ids=(anna.id,)))
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        assert work.raw.execute("SELECT 1 FROM timeline_entry").fetchall() == []


def test_an_activity_is_told_where_it_is_done_and_of_whom_its_deal_is(
    alice: Person, issuer: TokenIssuer, database: Database
) -> None:
    anna, globex = contact(alice), company(alice)
    call = uuid7()
    payload = SalesActivityChanged(sales_activity_id=str(call), kind="call", customer_ids=[anna.id, globex.id])
    feed(
        database,
        alice,
        of_sales(alice, "sales.activity.created", call, payload),
        of_sales(alice, "sales.activity.completed", call, payload),
    )
    who = seller(issuer, alice)
    for subject in (anna.id, globex.id):
        assert [one.type for one in timeline(who, subject)] == ["sales.activity.completed"]
    assert dict(timeline(who, anna.id)[0].details) == {"sales_activity_id": str(call), "kind": "call"}


def test_every_subject_is_one_that_makes_a_line() -> None:
    assert all(subject.startswith("sales.") and "*" not in subject for subject in SUBJECTS)
