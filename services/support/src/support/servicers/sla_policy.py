"""SlaPolicyService at the edge."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from chassis.envelope import Event
from chassis.records import Order, RecordServicer, Resource
from chassis.work import Row, Work
from funia.support.v1 import sla_policy_pb2 as pb
from funia.support.v1.events_pb2 import SlaPolicyChanged

from support.errors import not_there
from support.model.sla import SlaPolicy
from support.queries import sla as queries
from support.usecases import sla as rules

Values = dict[str, Any]


class SlaPolicyServicer(RecordServicer):
    """Policies of service levels."""

    service = pb.DESCRIPTOR.services_by_name["SlaPolicyService"]
    resource = Resource(
        "support",
        "sla_policy",
        SlaPolicy,
        pb.SlaPolicy,
        order=Order("position"),
        lowered={"name": "name_key"},
        label="policy",
    )
    defaults: ClassVar[Values] = {"custom": {}, "external_ids": {}}

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        rules.check(after)
        calendar_id = after["business_calendar_id"]
        if calendar_id is not None and not queries.calendar_is_there(work, calendar_id):
            raise not_there("sla_policy.business_calendar_id", "calendar")

    def recorded(self, work: Work, verb: str, row: Row, changed: tuple[str, ...]) -> Iterable[Event]:
        if verb != "created":
            rules.recount(work, [row.id])
        return super().recorded(work, verb, row, changed)

    def payload(self, row: Row) -> SlaPolicyChanged:
        return SlaPolicyChanged(
            sla_policy_id=str(row.id),
            active=row.active,
            business_calendar_id=str(row.business_calendar_id or ""),
            deleted=row.deleted_at is not None,
        )
