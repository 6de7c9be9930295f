"""Events nobody could handle: seen without their content, handed back to their consumer, gone once handled."""

from __future__ import annotations

import asyncio

import pytest
from chassis.dead_letters import DeadLetter, read_letters, replay_letter
from chassis.errors import NotFound, Unavailable
from chassis.ids import uuid7
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.streams import connect, declare_dead_letters
from chassis.subscriptions import Received, Subscription
from chassis.testing.bus import TestBus, wait_until
from chassis.testing.notes import ADD, OURS, THEIRS, bodies, write
from chassis.vitals import Vitals
from chassis.work import Database, Work

BROKEN = "the note says secret@marked.example"


class Mendable:
    """A handler that fails on everything until it is mended."""

    def __init__(self) -> None:
        self.is_mended = False

    def __call__(self, work: Work, events: list[Received]) -> None:
        if not self.is_mended:
            raise RuntimeError(BROKEN)
        for _ in events:
            work.execute(ADD, id=uuid7(), body="handled")


def test_a_dead_letter_is_read_without_content_and_handled_once_when_its_consumer_is_mended(
    bus: TestBus, database: Database, settings: Settings
) -> None:
    handler = Mendable()
    subscription = Subscription("sample-mendable", "sample", ("sample.note.*",), handler)
    mine = lambda: [one for one in letters(bus, settings) if one.consumer == "sample-mendable"]  # noqa: E731
    with bus.background(relay(bus).run), bus.consuming(subscription, database):
        write(database, OURS, "one")
        write(database, THEIRS, "two")
        wait_until(lambda: len(mine()) == 2)
        newest, older = mine()
        assert {newest.tenant_id, older.tenant_id} == {str(OURS.tenant_id), str(THEIRS.tenant_id)}
        assert (newest.error, newest.event_type) == ("RuntimeError", "sample.note.added")
        assert "secret" not in repr(newest)
        assert replay(bus, settings, newest.sequence) == "RuntimeError"
        assert len(mine()) == 2
        handler.is_mended = True
        assert [replay(bus, settings, one.sequence) for one in (newest, older)] == ["", ""]
        assert mine() == []
        with pytest.raises(NotFound):
            replay(bus, settings, newest.sequence)
    assert bodies(database, OURS) == ["one", "handled"]
    assert bodies(database, THEIRS) == ["two", "handled"]


def test_a_letter_whose_consumer_does_not_run_stays(bus: TestBus, database: Database, settings: Settings) -> None:
    subscription = Subscription("sample-gone", "sample", ("sample.note.*",), Mendable())
    mine = lambda: [one for one in letters(bus, settings) if one.consumer == "sample-gone"]  # noqa: E731
    with bus.background(relay(bus).run), bus.consuming(subscription, database):
        write(database, OURS, "one")
        wait_until(lambda: len(mine()) == 1)
    with pytest.raises(Unavailable, match="sample-gone does not run"):
        replay(bus, settings, mine()[0].sequence)
    assert len(mine()) == 1


def test_a_worker_tells_how_much_waits(bus: TestBus, database: Database, settings: Settings) -> None:
    write(database, OURS, "one", "two")
    signs = bus.run(_measured(settings))
    assert (signs.service, signs.outbox_pending, signs.jobs) == ("sample", 2, {})
    assert 0 <= signs.outbox_oldest_s < 60
    assert bus.run(relay(bus).drain()) == 2
    assert bus.run(_measured(settings)).outbox_pending == 0


async def _measured(settings: Settings):
    client = await connect(settings, "test")
    try:
        await declare_dead_letters(client, settings)
        return await Vitals("sample", settings, client, []).measure()
    finally:
        await client.close()


def letters(bus: TestBus, settings: Settings) -> list[DeadLetter]:
    async def read() -> list[DeadLetter]:
        client = await connect(settings, "test")
        try:
            return await read_letters(client)
        finally:
            await client.close()

    return bus.run(read())


def replay(bus: TestBus, settings: Settings, sequence: int) -> str:
    async def run() -> str:
        client = await connect(settings, "test")
        try:
            return await replay_letter(client, sequence, timeout_s=10)
        finally:
            await client.close()

    return bus.run(run())


def relay(bus: TestBus) -> Relay:
    """A relay on the bus's own loop."""

    async def make() -> Relay:
        await asyncio.sleep(0)
        return Relay("sample", bus.settings, bus.client)

    return bus.run(make())
