"""LeadRuleService at the edge."""

from __future__ import annotations

from typing import Any, ClassVar

from chassis.errors import invalid_field
from chassis.filtering import parse
from chassis.records import Order, RecordServicer, Resource
from chassis.work import Row, Work
from funia.sales.v1 import lead_rule_pb2 as pb
from funia.sales.v1.events_pb2 import LeadRuleChanged

from sales.model.lead import LeadRule
from sales.queries import lead as queries
from sales.servicers.lead import LeadServicer

Values = dict[str, Any]


class LeadRuleServicer(RecordServicer):
    """Rules of assignment."""

    service = pb.DESCRIPTOR.services_by_name["LeadRuleService"]
    resource = Resource(
        "sales", "lead_rule", LeadRule, pb.LeadRule, order=Order("position"), lowered={"name": "name_key"}
    )
    defaults: ClassVar[Values] = {"custom": {}, "external_ids": {}}

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        after["name_key"] = after["name"].lower()
        parse(after["condition"], LeadServicer.resource.schema)
        if bool(after["team_id"]) == bool(after["user_ids"]):
            raise invalid_field(
                "lead_rule.team_id", "name either a team or the people who take part", reason="TEAM_OR_PEOPLE"
            )

    def messages(self, work: Work, rows: list[Row]) -> list[Any]:
        given = queries.given(work, [row.id for row in rows])
        found = []
        for row in rows:
            made = super().message(work, row)
            made.assigned_count = given.get(row.id, 0)
            found.append(made)
        return found

    def message(self, work: Work, row: Row) -> Any:
        return self.messages(work, [row])[0]

    def payload(self, row: Row) -> LeadRuleChanged:
        return LeadRuleChanged(
            lead_rule_id=str(row.id),
            position=row.position,
            active=row.active,
            method=row.method,
            deleted=row.deleted_at is not None,
        )
