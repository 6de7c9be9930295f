"""MailTemplateService at the edge: templates that are shared, and the caller's own."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from chassis.errors import PermissionDenied
from chassis.records import Order, RecordServicer, Resource
from chassis.work import Row, Work
from funia.sales.v1 import mail_template_pb2 as pb
from funia.sales.v1.events_pb2 import MailTemplateChanged

from sales.letters import rendering
from sales.model.mail import MailTemplate

Values = dict[str, Any]
ADMINISTER = "sales.admin"


class MailTemplateServicer(RecordServicer):
    """Templates of mails."""

    service = pb.DESCRIPTOR.services_by_name["MailTemplateService"]
    resource = Resource(
        "sales", "mail_template", MailTemplate, pb.MailTemplate, lowered={"name": "name_key"}, order=Order("name")
    )
    defaults: ClassVar[Values] = {"custom": {}, "external_ids": {}}

    def found(self, work: Work, record_id: UUID, *, lock: bool = False) -> Row:
        row = super().found(work, record_id, lock=lock)
        if not row.shared and row.made_by != work.caller.actor_id:
            raise self.resource.not_found(record_id)
        if lock and row.made_by != work.caller.actor_id and ADMINISTER not in work.caller.scopes:
            raise PermissionDenied(
                "Only whoever made a shared template changes it. Make one of your own.", reason="NOT_OWNER"
            )
        return row

    def ListMailTemplates(self, work: Work, request: pb.ListMailTemplatesRequest) -> pb.ListMailTemplatesResponse:
        asked = pb.ListMailTemplatesRequest()
        asked.CopyFrom(request)
        seen = f'(shared = true OR made_by = "{work.caller.actor_id}")'
        asked.filter = f"{seen} AND ({request.filter})" if request.filter.strip() else seen
        return self._list(work, asked)  # type: ignore[no-any-return]

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        if before is None:
            after["made_by"] = work.caller.actor_id
        after["name_key"] = after["name"].lower()
        after["language"] = after["language"] or "en"
        for name in ("subject", "body"):
            rendering.check(after[name], f"mail_template.{name}")

    def payload(self, row: Row) -> MailTemplateChanged:
        return MailTemplateChanged(
            mail_template_id=str(row.id),
            language=row.language,
            shared=row.shared,
            made_by=str(row.made_by),
            deleted=row.deleted_at is not None,
        )
