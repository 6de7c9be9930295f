"""Business calendars: kept, checked, and asked when something is due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from chassis.errors import NotFound
from chassis.records.mapping import timestamp
from chassis.testing.people import House, Person, refused
from funia.support.v1 import business_calendar_pb2 as pb


def hours(*days: int, opens: str = "09:00", closes: str = "18:00") -> list[pb.WorkingHours]:
    return [pb.WorkingHours(weekday=day, opens=opens, closes=closes) for day in days]


def office(**given: object) -> pb.BusinessCalendar:
    return pb.BusinessCalendar(
        **{"name": "Office", "time_zone": "Europe/Sofia", "hours": hours(1, 2, 3, 4, 5), **given}  # type: ignore[arg-type]
    )


def create(person: Person, calendar: pb.BusinessCalendar) -> pb.BusinessCalendar:
    request = pb.CreateBusinessCalendarRequest(business_calendar=calendar)
    made: pb.BusinessCalendar = person.call("BusinessCalendarService.CreateBusinessCalendar", request)
    return made


def test_a_calendar_says_when_something_is_due(alice: Person, bob: Person) -> None:
    holiday = pb.Holiday(day="2026-11-24", name="Inventory")
    made = create(alice, office(holidays=[holiday]))
    friday = timestamp(datetime(2026, 11, 23, 15, tzinfo=UTC))
    request = pb.GetDueTimeRequest(id=made.id, start=friday, minutes=120)
    assert alice.call("BusinessCalendarService.GetDueTime", request).due_at == timestamp(
        datetime(2026, 11, 25, 8, tzinfo=UTC)
    )
    assert isinstance(refused(bob.call, "BusinessCalendarService.GetDueTime", request), NotFound)


@pytest.mark.parametrize(
    ("given", "reason", "said"),
    [
        ({"time_zone": "Sofia"}, "UNKNOWN_TIME_ZONE", "Europe/Sofia"),
        ({"time_zone": "../secrets"}, "UNKNOWN_TIME_ZONE", "Europe/Sofia"),
        ({"hours": hours(1, opens="18:00", closes="09:00")}, "INVALID_HOURS", "18:00"),
        ({"hours": hours(1) + hours(1, opens="17:00", closes="20:00")}, "INVALID_HOURS", "17:00 to 20:00"),
        ({"holidays": [pb.Holiday(day="2026-12-25"), pb.Holiday(day="2026-12-25")]}, "DUPLICATE", "2026-12-25"),
    ],
)
def test_what_is_no_working_time_is_refused(alice: Person, given: dict[str, object], reason: str, said: str) -> None:
    error = refused(create, alice, office(**given))
    assert [one.reason for one in error.violations] == [reason]
    assert said in error.violations[0].message


def test_hours_touch_each_other_and_come_in_order(alice: Person) -> None:
    made = create(alice, office(hours=hours(1, opens="13:00", closes="24:00") + hours(1, closes="13:00")))
    assert [one.opens for one in made.hours] == ["09:00", "13:00"]


def test_only_those_who_set_support_up_change_calendars(house: House, alice: Person) -> None:
    agent = house.person(alice.tenant_id, scopes=["support.read", "support.write"])
    assert refused(create, agent, office()).reason == "MISSING_SCOPE"
