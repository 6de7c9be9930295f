"""SharingRuleService: what is shown beyond roles."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work
from funia.identity.v1 import sharing_rule_pb2 as pb

from gateway.identity import wire
from gateway.identity.servicers.masking import masked
from gateway.identity.usecases import sharing_rules
from gateway.identity.usecases.sharing_rules import RuleDraft, SharingBounds


class SharingRuleServicer:
    """Carries the RPCs out, each inside the work the frame opened."""

    def __init__(self, bounds: SharingBounds) -> None:
        self._bounds = bounds

    def ListSharingRules(self, work: Work, _request: pb.ListSharingRulesRequest) -> pb.ListSharingRulesResponse:
        return pb.ListSharingRulesResponse(sharing_rules=[wire.sharing_rule(row) for row in sharing_rules.every(work)])

    def GetSharingRule(self, work: Work, request: pb.GetSharingRuleRequest) -> pb.SharingRule:
        return wire.sharing_rule(sharing_rules.get(work, UUID(request.id)))

    def CreateSharingRule(self, work: Work, request: pb.CreateSharingRuleRequest) -> pb.SharingRule:
        asked = request.sharing_rule
        draft = RuleDraft(
            asked.name, asked.source_kind, UUID(asked.source_id), asked.grantee_kind, asked.grantee_id, asked.level
        )
        return wire.sharing_rule(sharing_rules.create(work, draft, self._bounds))

    def UpdateSharingRule(self, work: Work, request: pb.UpdateSharingRuleRequest) -> pb.SharingRule:
        values = masked(request.sharing_rule, request.update_mask, sharing_rules.RULE_FIELDS)
        row = sharing_rules.change(work, UUID(request.sharing_rule.id), values, etag=request.etag)
        return wire.sharing_rule(row)

    def DeleteSharingRule(self, work: Work, request: pb.DeleteSharingRuleRequest) -> pb.DeleteSharingRuleResponse:
        sharing_rules.delete(work, UUID(request.id))
        return pb.DeleteSharingRuleResponse()
