"""Sample requests for support: tickets, what is written on them, queues and calendars."""

from __future__ import annotations

from typing import cast
from uuid import uuid4

from funia.support.v1 import business_calendar_pb2 as calendars
from funia.support.v1 import held_pb2 as held
from funia.support.v1 import queue_pb2 as queues
from funia.support.v1 import sla_policy_pb2 as policies
from funia.support.v1 import ticket_comment_pb2 as comments
from funia.support.v1 import ticket_pb2 as tickets
from google.protobuf.message import Message
from rpc_sales_samples import _create, _records
from rpc_world import Sample, World

_TICKETS, _COMMENTS = "support.v1.TicketService", "support.v1.TicketCommentService"


def _calendar(world: World) -> calendars.BusinessCalendar:
    hours = calendars.WorkingHours(weekday=1, opens="09:00", closes="18:00")
    return calendars.BusinessCalendar(name=world.mark, time_zone="Europe/Sofia", hours=[hours])


def _calendar_id(world: World) -> str:
    return _create(world, calendars.DESCRIPTOR.services_by_name["BusinessCalendarService"], _calendar)


def _queue(world: World) -> queues.Queue:
    return queues.Queue(name=world.mark)


def _queue_id(world: World) -> str:
    return _create(world, queues.DESCRIPTOR.services_by_name["QueueService"], _queue)


def _policy(world: World) -> policies.SlaPolicy:
    target = policies.SlaTarget(priority="low", resolution_minutes=60)
    return policies.SlaPolicy(name=world.mark, business_calendar_id=_calendar_id(world), targets=[target])


def _ticket(world: World) -> tickets.Ticket:
    return tickets.Ticket(subject=world.mark, queue_id=_queue_id(world), owner_id=world.owner.user_id)


def _ticket_id(world: World) -> str:
    return _create(world, tickets.DESCRIPTOR.services_by_name["TicketService"], _ticket)


def _number(world: World) -> Message:
    asked = tickets.GetTicketRequest(id=_ticket_id(world))
    found = cast(tickets.Ticket, world.call(_TICKETS, "GetTicket", asked))
    return tickets.FindTicketRequest(number=found.number)


def _upsert(world: World) -> Message:
    ticket = tickets.Ticket(subject=world.mark, external_ids={"zendesk": uuid4().hex})
    return tickets.BatchUpsertTicketsRequest(system="zendesk", tickets=[tickets.UpsertTicket(ticket=ticket)])


def _held(world: World) -> Message:
    contact_id = world.contact()
    given = tickets.Ticket(subject=world.mark, contact_id=contact_id)
    world.call(_TICKETS, "CreateTicket", tickets.CreateTicketRequest(ticket=given))
    return held.ListHeldRowsRequest(contact_ids=[contact_id])


def _comment(world: World) -> comments.AddTicketCommentRequest:
    return comments.AddTicketCommentRequest(ticket_id=_ticket_id(world), body=world.mark, public=True)


def _thread(world: World) -> Message:
    written = _comment(world)
    world.call(_COMMENTS, "AddTicketComment", written)
    return comments.ListTicketCommentsRequest(ticket_id=written.ticket_id)


SUPPORT_SAMPLES: dict[str, Sample] = {
    **_records(tickets.DESCRIPTOR, "Ticket", _ticket, {"subject": "Changed"}),
    f"/funia.{_TICKETS}/MoveTicket": Sample(lambda w: tickets.MoveTicketRequest(id=_ticket_id(w), status="open")),
    f"/funia.{_TICKETS}/FindTicket": Sample(_number),
    f"/funia.{_TICKETS}/BatchUpsertTickets": Sample(_upsert, ours=True),
    "/funia.support.v1.HeldService/ListHeldRows": Sample(_held),
    f"/funia.{_COMMENTS}/AddTicketComment": Sample(_comment),
    f"/funia.{_COMMENTS}/ListTicketComments": Sample(_thread),
    **_records(queues.DESCRIPTOR, "Queue", _queue, {"name": "Changed"}, names=False),
    **_records(policies.DESCRIPTOR, "SlaPolicy", _policy, {"name": "Changed"}),
    **_records(calendars.DESCRIPTOR, "BusinessCalendar", _calendar, {"name": "Changed"}, names=False),
    "/funia.support.v1.BusinessCalendarService/GetDueTime": Sample(
        lambda w: calendars.GetDueTimeRequest(id=_calendar_id(w), minutes=60)
    ),
}
