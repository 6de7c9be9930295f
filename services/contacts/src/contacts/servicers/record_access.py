"""RecordAccessService at the edge: whether others would see a record that the caller sees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from chassis.caller import Sharing, Visibility
from chassis.work import Work
from funia.contacts.v1 import record_access_pb2 as pb

from contacts.queries import record_access as queries
from contacts.queries.record_access import Looker
from contacts.usecases.activity import subject_kind


class RecordAccessServicer:
    """Judges access for identity."""

    def JudgeAccess(self, work: Work, request: pb.JudgeAccessRequest) -> pb.JudgeAccessResponse:
        record_id = UUID(request.record_id)
        kind = subject_kind(work, record_id)
        rows = queries.judge(work, kind, record_id, [_looker(one) for one in request.sights])
        judgements = []
        for row in rows:
            ways = [way for way in queries.WAYS if getattr(row, f"by_{way}")]
            judgements.append(pb.Judgement(visible=bool(ways), ways=ways, writable=bool(ways) and row.writable))
        return pb.JudgeAccessResponse(
            kind=kind,
            owner_id=str(rows[0].owner_id or ""),
            team_id=str(rows[0].team_id or ""),
            judgements=judgements,
        )


def _looker(one: pb.Sight) -> Looker:
    return Looker(
        cast(Visibility, one.visibility),
        UUID(one.actor_id),
        _ids(one.team_ids),
        _ids(one.group_ids),
        Sharing(
            owner_ids=_ids(one.ruled_owner_ids),
            team_ids=_ids(one.ruled_team_ids),
            changed_owner_ids=_ids(one.changed_owner_ids),
            changed_team_ids=_ids(one.changed_team_ids),
        ),
        UUID(one.opened_id) if one.opened_id else None,
    )


def _ids(texts: Iterable[str]) -> tuple[UUID, ...]:
    return tuple(UUID(one) for one in texts)
