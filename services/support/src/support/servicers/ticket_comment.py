"""TicketCommentService at the edge: what is written on tickets, and what that does to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.errors import invalid_field
from chassis.ids import uuid7
from chassis.paging import Pager
from chassis.record_shares import check_writes
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.support.v1 import ticket_comment_pb2 as pb

from support.events import comment_event
from support.queries import ticket as queries
from support.references import Customers
from support.servicers.ticket import TicketServicer
from support.usecases import tickets as rules

Values = dict[str, Any]


class TicketCommentServicer:
    """Answers, customers' words and notes."""

    service = pb.DESCRIPTOR.services_by_name["TicketCommentService"]

    def __init__(self, pager: Pager, tickets: TicketServicer, customers: Customers) -> None:
        self._pager = pager
        self._tickets = tickets
        self._customers = customers

    def AddTicketComment(self, work: Work, request: pb.AddTicketCommentRequest) -> pb.TicketComment:
        ticket = self._tickets.locked(work, UUID(request.ticket_id), request.etag)
        check_writes(ticket, "ticket")
        body = request.body.strip()
        if not body:
            raise invalid_field("body", "write something", reason="REQUIRED")
        if request.contact_id:
            return self._customer_wrote(work, ticket, request, body)
        if request.public:
            ticket = self._tickets.come_to(work, ticket, rules.answered(work, ticket, request.status))
        elif request.status and request.status != ticket.status:
            ticket = self._tickets.come_to(work, ticket, rules.enter(work, ticket, request.status))
        return comment_message(self.write(work, ticket, body, public=request.public, channel=request.channel))

    def ListTicketComments(self, work: Work, request: pb.ListTicketCommentsRequest) -> pb.ListTicketCommentsResponse:
        ticket = self._tickets.found(work, UUID(request.ticket_id))
        size = self._pager.size(request.page_size)
        binding = ("ListTicketComments", request.ticket_id)
        before = None
        if request.page_token:
            before = UUID(str(self._pager.key(work.tenant_id, binding, request.page_token)[0]))
        rows = queries.thread(work, ticket.id, before=before, most=size + 1)
        token = ""
        if len(rows) > size:
            rows = rows[:size]
            token = self._pager.token(work.tenant_id, binding, [rows[-1].id])
        return pb.ListTicketCommentsResponse(comments=[comment_message(row) for row in rows], next_page_token=token)

    def write(
        self,
        work: Work,
        ticket: Row,
        body: str,
        *,
        public: bool,
        channel: str = "",
        author: tuple[str, UUID] | None = None,
    ) -> Row:
        """Writes on a locked ticket and tells of it. The caller wrote it where nobody else did."""
        kind, author_id = author or ("agent", work.caller.actor_id)
        row = queries.add_comment(
            work,
            {
                "ticket_id": ticket.id,
                "id": uuid7(),
                "public": public,
                "author_kind": kind,
                "author_id": author_id,
                "channel": channel or ticket.channel,
                "body": body,
                "origin_ticket_id": None,
                "created_at": work.now,
            },
        )
        # A version of its own, so that whoever follows the events does not take it for one already seen.
        work.record(comment_event(self._tickets.store.update(work, ticket.id, {}), row))
        return row

    def _customer_wrote(
        self, work: Work, ticket: Row, request: pb.AddTicketCommentRequest, body: str
    ) -> pb.TicketComment:
        contact_id = UUID(request.contact_id)
        if contact_id != ticket.contact_id:
            self._customers.check(work, "contact", [("contact_id", contact_id)])
        if rules.is_over(work, ticket, self._tickets.close_after_days):
            made = self._tickets.write_new(work, rules.follow_up(ticket, contact_id, request.channel))
            ticket = self._tickets.locked(work, made.id)
        ticket = self._tickets.come_to(work, ticket, rules.customer_wrote(work, ticket, request.status))
        author = ("customer", contact_id)
        row = self.write(work, ticket, body, public=True, channel=request.channel, author=author)
        return comment_message(row)


def comment_message(row: Row) -> pb.TicketComment:
    """A comment as callers see it."""
    return pb.TicketComment(
        id=str(row.id),
        ticket_id=str(row.ticket_id),
        public=row.public,
        author_kind=row.author_kind,
        author_id=str(row.author_id),
        channel=row.channel,
        body=row.body,
        origin_ticket_id=str(row.origin_ticket_id or ""),
        created_at=timestamp(row.created_at),
    )
