"""From a commit to the stream: each event once, in order per aggregate, through kills and outages."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from chassis import relay as relay_module
from chassis.envelope import stream_name
from chassis.ids import uuid7
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.streams import Outgoing, connect, declare_stream, publish_batch
from chassis.subscriptions import Received, Subscription
from chassis.testing.bus import TestBus, wait_until
from chassis.testing.databases import TestDatabase
from chassis.testing.notes import ADD, OURS, THEIRS, add, bodies, write
from chassis.work import Database, Work
from funia.events.v1.envelope_pb2 import Envelope
from local_stack import child
from local_stack.child import start_ready
from local_stack.nats import NatsServer, NatsSettings

STREAM = stream_name("sample")


class Killed(BaseException):
    """Stands for the end of the process between two steps."""


def test_events_reach_a_handler_once_and_in_the_tenants_own_work(bus: TestBus, database: Database) -> None:
    copied: list[tuple[UUID, str]] = []

    def copy(work: Work, events: list[Received]) -> None:
        for event in events:
            work.execute(ADD, id=uuid7(), body=f"copy of {event.type}")
            copied.append((work.tenant_id, event.envelope.correlation_id))

    subscription = Subscription("sample-copies", "sample", ("sample.note.*",), copy)
    with bus.background(relay(bus).run), bus.consuming(subscription, database):
        write(database, OURS, "one", "two")
        write(database, THEIRS, "three")
        wait_until(lambda: len(copied) >= 3)
    assert sorted(copied) == sorted([(OURS.tenant_id, "ours"), (OURS.tenant_id, "ours"), (THEIRS.tenant_id, "theirs")])
    assert bodies(database, OURS) == ["one", "two", *["copy of sample.note.added"] * 2]
    assert bodies(database, THEIRS) == ["three", "copy of sample.note.added"]


def test_a_work_that_rolls_back_publishes_nothing(bus: TestBus, database: Database) -> None:
    with pytest.raises(RuntimeError), database.open_work(OURS) as work:
        add(work, "lost")
        raise RuntimeError
    write(database, OURS, "kept")
    assert bus.run(relay(bus).drain()) == 1
    assert len(bus.messages(STREAM)) == 1


def test_versions_of_an_aggregate_come_in_order(bus: TestBus, database: Database) -> None:
    aggregates = [uuid7() for _ in range(3)]
    for version in range(1, 41):
        for aggregate in aggregates:
            with database.open_work(OURS) as work:
                add(work, "", aggregate=aggregate, version=version)
    assert bus.run(relay(bus).drain()) == 120
    seen: dict[str, list[int]] = {}
    for envelope in envelopes(bus):
        seen.setdefault(envelope.subject_id, []).append(envelope.aggregate_version)
    assert seen == {str(aggregate): list(range(1, 41)) for aggregate in aggregates}


def test_a_relay_killed_between_publish_and_mark_repeats_and_the_stream_keeps_each_once(
    bus: TestBus, database: Database, stored: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(database, OURS, *map(str, range(120)))
    publish = relay_module.publish_batch
    rounds = 0

    async def publish_then_die(*arguments: object, **options: object) -> None:
        nonlocal rounds
        await publish(*arguments, **options)  # type: ignore[arg-type]
        rounds += 1
        if rounds == 2:
            raise Killed

    monkeypatch.setattr(relay_module, "publish_batch", publish_then_die)
    with pytest.raises(Killed):
        bus.run(relay(bus).drain())
    monkeypatch.setattr(relay_module, "publish_batch", publish)
    assert (len(bus.messages(STREAM)), pending(stored)) == (100, 70)
    assert bus.run(relay(bus).drain()) == 70
    assert pending(stored) == 0
    ids = [envelope.id for envelope in envelopes(bus)]
    assert len(ids) == len(set(ids)) == 120


def test_a_batch_goes_atomically_and_one_with_a_known_id_goes_singly(bus: TestBus) -> None:
    def outgoing(*names: str) -> list[Outgoing]:
        return [Outgoing(name, f"funia.{OURS.tenant_id}.sample.note.added", name.encode()) for name in names]

    def publish(*names: str) -> None:
        bus.run(publish_batch(bus.client, outgoing(*names), timeout_s=5, concurrency=8))

    publish("a", "b", "c")
    batches = {(message.headers or {}).get("Nats-Batch-Id") for message in bus.messages(STREAM)}
    assert len(batches) == 1
    assert None not in batches
    publish("b", "d", "e")
    publish("e")
    stored = bus.messages(STREAM)
    assert [message.data for message in stored] == [b"a", b"b", b"c", b"d", b"e"]
    assert "Nats-Batch-Id" not in (stored[-1].headers or {})


def test_what_was_written_while_the_bus_was_away_is_published_when_it_is_back(
    settings: Settings, database: Database, stored: TestDatabase, tmp_path: Path
) -> None:
    server = NatsServer(tmp_path / "nats", NatsSettings())
    process = start_ready(server.program(), tmp_path / "nats.log")
    own = settings.model_copy(update={"nats_url": server.url, "relay_publish_timeout_s": 1.0})
    bus = TestBus(own, ["sample"])
    try:
        with bus.background(relay(bus).run):
            write(database, OURS, *map(str, range(30)))
            wait_until(lambda: pending(stored) == 0)
            process.kill()
            process.wait()
            write(database, OURS, *map(str, range(70)))
            time.sleep(own.relay_publish_timeout_s * 2.5)
            process = start_ready(server.program(), tmp_path / "nats.log")
            wait_until(lambda: pending(stored) == 0, timeout_s=30)
        ids = [envelope.id for envelope in envelopes(bus)]
        assert len(ids) == len(set(ids)) == 100
    finally:
        bus.close()
        child.stop(process, server.program())


def test_a_second_relay_waits_until_the_first_is_gone(bus: TestBus, database: Database, stored: TestDatabase) -> None:
    with bus.background(relay(bus).run):
        write(database, OURS, "one")
        wait_until(lambda: pending(stored) == 0)
        with bus.background(relay(bus).run):
            write(database, OURS, "two")
            wait_until(lambda: pending(stored) == 0)
            with psycopg.connect(stored.admin_url, autocommit=True) as admin:
                holders = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 7310246"
                first = admin.execute(holders).fetchall()
                assert len(first) == 1
                latest = "SELECT query FROM pg_stat_activity WHERE usename = 'sample_relay'"
                wait_until(lambda: len(admin.execute(latest).fetchall()) == 2)
                time.sleep(0.5)
                queries = [query for (query,) in admin.execute(latest)]
                assert sorted("pg_try_advisory_lock" in query for query in queries) == [False, True]
                admin.execute("SELECT pg_terminate_backend(%s)", first[0])
                write(database, OURS, "three")
                wait_until(lambda: pending(stored) == 0)
                wait_until(lambda: admin.execute(holders).fetchall() not in ([], first))
    ids = [envelope.id for envelope in envelopes(bus)]
    assert len(ids) == len(set(ids)) == 3


def test_the_relay_role_reads_the_outbox_and_nothing_else(stored: TestDatabase, database: Database) -> None:
    write(database, OURS, "ours")
    with psycopg.connect(stored.relay_url, autocommit=True) as bare:
        assert bare.execute("SELECT count(*) FROM outbox").fetchone() == (1,)
        for statement in (
            "SELECT * FROM note",
            "DELETE FROM outbox",
            "UPDATE outbox SET envelope = ''",
            "INSERT INTO inbox VALUES (gen_random_uuid(), 'x', gen_random_uuid())",
            "CREATE TABLE mine (id int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                bare.execute(statement)


def test_old_partitions_are_dropped_but_never_with_an_unpublished_event(
    database: Database, stored: TestDatabase, settings: Settings
) -> None:
    today = datetime.now(UTC).replace(hour=12, minute=0)
    old_done, old_pending = (today - timedelta(days=days) for days in (20, 19))
    with psycopg.connect(stored.owner_url, autocommit=True) as owner:
        for day in (old_done, old_pending):
            start = day.date()
            owner.execute(
                f"CREATE TABLE outbox_{start:%Y%m%d} PARTITION OF outbox "
                f"FOR VALUES FROM ('{start} 00:00+00') TO ('{start + timedelta(days=1)} 00:00+00')"
            )
            owner.execute(f"ALTER TABLE outbox_{start:%Y%m%d} ENABLE ROW LEVEL SECURITY")
            owner.execute(f"ALTER TABLE outbox_{start:%Y%m%d} FORCE ROW LEVEL SECURITY")
    with psycopg.connect(stored.admin_url, autocommit=True) as admin:
        for day, published in ((old_done, old_done), (old_pending, None)):
            admin.execute(
                "INSERT INTO outbox (tenant_id, id, created_at, shard, subject, envelope, published_at) "
                "VALUES (%s, %s, %s, 0, 's', '', %s)",
                [OURS.tenant_id, uuid7(), day, published],
            )
    with psycopg.connect(stored.relay_url, autocommit=True) as relay_connection:
        relay_connection.execute("SELECT outbox_maintain(8)")
    with psycopg.connect(stored.admin_url) as admin:
        left = [row[0] for row in admin.execute("SELECT relid::text FROM pg_partition_tree('outbox') WHERE isleaf")]
    assert f"outbox_{old_done:%Y%m%d}" not in left
    assert f"outbox_{old_pending:%Y%m%d}" in left
    for ahead in range(4):
        assert f"outbox_{today + timedelta(days=ahead):%Y%m%d}" in left


def relay(bus: TestBus) -> Relay:
    """A relay on the bus's own loop."""

    async def make() -> Relay:
        await asyncio.sleep(0)
        return Relay("sample", bus.settings, bus.client)

    return bus.run(make())


def pending(stored: TestDatabase) -> int:
    with psycopg.connect(stored.admin_url) as admin:
        row = admin.execute("SELECT count(*) FROM outbox WHERE published_at IS NULL").fetchone()
    assert row is not None
    return int(row[0])


def envelopes(bus: TestBus) -> list[Envelope]:
    return [Envelope.FromString(message.data) for message in bus.messages(STREAM)]


def test_a_worker_that_starts_before_the_bus_waits_for_it(settings: Settings, tmp_path: Path) -> None:
    server = NatsServer(tmp_path / "nats", NatsSettings())

    async def scenario() -> None:
        own = settings.model_copy(update={"nats_url": server.url})
        connecting = asyncio.create_task(connect(own, "early"))
        await asyncio.sleep(0.5)
        assert not connecting.done()
        process = await asyncio.to_thread(start_ready, server.program(), tmp_path / "nats.log")
        try:
            client = await asyncio.wait_for(connecting, 10)
            await declare_stream(client, "sample", own)
            await client.close()
        finally:
            child.stop(process, server.program())

    asyncio.run(scenario())
