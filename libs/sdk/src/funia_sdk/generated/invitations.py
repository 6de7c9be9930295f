"""Methods of invitations. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("invitations.list", "GET", "/v1/invitations")
_CREATE = Operation("invitations.create", "POST", "/v1/invitations", keyed=True)
_DELETE = Operation("invitations.delete", "DELETE", "/v1/invitations/{id}", keyed=True)
_RESEND = Operation("invitations.resend", "POST", "/v1/invitations/{id}:resend", keyed=True)


class InvitationsApi:
    """Invitations that a company has sent and nobody has accepted yet."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.Invitation, models.ListInvitationsResponse]:
        """Lists the open invitations of the company, oldest first.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListInvitationsResponse:
            return self._transport.call(
                _LIST,
                models.ListInvitationsResponse,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.invitations, page_token or "")

    def create(
        self, body: inputs.InvitationInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Invitation:
        """Invites a person by e-mail. The mail holds a link that works once, for this address only."""
        return self._transport.call(
            _CREATE, models.Invitation, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.DeleteInvitationResponse:
        """Revokes an invitation; its link stops working.

        id: Invitation.
        """
        return self._transport.call(
            _DELETE,
            models.DeleteInvitationResponse,
            {"id": id},
            Sent(idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def resend(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Invitation:
        """Sends an invitation again with a new link; the former link stops working.

        id: Invitation.
        """
        return self._transport.call(
            _RESEND,
            models.Invitation,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
