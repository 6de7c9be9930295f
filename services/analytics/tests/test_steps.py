"""Steps of time in the zones people live in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from analytics.queries.steps import STEPS, Step, boundaries, step_named, zone_named
from chassis.errors import InvalidArgument
from hypothesis import given
from hypothesis import strategies as st

SOFIA = ZoneInfo("Europe/Sofia")


def local(moments: list[datetime], zone: ZoneInfo) -> list[str]:
    return [moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") for moment in moments]


def steps(start: datetime, end: datetime, step: Step, zone: ZoneInfo) -> list[datetime]:
    return boundaries(start, end, step, zone, most=2_000)


def hours(moments: list[datetime]) -> list[float]:
    return [(after - before) / timedelta(hours=1) for before, after in pairwise(moments)]


def test_days_begin_at_local_midnight_and_the_day_clocks_go_forward_has_23_hours() -> None:
    found = steps(datetime(2026, 3, 28, 5, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC), "day", SOFIA)
    assert local(found, SOFIA) == ["2026-03-28 00:00", "2026-03-29 00:00", "2026-03-30 00:00", "2026-03-31 00:00"]
    assert hours(found) == [24, 23, 24]


def test_the_day_clocks_go_back_has_25_hours_and_25_steps_of_an_hour() -> None:
    start = datetime(2026, 10, 25, tzinfo=SOFIA)
    end = datetime(2026, 10, 26, tzinfo=SOFIA)
    assert hours(steps(start, end + timedelta(days=1), "day", SOFIA)) == [25]
    by_hour = steps(start, end, "hour", SOFIA)
    assert len(by_hour) == 25
    assert local(by_hour, SOFIA)[3:5] == ["2026-10-25 03:00", "2026-10-25 03:00"]


def test_a_midnight_that_does_not_exist_is_the_moment_clocks_went_forward() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    found = steps(datetime(2026, 3, 28, tzinfo=beirut), datetime(2026, 3, 30, tzinfo=beirut), "day", beirut)
    assert local(found, beirut) == ["2026-03-28 00:00", "2026-03-29 01:00"]


def test_a_day_a_zone_left_out_is_no_step() -> None:
    apia = ZoneInfo("Pacific/Apia")
    found = steps(datetime(2011, 12, 29, tzinfo=apia), datetime(2012, 1, 1, tzinfo=apia), "day", apia)
    assert local(found, apia) == ["2011-12-29 00:00", "2011-12-31 00:00"]


def test_hours_stay_full_local_hours_after_a_shift_of_half_an_hour() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    found = steps(
        datetime(2026, 4, 5, 0, tzinfo=lord_howe), datetime(2026, 4, 5, 5, tzinfo=lord_howe), "hour", lord_howe
    )
    assert local(found[-2:], lord_howe) == ["2026-04-05 03:00", "2026-04-05 04:00"]


def test_hours_of_a_zone_off_by_45_minutes_begin_at_its_hours() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")
    found = steps(datetime(2026, 1, 1, 0, 50, tzinfo=UTC), datetime(2026, 1, 1, 2, tzinfo=UTC), "hour", kathmandu)
    assert local(found, kathmandu) == ["2026-01-01 06:00", "2026-01-01 07:00"]


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    start, end = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 2, 10, tzinfo=UTC)
    assert local(steps(start, end, "week", SOFIA), SOFIA)[:2] == ["2025-12-29 00:00", "2026-01-05 00:00"]
    assert local(steps(start, end, "month", SOFIA), SOFIA) == ["2026-01-01 00:00", "2026-02-01 00:00"]


@given(
    days=st.integers(-25_000, 117_000),
    length=st.timedeltas(timedelta(seconds=1), timedelta(days=30)),
    step=st.sampled_from(["hour", "day", "week", "month"]),
    zone=st.sampled_from(
        [
            "UTC",
            "Europe/Sofia",
            "America/New_York",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Africa/Monrovia",
            "America/Sao_Paulo",
        ]
    ),
)
def test_steps_ascend_and_cover_the_period(days: int, length: timedelta, step: Step, zone: str) -> None:
    start = datetime(1970, 1, 1, 7, 21, 33, tzinfo=UTC) + timedelta(days=days)
    found = steps(start, start + length, step, ZoneInfo(zone))
    assert found[0] <= start
    assert found[-1] < start + length
    assert all(before < after for before, after in pairwise(found))
    longest = {"hour": 1, "day": 49, "week": 7 * 24 + 25, "month": 31 * 24 + 25}[step]
    assert all(gap <= longest for gap in hours([*found, start + length]))


def test_an_unknown_step_names_the_steps_there_are() -> None:
    assert [step_named(name) for name in ("", *STEPS)] == ["day", *STEPS]
    with pytest.raises(InvalidArgument, match=r'"year" is no step\. Use one of minute, hour') as refusal:
        step_named("year")
    assert refusal.value.violations[0].field == "step"


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "Europe", "x\0y"])
def test_an_unknown_zone_is_refused_with_the_remedy(name: str) -> None:
    with pytest.raises(InvalidArgument, match="IANA name such as Europe/Sofia") as refusal:
        zone_named(name)
    assert refusal.value.violations[0].field == "time_zone"


def test_too_many_steps_are_refused_with_the_remedy() -> None:
    with pytest.raises(InvalidArgument, match=r"more than 100 steps of a minute\. Ask for longer steps"):
        boundaries(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC), "minute", SOFIA, most=100)
