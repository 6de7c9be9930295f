"""SalesActivityService at the edge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from chassis.envelope import Event
from chassis.jobs import set_timer
from chassis.paging import Pager
from chassis.records import RecordServicer
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.sales.v1 import sales_activity_pb2 as pb
from funia.sales.v1.events_pb2 import SalesActivityChanged

from sales.queries import activity as queries
from sales.records import ACTIVITY
from sales.references import Customers
from sales.usecases import activities as rules

Values = dict[str, Any]


class SalesActivityServicer(RecordServicer):
    """Activities of sellers."""

    service = pb.DESCRIPTOR.services_by_name["SalesActivityService"]
    resource = ACTIVITY
    defaults: ClassVar[Values] = {"custom": {}, "external_ids": {}}

    def __init__(self, pager: Pager, customers: Customers) -> None:
        super().__init__(pager)
        self._customers = customers

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        rules.check(work, self._customers, before, after)

    def recorded(self, work: Work, verb: str, row: Row, changed: tuple[str, ...]) -> Iterable[Event]:
        if verb not in ("deleted", "undeleted"):
            if row.deal_id is not None:
                queries.touch_deal(work, row.deal_id)
            if row.open and row.remind_at is not None and (verb == "created" or "remind_at" in changed):
                set_timer(work, rules.REMIND, row.id, row.remind_at)
        told = "completed" if row.status in rules.DONE and verb == row.status else verb
        return [activity_event(work, told, row, changed)]

    def MoveSalesActivity(self, work: Work, request: pb.MoveSalesActivityRequest) -> pb.SalesActivity:
        activity = self.locked(work, UUID(request.id), request.etag)
        given = rules.moved(work, activity, request.status, request.outcome.strip())
        return self.message(work, self.write(work, activity, given, request.status))  # type: ignore[no-any-return]

    def GetMyDay(self, work: Work, request: pb.GetMyDayRequest) -> pb.MyDay:
        found = rules.day(work, date.fromisoformat(request.day) if request.day else None)
        return pb.MyDay(
            day=found.on.isoformat(),
            overdue=self.messages(work, found.overdue),
            planned=self.messages(work, found.planned),
            undated=self.messages(work, found.undated),
        )

    def remind(self, work: Work, activity_id: UUID) -> None:
        """Tells that a reminder is due, where something is still to be done; sets the timer again where it is early."""
        row = self.store.get(work, activity_id, lock=True)
        if row is None or row.deleted_at is not None or not row.open or row.remind_at is None:
            return
        if row.remind_at > work.now:
            set_timer(work, rules.REMIND, row.id, row.remind_at)
            return
        row = self.store.update(work, row.id, {"remind_at": None})
        work.record(activity_event(work, "reminder_due", row, ("remind_at",)))


def activity_event(work: Work, verb: str, row: Row, changed: tuple[str, ...]) -> Event:
    """``sales.activity.<verb>``, from the activity's row."""
    payload = SalesActivityChanged(
        sales_activity_id=str(row.id),
        kind=row.kind,
        status=row.status,
        priority=row.priority,
        deal_id=str(row.deal_id or ""),
        lead_id=str(row.lead_id or ""),
        contact_id=str(row.contact_id or ""),
        account_id=str(row.account_id or ""),
        due_at=None if row.due_at is None else timestamp(row.due_at),
        completed_at=None if row.completed_at is None else timestamp(row.completed_at),
        owner_id=str(row.owner_id or ""),
        deleted=row.deleted_at is not None,
        customer_ids=[str(one) for one in queries.customers(work, row)] if _on_timelines(verb, row) else [],
    )
    return Event(f"sales.activity.{verb}", row.id, row.version, payload, changed)


def _on_timelines(verb: str, row: Row) -> bool:
    return verb in ("completed", "sent") or (verb == "created" and row.kind == "note")
