"""Methods of dashboards. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("dashboards.list", "GET", "/v1/dashboards")
_CREATE = Operation("dashboards.create", "POST", "/v1/dashboards", keyed=True)
_DELETE = Operation("dashboards.delete", "DELETE", "/v1/dashboards/{id}", keyed=True)
_GET = Operation("dashboards.get", "GET", "/v1/dashboards/{id}")
_UPDATE = Operation("dashboards.update", "PATCH", "/v1/dashboards/{id}", keyed=True)
_UNDELETE = Operation("dashboards.undelete", "POST", "/v1/dashboards/{id}:undelete", keyed=True)
_QUERY = Operation("dashboards.query", "POST", "/v1/dashboards:query")


class DashboardsApi:
    """Dashboards: those that are shared, and the caller's own. Whoever looks at one sees figures of the
    records that he may see.
    """

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
    ) -> Pages[models.Dashboard, models.ListDashboardsResponse]:
        """Lists dashboards.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListDashboardsResponse:
            return self._transport.call(
                _LIST,
                models.ListDashboardsResponse,
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

        return Pages(fetch, lambda page: page.dashboards, page_token or "")

    def create(
        self, body: inputs.DashboardInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Dashboard:
        """Creates a dashboard."""
        return self._transport.call(
            _CREATE, models.Dashboard, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Dashboard:
        """Moves a dashboard to the bin; it can be undeleted.

        id: Dashboard.
        """
        return self._transport.call(
            _DELETE,
            models.Dashboard,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Dashboard:
        """Returns one dashboard.

        id: Dashboard.
        """
        return self._transport.call(_GET, models.Dashboard, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.DashboardPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Dashboard:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given. A
        shared dashboard is changed by whoever made it, and by administrators of the company.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Dashboard,
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
    ) -> models.Dashboard:
        """Takes a dashboard back out of the bin.

        id: Dashboard.
        """
        return self._transport.call(
            _UNDELETE,
            models.Dashboard,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def query(
        self,
        *,
        id: str | None = None,
        tiles: Sequence[inputs.TileInput] | None = None,
        today: str | None = None,
        period: Literal[
            "today",
            "yesterday",
            "7_days",
            "30_days",
            "month",
            "last_month",
            "quarter",
            "year",
            "last_year",
            "12_months",
        ]
        | None = None,
        timeout_s: float | None = None,
    ) -> models.TileTable:
        """Counts all figures of tiles at once: those of a dashboard, or any that are given.

        id: Dashboard whose tiles are counted.
        tiles: Tiles, where no dashboard is named.
        today: Day that periods end with, such as today where the caller is; today in UTC where not given.
        period: Time to count instead of that of each tile.
        """
        return self._transport.call(
            _QUERY,
            models.TileTable,
            {},
            Sent(body=given({"id": id, "tiles": tiles, "today": today, "period": period}), timeout_s=timeout_s),
        )
