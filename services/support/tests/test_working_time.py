"""Working time: what is due when, and how much has passed, also where the clock on the wall leaps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.errors import NoWorkingTime
from support.working_time import ALWAYS, Calendar, due, elapsed, works_at

SOFIA, LONDON, NEW_YORK = ZoneInfo("Europe/Sofia"), ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
NINE_TO_SIX = ((9 * 60, 13 * 60), (14 * 60, 18 * 60))
OFFICE = Calendar(SOFIA, (NINE_TO_SIX,) * 5 + ((), ()), frozenset({date(2026, 3, 3)}), frozenset({(12, 25)}))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def at(zone: ZoneInfo, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-11-23T10:00", 2, "2026-11-23T12:00"),
        ("2026-11-23T12:00", 2, "2026-11-23T15:00"),
        ("2026-11-23T07:00", 8, "2026-11-23T18:00"),
        ("2026-11-23T17:00", 2, "2026-11-24T10:00"),
        ("2026-11-27T17:00", 2, "2026-11-30T10:00"),
        ("2026-03-02T17:00", 2, "2026-03-04T10:00"),
        ("2026-12-24T17:00", 2, "2026-12-28T10:00"),
        ("2026-11-28T12:00", 40, "2026-12-04T18:00"),
    ],
)
def test_a_promise_counts_only_hours_in_which_the_company_works(start: str, hours: int, expected: str) -> None:
    assert due(OFFICE, at(SOFIA, start), hours * HOUR) == at(SOFIA, expected)


def test_hours_that_the_clock_leaps_over_are_no_working_time() -> None:
    night = Calendar(SOFIA, (((0, 6 * 60),),) * 7)
    # On 29 March 2026 the clock goes from 03:00 to 04:00, on 25 October it shows the hour after 03:00 twice.
    assert elapsed(night, at(SOFIA, "2026-03-29T00:00"), at(SOFIA, "2026-03-29T12:00")) == 5 * HOUR
    assert elapsed(night, at(SOFIA, "2026-10-25T00:00"), at(SOFIA, "2026-10-25T12:00")) == 7 * HOUR
    assert due(night, at(SOFIA, "2026-03-29T02:00"), 2 * HOUR) == at(SOFIA, "2026-03-29T05:00")
    assert due(night, at(SOFIA, "2026-10-25T02:00"), 2 * HOUR) == datetime(2026, 10, 25, 1, tzinfo=UTC)


def test_hours_that_begin_in_a_leap_begin_after_it_and_meet_the_next_ones() -> None:
    odd = Calendar(SOFIA, (((150, 210), (210, 300)),) * 7)
    leap = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert due(odd, leap - MINUTE, MINUTE) == leap
    assert elapsed(odd, at(SOFIA, "2026-03-29T00:00"), at(SOFIA, "2026-03-29T12:00")) == 30 * MINUTE + HOUR


def test_a_calendar_of_holidays_alone_says_that_it_never_gets_there() -> None:
    never = Calendar(
        SOFIA, (NINE_TO_SIX,) + ((),) * 6, yearly=frozenset((m, d) for m in range(1, 13) for d in range(32))
    )
    with pytest.raises(NoWorkingTime):
        due(never, at(SOFIA, "2026-11-23T10:00"), MINUTE)


def test_around_the_clock_every_second_counts() -> None:
    start = datetime(2026, 3, 29, tzinfo=UTC)
    assert due(ALWAYS, start, 49 * HOUR) == start + 49 * HOUR
    assert elapsed(ALWAYS, start, start + 49 * HOUR) == 49 * HOUR


def test_nothing_passes_backwards() -> None:
    start = at(SOFIA, "2026-11-23T10:00")
    assert elapsed(OFFICE, start, start - 5 * HOUR) == timedelta()
    assert due(OFFICE, start, timedelta()) == start


def _hours(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    marks = sorted(draw(st.sets(st.integers(0, 24 * 60), max_size=6)))
    return tuple(zip(marks[::2], marks[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = tuple(_hours(draw) for _ in range(7))
    if sum(closes - opens for day in week for opens, closes in day) < 600:
        # Enough in a week for what is asked for below to come within the horizon.
        week = (((0, 600),), *week[1:])
    days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
    return Calendar(
        draw(st.sampled_from([SOFIA, LONDON, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Santiago")])),
        week,
        draw(st.frozensets(days, max_size=4)),
    )


moments = st.datetimes(
    datetime.combine(date(2026, 1, 1), time()), datetime.combine(date(2026, 12, 31), time()), timezones=st.just(UTC)
)
spans = st.timedeltas(MINUTE, timedelta(hours=30)).map(lambda one: timedelta(seconds=round(one.total_seconds())))


@settings(max_examples=60, deadline=None)
@given(calendars(), moments, spans)
def test_what_is_due_is_the_first_moment_by_which_so_much_has_passed(
    calendar: Calendar, start: datetime, span: timedelta
) -> None:
    end = due(calendar, start, span)
    assert elapsed(calendar, start, end) == span
    assert elapsed(calendar, start, end - timedelta(seconds=1)) < span


@settings(max_examples=60, deadline=None)
@given(calendars(), moments, spans, spans)
def test_stopping_the_clock_in_between_changes_nothing(
    calendar: Calendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    middle, end = start + first, start + first + second
    assert elapsed(calendar, start, middle) + elapsed(calendar, middle, end) == elapsed(calendar, start, end)
    assert elapsed(calendar, start, end) <= end - start
    assert due(calendar, due(calendar, start, first), second) == due(calendar, start, first + second)


@settings(max_examples=60, deadline=None)
@given(calendars(), moments)
def test_work_is_done_exactly_when_the_clock_on_the_wall_says_so(calendar: Calendar, moment: datetime) -> None:
    shown = moment.astimezone(calendar.zone)
    if shown.replace(fold=1 - shown.fold).utcoffset() != shown.utcoffset():
        return
    minutes = shown.hour * 60 + shown.minute + (shown.second + shown.microsecond / 1e6) / 60
    says = any(opens <= minutes < closes for opens, closes in calendar.hours_of(shown.date()))
    assert works_at(calendar, moment) is says
