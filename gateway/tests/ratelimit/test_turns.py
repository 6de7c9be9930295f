"""Who goes on at once while several companies ask, by a clock that the test moves."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from chassis.errors import ResourceExhausted
from chassis.testing.bus import wait_until
from gateway.ratelimit.meter import Lane, Meter, Party
from gateway.ratelimit.turns import Turns
from gateway.settings import GatewaySettings


class Clock:
    """Stands still until the test moves it."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(gateway_settings: GatewaySettings, clock: Clock) -> Callable[..., tuple[Turns, Party, Party]]:
    """Turns of two at once (one of bulk) for each of two companies that may have five."""

    def built(wait_s: float = 0.0) -> tuple[Turns, Party, Party]:
        small = {"rate_tenant_turns": 2, "rate_tenant_bulk_turns": 1, "rate_turn_wait_s": wait_s}
        settings = gateway_settings.model_copy(update={**small, "rate_tenant_concurrent": 5})
        meter = Meter(settings, clock=clock)
        loud, quiet = (meter.client(tenant, "app").company for tenant in "ab")
        return Turns(settings, clock=clock), loud, quiet

    return built


def taken(turns: Turns, company: Party, times: int, lane: Lane = Lane.API) -> int:
    """How many of so many turns are had at once."""
    got = 0
    for _ in range(times):
        try:
            turns.take(company, lane)
            got += 1
        except ResourceExhausted:
            continue
    return got


def test_a_company_that_is_alone_takes_all_it_may_have(make: Callable[..., tuple[Turns, Party, Party]]) -> None:
    turns, loud, _ = make()
    assert taken(turns, loud, 9) == 5


def test_beside_another_company_each_has_few_and_bulk_fewer(
    make: Callable[..., tuple[Turns, Party, Party]], clock: Clock
) -> None:
    turns, loud, quiet = make()
    assert taken(turns, quiet, 1) == 1
    assert taken(turns, loud, 9) == 2
    assert taken(turns, loud, 9, Lane.BULK) == 1
    assert taken(turns, quiet, 9) == 1
    clock.now += 2.0
    assert taken(turns, loud, 9) == 3, "the other has not asked for a while"


def test_what_waits_goes_on_in_its_order_and_the_other_company_need_not_wait(
    make: Callable[..., tuple[Turns, Party, Party]],
) -> None:
    turns, loud, quiet = make(wait_s=30.0)
    taken(turns, quiet, 1)
    taken(turns, loud, 2)
    order: list[int] = []
    line = turns._lines[loud][Lane.API]

    def go(number: int) -> None:
        turns.take(loud, Lane.API)
        order.append(number)

    threads = []
    for number in range(3):
        threads.append(threading.Thread(target=go, args=(number,)))
        threads[-1].start()
        wait_until(lambda number=number: len(line.waiting) == number + 1)
    assert taken(turns, quiet, 1) == 1
    for number in range(3):
        turns.give_back(loud, Lane.API)
        wait_until(lambda number=number: len(order) == number + 1)
    for thread in threads:
        thread.join(10)
    assert order == [0, 1, 2]
    assert (line.under_way, len(line.waiting)) == (2, 0)


def test_who_has_waited_in_vain_leaves_the_line(make: Callable[..., tuple[Turns, Party, Party]]) -> None:
    turns, loud, quiet = make()
    taken(turns, quiet, 1)
    assert taken(turns, loud, 4) == 2
    for _ in range(2):
        turns.give_back(loud, Lane.API)
    taken(turns, quiet, 1)
    assert taken(turns, loud, 4) == 2
