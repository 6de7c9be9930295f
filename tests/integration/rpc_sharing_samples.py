"""Sample requests for sharing by rules and by hand."""

from __future__ import annotations

from uuid import uuid4

from funia.contacts.v1 import record_access_pb2 as access
from funia.contacts.v1 import record_share_pb2 as shares
from funia.identity.v1 import sharing_rule_pb2 as rules
from funia.sales.v1 import record_access_pb2 as sales_access
from funia.sales.v1 import record_share_pb2 as sales_shares
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from rpc_sales_samples import made_deal
from rpc_world import Sample, World

_RULE = "/funia.identity.v1.SharingRuleService"
_SHARE = "/funia.contacts.v1.RecordShareService"
_SALES_SHARE = "/funia.sales.v1.SalesRecordShareService"


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


def _new_sales_share(record_id: str) -> sales_shares.ShareSalesRecordRequest:
    share = shares.RecordShare(grantee_kind="user", grantee_id=str(uuid4()), level="read")
    return sales_shares.ShareSalesRecordRequest(record_id=record_id, share=share)


def _unshared_deal(world: World) -> Message:
    wanted = _new_sales_share(made_deal(world).id)
    world.call("sales.v1.SalesRecordShareService", "ShareSalesRecord", wanted)
    return sales_shares.UnshareSalesRecordRequest(record_id=wanted.record_id, grantee_id=wanted.share.grantee_id)


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
    f"{_SALES_SHARE}/ListSalesRecordShares": Sample(
        lambda w: sales_shares.ListSalesRecordSharesRequest(record_id=made_deal(w).id)
    ),
    f"{_SALES_SHARE}/ShareSalesRecord": Sample(lambda w: _new_sales_share(made_deal(w).id)),
    f"{_SALES_SHARE}/UnshareSalesRecord": Sample(_unshared_deal, answers=False),
    "/funia.sales.v1.SalesRecordAccessService/JudgeSalesAccess": Sample(
        lambda w: sales_access.JudgeSalesAccessRequest(
            record_id=made_deal(w).id,
            sights=[access.Sight(visibility="all", actor_id="00000000-0000-0000-0000-000000000001")],
        )
    ),
}
