"""The kinds of records of support: tickets, and the queues they wait in."""

from __future__ import annotations

from typing import Any

from funia.support.v1 import (
    business_calendar_pb2,
    business_calendar_pb2_grpc,
    queue_pb2,
    queue_pb2_grpc,
    sla_policy_pb2,
    sla_policy_pb2_grpc,
    ticket_pb2,
    ticket_pb2_grpc,
)

from gateway.console import support_fields as shown
from gateway.console.i18n import lazy
from gateway.console.kind import Child, View, Words
from gateway.console.sales_kind import SalesKind

READS, ANSWERS, SETS_UP = "support.read", "support.write", "support.admin"
_TICKET: Any = ticket_pb2.DESCRIPTOR
_QUEUE: Any = queue_pb2.DESCRIPTOR
_CALENDAR: Any = business_calendar_pb2.DESCRIPTOR
_POLICY: Any = sla_policy_pb2.DESCRIPTOR
_WORKING_WEEK = [{"weekday": day, "opens": "09:00", "closes": "18:00"} for day in range(1, 6)]
_TO_DO = 'status IN ("new", "open", "pending", "on_hold")'
_VIEWS = (
    View(lazy("Mine"), f'owner_id = "{{me}}" AND {_TO_DO}'),
    View(lazy("My team"), f'team_id = "{{team}}" AND {_TO_DO}'),
    View(lazy("Unassigned"), f"owner_id = null AND {_TO_DO}"),
    View(lazy("Due soon or too late"), f'sla_state IN ("warned", "breached") AND {_TO_DO}'),
    View(lazy("All to do"), _TO_DO),
    View(lazy("Solved"), 'status = "solved"'),
)
SUPPORT_KINDS: tuple[SalesKind, ...] = (
    SalesKind(
        "tickets", "ticket", lazy("Tickets"), lazy("Ticket"), "ticket",
        Words(
            intro=lazy("What customers ask for, who answers, and how far it is."),
            add=lazy("Add a ticket"),
            done=lazy("Add the ticket"),
            nobody=lazy("No ticket is here yet"),
            first=lazy("Write down what a customer asks for; it gets a number, and its promise begins to run."),
            no_match=lazy("No ticket matches"),
            name=lazy("Subject"),
        ),
        shown.TICKET_FIELDS, shown.TICKET_COLUMNS, "Ticket", _TICKET, ticket_pb2_grpc.TicketServiceStub,
        writes=ANSWERS, reads=READS, name_sort="", found_by=("subject",), page="console/ticket_page.html",
        listed=shown.TICKET_LISTED, views=_VIEWS, of="support",
        starts={"channel": "console", "type": "question"}, numbered="number",
    ),
    SalesKind(
        "queues", "queue", lazy("Queues"), lazy("Queue"), "list-check",
        Words(
            intro=lazy("Where tickets wait for somebody, and the team whose they become."),
            add=lazy("Add a queue"),
            done=lazy("Add the queue"),
            nobody=lazy("No queue is here yet"),
            first=lazy("Add the first one, such as “Returns”, and name the team that works on it."),
        ),
        shown.QUEUE_FIELDS, shown.QUEUE_COLUMNS, "Queue", _QUEUE, queue_pb2_grpc.QueueServiceStub,
        writes=SETS_UP, reads=READS, children=(Child("tickets", "queue_id"),), of="support",
    ),
    SalesKind(
        "sla-policies", "sla_policy", lazy("Promises"), lazy("Policy of promises"), "clock",
        Words(
            intro=lazy("By when customers are answered and helped, by the priority of what they ask."),
            add=lazy("Add a policy"),
            done=lazy("Add the policy"),
            nobody=lazy("Nothing is promised yet"),
            first=lazy("Say by when tickets are answered and solved; every ticket then shows how it stands."),
        ),
        shown.POLICY_FIELDS, shown.POLICY_COLUMNS, "SlaPolicy", _POLICY, sla_policy_pb2_grpc.SlaPolicyServiceStub,
        writes=SETS_UP, reads=READS, of="support",
    ),
    SalesKind(
        "business-calendars", "business_calendar", lazy("Working hours"), lazy("Business calendar"), "calendar-event",
        Words(
            intro=lazy("When your company works; promises are counted in these hours."),
            add=lazy("Add a calendar"),
            done=lazy("Add the calendar"),
            nobody=lazy("No calendar is here yet"),
            first=lazy("Add the hours of your desk with its holidays. Without one every hour counts."),
        ),
        shown.CALENDAR_FIELDS, shown.CALENDAR_COLUMNS, "BusinessCalendar", _CALENDAR,
        business_calendar_pb2_grpc.BusinessCalendarServiceStub, writes=SETS_UP, reads=READS, of="support",
        page="console/calendar_page.html", starts={"hours": _WORKING_WEEK},
    ),
)  # fmt: skip
