"""Methods of pipelines. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("pipelines.list", "GET", "/v1/pipelines")
_CREATE = Operation("pipelines.create", "POST", "/v1/pipelines", keyed=True)
_DELETE = Operation("pipelines.delete", "DELETE", "/v1/pipelines/{id}", keyed=True)
_GET = Operation("pipelines.get", "GET", "/v1/pipelines/{id}")
_UPDATE = Operation("pipelines.update", "PATCH", "/v1/pipelines/{id}", keyed=True)
_UNDELETE = Operation("pipelines.undelete", "POST", "/v1/pipelines/{id}:undelete", keyed=True)
_GET_DEAL_BOARD = Operation("pipelines.get_deal_board", "GET", "/v1/pipelines/{pipeline_id}/board")


class PipelinesApi:
    """A way that deals go, stage by stage: the methods."""

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
    ) -> Pages[models.Pipeline, models.ListPipelinesResponse]:
        """Lists pipelines.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListPipelinesResponse:
            return self._transport.call(
                _LIST,
                models.ListPipelinesResponse,
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

        return Pages(fetch, lambda page: page.pipelines, page_token or "")

    def create(
        self, body: inputs.PipelineInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Pipeline:
        """Creates a pipeline."""
        return self._transport.call(
            _CREATE, models.Pipeline, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Pipeline:
        """Moves a pipeline to the bin; it can be undeleted.

        id: Pipeline.
        """
        return self._transport.call(
            _DELETE,
            models.Pipeline,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Pipeline:
        """Returns one pipeline.

        id: Pipeline.
        """
        return self._transport.call(_GET, models.Pipeline, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.PipelinePatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Pipeline:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Pipeline,
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
    ) -> models.Pipeline:
        """Takes a pipeline back out of the bin.

        id: Pipeline.
        """
        return self._transport.call(
            _UNDELETE,
            models.Pipeline,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def get_deal_board(
        self,
        pipeline_id: str,
        *,
        filter: str | None = None,
        order_by: str | None = None,
        deals_per_stage: int | None = None,
        closed: bool | None = None,
        timeout_s: float | None = None,
    ) -> models.DealBoard:
        """The open columns of a pipeline: how many deals each has, what they are worth, and the first of them.

        pipeline_id: Pipeline.
        filter: Filter in the one filter language.
        order_by: Order within a column; newest in the stage first where not given.
        deals_per_stage: Deals of each column in the answer; 25 where unset. ListDeals gives more, with a filter by stage.
        closed: Columns of won and lost deals too, with those of the last 90 days.
        """
        return self._transport.call(
            _GET_DEAL_BOARD,
            models.DealBoard,
            {"pipeline_id": pipeline_id},
            Sent(
                query={"filter": filter, "order_by": order_by, "deals_per_stage": deals_per_stage, "closed": closed},
                timeout_s=timeout_s,
            ),
        )
