"""The peer's sharing rules and shares by hand."""

from __future__ import annotations

import uuid
from typing import Any

from chassis.errors import Conflict
from funia.contacts.v1 import record_share_pb2 as share_pb
from funia.contacts.v1 import record_share_pb2_grpc
from funia.identity.v1 import sharing_rule_pb2 as rule_pb
from funia.identity.v1 import sharing_rule_pb2_grpc


def serve_sharing(peer: Any) -> None:
    """Adds both services to the peer's server."""
    rules, shares = peer.wrap(RulePeer(peer)), peer.wrap(SharePeer(peer))
    sharing_rule_pb2_grpc.add_SharingRuleServiceServicer_to_server(rules, peer.server)
    record_share_pb2_grpc.add_RecordShareServiceServicer_to_server(shares, peer.server)


class RulePeer(sharing_rule_pb2_grpc.SharingRuleServiceServicer):
    """Rules of the company."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer

    def ListSharingRules(self, request: Any, context: Any) -> Any:
        return rule_pb.ListSharingRulesResponse(sharing_rules=self.peer.company(context).rules.values())

    def CreateSharingRule(self, request: Any, context: Any) -> Any:
        rules, asked = self.peer.company(context).rules, request.sharing_rule
        if any((one.source_id, one.grantee_id) == (asked.source_id, asked.grantee_id) for one in rules.values()):
            raise Conflict("there", reason="SHARING_RULE_EXISTS")
        rule = rule_pb.SharingRule(id=str(uuid.uuid4()), etag="1")
        rule.MergeFrom(asked)
        return rules.setdefault(rule.id, rule)

    def UpdateSharingRule(self, request: Any, context: Any) -> Any:
        rule = self.peer.company(context).rules[request.sharing_rule.id]
        request.update_mask.MergeMessage(request.sharing_rule, rule, True, True)
        return rule

    def DeleteSharingRule(self, request: Any, context: Any) -> Any:
        del self.peer.company(context).rules[request.id]
        return rule_pb.DeleteSharingRuleResponse()


class SharePeer(record_share_pb2_grpc.RecordShareServiceServicer):
    """Shares of the company's records, held by everybody who asks."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer

    def ListRecordShares(self, request: Any, context: Any) -> Any:
        shares = self.peer.company(context).shares
        mine = [one for (record_id, _), one in shares.items() if record_id == request.record_id]
        return share_pb.ListRecordSharesResponse(shares=mine, level="hold")

    def ShareRecord(self, request: Any, context: Any) -> Any:
        shares = self.peer.company(context).shares
        shares[request.record_id, request.share.grantee_id] = request.share
        return request.share

    def UnshareRecord(self, request: Any, context: Any) -> Any:
        del self.peer.company(context).shares[request.record_id, request.grantee_id]
        return share_pb.UnshareRecordResponse()
