"""Methods of registers. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("registers.list", "GET", "/v1/registers")
_CREATE = Operation("registers.create", "POST", "/v1/registers", keyed=True)
_DELETE = Operation("registers.delete", "DELETE", "/v1/registers/{id}", keyed=True)
_GET = Operation("registers.get", "GET", "/v1/registers/{id}")
_UPDATE = Operation("registers.update", "PATCH", "/v1/registers/{id}", keyed=True)
_UNDELETE = Operation("registers.undelete", "POST", "/v1/registers/{id}:undelete", keyed=True)
_GRANT_TILL_DISCOUNT = Operation("registers.grant_till_discount", "POST", "/v1/registers/{register_id}/discount-grants")
_SYNC_TILL = Operation("registers.sync_till", "GET", "/v1/registers/{register_id}/sync")
_POST_TILL_ORDERS = Operation(
    "registers.post_till_orders", "POST", "/v1/registers/{register_id}/till-orders", keyed=True
)
_LIST_TILL_RECEIPTS = Operation("registers.list_till_receipts", "GET", "/v1/registers/{register_id}/till-receipts")
_POST_TILL_RETURN = Operation(
    "registers.post_till_return", "POST", "/v1/registers/{register_id}/till-returns", keyed=True
)
_LIST_Z_REPORTS = Operation("registers.list_z_reports", "GET", "/v1/registers/{register_id}/z-reports")
_BATCH_GET = Operation("registers.batch_get", "GET", "/v1/registers:batchGet")


class RegistersApi:
    """A till: one drawer, one sequence of receipts: the methods."""

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
    ) -> Pages[models.Register, models.ListRegistersResponse]:
        """Lists registers.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListRegistersResponse:
            return self._transport.call(
                _LIST,
                models.ListRegistersResponse,
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

        return Pages(fetch, lambda page: page.registers, page_token or "")

    def create(
        self, body: inputs.RegisterInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Register:
        """Creates a register."""
        return self._transport.call(
            _CREATE, models.Register, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Register:
        """Moves a register to the bin; it can be undeleted.

        id: Register.
        """
        return self._transport.call(
            _DELETE,
            models.Register,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Register:
        """Returns one register.

        id: Register.
        """
        return self._transport.call(_GET, models.Register, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.RegisterPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Register:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Register,
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
    ) -> models.Register:
        """Takes a register back out of the bin.

        id: Register.
        """
        return self._transport.call(
            _UNDELETE,
            models.Register,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def grant_till_discount(
        self, register_id: str, *, till_order_id: str, timeout_s: float | None = None
    ) -> models.TillDiscountGrant:
        """Gives leave for one sale to go beyond the discount policy. The till sends the word with the order.

        register_id: Register.
        till_order_id: The sale, by the id that the till will give it.
        """
        return self._transport.call(
            _GRANT_TILL_DISCOUNT,
            models.TillDiscountGrant,
            {"register_id": register_id},
            Sent(body=given({"till_order_id": till_order_id}), timeout_s=timeout_s),
        )

    def sync_till(
        self,
        register_id: str,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        timeout_s: float | None = None,
    ) -> models.SyncTillResponse:
        """The catalogue as this till sells it, page by page, and from then on what has changed since. Where prices
        or branches of the catalogue have changed, or a day has begun, everything comes anew.

        register_id: Register.
        cursor: Cursor of the last answer; empty at the start.
        page_size: Items a page, 500 where unset.
        """
        return self._transport.call(
            _SYNC_TILL,
            models.SyncTillResponse,
            {"register_id": register_id},
            Sent(query={"cursor": cursor, "page_size": page_size}, timeout_s=timeout_s),
        )

    def post_till_orders(
        self,
        register_id: str,
        *,
        orders: Sequence[inputs.TillOrderInput],
        check_only: bool | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.PostTillOrdersResponse:
        """Keeps what a till has sold, one by one in the till's order, each exactly once however often it is sent.
        What was sold is taken as it was sold; where prices, stock or leave say otherwise the receipt is
        flagged. Stops at the first that cannot be taken and says why.

        register_id: Register.
        orders: What it has sold, in its order.
        check_only: Only say whether the first would be taken as strict; nothing is kept.
        """
        return self._transport.call(
            _POST_TILL_ORDERS,
            models.PostTillOrdersResponse,
            {"register_id": register_id},
            Sent(
                body=given({"orders": orders, "check_only": check_only}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def list_till_receipts(
        self,
        register_id: str,
        *,
        session_id: str | None = None,
        flagged: bool | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.TillReceipt, models.ListTillReceiptsResponse]:
        """Receipts of a register or of one session, the last first, without their lines.

        register_id: Register.
        session_id: Only those of this session.
        flagged: Only those with a flag.
        page_size: Receipts a page, 50 where unset.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListTillReceiptsResponse:
            return self._transport.call(
                _LIST_TILL_RECEIPTS,
                models.ListTillReceiptsResponse,
                {"register_id": register_id},
                Sent(
                    query={
                        "session_id": session_id,
                        "flagged": flagged,
                        "page_size": page_size,
                        "page_token": token or None,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.receipts, page_token or "")

    def post_till_return(
        self,
        register_id: str,
        *,
        id: str,
        session_id: str,
        order_id: str,
        lines: Sequence[inputs.TillReturnLineInput],
        reason: str,
        sequence: int | None = None,
        method: Literal["cash", "card", "transfer", "other"] | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.TillReceipt:
        """Takes goods of an order back at the till and gives the money back, with a receipt; once under the same
        id.

        register_id: Register.
        id: Made by the till: the id of the receipt and of the return. Sent again, it changes nothing.
        session_id: Session.
        sequence: Place in the till's own order.
        order_id: Order of which goods come back.
        lines: What comes back.
        reason: Why.
        method: How the money is given back; the way it came, payment by payment, where not given.
        """
        return self._transport.call(
            _POST_TILL_RETURN,
            models.TillReceipt,
            {"register_id": register_id},
            Sent(
                body=given(
                    {
                        "id": id,
                        "session_id": session_id,
                        "sequence": sequence,
                        "order_id": order_id,
                        "lines": lines,
                        "reason": reason,
                        "method": method,
                    }
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def list_z_reports(
        self,
        register_id: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.ZReport, models.ListZReportsResponse]:
        """Z reports of a register, the last first.

        register_id: Register.
        page_size: Reports a page, 50 where unset.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListZReportsResponse:
            return self._transport.call(
                _LIST_Z_REPORTS,
                models.ListZReportsResponse,
                {"register_id": register_id},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.reports, page_token or "")

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetRegistersResponse:
        """Returns up to 200 registers by id; ids that are unknown or not visible are left out.

        ids: Registers, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetRegistersResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
