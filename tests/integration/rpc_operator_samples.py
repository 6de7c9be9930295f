"""Sample requests for operators of the platform. No company gets their scope, so every one is refused."""

from __future__ import annotations

from funia.identity.v1 import operator_pb2 as pb
from rpc_world import Sample

_SERVICE = "/funia.identity.v1.OperatorService"
_REFUSED = "MISSING_SCOPE"

OPERATOR_SAMPLES: dict[str, Sample] = {
    f"{_SERVICE}/ListPlacements": Sample(lambda _: pb.ListPlacementsRequest(), ours=True, refused=_REFUSED),
    f"{_SERVICE}/ListOperatedTenants": Sample(lambda _: pb.ListOperatedTenantsRequest(), ours=True, refused=_REFUSED),
    f"{_SERVICE}/GetOperatedPlan": Sample(
        lambda w: pb.GetOperatedPlanRequest(tenant_id=w.owner.tenant_id), ours=True, refused=_REFUSED
    ),
    f"{_SERVICE}/GivePlan": Sample(
        lambda w: pb.GivePlanRequest(tenant_id=w.owner.tenant_id, plan="free"), ours=True, refused=_REFUSED
    ),
}
