"""BreakGlassService: openings by break-glass."""

from __future__ import annotations

from uuid import UUID

from chassis.paging import Pager
from chassis.server import Call
from chassis.work import Row, Work
from funia.identity.v1 import break_glass_pb2 as pb

from gateway.identity.queries import break_glass as queries
from gateway.identity.usecases import break_glass
from gateway.identity.usecases.break_glass import Asked, BreakGlasses

_LIST = ("identity", "break-glasses")


class BreakGlassServicer:
    """Carries the RPCs out."""

    def __init__(self, glasses: BreakGlasses, pager: Pager) -> None:
        self._glasses = glasses
        self._pager = pager

    def OpenBreakGlass(self, call: Call, request: pb.OpenBreakGlassRequest) -> pb.BreakGlass:
        record_id = UUID(request.record_id) if request.record_id else None
        asked = Asked(" ".join(request.reason.split()), request.minutes, record_id)
        return _message(self._glasses.open_proven(call.caller, asked, request.password, request.code))

    def EndBreakGlass(self, work: Work, request: pb.EndBreakGlassRequest) -> pb.BreakGlass:
        return _message(self._glasses.end(work, UUID(request.id)))

    def GetBreakGlass(self, work: Work, request: pb.GetBreakGlassRequest) -> pb.BreakGlass:
        return _message(break_glass.get(work, UUID(request.id)))

    def ListBreakGlasses(self, work: Work, request: pb.ListBreakGlassesRequest) -> pb.ListBreakGlassesResponse:
        size = self._pager.size(request.page_size)
        before_id = None
        if request.page_token:
            before_id = UUID(str(self._pager.key(work.tenant_id, _LIST, request.page_token)[0]))
        rows = queries.page(work, limit=size + 1, before_id=before_id)
        token = self._pager.token(work.tenant_id, _LIST, [rows[size - 1].id]) if len(rows) > size else ""
        return pb.ListBreakGlassesResponse(break_glasses=[_message(row) for row in rows[:size]], next_page_token=token)


def _message(row: Row) -> pb.BreakGlass:
    message = pb.BreakGlass(
        id=str(row.id),
        user_id=str(row.user_id),
        reason=row.reason,
        record_id=str(row.record_id or ""),
        client_id=row.client_id,
        ended_for=row.ended_for,
        calls=row.calls,
    )
    for name in ("opened_at", "expires_at", "ended_at"):
        moment = getattr(row, name)
        if moment is not None:
            getattr(message, name).FromDatetime(moment)
    return message
