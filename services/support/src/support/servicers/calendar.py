"""BusinessCalendarService at the edge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from chassis.envelope import Event
from chassis.errors import Conflict
from chassis.records import Order, RecordServicer, Resource
from chassis.records.mapping import moment, timestamp
from chassis.work import Row, Work
from funia.support.v1 import business_calendar_pb2 as pb
from funia.support.v1.events_pb2 import BusinessCalendarChanged

from support.model.calendar import BusinessCalendar
from support.queries import sla as queries
from support.usecases import calendars as rules
from support.usecases import sla
from support.working_time import due

Values = dict[str, Any]


class BusinessCalendarServicer(RecordServicer):
    """Business calendars."""

    service = pb.DESCRIPTOR.services_by_name["BusinessCalendarService"]
    resource = Resource(
        "support",
        "business_calendar",
        BusinessCalendar,
        pb.BusinessCalendar,
        order=Order("name"),
        lowered={"name": "name_key"},
        label="calendar",
    )
    defaults: ClassVar[Values] = {"custom": {}, "external_ids": {}}

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        rules.check(after)

    def recorded(self, work: Work, verb: str, row: Row, changed: tuple[str, ...]) -> Iterable[Event]:
        if verb == "updated":
            sla.recount(work, queries.of_calendar(work, row.id))
        return super().recorded(work, verb, row, changed)

    def deletable(self, work: Work, row: Row) -> None:
        if queries.of_calendar(work, row.id):
            raise Conflict("Policies count by this calendar. Give them another one first.", reason="IN_USE")

    def payload(self, row: Row) -> BusinessCalendarChanged:
        return BusinessCalendarChanged(
            business_calendar_id=str(row.id), time_zone=row.time_zone, deleted=row.deleted_at is not None
        )

    def GetDueTime(self, work: Work, request: pb.GetDueTimeRequest) -> pb.DueTime:
        calendar = rules.calendar_of(self.found(work, UUID(request.id)))
        start = moment(request.start) if request.HasField("start") else work.now
        return pb.DueTime(due_at=timestamp(due(calendar, start, timedelta(minutes=max(request.minutes, 1)))))
