"""Methods of tickets. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("tickets.list", "GET", "/v1/tickets")
_CREATE = Operation("tickets.create", "POST", "/v1/tickets", keyed=True)
_DELETE = Operation("tickets.delete", "DELETE", "/v1/tickets/{id}", keyed=True)
_GET = Operation("tickets.get", "GET", "/v1/tickets/{id}")
_UPDATE = Operation("tickets.update", "PATCH", "/v1/tickets/{id}", keyed=True)
_MOVE = Operation("tickets.move", "POST", "/v1/tickets/{id}:move", keyed=True)
_UNDELETE = Operation("tickets.undelete", "POST", "/v1/tickets/{id}:undelete", keyed=True)
_LIST_COMMENTS = Operation("tickets.list_comments", "GET", "/v1/tickets/{ticket_id}/comments")
_ADD_COMMENT = Operation("tickets.add_comment", "POST", "/v1/tickets/{ticket_id}/comments", keyed=True)
_BATCH_GET = Operation("tickets.batch_get", "GET", "/v1/tickets:batchGet")
_BATCH_UPSERT = Operation("tickets.batch_upsert", "POST", "/v1/tickets:batchUpsert", keyed=True)
_FIND = Operation("tickets.find", "GET", "/v1/tickets:find")


class TicketsApi:
    """Something a customer asked for: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
        deleted: bool | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.Ticket, models.ListTicketsResponse]:
        """Lists tickets.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListTicketsResponse:
            return self._transport.call(
                _LIST,
                models.ListTicketsResponse,
                {},
                Sent(
                    query={
                        "page_size": page_size,
                        "page_token": token or None,
                        "filter": filter,
                        "order_by": order_by,
                        "deleted": deleted,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.tickets, page_token or "")

    def create(
        self, body: inputs.TicketInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Ticket:
        """Creates a ticket."""
        return self._transport.call(
            _CREATE, models.Ticket, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Ticket:
        """Moves a ticket to the bin; it can be undeleted.

        id: Ticket.
        """
        return self._transport.call(
            _DELETE,
            models.Ticket,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Ticket:
        """Returns one ticket.

        id: Ticket.
        """
        return self._transport.call(_GET, models.Ticket, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.TicketPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Ticket:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Ticket,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def move(
        self,
        id: str,
        *,
        status: Literal["open", "pending", "on_hold", "solved", "closed", "spam"],
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Ticket:
        """Brings a ticket to another status.

        id: Ticket.
        status: Status to come to.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _MOVE,
            models.Ticket,
            {"id": id},
            Sent(
                body=given({"status": status, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.Ticket:
        """Takes a ticket back out of the bin.

        id: Ticket.
        """
        return self._transport.call(
            _UNDELETE,
            models.Ticket,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def list_comments(
        self,
        ticket_id: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.TicketComment, models.ListTicketCommentsResponse]:
        """What was written on a ticket, the last first.

        ticket_id: Ticket.
        page_size: Comments a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListTicketCommentsResponse:
            return self._transport.call(
                _LIST_COMMENTS,
                models.ListTicketCommentsResponse,
                {"ticket_id": ticket_id},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.comments, page_token or "")

    def add_comment(
        self,
        ticket_id: str,
        *,
        body: str,
        public: bool | None = None,
        contact_id: str | None = None,
        channel: Literal[
            "email", "chat", "phone", "sms", "whatsapp", "telegram", "web_form", "portal", "api", "console"
        ]
        | None = None,
        status: Literal["open", "pending", "on_hold", "solved"] | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.TicketComment:
        """Writes on a ticket. What a customer writes opens a pending or solved ticket again; on a closed one it
        becomes a new ticket that follows up.

        ticket_id: Ticket.
        body: Text.
        public: The customer sees it.
        contact_id: Person who wrote it, for the words of a customer; the caller wrote it where not given.
        channel: How it came, or goes; that of the ticket where not given.
        status: Status that the ticket comes to with it. An answer to a new ticket opens it where none is given.
        etag: Etag of the ticket last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _ADD_COMMENT,
            models.TicketComment,
            {"ticket_id": ticket_id},
            Sent(
                body=given(
                    {
                        "body": body,
                        "public": public,
                        "contact_id": contact_id,
                        "channel": channel,
                        "status": status,
                        "etag": etag,
                    }
                ),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetTicketsResponse:
        """Returns up to 200 tickets by id; ids that are unknown or not visible are left out.

        ids: Tickets, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetTicketsResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )

    def batch_upsert(
        self,
        *,
        system: str,
        tickets: Sequence[inputs.UpsertTicketInput],
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.BatchUpsertTicketsResponse:
        """Creates tickets, or changes those known by their ids in another system; each on its own. Nothing is sent
        to anybody.

        system: System by whose external ids tickets are recognised, such as "zendesk".
        tickets: Tickets, 200 at most.
        """
        return self._transport.call(
            _BATCH_UPSERT,
            models.BatchUpsertTicketsResponse,
            {},
            Sent(
                body=given({"system": system, "tickets": tickets}), idempotency_key=idempotency_key, timeout_s=timeout_s
            ),
        )

    def find(self, *, number: int | None = None, timeout_s: float | None = None) -> models.Ticket:
        """Finds a ticket by its number.

        number: Number.
        """
        return self._transport.call(_FIND, models.Ticket, {}, Sent(query={"number": number}, timeout_s=timeout_s))
