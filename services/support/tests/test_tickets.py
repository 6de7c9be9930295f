"""Tickets: what they name, their numbers, who sees them, and how answers and customers move them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.errors import Conflict, InvalidArgument, NotFound, PermissionDenied
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.events import received
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.contacts.v1.events_pb2 import ContactChanged
from funia.support.v1 import ticket_pb2 as pb
from support.consumers.people import forget_erased
from support.servicers.ticket import TicketServicer

from .desk import change, create, customer, get, move, queue, thread, told, write

_AGE = text("UPDATE ticket SET solved_at = solved_at - %(by)s WHERE tenant_id = %(tenant_id)s", "tenant_id")


def upsert(person: Person, *items: pb.UpsertTicket) -> list[pb.UpsertedTicket]:
    request = pb.BatchUpsertTicketsRequest(system="zendesk", tickets=items)
    return list(person.call("TicketService.BatchUpsertTickets", request).results)


def listed(person: Person, **given: str) -> list[str]:
    return [one.id for one in person.call("TicketService.ListTickets", pb.ListTicketsRequest(**given)).tickets]


def test_a_ticket_begins_new_and_with_nobody_and_is_seen_by_its_own_company_only(
    database: Database, alice: Person, bob: Person
) -> None:
    anna = customer(database, alice.tenant_id)
    made = create(alice, description="The lid is broken", contact_id=anna, channel="web_form", tags=["lid"])
    assert (made.number, made.status, made.type, made.priority, made.owner_id) == (1, "new", "question", "normal", "")
    assert get(alice, made.id) == made
    assert listed(alice, filter='tags:"lid" AND status = "new"') == [made.id]
    assert alice.call("TicketService.FindTicket", pb.FindTicketRequest(number=1)).id == made.id
    assert isinstance(refused(get, bob, made.id), NotFound)
    assert isinstance(refused(bob.call, "TicketService.FindTicket", pb.FindTicketRequest(number=1)), NotFound)
    assert isinstance(refused(create, bob, contact_id=anna), InvalidArgument)
    assert told(database, alice.tenant_id) == ["ticket.created"]
    assert told(database, bob.tenant_id) == []


def test_agents_see_what_their_role_shows(house: House, alice: Person) -> None:
    mate = house.person(alice.tenant_id, visibility="own")
    theirs, mine = create(alice), create(mate)
    assert mine.owner_id == str(mate.actor_id)
    assert listed(mate) == [mine.id]
    assert isinstance(refused(get, mate, theirs.id), NotFound)
    assert isinstance(refused(write, mate, theirs.id), NotFound)
    change(alice, theirs.id, owner_id=str(mate.actor_id))
    assert listed(mate) == [mine.id, theirs.id]
    reader = house.person(alice.tenant_id, scopes=["support.read"])
    assert isinstance(refused(create, reader), PermissionDenied)


def test_tickets_that_come_at_once_get_numbers_of_their_own(alice: Person) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = [one.number for one in pool.map(lambda _: create(alice), range(24))]
    assert len(set(numbers)) == 24
    assert max(numbers) <= 24 + 16
    assert create(alice).number not in numbers


def test_a_number_of_a_ticket_that_was_refused_is_given_to_the_next(alice: Person) -> None:
    create(alice, external_ids={"erp": "7"})
    assert refused(create, alice, external_ids={"erp": "7"}).reason == "EXTERNAL_ID_TAKEN"
    assert create(alice).number == 2


def test_a_queue_gives_team_and_priority_where_nobody_says_another(alice: Person) -> None:
    team, other = str(uuid7()), str(uuid7())
    urgent = queue(alice, team_id=team, priority="urgent")
    assert (made := create(alice, queue_id=urgent.id)).team_id == team
    assert made.priority == "urgent"
    said = create(alice, queue_id=urgent.id, team_id=other, priority="low")
    assert (said.team_id, said.priority) == (other, "low")
    assert refused(create, alice, queue_id=str(uuid7())).violations[0].reason == "QUEUE_NOT_FOUND"


def test_an_answer_opens_a_new_ticket_and_a_customer_opens_a_pending_one_again(
    database: Database, alice: Person
) -> None:
    anna = customer(database, alice.tenant_id)
    ticket = create(alice, contact_id=anna)
    write(alice, ticket.id, "Only for us")
    assert get(alice, ticket.id).status == "new"
    write(alice, ticket.id, "Which lid?", public=True)
    answered = get(alice, ticket.id)
    assert (answered.status, answered.first_replied_at) == ("open", answered.agent_replied_at)
    write(alice, ticket.id, "Please send a photo", public=True, status="pending")
    assert get(alice, ticket.id).status == "pending"
    said = write(alice, ticket.id, "Here it is", contact_id=anna)
    assert (said.author_kind, said.author_id, said.public) == ("customer", anna, True)
    back = get(alice, ticket.id)
    assert (back.status, back.first_replied_at) == ("open", answered.first_replied_at)
    assert thread(alice, ticket.id) == ["Only for us", "Which lid?", "Please send a photo", "Here it is"]
    assert told(database, alice.tenant_id) == [
        "ticket.created", "ticket.commented", "ticket.status_changed", "ticket.commented", "ticket.status_changed",
        "ticket.commented", "ticket.status_changed", "ticket.commented",
    ]  # fmt: skip


def test_a_wrong_move_names_the_status_and_what_is_possible(alice: Person) -> None:
    ticket = create(alice)
    error = refused(move, alice, ticket.id, "closed")
    assert isinstance(error, Conflict)
    assert error.metadata["state"] == "new"
    assert "solved" in error.metadata["possible"]


def test_a_solved_ticket_is_opened_by_its_customer_for_a_week_and_then_followed_up(
    database: Database, alice: Person
) -> None:
    anna = customer(database, alice.tenant_id)
    ticket = create(alice, contact_id=anna)
    move(alice, ticket.id, "solved")
    write(alice, ticket.id, "Not yet", contact_id=anna)
    assert ((back := get(alice, ticket.id)).status, back.reopened) == ("open", 1)
    move(alice, ticket.id, "solved")
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(_AGE, by=timedelta(days=8))
    said = write(alice, ticket.id, "Again!", contact_id=anna, channel="email")
    assert said.ticket_id != ticket.id
    next_one = get(alice, said.ticket_id)
    assert (next_one.follow_up_of_id, next_one.contact_id, next_one.channel) == (ticket.id, anna, "email")
    assert thread(alice, ticket.id) == ["Not yet"]
    assert "ticket.reopened" in told(database, alice.tenant_id)


def test_a_solved_ticket_closes_once_when_its_time_has_come(
    database: Database, tickets: TicketServicer, alice: Person
) -> None:
    ticket = create(alice)
    move(alice, ticket.id, "solved")

    def wake() -> str:
        with database.open_work(Caller.system(alice.tenant_id)) as work:
            tickets.close(work, UUID(ticket.id))
        return get(alice, ticket.id).status

    assert wake() == "solved"
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(_AGE, by=timedelta(days=8))
    assert (wake(), wake()) == ("closed", "closed")
    assert told(database, alice.tenant_id).count("ticket.closed") == 1
    assert refused(change, alice, ticket.id, subject="Other").reason == "CLOSED"
    assert refused(write, alice, ticket.id, public=True).reason == "CLOSED"


def test_a_batch_takes_over_tickets_once_and_says_what_it_refuses(alice: Person, bob: Person) -> None:
    def item(key: str, status: str = "", **given: str) -> pb.UpsertTicket:
        ticket = pb.Ticket(**{"subject": "Old", **given}, external_ids={"zendesk": key})  # type: ignore[arg-type]
        return pb.UpsertTicket(ticket=ticket, status=status)

    first = upsert(alice, item("1", "closed"), item("2", queue_id=str(uuid7())), item("3", "pending"))
    assert [(one.created, one.reason) for one in first] == [(True, ""), (False, "QUEUE_NOT_FOUND"), (True, "")]
    assert [get(alice, one.id).status for one in (first[0], first[2])] == ["closed", "pending"]
    again = upsert(alice, item("3", "solved", subject="New"))
    assert (again[0].id, again[0].created) == (first[2].id, False)
    assert (get(alice, again[0].id).subject, get(alice, again[0].id).status) == ("New", "solved")
    assert upsert(bob, item("3"))[0].created


def test_a_person_who_is_erased_leaves_no_words_behind(database: Database, alice: Person, bob: Person) -> None:
    anna, ivan = (customer(database, one.tenant_id) for one in (alice, bob))
    ours, theirs = create(alice, contact_id=anna, description="My lid"), create(bob, contact_id=ivan)
    write(alice, ours.id, "Dear Anna", public=True)
    other = create(alice)
    asked = pb.CreateTicketRequest(ticket=pb.Ticket(subject="Anna's lid", contact_id=anna))
    alice.call("TicketService.CreateTicket", asked, idempotency_key="anna")
    write(alice, other.id, "I am Anna", contact_id=anna)
    write(alice, other.id, "Our note")
    event = Event("contacts.contact.erased", UUID(anna), 9, ContactChanged())
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        forget_erased(work, [received(event, alice.tenant_id)])
    gone = get(alice, ours.id)
    assert (gone.subject, gone.description, thread(alice, ours.id)) == ("", "", [""])
    again = refused(alice.call, "TicketService.CreateTicket", asked, idempotency_key="anna")
    assert again.reason == "ANSWER_FORGOTTEN"
    assert thread(alice, other.id) == ["", "Our note"]
    assert get(bob, theirs.id).subject == "It does not work"


@pytest.mark.parametrize("field", ["contact_id", "account_id", "problem_id"])
def test_a_ticket_names_nobody_who_is_not_there(alice: Person, field: str) -> None:
    assert refused(create, alice, **{field: str(uuid7())}).violations[0].field == f"ticket.{field}"
