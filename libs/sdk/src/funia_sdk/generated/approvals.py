"""Methods of approvals. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from typing import Literal

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("approvals.list", "GET", "/v1/approvals")
_GET = Operation("approvals.get", "GET", "/v1/approvals/{id}")
_APPROVE = Operation("approvals.approve", "POST", "/v1/approvals/{id}:approve", keyed=True)
_DELEGATE = Operation("approvals.delegate", "POST", "/v1/approvals/{id}:delegate", keyed=True)
_RECALL = Operation("approvals.recall", "POST", "/v1/approvals/{id}:recall", keyed=True)
_REJECT = Operation("approvals.reject", "POST", "/v1/approvals/{id}:reject", keyed=True)


class ApprovalsApi:
    """What waits, for whom, and what was decided. Only people decide, and nobody about what he asked for
    himself.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        view: Literal["waiting", "mine", "decided", "all"] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        record_id: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.Approval, models.ListApprovalsResponse]:
        """Lists approvals, newest first. Those of others are listed for administrators.

        view: "waiting" for what waits for the caller, "mine" for what the caller asked for, "decided" for what the caller decided about, "all" for all of the company; "waiting" where not given.
        page_size: Most approvals in the answer; 50 where not given.
        page_token: Where to go on.
        record_id: Only those about this record.
        """

        def fetch(token: str) -> models.ListApprovalsResponse:
            return self._transport.call(
                _LIST,
                models.ListApprovalsResponse,
                {},
                Sent(
                    query={"view": view, "page_size": page_size, "page_token": token or None, "record_id": record_id},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.approvals, page_token or "")

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Approval:
        """Returns one approval, with what was decided: to who asked, who may decide or did, and administrators.

        id: Approval.
        """
        return self._transport.call(_GET, models.Approval, {"id": id}, Sent(timeout_s=timeout_s))

    def approve(
        self,
        id: str,
        *,
        reason: str | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Approval:
        """Agrees. After the last step the operation runs exactly as it was asked for.

        id: Approval.
        reason: What is said to it.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _APPROVE,
            models.Approval,
            {"id": id},
            Sent(
                body=given({"reason": reason, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def delegate(
        self,
        id: str,
        *,
        user_id: str,
        reason: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Approval:
        """Lets somebody else decide this step: by whom it waits for, or an administrator.

        id: Approval.
        user_id: Who decides instead.
        reason: Why.
        """
        return self._transport.call(
            _DELEGATE,
            models.Approval,
            {"id": id},
            Sent(
                body=given({"user_id": user_id, "reason": reason}), idempotency_key=idempotency_key, timeout_s=timeout_s
            ),
        )

    def recall(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.Approval:
        """Takes back what the caller asked for himself. It ends.

        id: Approval.
        """
        return self._transport.call(
            _RECALL,
            models.Approval,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def reject(
        self,
        id: str,
        *,
        reason: str,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Approval:
        """Does not agree. It ends.

        id: Approval.
        reason: Why not.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _REJECT,
            models.Approval,
            {"id": id},
            Sent(
                body=given({"reason": reason, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )
