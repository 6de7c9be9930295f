"""OperatorService: placements, companies and their plans, for operators of the platform."""

from __future__ import annotations

from uuid import UUID

from chassis.errors import invalid_field
from chassis.paging import Pager
from chassis.server import Call
from funia.identity.v1 import operator_pb2 as pb
from funia.identity.v1 import plan_pb2

from gateway.identity.servicers.plan import plan_message
from gateway.identity.usecases.operated_companies import OperatedCompanies
from gateway.operating import OperatorDesk, placements_of

_LIST = ("identity", "operated-tenants")


class OperatorServicer:
    """Carries the RPCs out. The scope is the whole check: only an operator's session has it."""

    def __init__(self, companies: OperatedCompanies, desk: OperatorDesk, pager: Pager) -> None:
        self._companies = companies
        self._desk = desk
        self._pager = pager

    def ListPlacements(self, _call: Call, _request: pb.ListPlacementsRequest) -> pb.ListPlacementsResponse:
        found = placements_of(self._companies.placed(), self._desk.signs())
        return pb.ListPlacementsResponse(
            placements=[
                pb.Placement(
                    name=one.name,
                    tenants=one.tenants,
                    sandboxes=one.sandboxes,
                    health=[pb.PlacementHealth(service=name, state=state) for name, state in one.health.items()],
                )
                for one in found
            ]
        )

    def ListOperatedTenants(self, call: Call, request: pb.ListOperatedTenantsRequest) -> pb.ListOperatedTenantsResponse:
        size = self._pager.size(request.page_size)
        binding, tenant_id = (*_LIST, request.placement), call.caller.tenant_id
        after = None
        if request.page_token:
            after = UUID(str(self._pager.key(tenant_id, binding, request.page_token)[0]))
        rows = self._companies.page(after=after, limit=size + 1, placement=request.placement)
        plans = self._companies.plans_of([row.tenant_id for row in rows])
        answer = pb.ListOperatedTenantsResponse()
        for row in rows[:size]:
            one = answer.tenants.add(
                id=str(row.tenant_id),
                status=row.status,
                placement=row.placement,
                plan=plans.get(row.tenant_id, ""),
                sandbox_of=str(row.sandbox_of or ""),
            )
            one.created_at.FromDatetime(row.created_at)
        if len(rows) > size:
            answer.next_page_token = self._pager.token(tenant_id, binding, [rows[size - 1].tenant_id])
        return answer

    def GetOperatedPlan(self, _call: Call, request: pb.GetOperatedPlanRequest) -> pb.OperatedPlan:
        return self._plan(UUID(request.tenant_id))

    def GivePlan(self, _call: Call, request: pb.GivePlanRequest) -> pb.OperatedPlan:
        tenant_id = UUID(request.tenant_id)
        own: dict[str, int | None] = {}
        for number, limit in enumerate(request.own_limits):
            if limit.name in own:
                raise invalid_field(f"own_limits[{number}].name", "this limit is named twice", reason="NAMED_TWICE")
            own[limit.name] = limit.most if limit.HasField("most") else None
        self._companies.give_plan(tenant_id, request.plan, own)
        return self._plan(tenant_id)

    def _plan(self, tenant_id: UUID) -> pb.OperatedPlan:
        found = self._companies.plan_of(tenant_id)
        plan: plan_pb2.Plan = plan_message(found)
        own = [pb.OwnLimit(name=name, most=most) for name, most in sorted(found.overrides.items())]
        return pb.OperatedPlan(tenant_id=str(tenant_id), plan=plan, own_limits=own)
