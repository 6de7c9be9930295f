"""The peer's tickets, what is written on them, and queues."""

from __future__ import annotations

import uuid
from typing import Any

from chassis.errors import Conflict, InvalidArgument, NotFound, Violation
from funia.support.v1 import (
    queue_pb2,
    queue_pb2_grpc,
    ticket_comment_pb2,
    ticket_comment_pb2_grpc,
    ticket_pb2,
    ticket_pb2_grpc,
)
from peer_paging import listing


def serve_support(peer: Any) -> None:
    """Adds the three services to the peer's server."""
    ticket_pb2_grpc.add_TicketServiceServicer_to_server(peer.wrap(TicketPeer(peer)), peer.server)
    comments = peer.wrap(CommentPeer(peer))
    ticket_comment_pb2_grpc.add_TicketCommentServiceServicer_to_server(comments, peer.server)
    queue_pb2_grpc.add_QueueServiceServicer_to_server(peer.wrap(QueuePeer(peer)), peer.server)


def touch(ticket: Any) -> None:
    ticket.etag = str(int(ticket.etag) + 1)
    ticket.updated_at.GetCurrentTime()


class TicketPeer(ticket_pb2_grpc.TicketServiceServicer):
    """Tickets of the company."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer

    def find(self, context: Any, ticket_id: str) -> Any:
        ticket = self.peer.company(context).tickets.get(ticket_id)
        if ticket is None:
            raise NotFound("There is no such ticket.", reason="TICKET_NOT_FOUND")
        return ticket

    def GetTicket(self, request: Any, context: Any) -> Any:
        return self.find(context, request.id)

    def ListTickets(self, request: Any, context: Any) -> Any:
        found, token = listing(self.peer.company(context).tickets, request, "subject")
        return ticket_pb2.ListTicketsResponse(tickets=found, next_page_token=token)

    def BatchGetTickets(self, request: Any, context: Any) -> Any:
        known = self.peer.company(context).tickets
        return ticket_pb2.BatchGetTicketsResponse(tickets=[known[one] for one in request.ids if one in known])

    def CreateTicket(self, request: Any, context: Any) -> Any:
        if not request.ticket.subject:
            raise InvalidArgument("empty", violations=[Violation("ticket.subject", "cannot be empty", "REQUIRED")])
        tickets = self.peer.company(context).tickets
        ticket = ticket_pb2.Ticket(id=str(uuid.uuid4()), etag="1", number=len(tickets) + 1, status="new")
        ticket.MergeFrom(request.ticket)
        ticket.priority = ticket.priority or "normal"
        ticket.created_at.GetCurrentTime()
        ticket.updated_at.GetCurrentTime()
        return tickets.setdefault(ticket.id, ticket)

    def UpdateTicket(self, request: Any, context: Any) -> Any:
        ticket = self.find(context, request.ticket.id)
        request.update_mask.MergeMessage(request.ticket, ticket, True, True)
        touch(ticket)
        return ticket

    def MoveTicket(self, request: Any, context: Any) -> Any:
        ticket = self.find(context, request.id)
        if request.etag and request.etag != ticket.etag:
            raise Conflict("stale", reason="STALE_ETAG")
        ticket.status = request.status
        touch(ticket)
        return ticket


class CommentPeer(ticket_comment_pb2_grpc.TicketCommentServiceServicer):
    """What is written on the company's tickets."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer

    def ListTicketComments(self, request: Any, context: Any) -> Any:
        written = self.peer.company(context).comments.get(request.ticket_id, [])
        return ticket_comment_pb2.ListTicketCommentsResponse(comments=written)

    def AddTicketComment(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        if not request.body.strip():
            raise InvalidArgument("empty", violations=[Violation("body", "write something", "REQUIRED")])
        ticket = company.tickets[request.ticket_id]
        if request.status or (request.public and ticket.status == "new"):
            ticket.status = request.status or "open"
            touch(ticket)
        comment = ticket_comment_pb2.TicketComment(
            id=str(uuid.uuid4()),
            ticket_id=request.ticket_id,
            public=request.public,
            author_kind="agent",
            author_id=company.users[0].id,
            channel=request.channel,
            body=request.body,
        )
        comment.created_at.GetCurrentTime()
        company.comments.setdefault(request.ticket_id, []).insert(0, comment)
        return comment


class QueuePeer(queue_pb2_grpc.QueueServiceServicer):
    """Queues of the company."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer

    def ListQueues(self, request: Any, context: Any) -> Any:
        return queue_pb2.ListQueuesResponse(queues=self.peer.company(context).queues.values())
