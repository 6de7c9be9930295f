"""Clocks of service levels as they run, rest, warn, end and are counted again, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from support.sla_clocks import Clock, Demand, Kind, Promise, demand, fired, followed
from support.working_time import ALWAYS

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
FOUR_HOURS = Promise(4 * 3600, 50, ALWAYS)


def go(
    clock: Clock | None,
    asked: Demand,
    at: datetime,
    *,
    kind: Kind = "resolution",
    promise: Promise | None = FOUR_HOURS,
    since: datetime = NOW,
    recount: bool = False,
) -> Clock | None:
    return followed(clock, kind, asked, promise, since=since, now=at, recount=recount)


def begun() -> Clock:
    clock = go(None, "run", NOW)
    assert clock is not None
    return clock


def test_a_clock_warns_and_is_breached_once() -> None:
    clock = begun()
    assert (clock.warn_at, clock.due_at, clock.wakes_at) == (NOW + 2 * HOUR, NOW + 4 * HOUR, NOW + 2 * HOUR)
    assert fired(clock, NOW + HOUR) == clock
    warned = fired(clock, NOW + 2 * HOUR)
    assert (warned.state, warned.warned_at, warned.wakes_at) == ("running", NOW + 2 * HOUR, NOW + 4 * HOUR)
    breached = fired(warned, NOW + 5 * HOUR)
    assert (breached.state, breached.breached_at, breached.wakes_at) == ("breached", NOW + 4 * HOUR, None)
    assert fired(breached, NOW + 9 * HOUR) == breached


def test_time_in_which_it_rests_does_not_count() -> None:
    rested = go(begun(), "rest", NOW + HOUR)
    assert rested is not None
    assert (rested.state, rested.elapsed_s, rested.due_at, rested.wakes_at) == ("paused", 3600, None, None)
    again = go(rested, "run", NOW + 30 * HOUR)
    assert again is not None
    assert again.due_at == NOW + 33 * HOUR


def test_it_is_met_in_time_or_breached_even_if_no_timer_came() -> None:
    met = go(begun(), "done", NOW + 3 * HOUR)
    assert met is not None
    assert (met.state, met.met_at) == ("met", NOW + 3 * HOUR)
    late = go(begun(), "done", NOW + 5 * HOUR)
    assert late is not None
    assert (late.state, late.breached_at, late.met_at) == ("breached", NOW + 4 * HOUR, NOW + 5 * HOUR)


def test_a_ticket_that_is_opened_again_goes_on_where_it_was() -> None:
    met = go(begun(), "done", NOW + HOUR)
    again = go(met, "run", NOW + 48 * HOUR)
    assert again is not None
    assert (again.state, again.met_at, again.due_at) == ("running", None, NOW + 51 * HOUR)


def test_a_shorter_promise_moves_what_is_left_and_may_be_breached_at_once() -> None:
    shorter = go(begun(), "run", NOW + HOUR, promise=Promise(2 * 3600, 50, ALWAYS))
    assert shorter is not None
    assert (shorter.due_at, shorter.warned_at) == (NOW + 2 * HOUR, NOW + HOUR)
    over = go(begun(), "run", NOW + HOUR, promise=Promise(1800, 50, ALWAYS))
    assert over is not None
    assert over.state == "breached"


def test_a_longer_promise_takes_a_warning_back() -> None:
    warned = fired(begun(), NOW + 3 * HOUR)
    longer = go(warned, "run", NOW + 3 * HOUR, promise=Promise(20 * 3600, 50, ALWAYS))
    assert longer is not None
    assert (longer.warned_at, longer.due_at) == (None, NOW + 20 * HOUR)


def test_what_is_no_longer_promised_has_no_clock_but_what_was_breached_stays() -> None:
    assert go(begun(), "run", NOW + HOUR, promise=None) is None
    assert go(begun(), "none", NOW + HOUR) is None
    breached = fired(begun(), NOW + 5 * HOUR)
    assert go(breached, "run", NOW + 6 * HOUR, promise=None) == breached


def test_each_word_of_a_customer_after_an_answer_begins_the_next_promise() -> None:
    first = go(None, "run", NOW, kind="next_response")
    met = go(first, "done", NOW + HOUR, kind="next_response")
    assert go(met, "done", NOW + 2 * HOUR, kind="next_response") == met
    second = go(met, "run", NOW + 9 * HOUR, kind="next_response", since=NOW + 9 * HOUR)
    assert second is not None
    assert (second.state, second.elapsed_s, second.due_at) == ("running", 0, NOW + 13 * HOUR)
    more = go(second, "run", NOW + 10 * HOUR, kind="next_response", since=NOW + 10 * HOUR)
    assert more == second


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"first_response": "run", "next_response": "none", "resolution": "run"}),
        ({"status": "on_hold"}, {"first_response": "rest", "resolution": "rest"}),
        (
            {"status": "pending", "replied": 1},
            {"first_response": "done", "next_response": "done", "resolution": "rest"},
        ),
        ({"status": "open", "replied": 1, "wrote": 2}, {"next_response": "run", "resolution": "run"}),
        ({"status": "solved"}, {"first_response": "done", "resolution": "done"}),
        ({"status": "merged"}, {"first_response": "none", "resolution": "none"}),
    ],
)
def test_what_a_ticket_asks_of_its_clocks(given: dict[str, Any], expected: dict[Kind, Demand]) -> None:
    replied = None if "replied" not in given else NOW + given["replied"] * HOUR
    ticket = SimpleNamespace(
        status=given.get("status", "new"),
        deleted_at=None,
        first_replied_at=replied,
        agent_replied_at=replied,
        customer_wrote_at=NOW + given.get("wrote", 0) * HOUR,
    )
    assert {kind: demand(kind, ticket) for kind in expected} == expected
