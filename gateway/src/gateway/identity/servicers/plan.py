"""PlanService: the company's plan and what it uses."""

from __future__ import annotations

from chassis.metering import METERS
from chassis.work import Work
from funia.identity.v1 import plan_pb2 as pb

from gateway.identity.usecases import plans

_MONTHS = 12


class PlanServicer:
    """Carries the RPCs out."""

    def GetPlan(self, work: Work, _request: pb.GetPlanRequest) -> pb.Plan:
        return plan_message(plans.look(work))

    def GetUsage(self, work: Work, request: pb.GetUsageRequest) -> pb.Usage:
        months = plans.history(work, months=request.months or _MONTHS)
        return pb.Usage(
            months=[
                pb.UsageOfMonth(month=f"{one.month:%Y-%m}", meter=one.meter, unit=METERS[one.meter].unit, used=one.used)
                for one in months
            ]
        )


def plan_message(found: plans.CompanyPlan) -> pb.Plan:
    """A plan and what is used of it, as a message."""
    return pb.Plan(name=found.name, requests_per_s=found.requests_per_s or 0, uses=[_use(one) for one in found.uses])


def _use(one: plans.Use) -> pb.PlanUse:
    message = pb.PlanUse(meter=one.meter, unit=one.unit, daily=one.daily, used=one.used, most=one.most)
    if one.told_at is not None:
        message.counted_at.FromDatetime(one.told_at)
    return message
