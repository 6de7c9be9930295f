"""Methods of oauth clients. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("oauth_clients.list", "GET", "/v1/oauth-clients")
_CREATE = Operation("oauth_clients.create", "POST", "/v1/oauth-clients", keyed=True)
_DELETE = Operation("oauth_clients.delete", "DELETE", "/v1/oauth-clients/{id}", keyed=True)
_SUBMIT = Operation("oauth_clients.submit", "POST", "/v1/oauth-clients/{id}:submit", keyed=True)
_WITHDRAW = Operation("oauth_clients.withdraw", "POST", "/v1/oauth-clients/{id}:withdraw", keyed=True)


class OauthClientsApi:
    """The company itself, its users, roles and apps."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.OAuthClient, models.ListOAuthClientsResponse]:
        """Lists the OAuth clients of the company.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListOAuthClientsResponse:
            return self._transport.call(
                _LIST,
                models.ListOAuthClientsResponse,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.oauth_clients, page_token or "")

    def create(
        self, body: inputs.OAuthClientInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.OAuthClient:
        """Registers an OAuth client of the company; the secret is in this answer and nowhere else."""
        return self._transport.call(
            _CREATE, models.OAuthClient, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.DeleteOAuthClientResponse:
        """Revokes an OAuth client and every token it holds.

        id: Client.
        """
        return self._transport.call(
            _DELETE,
            models.DeleteOAuthClientResponse,
            {"id": id},
            Sent(idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def submit(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.OAuthClient:
        """Asks the platform to review an app of the company, so that other companies may use it.

        id: App.
        """
        return self._transport.call(
            _SUBMIT,
            models.OAuthClient,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def withdraw(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.OAuthClient:
        """Takes an app back from review.

        id: App.
        """
        return self._transport.call(
            _WITHDRAW,
            models.OAuthClient,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
