"""Methods of stores. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("stores.list", "GET", "/v1/stores")
_CREATE = Operation("stores.create", "POST", "/v1/stores", keyed=True)
_DELETE = Operation("stores.delete", "DELETE", "/v1/stores/{id}", keyed=True)
_GET = Operation("stores.get", "GET", "/v1/stores/{id}")
_UPDATE = Operation("stores.update", "PATCH", "/v1/stores/{id}", keyed=True)
_UNDELETE = Operation("stores.undelete", "POST", "/v1/stores/{id}:undelete", keyed=True)
_BATCH_GET = Operation("stores.batch_get", "GET", "/v1/stores:batchGet")


class StoresApi:
    """A place where the company sells over the counter: the methods."""

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
    ) -> Pages[models.Store, models.ListStoresResponse]:
        """Lists stores.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListStoresResponse:
            return self._transport.call(
                _LIST,
                models.ListStoresResponse,
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

        return Pages(fetch, lambda page: page.stores, page_token or "")

    def create(
        self, body: inputs.StoreInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Store:
        """Creates a store."""
        return self._transport.call(
            _CREATE, models.Store, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Store:
        """Moves a store to the bin; it can be undeleted.

        id: Store.
        """
        return self._transport.call(
            _DELETE,
            models.Store,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Store:
        """Returns one store.

        id: Store.
        """
        return self._transport.call(_GET, models.Store, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.StorePatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Store:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Store,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.Store:
        """Takes a store back out of the bin.

        id: Store.
        """
        return self._transport.call(
            _UNDELETE,
            models.Store,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetStoresResponse:
        """Returns up to 200 stores by id; ids that are unknown or not visible are left out.

        ids: Stores, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetStoresResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
