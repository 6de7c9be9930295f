"""Methods of registers. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("registers.list", "GET", "/v1/registers")
_CREATE = Operation("registers.create", "POST", "/v1/registers", keyed=True)
_DELETE = Operation("registers.delete", "DELETE", "/v1/registers/{id}", keyed=True)
_GET = Operation("registers.get", "GET", "/v1/registers/{id}")
_UPDATE = Operation("registers.update", "PATCH", "/v1/registers/{id}", keyed=True)
_UNDELETE = Operation("registers.undelete", "POST", "/v1/registers/{id}:undelete", keyed=True)
_SYNC_TILL = Operation("registers.sync_till", "GET", "/v1/registers/{register_id}/sync")
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
