"""Events of plans."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from chassis.envelope import Event
from funia.identity.v1.plan_events_pb2 import PlanChanged, PlanLimit


def plan_changed(tenant_id: UUID, version: int, plan: str, limits: Mapping[str, int]) -> Event:
    """``identity.plan.changed``, about the company."""
    listed = [PlanLimit(meter=name, most=most) for name, most in sorted(limits.items())]
    return Event("identity.plan.changed", tenant_id, version, PlanChanged(plan=plan, limits=listed))
