"""What became of a customer's tickets, as lines of the timeline.

A line keeps what happened and the ticket's id, no subject, number or text: whoever reads it asks support for those,
with the own rights. Lines do not change, so they may come in any order, and more than once.
"""

from __future__ import annotations

from collections.abc import Sequence

from chassis.subscriptions import Received, Subscription
from chassis.work import Work
from funia.support.v1.events_pb2 import TicketChanged

from contacts.consumers.told_lines import Line, add_told

_GATHER_S = 0.1
SUBJECTS = tuple(f"support.ticket.{verb}" for verb in ("created", "solved", "reopened", "closed"))


def support_timeline_subscription() -> Subscription:
    """Every event of support that somebody would want to see on the customer's page."""
    return Subscription("contacts-support-timeline", "support", SUBJECTS, add_support_lines, _GATHER_S)


def add_support_lines(work: Work, events: Sequence[Received]) -> None:
    """Adds the lines of these events; of a person who was merged, to the one who stayed, of one erased, none."""
    add_told(
        work, [(event, _line(event, event.payload)) for event in events if isinstance(event.payload, TicketChanged)]
    )


def _line(event: Received, payload: TicketChanged) -> Line:
    return Line(event.type, (payload.contact_id, payload.account_id), {"ticket_id": payload.ticket_id})
