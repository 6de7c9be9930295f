"""Two processes of the gateway that share what was used over a real bus."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from chassis.errors import ResourceExhausted
from gateway.ratelimit.meter import Lane, Meter
from gateway.ratelimit.shares import RateShares
from gateway.settings import GatewaySettings

SMALL = {"rate_tenant_per_s": 0.05, "rate_tenant_burst": 20, "rate_client_per_s": 0.05, "rate_client_burst": 20}


def answered(meter: Meter, tenant: str, times: int) -> int:
    payer, done = meter.client(tenant, "app"), 0
    for _ in range(times):
        try:
            meter.begin(payer, Lane.API)
        except ResourceExhausted:
            continue
        meter.end(payer, Lane.API)
        done += 1
    return done


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_company_cannot_spend_its_limit_once_in_every_process(
    gateway_settings: GatewaySettings, nats_url: str
) -> None:
    settings = gateway_settings.model_copy(update={**SMALL, "nats_url": nats_url, "http_workers": 2})
    here, there = Meter(settings), Meter(settings)
    kept = there.client("a", "app"), there.client("b", "app")
    shares = [RateShares(settings, meter).start() for meter in (here, there)]
    try:
        assert (here.price, there.price) == (2, 2)
        wait_until(lambda: (here.price, there.price) == (1, 1))
        assert answered(here, "a", 15) == 15
        wait_until(lambda: kept[0].company.buckets[Lane.API].left(there.clock()) == 5)
        assert answered(there, "a", 100) == 5
        assert answered(there, "b", 100) == 20
    finally:
        for each in shares:
            each.stop()


@pytest.mark.parametrize("workers", [1, 4])
def test_without_the_bus_a_process_takes_its_part_only(gateway_settings: GatewaySettings, workers: int) -> None:
    settings = gateway_settings.model_copy(update={**SMALL, "nats_url": "nats://127.0.0.1:1", "http_workers": workers})
    meter = Meter(settings)
    share = RateShares(settings, meter).start()
    try:
        assert answered(meter, "a", 100) == 20 // workers
    finally:
        share.stop()
