"""Methods of deals. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("deals.list", "GET", "/v1/deals")
_CREATE = Operation("deals.create", "POST", "/v1/deals", keyed=True)
_GET_LINES = Operation("deals.get_lines", "GET", "/v1/deals/{deal_id}/lines")
_SET_LINES = Operation("deals.set_lines", "PUT", "/v1/deals/{deal_id}/lines", keyed=True)
_GET_PLAYBOOK = Operation("deals.get_playbook", "GET", "/v1/deals/{deal_id}/playbook")
_TICK = Operation("deals.tick", "POST", "/v1/deals/{deal_id}/playbook:tick", keyed=True)
_LIST_STAGE_HISTORY = Operation("deals.list_stage_history", "GET", "/v1/deals/{deal_id}/stage-history")
_CREATE_ORDER = Operation("deals.create_order", "POST", "/v1/deals/{deal_id}:createOrder", keyed=True)
_DELETE = Operation("deals.delete", "DELETE", "/v1/deals/{id}", keyed=True)
_GET = Operation("deals.get", "GET", "/v1/deals/{id}")
_UPDATE = Operation("deals.update", "PATCH", "/v1/deals/{id}", keyed=True)
_MOVE = Operation("deals.move", "POST", "/v1/deals/{id}:move", keyed=True)
_UNDELETE = Operation("deals.undelete", "POST", "/v1/deals/{id}:undelete", keyed=True)
_BATCH_GET = Operation("deals.batch_get", "GET", "/v1/deals:batchGet")


class DealsApi:
    """Something that may be sold: the methods."""

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
    ) -> Pages[models.Deal, models.ListDealsResponse]:
        """Lists deals.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListDealsResponse:
            return self._transport.call(
                _LIST,
                models.ListDealsResponse,
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

        return Pages(fetch, lambda page: page.deals, page_token or "")

    def create(
        self, body: inputs.DealInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Deal:
        """Creates a deal."""
        return self._transport.call(
            _CREATE, models.Deal, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def get_lines(self, deal_id: str, *, timeout_s: float | None = None) -> models.DealLines:
        """Returns the lines of a deal as they were priced.

        deal_id: Deal.
        """
        return self._transport.call(_GET_LINES, models.DealLines, {"deal_id": deal_id}, Sent(timeout_s=timeout_s))

    def set_lines(
        self,
        deal_id: str,
        *,
        lines: Sequence[inputs.LineItemInput] | None = None,
        currency_code: str | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.DealLines:
        """Replaces the lines of a deal and prices them by what holds now. The deal's amount follows, unless it was
        given by hand.

        deal_id: Deal.
        lines: Lines; none empties the deal.
        currency_code: Currency; that of the deal's amount where not given, else the company's own.
        etag: Etag of the deal last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _SET_LINES,
            models.DealLines,
            {"deal_id": deal_id},
            Sent(
                body=given({"lines": lines, "currency_code": currency_code, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def get_playbook(self, deal_id: str, *, timeout_s: float | None = None) -> models.Playbook:
        """Returns what the stage of a deal asks for, and what of it is done.

        deal_id: Deal.
        """
        return self._transport.call(_GET_PLAYBOOK, models.Playbook, {"deal_id": deal_id}, Sent(timeout_s=timeout_s))

    def tick(
        self,
        deal_id: str,
        *,
        item: str,
        done: bool | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Playbook:
        """Ticks something off, or takes the tick away.

        deal_id: Deal.
        item: Something of the checklist of the deal's stage, in its own words.
        done: Whether it is done.
        """
        return self._transport.call(
            _TICK,
            models.Playbook,
            {"deal_id": deal_id},
            Sent(body=given({"item": item, "done": done}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def list_stage_history(
        self,
        deal_id: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.StageStep, models.ListStageHistoryResponse]:
        """The stages a deal went through, the last first.

        deal_id: Deal.
        page_size: Steps a page, 50 where unset.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListStageHistoryResponse:
            return self._transport.call(
                _LIST_STAGE_HISTORY,
                models.ListStageHistoryResponse,
                {"deal_id": deal_id},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.steps, page_token or "")

    def create_order(
        self, deal_id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Order:
        """Drafts an order of a deal's lines, at the prices they have there.

        deal_id: Deal.
        """
        return self._transport.call(
            _CREATE_ORDER,
            models.Order,
            {"deal_id": deal_id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Deal:
        """Moves a deal to the bin; it can be undeleted.

        id: Deal.
        """
        return self._transport.call(
            _DELETE,
            models.Deal,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Deal:
        """Returns one deal.

        id: Deal.
        """
        return self._transport.call(_GET, models.Deal, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.DealPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Deal:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Deal,
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
        stage_id: str,
        lost_reason: str | None = None,
        lost_note: str | None = None,
        reason: str | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Deal:
        """Moves a deal to another stage. What the stage asks for and is missing is said, all at once.

        id: Deal.
        stage_id: Stage to move to.
        lost_reason: Why it was lost, for a stage that loses; one of the company's reasons.
        lost_note: What is to be said about the loss.
        reason: Why a closed deal is opened again.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _MOVE,
            models.Deal,
            {"id": id},
            Sent(
                body=given(
                    {
                        "stage_id": stage_id,
                        "lost_reason": lost_reason,
                        "lost_note": lost_note,
                        "reason": reason,
                        "etag": etag,
                    }
                ),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.Deal:
        """Takes a deal back out of the bin.

        id: Deal.
        """
        return self._transport.call(
            _UNDELETE,
            models.Deal,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetDealsResponse:
        """Returns up to 200 deals by id; ids that are unknown or not visible are left out.

        ids: Deals, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetDealsResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
