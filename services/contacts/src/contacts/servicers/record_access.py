"""RecordAccessService at the edge: whether others would see a record that the caller sees."""

from __future__ import annotations

from uuid import UUID

from chassis.record_access import looker, ways_of
from chassis.work import Work
from funia.contacts.v1 import record_access_pb2 as pb

from contacts.queries import record_access as queries
from contacts.usecases.activity import subject_kind


class RecordAccessServicer:
    """Judges access for identity."""

    def JudgeAccess(self, work: Work, request: pb.JudgeAccessRequest) -> pb.JudgeAccessResponse:
        record_id = UUID(request.record_id)
        kind = subject_kind(work, record_id)
        rows = queries.judge(work, kind, record_id, [looker(one) for one in request.sights])
        judgements = []
        for row in rows:
            ways = ways_of(row)
            judgements.append(pb.Judgement(visible=bool(ways), ways=ways, writable=bool(ways) and row.writable))
        return pb.JudgeAccessResponse(
            kind=kind,
            owner_id=str(rows[0].owner_id or ""),
            team_id=str(rows[0].team_id or ""),
            judgements=judgements,
        )
