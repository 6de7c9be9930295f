"""Methods of pos sessions. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("pos_sessions.list", "GET", "/v1/pos-sessions")
_GET = Operation("pos_sessions.get", "GET", "/v1/pos-sessions/{id}")
_BEGIN_CLOSING = Operation("pos_sessions.begin_closing", "POST", "/v1/pos-sessions/{id}:beginClosing", keyed=True)
_CLOSE = Operation("pos_sessions.close", "POST", "/v1/pos-sessions/{id}:close", keyed=True)
_OPEN = Operation("pos_sessions.open", "POST", "/v1/pos-sessions/{id}:open", keyed=True)
_RESUME = Operation("pos_sessions.resume", "POST", "/v1/pos-sessions/{id}:resume", keyed=True)
_LIST_CASH_MOVEMENTS = Operation(
    "pos_sessions.list_cash_movements", "GET", "/v1/pos-sessions/{session_id}/cash-movements"
)
_ADD_CASH_MOVEMENT = Operation(
    "pos_sessions.add_cash_movement", "POST", "/v1/pos-sessions/{session_id}/cash-movements", keyed=True
)
_GET_X_REPORT = Operation("pos_sessions.get_x_report", "GET", "/v1/pos-sessions/{session_id}/x-report")
_GET_Z_REPORT = Operation("pos_sessions.get_z_report", "GET", "/v1/pos-sessions/{session_id}/z-report")
_START = Operation("pos_sessions.start", "POST", "/v1/pos-sessions:start", keyed=True)


class PosSessionsApi:
    """A stay of a drawer at a register: opening, open, closing, closed: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.PosSession, models.ListPosSessionsResponse]:
        """Lists sessions.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        """

        def fetch(token: str) -> models.ListPosSessionsResponse:
            return self._transport.call(
                _LIST,
                models.ListPosSessionsResponse,
                {},
                Sent(
                    query={"page_size": page_size, "page_token": token or None, "filter": filter, "order_by": order_by},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.pos_sessions, page_token or "")

    def get(self, id: str, *, timeout_s: float | None = None) -> models.PosSession:
        """Returns one session.

        id: Session.
        """
        return self._transport.call(_GET, models.PosSession, {"id": id}, Sent(timeout_s=timeout_s))

    def begin_closing(
        self,
        id: str,
        *,
        last_sequence: int | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.PosSession:
        """Ends selling: from here only cash is counted. Refused while sales of the till are on their way.

        id: Session.
        last_sequence: Sequence number of the last receipt that the till has made; it must have arrived.
        """
        return self._transport.call(
            _BEGIN_CLOSING,
            models.PosSession,
            {"id": id},
            Sent(body=given({"last_sequence": last_sequence}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def close(
        self,
        id: str,
        *,
        counted_minor: int | None = None,
        counts: Sequence[inputs.CashCountInput] | None = None,
        note: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ZReport:
        """Closes a session by the count of its cash and makes its Z report, once. Repeated, it answers the report
        that was made.

        id: Session.
        counted_minor: Cash counted; must agree with the counts where both are given.
        counts: How it was counted.
        note: What is to be said about the difference.
        """
        return self._transport.call(
            _CLOSE,
            models.ZReport,
            {"id": id},
            Sent(
                body=given({"counted_minor": counted_minor, "counts": counts, "note": note}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def open(
        self,
        id: str,
        *,
        opening_float_minor: int | None = None,
        counts: Sequence[inputs.CashCountInput] | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.PosSession:
        """Says what is in the drawer and opens the session for sales.

        id: Session.
        opening_float_minor: Cash in the drawer; must agree with the counts where both are given.
        counts: How it was counted.
        """
        return self._transport.call(
            _OPEN,
            models.PosSession,
            {"id": id},
            Sent(
                body=given({"opening_float_minor": opening_float_minor, "counts": counts}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def resume(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.PosSession:
        """Goes back to selling from a closing that was begun too early.

        id: Session.
        """
        return self._transport.call(
            _RESUME,
            models.PosSession,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def list_cash_movements(
        self,
        session_id: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.CashMovement, models.ListCashMovementsResponse]:
        """Cash put into the drawer or taken out, the first first.

        session_id: Session.
        page_size: Movements a page, 50 where unset.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListCashMovementsResponse:
            return self._transport.call(
                _LIST_CASH_MOVEMENTS,
                models.ListCashMovementsResponse,
                {"session_id": session_id},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.movements, page_token or "")

    def add_cash_movement(
        self,
        session_id: str,
        *,
        kind: Literal["in", "out"],
        reason: str,
        id: str | None = None,
        amount_minor: int | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.CashMovement:
        """Puts cash into the drawer or takes some out, with a reason. Repeated with the same id it changes
        nothing.

        session_id: Session.
        id: Id of the movement, made by the till, so that repeating is safe; made here where not given.
        kind: Whether cash comes in or goes out.
        amount_minor: Amount in minor units.
        reason: Why.
        """
        return self._transport.call(
            _ADD_CASH_MOVEMENT,
            models.CashMovement,
            {"session_id": session_id},
            Sent(
                body=given({"id": id, "kind": kind, "amount_minor": amount_minor, "reason": reason}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def get_x_report(self, session_id: str, *, timeout_s: float | None = None) -> models.TillReport:
        """The figures of a session as they are now; changes nothing.

        session_id: Session.
        """
        return self._transport.call(
            _GET_X_REPORT, models.TillReport, {"session_id": session_id}, Sent(timeout_s=timeout_s)
        )

    def get_z_report(self, session_id: str, *, timeout_s: float | None = None) -> models.ZReport:
        """The Z report of a closed session, as it was made.

        session_id: Session.
        """
        return self._transport.call(
            _GET_Z_REPORT, models.ZReport, {"session_id": session_id}, Sent(timeout_s=timeout_s)
        )

    def start(
        self,
        *,
        register_id: str,
        opening_float_minor: int | None = None,
        counts: Sequence[inputs.CashCountInput] | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.PosSession:
        """Begins a session at a register. With a float it is open at once, else once its float is counted
        (OpenPosSession).

        register_id: Register.
        opening_float_minor: Cash in the drawer; must agree with the counts where both are given.
        counts: How it was counted.
        """
        return self._transport.call(
            _START,
            models.PosSession,
            {},
            Sent(
                body=given({"register_id": register_id, "opening_float_minor": opening_float_minor, "counts": counts}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )
