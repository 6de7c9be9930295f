"""Methods of grants. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("grants.list", "GET", "/v1/grants")
_CREATE = Operation("grants.create", "POST", "/v1/grants", keyed=True)
_REVOKE = Operation("grants.revoke", "DELETE", "/v1/grants/{id}", keyed=True)


class GrantsApi:
    """Apps as their makers and the companies that use them see them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.Grant, models.ListGrantsResponse]:
        """Lists the apps of other companies that the caller's company lets in, oldest first.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListGrantsResponse:
            return self._transport.call(
                _LIST,
                models.ListGrantsResponse,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.grants, page_token or "")

    def create(
        self,
        *,
        client_id: str,
        scopes: Sequence[str],
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Grant:
        """Lets a published app of another company in, for some of its scopes; an app let in before gets these in
        their place.

        client_id: client_id of the app.
        scopes: Scopes, some or all of the app's.
        """
        return self._transport.call(
            _CREATE,
            models.Grant,
            {},
            Sent(
                body=given({"client_id": client_id, "scopes": scopes}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def revoke(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.RevokeGrantResponse:
        """Shuts an app out: its refresh tokens end at once, its access tokens within seconds.

        id: Grant.
        """
        return self._transport.call(
            _REVOKE, models.RevokeGrantResponse, {"id": id}, Sent(idempotency_key=idempotency_key, timeout_s=timeout_s)
        )
