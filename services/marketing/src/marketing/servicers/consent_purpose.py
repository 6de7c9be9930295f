"""ConsentPurposeService at the edge."""

from __future__ import annotations

from typing import Any, ClassVar

from chassis.errors import invalid_field
from chassis.records import Order, RecordServicer, Resource
from chassis.work import Row, Work
from funia.marketing.v1 import consent_purpose_pb2 as pb
from funia.marketing.v1.events_pb2 import ConsentPurposeChanged

from marketing.model.consent import ConsentPurpose

Values = dict[str, Any]


class ConsentPurposeServicer(RecordServicer):
    """Purposes of consent."""

    service = pb.DESCRIPTOR.services_by_name["ConsentPurposeService"]
    resource = Resource(
        "marketing",
        "consent_purpose",
        ConsentPurpose,
        pb.ConsentPurpose,
        order=Order("position"),
        lowered={"name": "name_key"},
        label="purpose",
    )
    defaults: ClassVar[Values] = {"custom": {}, "external_ids": {}}

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        after["name_key"] = after["name"].lower()
        after["lawful_basis"] = after["lawful_basis"] or "consent"
        after["channels"] = sorted(set(after["channels"]))
        if after["double_opt_in"] and after["lawful_basis"] != "consent":
            raise invalid_field(
                "consent_purpose.double_opt_in", "only consent is confirmed: choose it as the basis", reason="BASIS"
            )

    def payload(self, row: Row) -> ConsentPurposeChanged:
        return ConsentPurposeChanged(
            consent_purpose_id=str(row.id),
            lawful_basis=row.lawful_basis,
            channels=row.channels,
            deleted=row.deleted_at is not None,
        )
