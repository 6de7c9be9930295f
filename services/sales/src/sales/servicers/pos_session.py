"""PosSessionService at the edge: sessions at tills, cash, X and Z reports."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.records import RecordServicer
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.sales.v1 import pos_session_pb2 as pb
from funia.sales.v1.events_pb2 import PosSessionChanged

from sales.queries import tills as queries
from sales.records import SESSION
from sales.usecases import tills as rules
from sales.usecases.states import POS_SESSION
from sales.usecases.tills import CashCount

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0)


class PosSessionServicer(RecordServicer):
    """Sessions at tills. Whoever writes locks the session first and its register after it."""

    service = pb.DESCRIPTOR.services_by_name["PosSessionService"]
    resource = SESSION

    def payload(self, row: Row) -> PosSessionChanged:
        return PosSessionChanged(
            session_id=str(row.id),
            store_id=str(row.store_id),
            register_id=str(row.register_id),
            status=row.status,
            currency_code=row.currency_code,
            opening_float_minor=row.opening_float_minor,
            expected_minor=row.expected_minor or 0,
            counted_minor=row.counted_minor or 0,
            z_number=row.z_number or 0,
        )

    def StartPosSession(self, work: Work, request: pb.StartPosSessionRequest) -> pb.PosSession:
        values = rules.begin(work, UUID(request.register_id))
        verb = "started"
        if request.HasField("opening_float_minor") or request.counts:
            values |= rules.opened(work, values["status"], _stated(request, "opening_float_minor"), _counts(request))
            verb = "opened"
        row = self.store.insert(work, uuid7(), values)
        work.record_all(list(self.recorded(work, verb, row, ())))
        return self.message(work, row)  # type: ignore[no-any-return]

    def OpenPosSession(self, work: Work, request: pb.OpenPosSessionRequest) -> pb.PosSession:
        row = self.locked(work, UUID(request.id))
        given = rules.opened(work, row.status, _stated(request, "opening_float_minor"), _counts(request))
        return self.message(work, self.write(work, row, given, "opened"))  # type: ignore[no-any-return]

    def BeginClosingPosSession(self, work: Work, request: pb.BeginClosingPosSessionRequest) -> pb.PosSession:
        row = self.locked(work, UUID(request.id))
        given = {"status": POS_SESSION.after("begin closing", row.status)}
        rules.check_all_arrived(work, row, request.last_sequence)
        return self.message(work, self.write(work, row, given, "closing"))  # type: ignore[no-any-return]

    def ResumePosSession(self, work: Work, request: pb.ResumePosSessionRequest) -> pb.PosSession:
        row = self.locked(work, UUID(request.id))
        given = {"status": POS_SESSION.after("resume", row.status)}
        return self.message(work, self.write(work, row, given, "resumed"))  # type: ignore[no-any-return]

    def ClosePosSession(self, work: Work, request: pb.ClosePosSessionRequest) -> pb.ZReport:
        row = self.locked(work, UUID(request.id))
        if row.status == "closed":
            return _z_report(work, row.id)
        given, report = rules.close(
            work, row, _stated(request, "counted_minor"), _counts(request), request.note.strip()
        )
        self.write(work, row, given, "closed")
        return _z_message(report)

    def AddCashMovement(self, work: Work, request: pb.AddCashMovementRequest) -> pb.CashMovement:
        session = self.locked(work, UUID(request.session_id))
        movement, _ = rules.move_cash(
            work,
            session,
            UUID(request.id) if request.id else uuid7(),
            kind=request.kind,
            amount_minor=request.amount_minor,
            reason=request.reason.strip(),
        )
        return _movement(movement)

    def ListCashMovements(self, work: Work, request: pb.ListCashMovementsRequest) -> pb.ListCashMovementsResponse:
        session = self.found(work, UUID(request.session_id))
        size = self.pager.size(request.page_size)
        binding = ("ListCashMovements", request.session_id)
        after = _BEGINNING
        if request.page_token:
            moved_at, movement_id = self.pager.key(work.tenant_id, binding, request.page_token)
            after = datetime.fromisoformat(str(moved_at)), UUID(str(movement_id))
        rows = queries.cash_movements(work, session.id, after=after, limit=size + 1)
        token = ""
        if len(rows) > size:
            rows = rows[:size]
            token = self.pager.token(work.tenant_id, binding, [rows[-1].moved_at, rows[-1].id])
        return pb.ListCashMovementsResponse(movements=[_movement(row) for row in rows], next_page_token=token)

    def GetXReport(self, work: Work, request: pb.GetXReportRequest) -> pb.TillReport:
        session = self.found(work, UUID(request.session_id))
        if session.status == "closed":
            return _z_report(work, session.id).figures
        return _figures(asdict(rules.figures(work, session)))

    def GetZReport(self, work: Work, request: pb.GetZReportRequest) -> pb.ZReport:
        return _z_report(work, UUID(request.session_id))

    def ListZReports(self, work: Work, request: pb.ListZReportsRequest) -> pb.ListZReportsResponse:
        size = self.pager.size(request.page_size)
        binding = ("ListZReports", request.register_id)
        before = 2**62
        if request.page_token:
            before = int(str(self.pager.key(work.tenant_id, binding, request.page_token)[0]))
        rows = queries.z_reports(work, UUID(request.register_id), before=before, limit=size + 1)
        token = ""
        if len(rows) > size:
            rows = rows[:size]
            token = self.pager.token(work.tenant_id, binding, [str(rows[-1].number)])
        return pb.ListZReportsResponse(reports=[_z_message(row) for row in rows], next_page_token=token)


def _z_report(work: Work, session_id: UUID) -> pb.ZReport:
    row = queries.z_report(work, session_id)
    if row is None:
        raise NotFound(
            f"There is no Z report of a session {session_id}. It is made when the session is closed.",
            reason="Z_REPORT_NOT_FOUND",
        )
    return _z_message(row)


def _stated(request: Any, field: str) -> int | None:
    return int(getattr(request, field)) if request.HasField(field) else None


def _counts(request: Any) -> list[CashCount]:
    return [CashCount(one.value_minor, one.quantity) for one in request.counts]


def _movement(row: Row) -> pb.CashMovement:
    return pb.CashMovement(
        id=str(row.id),
        kind=row.kind,
        amount_minor=row.amount_minor,
        reason=row.reason,
        moved_at=timestamp(row.moved_at),
        moved_by=str(row.moved_by),
    )


def _z_message(row: Row) -> pb.ZReport:
    return pb.ZReport(
        number=row.number,
        register_id=str(row.register_id),
        store_id=str(row.store_id),
        figures=_figures(row.figures),
        counted_cash_minor=row.counted_minor,
        difference_minor=row.difference_minor,
        note=row.note,
        closed_at=timestamp(row.closed_at),
        closed_by=str(row.closed_by),
    )


def _figures(values: dict[str, Any]) -> pb.TillReport:
    times = {name: timestamp(datetime.fromisoformat(values[name])) for name in ("opened_at", "made_at")}
    return pb.TillReport(
        **{
            **values,
            **times,
            "taxes": [pb.TillTax(**one) for one in values["taxes"]],
            "payments": [pb.TillPayments(**one) for one in values["payments"]],
        }
    )
