"""AccessService: why people see a record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.paging import Pager
from chassis.server import Call
from funia.identity.v1 import access_pb2 as pb

from gateway.identity.queries import user as users
from gateway.identity.usecases import access
from gateway.identity.usecases.access import Explanation, Judge

_LIST = "ListRecordViewers"
_ASKED_MAX = 199
"""People judged in one call, beside the caller."""


class AccessServicer:
    """Carries the RPCs out. Each opens its own work, since it asks the service that owns the record in between."""

    def __init__(self, judge: Judge, pager: Pager) -> None:
        self._judge = judge
        self._pager = pager

    def ExplainAccess(self, call: Call, request: pb.ExplainAccessRequest) -> pb.AccessExplanation:
        user_id, record_id = UUID(request.user_id), UUID(request.record_id)
        access.check_person(call.database, call.caller, user_id)
        [explained] = access.explain(call.database, self._judge, call.caller, record_id, [user_id])
        return _message(explained, request.record_id)

    def ListRecordViewers(self, call: Call, request: pb.ListRecordViewersRequest) -> pb.ListRecordViewersResponse:
        size = min(self._pager.size(request.page_size), _ASKED_MAX)
        binding = (_LIST, request.record_id)
        after = None
        if request.page_token:
            created_at, user_id = self._pager.key(call.caller.tenant_id, binding, request.page_token)
            after = (datetime.fromisoformat(str(created_at)), UUID(str(user_id)))
        with call.database.open_work(call.caller, read_only=True) as work:
            people = users.page(work, limit=size + 1, after=after)
        more, people = len(people) > size, people[:size]
        explained = access.explain(
            call.database, self._judge, call.caller, UUID(request.record_id), [one.user_id for one in people]
        )
        token = ""
        if more:
            token = self._pager.token(call.caller.tenant_id, binding, [people[-1].created_at, people[-1].user_id])
        return pb.ListRecordViewersResponse(
            viewers=[_message(one, request.record_id) for one in explained if one.sees], next_page_token=token
        )


def _message(one: Explanation, record_id: str) -> pb.AccessExplanation:
    return pb.AccessExplanation(
        user_id=str(one.user_id),
        record_id=record_id,
        record_kind=one.kind,
        sees=one.sees,
        changes=one.changes,
        steps=[
            pb.AccessStep(
                code=step.code,
                holds=step.holds,
                role=step.role,
                scope=step.scope,
                team_path=[str(team) for team in step.team_path],
                sharing_rule_ids=step.rule_ids,
                break_glass_id=step.glass_id,
                break_glass_reason=step.glass_reason,
            )
            for step in one.steps
        ],
        hidden_fields=one.hidden,
        read_only_fields=one.read_only,
    )
