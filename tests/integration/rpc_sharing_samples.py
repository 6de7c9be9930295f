"""Sample requests for sharing by rules and by hand."""

from __future__ import annotations

from uuid import uuid4

from funia.contacts.v1 import record_share_pb2 as shares
from funia.identity.v1 import sharing_rule_pb2 as rules
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from rpc_world import Sample, World

_RULE = "/funia.identity.v1.SharingRuleService"
_SHARE = "/funia.contacts.v1.RecordShareService"


def _new_rule(world: World) -> rules.CreateSharingRuleRequest:
    wanted = rules.SharingRule(
        name=world.mark,
        source_kind="team",
        source_id=world.team(),
        grantee_kind="role",
        grantee_id="seller",
        level="read",
    )
    return rules.CreateSharingRuleRequest(sharing_rule=wanted)


def _rule(world: World) -> str:
    """A fresh sharing rule."""
    made = world.call("identity.v1.SharingRuleService", "CreateSharingRule", _new_rule(world))
    return str(made.id)  # type: ignore[attr-defined]


def _new_share(record_id: str) -> shares.ShareRecordRequest:
    share = shares.RecordShare(grantee_kind="user", grantee_id=str(uuid4()), level="read")
    return shares.ShareRecordRequest(record_id=record_id, share=share)


def _unshared(world: World) -> Message:
    wanted = _new_share(world.contact())
    world.call("contacts.v1.RecordShareService", "ShareRecord", wanted)
    return shares.UnshareRecordRequest(record_id=wanted.record_id, grantee_id=wanted.share.grantee_id)


SHARING_SAMPLES: dict[str, Sample] = {
    f"{_RULE}/ListSharingRules": Sample(lambda _: rules.ListSharingRulesRequest(), ours=True),
    f"{_RULE}/GetSharingRule": Sample(lambda w: rules.GetSharingRuleRequest(id=_rule(w))),
    f"{_RULE}/CreateSharingRule": Sample(_new_rule),
    f"{_RULE}/UpdateSharingRule": Sample(
        lambda w: rules.UpdateSharingRuleRequest(
            sharing_rule=rules.SharingRule(id=_rule(w), level="write"), update_mask=FieldMask(paths=["level"])
        )
    ),
    f"{_RULE}/DeleteSharingRule": Sample(lambda w: rules.DeleteSharingRuleRequest(id=_rule(w)), answers=False),
    f"{_SHARE}/ListRecordShares": Sample(lambda w: shares.ListRecordSharesRequest(record_id=w.contact())),
    f"{_SHARE}/ShareRecord": Sample(lambda w: _new_share(w.contact())),
    f"{_SHARE}/UnshareRecord": Sample(_unshared, answers=False),
}
