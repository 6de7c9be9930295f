"""Counting for companies and clients together, by a clock that the test moves."""

from __future__ import annotations

import pytest
from chassis.errors import ResourceExhausted
from gateway.ratelimit.meter import Lane, Meter, Payer
from gateway.settings import GatewaySettings


class Clock:
    """Stands still until the test moves it."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock of the test's own."""
    return Clock()


@pytest.fixture
def meter(gateway_settings: GatewaySettings, clock: Clock) -> Meter:
    """Small limits: a company 10 a second, its client 6, four of a company at once."""
    small = {
        "rate_tenant_per_s": 10.0,
        "rate_tenant_burst": 10,
        "rate_client_per_s": 6.0,
        "rate_client_burst": 6,
        "rate_bulk_per_s": 10.0,
        "rate_bulk_burst": 100,
        "rate_tenant_concurrent": 4,
        "rate_client_concurrent": 3,
        "rate_tenant_bulk_concurrent": 1,
        "rate_bulk_concurrent": 2,
    }
    return Meter(gateway_settings.model_copy(update=small), clock=clock)


def reason(meter: Meter, payer: Payer, lane: Lane = Lane.API) -> str:
    """Why a request cannot begin, "" where it does; it goes on running."""
    try:
        meter.begin(payer, lane)
    except ResourceExhausted as refusal:
        return refusal.reason
    return ""


def answered(meter: Meter, payer: Payer, times: int) -> int:
    """How many of so many requests, one after the other, are answered."""
    done = 0
    for _ in range(times):
        if not reason(meter, payer):
            meter.end(payer, Lane.API)
            done += 1
    return done


def test_one_client_leaves_room_for_the_others_of_its_company(meter: Meter) -> None:
    loud, quiet, foreign = meter.client("a", "loud"), meter.client("a", "quiet"), meter.client("b", "loud")
    assert answered(meter, loud, 100) == 6
    assert answered(meter, quiet, 100) == 4
    assert answered(meter, foreign, 100) == 6


def test_a_refused_request_costs_nothing(meter: Meter, clock: Clock) -> None:
    loud, other = meter.client("a", "loud"), meter.client("b", "loud")
    answered(meter, loud, 10_000)
    clock.now += 1.0
    assert answered(meter, loud, 10_000) == 6
    assert answered(meter, other, 10_000) == 6


def test_what_runs_at_once_is_limited_for_client_and_company(meter: Meter) -> None:
    first, second, foreign = meter.client("a", "first"), meter.client("a", "second"), meter.client("b", "first")
    assert [reason(meter, first) for _ in range(4)] == ["", "", "", "TOO_MANY_CONCURRENT"]
    assert [reason(meter, second) for _ in range(2)] == ["", "TOO_MANY_CONCURRENT"]
    assert reason(meter, foreign) == ""
    meter.end(first, Lane.API)
    assert reason(meter, second) == ""


def test_batches_of_all_companies_leave_threads_for_the_rest(meter: Meter) -> None:
    ours, theirs, third = (meter.client(tenant, "app") for tenant in "abc")
    assert [reason(meter, ours, Lane.BULK) for _ in range(2)] == ["", "TOO_MANY_CONCURRENT"]
    assert reason(meter, ours) == ""
    assert reason(meter, theirs, Lane.BULK) == ""
    assert reason(meter, third, Lane.BULK) == "TOO_MANY_CONCURRENT"
    meter.end(ours, Lane.BULK)
    assert reason(meter, third, Lane.BULK) == ""


def test_two_processes_together_hold_a_company_to_its_limit(meter: Meter, gateway_settings: GatewaySettings) -> None:
    there = Meter(meter._settings, clock=meter.clock)
    here_payer, there_payer = meter.client("a", "app"), there.client("a", "app")
    stranger = meter.stranger("203.0.113.7")
    assert answered(meter, here_payer, 4) == 4
    assert answered(meter, stranger, 1) == 1
    used = meter.take_used()
    # Addresses are personal data and stay here.
    assert used == {"company/a/api": 4, "client/a/app": 4}
    there.debit([*used.items(), ("company/unknown/api", 5)])
    assert answered(there, there_payer, 100) == 2
    assert answered(there, there.client("b", "app"), 100) == 6
    assert meter.take_used() == {}


def test_a_process_that_hears_nobody_takes_its_part_only(meter: Meter) -> None:
    meter.price = 2
    assert answered(meter, meter.client("a", "app"), 100) == 3


def test_somebody_who_is_not_remembered_takes_no_memory(meter: Meter) -> None:
    for number in range(1000):
        answered(meter, meter.client(str(number), "app"), 1)
    meter.take_used()
    assert len(meter._parties) == 0
    assert len(meter._buckets) == 0
