"""Working hours, holidays and promises as people write them, in the console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chassis.errors import InvalidArgument
from flask import Flask, g
from funia.support.v1.business_calendar_pb2 import BusinessCalendar, Holiday, WorkingHours
from funia.support.v1.sla_policy_pb2 import SlaPolicy, SlaTarget
from gateway.console import support_values
from gateway.console.formats import now
from gateway.console.support_fields import CALENDAR_FIELDS, POLICY_FIELDS
from werkzeug.datastructures import MultiDict

HOURS, HOLIDAYS = (next(one for one in CALENDAR_FIELDS if one.name == name) for name in ("hours", "holidays"))
TARGETS = next(one for one in POLICY_FIELDS if one.name == "targets")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with Flask(__name__).test_request_context():
        g.console_locale = "en"
        yield


def test_a_day_has_several_intervals_and_others_none():
    calendar = BusinessCalendar(hours=[WorkingHours(weekday=7, opens="08:00", closes="09:00")])
    support_values.put(calendar, HOURS, MultiDict({"hours_1": "9-13, 14:00 – 18:30", "hours_6": " 10:00-24:00 "}))
    assert [(one.weekday, one.opens, one.closes) for one in calendar.hours] == [
        (1, "09:00", "13:00"),
        (1, "14:00", "18:30"),
        (6, "10:00", "24:00"),
    ]
    assert support_values.day_hours(calendar, HOURS, 1) == "09:00-13:00, 14:00-18:30"
    assert support_values.day_hours(calendar, HOURS, 7) == ""
    assert support_values.shown(calendar, HOURS) == "Mon 09:00-13:00, 14:00-18:30; Sat 10:00-24:00"


def test_a_holiday_without_a_year_is_every_year_also_the_29th_of_february():
    calendar = BusinessCalendar()
    written = "2026-12-24 Christmas Eve\n\n12-25 Christmas\n02-29"
    support_values.put(calendar, HOLIDAYS, MultiDict({"holidays": written}))
    assert list(calendar.holidays) == [
        Holiday(day="2026-12-24", name="Christmas Eve"),
        Holiday(day=f"{now().year}-12-25", name="Christmas", yearly=True),
        Holiday(day="2028-02-29", yearly=True),
    ]
    assert support_values.raw(calendar, HOLIDAYS) == written.replace("\n\n", "\n")
    assert support_values.shown(calendar, HOLIDAYS) == "3 days"


def test_promises_are_hours_and_minutes_and_an_empty_one_promises_nothing():
    policy = SlaPolicy()
    form = {
        "targets_high_first_response": "0:30",
        "targets_high_resolution": "8:00",
        "targets_low_resolution": "120:05",
    }
    support_values.put(policy, TARGETS, MultiDict(form))
    assert list(policy.targets) == [
        SlaTarget(priority="low", resolution_minutes=7205),
        SlaTarget(priority="high", first_response_minutes=30, resolution_minutes=480),
    ]
    assert support_values.promised(policy, TARGETS, "high", "first_response") == "0:30"
    assert support_values.promised(policy, TARGETS, "urgent", "resolution") == ""
    assert support_values.shown(policy, TARGETS) == "Low: Solution 120:05; High: First answer 0:30, Solution 8:00"


@pytest.mark.parametrize(
    ("field", "form", "said"),
    [
        (HOURS, {"hours_2": "9 to 5"}, "Tue: write hours"),
        (HOLIDAYS, {"holidays": "12-25\n2026-02-30 Never"}, "“2026-02-30 Never”"),
        (HOLIDAYS, {"holidays": "Christmas"}, "“Christmas”"),
        (TARGETS, {"targets_low_resolution": "4h"}, "“4h”"),
        (TARGETS, {"targets_low_resolution": "4:60"}, "“4:60”"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_changes(field, form, said):
    record = SlaPolicy(targets=[SlaTarget(priority="low")]) if field is TARGETS else BusinessCalendar()
    before = record.SerializeToString()
    with pytest.raises(InvalidArgument, match=said) as refused:
        support_values.put(record, field, MultiDict(form))
    assert [one.field for one in refused.value.violations] == [field.name]
    assert record.SerializeToString() == before
