"""Methods of person erasures. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("person_erasures.list", "GET", "/v1/person-erasures")
_LIFT = Operation("person_erasures.lift", "POST", "/v1/person-erasures/{id}:lift", keyed=True)


class PersonErasuresApi:
    """One person's data as a whole."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.PersonErasure, models.ListPersonErasuresResponse]:
        """Lists erasures, newest first: the proof that they happened, without whom they were about.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListPersonErasuresResponse:
            return self._transport.call(
                _LIST,
                models.ListPersonErasuresResponse,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.person_erasures, page_token or "")

    def lift(
        self, id: str, *, reason: str, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.PersonErasure:
        """Lets the person of an erasure come back. Until then whoever has an e-mail address, phone number or
        external id of the erased person is refused on every way in.

        id: Erasure.
        reason: Why the person may come back, without saying who it is; kept with the erasure.
        """
        return self._transport.call(
            _LIFT,
            models.PersonErasure,
            {"id": id},
            Sent(body=given({"reason": reason}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
