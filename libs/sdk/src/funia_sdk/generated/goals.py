"""Methods of goals. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("goals.list", "GET", "/v1/goals")
_CREATE = Operation("goals.create", "POST", "/v1/goals", keyed=True)
_DELETE = Operation("goals.delete", "DELETE", "/v1/goals/{id}", keyed=True)
_GET = Operation("goals.get", "GET", "/v1/goals/{id}")
_UPDATE = Operation("goals.update", "PATCH", "/v1/goals/{id}", keyed=True)
_UNDELETE = Operation("goals.undelete", "POST", "/v1/goals/{id}:undelete", keyed=True)


class GoalsApi:
    """What somebody is to reach in a month or a quarter: the methods."""

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
    ) -> Pages[models.Goal, models.ListGoalsResponse]:
        """Lists goals.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListGoalsResponse:
            return self._transport.call(
                _LIST,
                models.ListGoalsResponse,
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

        return Pages(fetch, lambda page: page.goals, page_token or "")

    def create(
        self, body: inputs.GoalInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Goal:
        """Creates a goal."""
        return self._transport.call(
            _CREATE, models.Goal, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Goal:
        """Moves a goal to the bin; it can be undeleted.

        id: Goal.
        """
        return self._transport.call(
            _DELETE,
            models.Goal,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Goal:
        """Returns one goal.

        id: Goal.
        """
        return self._transport.call(_GET, models.Goal, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.GoalPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Goal:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Goal,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.Goal:
        """Takes a goal back out of the bin.

        id: Goal.
        """
        return self._transport.call(
            _UNDELETE,
            models.Goal,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
