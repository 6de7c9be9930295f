"""Consumers: each event once through kills and outages, none lost, none in another's way."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
from chassis.envelope import Event
from chassis.errors import Unavailable
from chassis.ids import uuid7
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.subscriptions import RawSubscription, Received, Subscription
from chassis.testing.bus import TestBus, wait_until
from chassis.testing.databases import TestDatabase
from chassis.testing.notes import ADD, OURS, THEIRS, bodies, noted
from chassis.work import Database, Work
from funia.events.v1.envelope_pb2 import Envelope

SUBJECTS = ("sample.note.*",)


def copy(work: Work, events: Sequence[Received]) -> None:
    for event in events:
        work.execute(ADD, id=event.id, body=str(event.version))


COPIES = Subscription("sample-copies", "sample", SUBJECTS, copy)


def test_a_consumer_killed_between_commit_and_acknowledgement_handles_each_event_once(
    bus: TestBus, database: Database, stored: TestDatabase
) -> None:
    bus.publish(OURS, *notes(20))
    worker = subprocess.Popen(
        [sys.executable, "-c", _DIES_AFTER_COMMIT],
        env={"FUNIA_DATABASE_URL": stored.app_url, "FUNIA_NATS_URL": bus.settings.nats_url},
    )
    assert worker.wait(30) == -9
    assert len(bodies(database, OURS)) == 20
    handled: list[str] = []
    counted = replace(COPIES, handler=lambda _work, events: handled.extend(str(event.id) for event in events))
    with bus.consuming(counted, database):
        bus.publish(OURS, *notes(1, start=21))
        wait_until(lambda: len(handled) == 1 and bus.run(unacknowledged(bus)) == 0)
    assert len(bodies(database, OURS)) == 20


def test_an_event_whose_handler_failed_comes_again_and_the_others_do_not_wait(bus: TestBus, database: Database) -> None:
    failures = 0

    def fail_twice_on_five(work: Work, events: Sequence[Received]) -> None:
        nonlocal failures
        if any(event.version == 5 for event in events) and failures < 3:
            failures += 1
            raise RuntimeError("not now")
        copy(work, events)

    with bus.consuming(replace(COPIES, handler=fail_twice_on_five), database):
        bus.publish(OURS, *notes(10))
        bus.publish(THEIRS, *notes(1))
        wait_until(lambda: len(bodies(database, OURS)) == 10)
    assert sorted(map(int, bodies(database, OURS))) == list(range(1, 11))
    assert bodies(database, THEIRS) == ["1"]
    assert bus.dead_letters() == []


def test_while_a_store_is_away_events_wait_in_order_and_none_is_buried(bus: TestBus, database: Database) -> None:
    away_until = time.monotonic() + 3.0
    order: list[int] = []

    def store(work: Work, events: Sequence[Received]) -> None:
        if time.monotonic() < away_until:
            raise Unavailable("the store is away")
        order.extend(event.version for event in events)

    with bus.consuming(replace(COPIES, handler=store), database):
        bus.publish(OURS, *notes(10))
        time.sleep(0.3)
        bus.publish(OURS, *notes(10, start=11))
        wait_until(lambda: len(order) == 20)
    assert order == list(range(1, 21))
    assert bus.dead_letters() == []


def test_work_longer_than_the_ack_wait_brings_no_repetition(bus: TestBus, database: Database) -> None:
    rounds: list[int] = []

    def slow(_work: Work, events: Sequence[Received]) -> None:
        rounds.append(len(events))
        time.sleep(bus.settings.consumer_ack_wait_s * 1.6)

    patient = replace(COPIES, handler=slow)
    # The second worker would be given what the first is taken to have lost.
    with bus.consuming(patient, database), bus.consuming(patient, database):
        bus.publish(OURS, *notes(5))
        wait_until(lambda: rounds and bus.run(unacknowledged(bus)) == 0)
        delivered = bus.run(delivered_count(bus))
    assert (sum(rounds), delivered) == (5, 5)


def test_a_consumer_asked_to_stop_ends_at_once(bus: TestBus, database: Database) -> None:
    patient = bus.settings.model_copy(update={"consumer_fetch_wait_s": 30.0})
    bus.settings = patient
    with bus.consuming(COPIES, database) as consumer:
        bus.publish(OURS, *notes(1))
        wait_until(lambda: bodies(database, OURS) == ["1"])
        time.sleep(0.3)
        started = time.monotonic()
        consumer.stop()
        wait_until(lambda: not bus.run(running(bus)))
    assert time.monotonic() - started < 2


def test_an_event_of_an_unknown_kind_is_passed_over(bus: TestBus, database: Database) -> None:
    with bus.consuming(COPIES, database):
        unknown = Envelope(
            id=str(uuid7()), type="sample.note.sung", tenant_id=str(OURS.tenant_id), subject_id=str(uuid7()),
            aggregate_version=1, payload=b"", payload_type="funia.sample.v9.Song",
        )  # fmt: skip
        bus.publish_raw(f"funia.{OURS.tenant_id}.sample.note.sung", unknown.SerializeToString())
        bus.publish(OURS, *notes(1))
        wait_until(lambda: bodies(database, OURS) == ["1"])
    assert bus.dead_letters() == []


def test_the_subject_names_the_tenant_that_the_work_is_bound_to(bus: TestBus, database: Database) -> None:
    seen: list[tuple[str, str]] = []

    def note_tenant(work: Work, events: Sequence[Received]) -> None:
        seen.extend((str(work.tenant_id), event.envelope.tenant_id) for event in events)

    with bus.consuming(replace(COPIES, handler=note_tenant), database):
        bus.publish(OURS, *notes(3))
        bus.publish(THEIRS, *notes(3))
        wait_until(lambda: len(seen) == 6)
    assert sorted(set(seen)) == sorted((str(c.tenant_id), str(c.tenant_id)) for c in (OURS, THEIRS))


def test_a_raw_consumer_gets_all_tenants_with_their_place_in_the_stream(bus: TestBus) -> None:
    got: list[tuple[str, int]] = []
    raw = RawSubscription(
        "facts",
        "sample",
        SUBJECTS,
        lambda batch: got.extend((envelope.tenant_id, number) for envelope, number in batch),
    )
    with bus.consuming(raw, None):
        bus.publish(OURS, *notes(2))
        bus.publish(THEIRS, *notes(1))
        wait_until(lambda: len(got) == 3)
    assert got == [(str(OURS.tenant_id), 1), (str(OURS.tenant_id), 2), (str(THEIRS.tenant_id), 3)]


def test_what_the_inbox_forgot_long_ago_is_gone_and_the_rest_stays(
    bus: TestBus, database: Database, stored: TestDatabase, settings: Settings
) -> None:
    with bus.consuming(COPIES, database):
        bus.publish(OURS, *notes(2))
        wait_until(lambda: len(bodies(database, OURS)) == 2)
    with psycopg.connect(stored.admin_url, autocommit=True) as admin:
        admin.execute(
            "UPDATE inbox SET received_at = now() - make_interval(days => %s) "
            "WHERE event_id = (SELECT event_id FROM inbox ORDER BY event_id LIMIT 1)",
            [settings.inbox_keep_days + 1],
        )

        async def make_relay() -> Relay:
            return Relay("sample", settings, bus.client)

        with bus.background(bus.run(make_relay()).run):
            wait_until(lambda: admin.execute("SELECT count(*) FROM inbox").fetchone() == (1,))


def notes(count: int, *, start: int = 1) -> list[Event]:
    aggregate = uuid7()
    return [replace(noted(aggregate, start + n), occurred_at=datetime.now(UTC)) for n in range(count)]


async def unacknowledged(bus: TestBus) -> int:
    info = await bus.client.jetstream().consumer_info("FUNIA_SAMPLE", COPIES.name)
    return (info.num_ack_pending or 0) + (info.num_pending or 0)


async def delivered_count(bus: TestBus) -> int:
    info = await bus.client.jetstream().consumer_info("FUNIA_SAMPLE", COPIES.name)
    return info.delivered.consumer_seq if info.delivered else 0


async def running(bus: TestBus) -> bool:
    return any("Consumer.run" in repr(task.get_coro()) for task in asyncio.all_tasks())


_DIES_AFTER_COMMIT = """
import asyncio, os, signal
from chassis.consumer import Consumer
from chassis.subscriptions import Subscription
from chassis.settings import Settings
from chassis.streams import connect
from chassis.testing.notes import ADD
from chassis.work import Database

def copy(work, events):
    for event in events:
        work.execute(ADD, id=event.id, body=str(event.version))

class Dies(Consumer):
    async def _acknowledge(self, items):
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    settings = Settings()
    client = await connect(settings, "dies")
    subscription = Subscription("sample-copies", "sample", ("sample.note.*",), copy)
    await Dies(subscription, Settings(consumer_ack_wait_s=2.0), client, Database(settings)).run()

asyncio.run(main())
"""
