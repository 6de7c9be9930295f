"""Methods of stages. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("stages.list", "GET", "/v1/stages")
_CREATE = Operation("stages.create", "POST", "/v1/stages", keyed=True)
_DELETE = Operation("stages.delete", "DELETE", "/v1/stages/{id}", keyed=True)
_GET = Operation("stages.get", "GET", "/v1/stages/{id}")
_UPDATE = Operation("stages.update", "PATCH", "/v1/stages/{id}", keyed=True)
_UNDELETE = Operation("stages.undelete", "POST", "/v1/stages/{id}:undelete", keyed=True)


class StagesApi:
    """A step of a pipeline: the methods."""

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
    ) -> Pages[models.Stage, models.ListStagesResponse]:
        """Lists stages.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListStagesResponse:
            return self._transport.call(
                _LIST,
                models.ListStagesResponse,
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

        return Pages(fetch, lambda page: page.stages, page_token or "")

    def create(
        self, body: inputs.StageInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Stage:
        """Creates a stage."""
        return self._transport.call(
            _CREATE, models.Stage, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Stage:
        """Moves a stage to the bin; it can be undeleted.

        id: Stage.
        """
        return self._transport.call(
            _DELETE,
            models.Stage,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Stage:
        """Returns one stage.

        id: Stage.
        """
        return self._transport.call(_GET, models.Stage, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.StagePatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Stage:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Stage,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.Stage:
        """Takes a stage back out of the bin.

        id: Stage.
        """
        return self._transport.call(
            _UNDELETE,
            models.Stage,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
