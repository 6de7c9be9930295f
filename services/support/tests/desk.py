"""A support desk to work at: its customers, and short ways to its methods."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.events import recorded
from chassis.testing.people import Person
from chassis.work import Database
from funia.support.v1 import queue_pb2, ticket_comment_pb2, ticket_pb2

_KNOW = text(
    """
    INSERT INTO customer (tenant_id, id, kind, version, stage, owner_id, team_id, language, country_code,
           do_not_contact, deleted, updated_at)
    VALUES (%(tenant_id)s, %(id)s, %(kind)s, 1, '', NULL, NULL, 'en', 'BG', false, false, now())
    """,
    "tenant_id",
)


def customer(database: Database, tenant_id: UUID, kind: str = "contact") -> str:
    """A person or company that support knows; its id."""
    record_id = uuid7()
    with database.open_work(Caller.system(tenant_id)) as work:
        work.execute(_KNOW, id=record_id, kind=kind)
    return str(record_id)


def told(database: Database, tenant_id: UUID) -> list[str]:
    """Types of the events that a company's records have told, without their beginning."""
    return [one.type.removeprefix("support.") for one in recorded(database, tenant_id)]


def create(person: Person, **given: Any) -> ticket_pb2.Ticket:
    """A new ticket."""
    ticket = ticket_pb2.Ticket(**{"subject": "It does not work", **given})
    made: ticket_pb2.Ticket = person.call("TicketService.CreateTicket", ticket_pb2.CreateTicketRequest(ticket=ticket))
    return made


def get(person: Person, ticket_id: str) -> ticket_pb2.Ticket:
    """A ticket as it is now."""
    found: ticket_pb2.Ticket = person.call("TicketService.GetTicket", ticket_pb2.GetTicketRequest(id=ticket_id))
    return found


def change(person: Person, ticket_id: str, **given: Any) -> ticket_pb2.Ticket:
    """Changes fields of a ticket."""
    request = ticket_pb2.UpdateTicketRequest(ticket=ticket_pb2.Ticket(id=ticket_id, **given))
    request.update_mask.paths.extend(given)
    changed: ticket_pb2.Ticket = person.call("TicketService.UpdateTicket", request)
    return changed


def move(person: Person, ticket_id: str, status: str) -> ticket_pb2.Ticket:
    """Brings a ticket to a status."""
    request = ticket_pb2.MoveTicketRequest(id=ticket_id, status=status)
    moved: ticket_pb2.Ticket = person.call("TicketService.MoveTicket", request)
    return moved


def write(person: Person, ticket_id: str, body: str = "Hello", **given: Any) -> ticket_comment_pb2.TicketComment:
    """Writes on a ticket."""
    request = ticket_comment_pb2.AddTicketCommentRequest(ticket_id=ticket_id, body=body, **given)
    made: ticket_comment_pb2.TicketComment = person.call("TicketCommentService.AddTicketComment", request)
    return made


def thread(person: Person, ticket_id: str) -> list[str]:
    """What was written on a ticket, the first first."""
    request = ticket_comment_pb2.ListTicketCommentsRequest(ticket_id=ticket_id)
    return [one.body for one in person.call("TicketCommentService.ListTicketComments", request).comments][::-1]


def queue(person: Person, **given: Any) -> queue_pb2.Queue:
    """A new queue."""
    request = queue_pb2.CreateQueueRequest(queue=queue_pb2.Queue(**{"name": "Returns", **given}))
    made: queue_pb2.Queue = person.call("QueueService.CreateQueue", request)
    return made
