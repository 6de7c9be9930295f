"""Sample requests for support: calendars."""

from __future__ import annotations

from funia.support.v1 import business_calendar_pb2 as calendars
from rpc_sales_samples import _create, _records
from rpc_world import Sample, World


def _calendar(world: World) -> calendars.BusinessCalendar:
    hours = calendars.WorkingHours(weekday=1, opens="09:00", closes="18:00")
    return calendars.BusinessCalendar(name=world.mark, time_zone="Europe/Sofia", hours=[hours])


def _calendar_id(world: World) -> str:
    return _create(world, calendars.DESCRIPTOR.services_by_name["BusinessCalendarService"], _calendar)


SUPPORT_SAMPLES: dict[str, Sample] = {
    **_records(calendars.DESCRIPTOR, "BusinessCalendar", _calendar, {"name": "Changed"}, names=False),
    "/funia.support.v1.BusinessCalendarService/GetDueTime": Sample(
        lambda w: calendars.GetDueTimeRequest(id=_calendar_id(w), minutes=60)
    ),
}
