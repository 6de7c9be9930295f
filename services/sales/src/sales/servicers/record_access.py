"""SalesRecordAccessService at the edge: whether others would see a deal or a lead that the caller sees."""

from __future__ import annotations

from uuid import UUID

from chassis.record_access import looker, ways_of
from chassis.work import Work
from funia.contacts.v1.record_access_pb2 import Judgement
from funia.sales.v1 import record_access_pb2 as pb

from sales.queries import record_access as queries
from sales.records import DEALS, LEADS
from sales.usecases.record_sharing import missing


class SalesRecordAccessServicer:
    """Judges access for identity."""

    service = pb.DESCRIPTOR.services_by_name["SalesRecordAccessService"]

    def JudgeSalesAccess(self, work: Work, request: pb.JudgeSalesAccessRequest) -> pb.JudgeSalesAccessResponse:
        record_id = UUID(request.record_id)
        seen = (kind for kind, store in (("deal", DEALS), ("lead", LEADS)) if store.get(work, record_id) is not None)
        kind = next(seen, None)
        if kind is None:
            raise missing(record_id)
        rows = queries.judge(work, kind, record_id, [looker(one) for one in request.sights])
        judgements = []
        for row in rows:
            ways = ways_of(row)
            judgements.append(Judgement(visible=bool(ways), ways=ways, writable=bool(ways) and row.writable))
        return pb.JudgeSalesAccessResponse(
            kind=kind,
            owner_id=str(rows[0].owner_id or ""),
            team_id=str(rows[0].team_id or ""),
            judgements=judgements,
        )
