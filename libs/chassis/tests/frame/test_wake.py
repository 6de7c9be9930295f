"""Waking the relay of another process of the same service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from chassis.testing.bus import TestBus, wait_until
from chassis.wake import Bell, waking


@contextmanager
def woken(bus: TestBus, service: str) -> Iterator[list[str]]:
    """Notes every wake of the service while the block runs."""
    wakes: list[str] = []

    async def listen(listening: asyncio.Event) -> None:
        async with waking(bus.client, service, [lambda: wakes.append(service)]):
            await bus.client.flush()
            listening.set()
            await asyncio.Event().wait()

    async def ready() -> asyncio.Event:
        return asyncio.Event()

    listening = bus.run(ready())
    with bus.background(lambda: listen(listening)):
        bus.run(_waited(listening))
        yield wakes


async def _waited(event: asyncio.Event) -> None:
    await event.wait()


def attached(bus: TestBus, service: str, *, gather_s: float) -> Bell:
    bell = Bell(service, gather_s=gather_s)

    async def attach() -> None:
        bell.attach(bus.client)

    bus.run(attach())
    return bell


def test_many_commits_in_a_moment_wake_the_workers_of_their_service_once_and_no_others(bus: TestBus) -> None:
    bell = attached(bus, "sample", gather_s=0.05)
    with woken(bus, "sample") as ours, woken(bus, "other") as others:
        for _ in range(100):
            bell.ring()
        wait_until(lambda: ours)
        bus.run(bus.client.flush())
        assert ours == ["sample"]
        bell.ring()
        wait_until(lambda: len(ours) > 1)
        bus.run(bus.client.flush())
        assert ours == ["sample", "sample"]
        assert others == []


def test_a_commit_before_the_bus_is_there_is_no_error_and_later_ones_wake(bus: TestBus) -> None:
    bell = Bell("sample", gather_s=0.0)
    bell.ring()

    async def attach() -> None:
        bell.attach(bus.client)

    with woken(bus, "sample") as ours:
        bus.run(attach())
        assert ours == []
        bell.ring()
        wait_until(lambda: ours)
