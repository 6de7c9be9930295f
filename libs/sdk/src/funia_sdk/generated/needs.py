"""Methods of needs. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("needs.list", "GET", "/v1/needs")
_CREATE = Operation("needs.create", "POST", "/v1/needs", keyed=True)
_DELETE = Operation("needs.delete", "DELETE", "/v1/needs/{id}", keyed=True)
_GET = Operation("needs.get", "GET", "/v1/needs/{id}")
_UPDATE = Operation("needs.update", "PATCH", "/v1/needs/{id}", keyed=True)
_MOVE = Operation("needs.move", "POST", "/v1/needs/{id}:move", keyed=True)
_UNDELETE = Operation("needs.undelete", "POST", "/v1/needs/{id}:undelete", keyed=True)
_BATCH_GET = Operation("needs.batch_get", "GET", "/v1/needs:batchGet")


class NeedsApi:
    """What a customer wants: the methods."""

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
    ) -> Pages[models.Need, models.ListNeedsResponse]:
        """Lists needs.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListNeedsResponse:
            return self._transport.call(
                _LIST,
                models.ListNeedsResponse,
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

        return Pages(fetch, lambda page: page.needs, page_token or "")

    def create(
        self, body: inputs.NeedInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Need:
        """Creates a need."""
        return self._transport.call(
            _CREATE, models.Need, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Need:
        """Moves a need to the bin; it can be undeleted.

        id: Need.
        """
        return self._transport.call(
            _DELETE,
            models.Need,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Need:
        """Returns one need.

        id: Need.
        """
        return self._transport.call(_GET, models.Need, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.NeedPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Need:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Need,
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
        status: Literal["validated", "addressed", "dropped"],
        reason: str | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Need:
        """Says that a need was validated with the customer, addressed by an offer, or dropped.

        id: Need.
        status: State to come to.
        reason: Why it is dropped.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _MOVE,
            models.Need,
            {"id": id},
            Sent(
                body=given({"status": status, "reason": reason, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.Need:
        """Takes a need back out of the bin.

        id: Need.
        """
        return self._transport.call(
            _UNDELETE,
            models.Need,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetNeedsResponse:
        """Returns up to 200 needs by id; ids that are unknown or not visible are left out.

        ids: Needs, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetNeedsResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
