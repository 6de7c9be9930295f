"""Service levels: a ticket's clocks follow what happens to it, and what there is to tell is told once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.statements import text
from chassis.testing.people import Person, refused
from chassis.work import Database
from funia.support.v1 import business_calendar_pb2 as calendars
from funia.support.v1 import sla_policy_pb2 as pb
from funia.support.v1 import ticket_pb2
from support.servicers.ticket import TicketServicer

from .desk import change, create, customer, get, move, told, write

_AGO = text(
    """
    UPDATE sla_clock SET running_since = running_since - %(by)s, due_at = due_at - %(by)s, warn_at = warn_at - %(by)s
     WHERE tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)


def policy(person: Person, *, priority: str = "normal", **given: Any) -> pb.SlaPolicy:
    target = pb.SlaTarget(
        priority=priority, first_response_minutes=60, next_response_minutes=120, resolution_minutes=480
    )
    made = pb.SlaPolicy(**{"name": "Standard", "active": True, "targets": [target], **given})
    created: pb.SlaPolicy = person.call("SlaPolicyService.CreateSlaPolicy", pb.CreateSlaPolicyRequest(sla_policy=made))
    return created


def states(ticket: ticket_pb2.Ticket) -> dict[str, str]:
    return {one.kind: one.state for one in ticket.sla_clocks}


def pass_time(database: Database, person: Person, minutes: int) -> None:
    with database.open_work(Caller.system(person.tenant_id)) as work:
        work.execute(_AGO, by=timedelta(minutes=minutes))


def wake(database: Database, tickets: TicketServicer, person: Person, ticket_id: str) -> None:
    with database.open_work(Caller.system(person.tenant_id)) as work:
        tickets.wake_clocks(work, UUID(ticket_id))


def sla_told(database: Database, person: Person) -> list[str]:
    return [one for one in told(database, person.tenant_id) if one.startswith("sla.")]


def test_clocks_follow_a_ticket_from_its_first_word_to_its_solution(database: Database, alice: Person) -> None:
    policy(alice)
    anna = customer(database, alice.tenant_id)
    ticket = create(alice, contact_id=anna)
    assert states(ticket) == {"first_response": "running", "resolution": "running"}
    assert ticket.next_due_at.seconds - ticket.created_at.seconds == 3600
    write(alice, ticket.id, public=True, status="pending")
    assert states(get(alice, ticket.id)) == {"first_response": "met", "resolution": "paused"}
    write(alice, ticket.id, contact_id=anna)
    assert states(get(alice, ticket.id)) == {
        "first_response": "met", "next_response": "running", "resolution": "running",
    }  # fmt: skip
    move(alice, ticket.id, "solved")
    done = get(alice, ticket.id)
    assert set(states(done).values()) == {"met"}
    assert (done.sla_state, done.HasField("next_due_at")) == ("met", False)
    assert sla_told(database, alice) == ["sla.met"] * 3


def test_a_warning_and_a_breach_are_each_told_once_however_often_the_timer_comes(
    database: Database, tickets: TicketServicer, alice: Person, bob: Person
) -> None:
    policy(alice)
    policy(bob)
    ticket, theirs = create(alice), create(bob)
    wake(database, tickets, alice, ticket.id)
    assert sla_told(database, alice) == []
    pass_time(database, alice, 50)
    for _ in range(2):
        wake(database, tickets, alice, ticket.id)
    assert sla_told(database, alice) == ["sla.warning"]
    assert get(alice, ticket.id).sla_state == "warned"
    pass_time(database, alice, 20)
    for _ in range(2):
        wake(database, tickets, alice, ticket.id)
    assert sla_told(database, alice) == ["sla.warning", "sla.breached"]
    late = get(alice, ticket.id)
    assert (late.sla_state, states(late)["resolution"]) == ("breached", "running")
    wake(database, tickets, alice, theirs.id)
    assert sla_told(database, bob) == []


def test_another_priority_is_another_promise(database: Database, alice: Person) -> None:
    slow = pb.SlaTarget(priority="normal", resolution_minutes=480)
    quick = pb.SlaTarget(priority="urgent", resolution_minutes=60)
    policy(alice, targets=[quick, slow])
    ticket = create(alice)
    urgent = change(alice, ticket.id, priority="urgent")
    assert urgent.next_due_at.seconds - ticket.created_at.seconds == 3600
    assert not change(alice, ticket.id, priority="low").sla_clocks
    assert sla_told(database, alice) == []


def test_a_changed_policy_counts_its_clocks_again(database: Database, tickets: TicketServicer, alice: Person) -> None:
    made = policy(alice)
    ticket = create(alice)
    shorter = pb.SlaPolicy(id=made.id, targets=[pb.SlaTarget(priority="normal", resolution_minutes=240)])
    request = pb.UpdateSlaPolicyRequest(sla_policy=shorter)
    request.update_mask.paths.append("targets")
    alice.call("SlaPolicyService.UpdateSlaPolicy", request)

    def recount() -> bool:
        with database.open_work(Caller.system(alice.tenant_id)) as work:
            return tickets.recount_clocks(work, UUID(made.id), most=10)

    assert (recount(), recount()) == (True, False)
    after = get(alice, ticket.id)
    assert states(after) == {"resolution": "running"}
    assert after.next_due_at.seconds - ticket.created_at.seconds in (240 * 60, 240 * 60 + 1)


def test_the_first_policy_that_fits_counts_and_its_calendar_with_it(alice: Person) -> None:
    hours = [calendars.WorkingHours(weekday=day, opens="00:00", closes="12:00") for day in range(1, 8)]
    calendar = calendars.BusinessCalendar(name="Mornings", time_zone="UTC", hours=hours)
    request = calendars.CreateBusinessCalendarRequest(business_calendar=calendar)
    mornings = alice.call("BusinessCalendarService.CreateBusinessCalendar", request)
    policy(alice, name="Late", position=2)
    target = pb.SlaTarget(priority="normal", resolution_minutes=13 * 60)
    policy(
        alice, name="Complaints", position=1, types=["complaint"], targets=[target], business_calendar_id=mornings.id
    )
    assert states(create(alice)) == {"first_response": "running", "resolution": "running"}
    complaint = create(alice, type="complaint")
    assert states(complaint) == {"resolution": "running"}
    assert complaint.next_due_at.seconds - complaint.created_at.seconds >= 25 * 3600
    gone = calendars.DeleteBusinessCalendarRequest(id=mornings.id)
    assert refused(alice.call, "BusinessCalendarService.DeleteBusinessCalendar", gone).reason == "IN_USE"


@pytest.mark.parametrize(
    ("targets", "reason"),
    [
        ([pb.SlaTarget(priority="low")], "REQUIRED"),
        ([pb.SlaTarget(priority="low", resolution_minutes=5)] * 2, "DUPLICATE"),
    ],
)
def test_a_policy_promises_something_once(alice: Person, targets: list[pb.SlaTarget], reason: str) -> None:
    assert refused(policy, alice, targets=targets).violations[0].reason == reason
