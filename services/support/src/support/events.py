"""Events of support: ids, states and times, never names, addresses or texts."""

from __future__ import annotations

from chassis.envelope import Event
from chassis.records.mapping import timestamp
from chassis.work import Row
from funia.support.v1 import events_pb2 as pb

from support.sla_clocks import Told


def ticket_event(verb: str, row: Row, changed: tuple[str, ...] = (), *, status_before: str = "") -> Event:
    """``support.ticket.<verb>``, from the ticket's row."""
    payload = ticket_payload(row)
    payload.status_before = status_before
    return Event(f"support.ticket.{verb}", row.id, row.version, payload, changed)


def ticket_payload(row: Row) -> pb.TicketChanged:
    """What others may know about a ticket."""
    return pb.TicketChanged(
        ticket_id=str(row.id),
        number=row.number,
        type=row.type,
        status=row.status,
        priority=row.priority,
        channel=row.channel,
        contact_id=str(row.contact_id or ""),
        account_id=str(row.account_id or ""),
        queue_id=str(row.queue_id or ""),
        product_id=str(row.product_id or ""),
        order_id=str(row.order_id or ""),
        problem_id=str(row.problem_id or ""),
        merged_into_id=str(row.merged_into_id or ""),
        follow_up_of_id=str(row.follow_up_of_id or ""),
        watcher_ids=[str(one) for one in row.watcher_ids],
        reopened=row.reopened,
        owner_id=str(row.owner_id or ""),
        team_id=str(row.team_id or ""),
        created_at=timestamp(row.created_at),
        first_replied_at=None if row.first_replied_at is None else timestamp(row.first_replied_at),
        solved_at=None if row.solved_at is None else timestamp(row.solved_at),
        closed_at=None if row.closed_at is None else timestamp(row.closed_at),
        deleted=row.deleted_at is not None,
    )


def clock_event(ticket: Row, told: Told) -> Event:
    """``support.sla.<verb>``, from the ticket's row and what there is to tell of its clock."""
    clock = told.clock
    payload = pb.SlaClockTold(
        ticket_id=str(ticket.id),
        kind=clock.kind,
        sla_policy_id=str(told.policy_id),
        target_s=clock.target_s,
        due_at=None if clock.due_at is None else timestamp(clock.due_at),
        breached_at=None if clock.breached_at is None else timestamp(clock.breached_at),
        met_at=None if clock.met_at is None else timestamp(clock.met_at),
        priority=ticket.priority,
        queue_id=str(ticket.queue_id or ""),
        owner_id=str(ticket.owner_id or ""),
        team_id=str(ticket.team_id or ""),
        watcher_ids=[str(one) for one in ticket.watcher_ids],
    )
    return Event(f"support.sla.{told.verb}", ticket.id, ticket.version, payload)


def comment_event(ticket: Row, comment: Row) -> Event:
    """``support.ticket.commented``, from the rows of the ticket and of what was written on it."""
    payload = pb.TicketCommented(
        ticket_id=str(ticket.id),
        comment_id=str(comment.id),
        public=comment.public,
        author_kind=comment.author_kind,
        author_id=str(comment.author_id),
        channel=comment.channel,
        contact_id=str(ticket.contact_id or ""),
        account_id=str(ticket.account_id or ""),
        owner_id=str(ticket.owner_id or ""),
        team_id=str(ticket.team_id or ""),
        watcher_ids=[str(one) for one in ticket.watcher_ids],
    )
    return Event("support.ticket.commented", ticket.id, ticket.version, payload)
