"""NeedService at the edge."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from chassis.envelope import Event
from chassis.paging import Pager
from chassis.records import RecordServicer, Resource
from chassis.work import Row, Work
from funia.sales.v1 import need_pb2 as pb
from funia.sales.v1.events_pb2 import NeedChanged

from sales.model.need import Need
from sales.queries import need as queries
from sales.references import Customers
from sales.usecases import needs as rules

Values = dict[str, Any]


class NeedServicer(RecordServicer):
    """Needs."""

    service = pb.DESCRIPTOR.services_by_name["NeedService"]
    resource = Resource("sales", "need", Need, pb.Need)
    defaults: ClassVar[Values] = {"custom": {}, "external_ids": {}}

    def __init__(self, pager: Pager, customers: Customers) -> None:
        super().__init__(pager)
        self._customers = customers

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        rules.check(work, self._customers, before, after)

    def write_new(self, work: Work, given: Values, *, record_id: UUID | None = None) -> Row:
        return super().write_new(
            work, {**given, **rules.holder(work, given), "status": "identified"}, record_id=record_id
        )

    def recorded(self, work: Work, verb: str, row: Row, changed: tuple[str, ...]) -> Iterable[Event]:
        return super().recorded(work, "identified" if verb == "created" else verb, row, changed)

    def payload(self, row: Row) -> NeedChanged:
        return NeedChanged(
            need_id=str(row.id),
            status=row.status,
            priority=row.priority,
            timeframe=row.timeframe,
            contact_id=str(row.contact_id or ""),
            account_id=str(row.account_id or ""),
            lead_id=str(row.lead_id or ""),
            deal_id=str(row.deal_id or ""),
            product_ids=[str(one) for one in row.product_ids],
            owner_id=str(row.owner_id or ""),
            deleted=row.deleted_at is not None,
        )

    def MoveNeed(self, work: Work, request: pb.MoveNeedRequest) -> pb.Need:
        need = self.locked(work, UUID(request.id), request.etag)
        given = rules.moved(need, request.status, request.reason.strip())
        return self.message(work, self.write(work, need, given, request.status))  # type: ignore[no-any-return]

    def follow_lead(
        self, work: Work, lead_id: UUID, *, deal_id: UUID, contact_id: UUID | None, account_id: UUID | None
    ) -> list[UUID]:
        """Gives the needs of a lead to the deal that it becomes; the needs."""
        rows = queries.follow_lead(work, lead_id, deal_id=deal_id, contact_id=contact_id, account_id=account_id)
        for row in rows:
            work.record_all(list(self.recorded(work, "updated", row, ("deal_id",))))
        return [row.id for row in rows]
