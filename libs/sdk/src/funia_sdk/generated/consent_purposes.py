"""Methods of consent purposes. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("consent_purposes.list", "GET", "/v1/consent-purposes")
_CREATE = Operation("consent_purposes.create", "POST", "/v1/consent-purposes", keyed=True)
_DELETE = Operation("consent_purposes.delete", "DELETE", "/v1/consent-purposes/{id}", keyed=True)
_GET = Operation("consent_purposes.get", "GET", "/v1/consent-purposes/{id}")
_UPDATE = Operation("consent_purposes.update", "PATCH", "/v1/consent-purposes/{id}", keyed=True)
_UNDELETE = Operation("consent_purposes.undelete", "POST", "/v1/consent-purposes/{id}:undelete", keyed=True)
_BATCH_GET = Operation("consent_purposes.batch_get", "GET", "/v1/consent-purposes:batchGet")


class ConsentPurposesApi:
    """What people may be written to for, such as a newsletter: the methods."""

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
    ) -> Pages[models.ConsentPurpose, models.ListConsentPurposesResponse]:
        """Lists purposes.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListConsentPurposesResponse:
            return self._transport.call(
                _LIST,
                models.ListConsentPurposesResponse,
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

        return Pages(fetch, lambda page: page.consent_purposes, page_token or "")

    def create(
        self, body: inputs.ConsentPurposeInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.ConsentPurpose:
        """Creates a purpose."""
        return self._transport.call(
            _CREATE, models.ConsentPurpose, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ConsentPurpose:
        """Moves a purpose to the bin; it can be undeleted.

        id: Purpose.
        """
        return self._transport.call(
            _DELETE,
            models.ConsentPurpose,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.ConsentPurpose:
        """Returns one purpose.

        id: Purpose.
        """
        return self._transport.call(_GET, models.ConsentPurpose, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.ConsentPurposePatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ConsentPurpose:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.ConsentPurpose,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.ConsentPurpose:
        """Takes a purpose back out of the bin.

        id: Purpose.
        """
        return self._transport.call(
            _UNDELETE,
            models.ConsentPurpose,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_get(
        self, *, ids: Sequence[str], timeout_s: float | None = None
    ) -> models.BatchGetConsentPurposesResponse:
        """Returns up to 200 purposes by id; ids that are unknown or not visible are left out.

        ids: Purposes, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetConsentPurposesResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
