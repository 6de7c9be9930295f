"""Tickets on the timeline of the customer: who sees them, and what merging and erasing make of them."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.subscriptions import Received
from chassis.testing.events import received
from chassis.testing.tokens import TokenIssuer
from chassis.work import Database
from contacts.consumers.support_timeline import SUBJECTS, add_support_lines
from contacts.usecases import person as person_rules
from funia.contacts.v1 import contact_pb2 as pb
from funia.support.v1.events_pb2 import TicketChanged

from .conftest import SCOPES, Person
from .test_sales_timeline import company, contact, timeline


def told(who: Person, verb: str, ticket_id: UUID, *, contact_id: str = "", account_id: str = "") -> Received:
    payload = TicketChanged(ticket_id=str(ticket_id), number=7, contact_id=contact_id, account_id=account_id)
    return received(Event(f"support.ticket.{verb}", ticket_id, 1, payload), who.tenant_id)


def feed(database: Database, who: Person, *events: Received) -> None:
    with database.open_work(Caller.system(who.tenant_id)) as work:
        add_support_lines(work, events)


def agent(issuer: TokenIssuer, who: Person) -> Person:
    """The same person, with the right to read support."""
    token = issuer.token(who.tenant_id, (*SCOPES, "support.read"), actor_id=who.actor_id)
    return Person(who.tenant_id, who.actor_id, token, who.grpc_channel)


def types(who: Person, subject_id: str, prefix: str = "support.") -> list[str]:
    return [one.type for one in timeline(who, subject_id, prefix)]


def test_tickets_are_told_on_the_person_and_the_company_once(
    alice: Person, bob: Person, issuer: TokenIssuer, database: Database
) -> None:
    anna, globex, of_bob = contact(alice), company(alice), contact(bob)
    ticket = uuid7()
    solved = told(alice, "solved", ticket, contact_id=anna.id, account_id=globex.id)
    created = told(alice, "created", ticket, contact_id=anna.id)
    for _ in range(2):
        feed(database, alice, solved, created, told(alice, "closed", ticket, contact_id=of_bob.id))
    who = agent(issuer, alice)
    assert sorted(types(who, anna.id)) == ["support.ticket.created", "support.ticket.solved"]
    assert types(who, globex.id) == ["support.ticket.solved"]
    assert dict(timeline(who, globex.id, "support.")[0].details) == {"ticket_id": str(ticket)}
    assert types(agent(issuer, bob), of_bob.id) == []


def test_a_line_of_a_ticket_is_hidden_from_whoever_may_not_read_support(
    alice: Person, issuer: TokenIssuer, database: Database
) -> None:
    anna = contact(alice)
    feed(database, alice, told(alice, "created", uuid7(), contact_id=anna.id))
    assert types(agent(issuer, alice), anna.id, "") == ["support.ticket.created"]
    seller = issuer.token(alice.tenant_id, (*SCOPES, "sales.read"), actor_id=alice.actor_id)
    for who in (alice, Person(alice.tenant_id, alice.actor_id, seller, alice.grpc_channel)):
        assert types(who, anna.id, "") == []
        assert types(who, anna.id) == []


def test_lines_of_tickets_go_with_the_person_who_stays_and_end_with_the_erasure(
    alice: Person, issuer: TokenIssuer, database: Database
) -> None:
    kept, other = contact(alice, "Anna"), contact(alice, "Ann")
    ticket = uuid7()
    feed(database, alice, told(alice, "created", ticket, contact_id=other.id))
    alice.call("ContactService.MergeContacts", pb.MergeContactsRequest(id=kept.id, other_id=other.id))
    feed(database, alice, told(alice, "solved", ticket, contact_id=other.id))
    who = agent(issuer, alice)
    assert sorted(types(who, kept.id)) == ["support.ticket.created", "support.ticket.solved"]
    assert types(who, other.id) == []
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        person_rules.erase(work, UUID(kept.id), etag="")
    feed(database, alice, told(alice, "closed", ticket, contact_id=kept.id))
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        assert work.raw.execute("SELECT 1 FROM timeline_entry").fetchall() == []


def test_every_subject_is_one_that_makes_a_line() -> None:
    assert all(subject.startswith("support.ticket.") and "*" not in subject for subject in SUBJECTS)
