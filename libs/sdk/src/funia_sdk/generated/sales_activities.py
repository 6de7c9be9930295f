"""Methods of sales activities. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("sales_activities.list", "GET", "/v1/sales-activities")
_CREATE = Operation("sales_activities.create", "POST", "/v1/sales-activities", keyed=True)
_DELETE = Operation("sales_activities.delete", "DELETE", "/v1/sales-activities/{id}", keyed=True)
_GET = Operation("sales_activities.get", "GET", "/v1/sales-activities/{id}")
_UPDATE = Operation("sales_activities.update", "PATCH", "/v1/sales-activities/{id}", keyed=True)
_MOVE = Operation("sales_activities.move", "POST", "/v1/sales-activities/{id}:move", keyed=True)
_UNDELETE = Operation("sales_activities.undelete", "POST", "/v1/sales-activities/{id}:undelete", keyed=True)
_BATCH_GET = Operation("sales_activities.batch_get", "GET", "/v1/sales-activities:batchGet")


class SalesActivitiesApi:
    """A task, a meeting, a call or a note: the methods."""

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
    ) -> Pages[models.SalesActivity, models.ListSalesActivitiesResponse]:
        """Lists activities.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListSalesActivitiesResponse:
            return self._transport.call(
                _LIST,
                models.ListSalesActivitiesResponse,
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

        return Pages(fetch, lambda page: page.sales_activities, page_token or "")

    def create(
        self, body: inputs.SalesActivityInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.SalesActivity:
        """Creates an activity."""
        return self._transport.call(
            _CREATE, models.SalesActivity, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SalesActivity:
        """Moves an activity to the bin; it can be undeleted.

        id: Activity.
        """
        return self._transport.call(
            _DELETE,
            models.SalesActivity,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.SalesActivity:
        """Returns one activity.

        id: Activity.
        """
        return self._transport.call(_GET, models.SalesActivity, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.SalesActivityPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SalesActivity:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.SalesActivity,
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
        status: Literal["not_started", "in_progress", "completed", "deferred", "canceled", "held", "not_held"],
        outcome: str | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SalesActivity:
        """Says how far an activity is: begun, done, held, put off or canceled.

        id: Activity.
        status: State to come to.
        outcome: What came of it.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _MOVE,
            models.SalesActivity,
            {"id": id},
            Sent(
                body=given({"status": status, "outcome": outcome, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.SalesActivity:
        """Takes an activity back out of the bin.

        id: Activity.
        """
        return self._transport.call(
            _UNDELETE,
            models.SalesActivity,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_get(
        self, *, ids: Sequence[str], timeout_s: float | None = None
    ) -> models.BatchGetSalesActivitiesResponse:
        """Returns up to 200 activities by id; ids that are unknown or not visible are left out.

        ids: Activities, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetSalesActivitiesResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
