"""RecordAccessService at the edge: whether others would see a record that the caller sees."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from chassis.caller import Visibility
from chassis.work import Work
from funia.contacts.v1 import record_access_pb2 as pb

from contacts.queries import record_access as queries
from contacts.queries.record_access import Sight
from contacts.usecases.activity import subject_kind


class RecordAccessServicer:
    """Judges access for identity."""

    def JudgeAccess(self, work: Work, request: pb.JudgeAccessRequest) -> pb.JudgeAccessResponse:
        record_id = UUID(request.record_id)
        kind = subject_kind(work, record_id)
        sights = [
            Sight(cast(Visibility, one.visibility), UUID(one.actor_id), tuple(UUID(team) for team in one.team_ids))
            for one in request.sights
        ]
        rows = queries.judge(work, kind, record_id, sights)
        judgements = []
        for row in rows:
            ways = [way for way in queries.WAYS if getattr(row, f"by_{way}")]
            judgements.append(pb.Judgement(visible=bool(ways), ways=ways))
        return pb.JudgeAccessResponse(
            kind=kind,
            owner_id=str(rows[0].owner_id or ""),
            team_id=str(rows[0].team_id or ""),
            judgements=judgements,
        )
