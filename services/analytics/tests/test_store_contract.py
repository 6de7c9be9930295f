"""What every columnar store keeps, on the embedded engine and through the ClickHouse client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from analytics.consumers.events import event_columns, store_events
from analytics.errors import StatementFailed, UnscopedQuery
from analytics.store.facts import EVENT_FACT
from analytics.store.port import ColumnStore
from chassis.errors import DeadlineExceeded, ResourceExhausted
from funia.events.v1.envelope_pb2 import Envelope

MakeEvent = Callable[..., Envelope]
COUNT = "SELECT count() FROM event_fact"


def counted(store: ColumnStore, tenant: UUID) -> int:
    return int(store.for_tenant(tenant).query(COUNT)[0][0])


def test_every_part_of_an_event_comes_back_as_it_was(store: ColumnStore, tenant: UUID, make_event: MakeEvent) -> None:
    event = make_event("sales.deal.stage_changed", at=datetime(2026, 3, 1, 12, 30, 0, 123456, UTC), version=7)
    store_events(store, [event])
    row = store.for_tenant(tenant).query(
        """SELECT event_id, type, service, entity, event, subject_id, aggregate_version,
                  toUnixTimestamp64Micro(occurred_at), actor_type, actor_id, correlation_id, changed_fields,
                  hex(payload)
             FROM event_fact"""
    )[0]
    assert row == (
        event.id,
        "sales.deal.stage_changed",
        "sales",
        "deal",
        "stage_changed",
        event.subject_id,
        7,
        1772368200123456,
        "user",
        event.actor.id,
        "request-1",
        ["display_name", "emails"],
        event.payload.hex().upper(),
    )


def test_a_repeated_batch_counts_once(store: ColumnStore, tenant: UUID, make_event: MakeEvent) -> None:
    events = [make_event() for _ in range(50)]
    store_events(store, events)
    store_events(store, events)
    assert counted(store, tenant) == 50


def test_events_repeated_in_other_batches_count_once(store: ColumnStore, tenant: UUID, make_event: MakeEvent) -> None:
    events = [make_event() for _ in range(90)]
    for start, end in [(0, 50), (10, 90), (0, 90), (45, 46)]:
        store_events(store, events[start:end])
    assert counted(store, tenant) == 90
    assert store.for_tenant(tenant).query(COUNT, repeats=True)[0][0] > 90


def test_a_batch_that_begins_like_an_earlier_one_is_not_taken_for_it(
    store: ColumnStore, tenant: UUID, make_event: MakeEvent
) -> None:
    first, second, third = make_event(), make_event(), make_event()
    store_events(store, [first, second])
    store_events(store, [first, third])
    assert counted(store, tenant) == 3


def test_the_same_token_with_other_rows_is_dropped_by_the_engine(
    store: ColumnStore, tenant: UUID, make_event: MakeEvent
) -> None:
    store.insert(EVENT_FACT, event_columns([make_event()]), token="range-1")
    store.insert(EVENT_FACT, event_columns([make_event()]), token="range-1")
    assert counted(store, tenant) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count() FROM event_fact",
        "SELECT count() FROM event_fact AS fact",
        "SELECT count() FROM (SELECT * FROM event_fact)",
        "WITH all_events AS (SELECT * FROM event_fact) SELECT count() FROM all_events",
        "SELECT count() FROM numbers(1) AS one CROSS JOIN event_fact AS fact",
        "SELECT uniqExact(a.event_id) FROM event_fact AS a JOIN event_fact AS b ON a.tenant_id = b.tenant_id",
        "SELECT (SELECT count() FROM event_fact)",
        "SELECT countIf(event_id IN (SELECT event_id FROM event_fact)) FROM event_fact",
        "SELECT sum(n) FROM (SELECT count() AS n FROM event_fact UNION ALL SELECT 0 AS n)",
        "SELECT count() FROM event_fact WHERE 1 OR tenant_id != toUUID('00000000-0000-0000-0000-000000000000')",
    ],
)
def test_a_statement_sees_its_tenant_only(
    store: ColumnStore, tenant: UUID, second_tenant: UUID, make_event: MakeEvent, sql: str
) -> None:
    store_events(store, [make_event() for _ in range(3)] + [make_event(tenant_id=second_tenant) for _ in range(5)])
    assert store.for_tenant(tenant).query(sql) == [(3,)]
    assert store.for_tenant(second_tenant).query(sql, repeats=True) == [(5,)]


def test_naming_the_other_tenant_finds_nothing(
    store: ColumnStore, tenant: UUID, second_tenant: UUID, make_event: MakeEvent
) -> None:
    store_events(store, [make_event(tenant_id=second_tenant)])
    sql = "SELECT event_id FROM event_fact WHERE tenant_id = {other:UUID}"
    assert store.for_tenant(tenant).query(sql, other=second_tenant) == []


def test_a_statement_over_other_tables_is_refused(store: ColumnStore, tenant: UUID) -> None:
    with pytest.raises(UnscopedQuery, match="store_version"):
        store.for_tenant(tenant).query("SELECT count() FROM store_version")


@pytest.mark.parametrize(
    "text", ["it's", "back\\slash", "tab\there", "line\nbreak", "{x:String}", "'; DROP", "Ж€😀", ""]
)
def test_texts_reach_the_engine_unchanged(store: ColumnStore, tenant: UUID, text: str) -> None:
    reader = store.for_tenant(tenant)
    assert reader.query("SELECT {value:String}", value=text) == [(text,)]
    assert reader.query("SELECT {values:Array(String)}", values=[text, "b"]) == [([text, "b"],)]


def test_numbers_and_ids_reach_the_engine_unchanged(store: ColumnStore, tenant: UUID) -> None:
    row = store.for_tenant(tenant).query(
        "SELECT {big:Int64}, {list:Array(Int64)}, {id:UUID}, {yes:Bool}, {ids:Array(UUID)}",
        big=9007199254740993,
        list=[-1, 2**62],
        id=tenant,
        yes=True,
        ids=[tenant],
    )[0]
    assert row == (9007199254740993, [-1, 2**62], str(tenant), True, [str(tenant)])


def test_broken_clocks_share_one_partition_and_are_counted(
    store: ColumnStore, tenant: UUID, make_event: MakeEvent
) -> None:
    moments = [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2099, 12, 31, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
    ]
    # The id of such an event carries the same broken clock: 48 bits of milliseconds.
    ids = [
        UUID(int=max(int(at.timestamp() * 1000), 0) << 80 | 7 << 76 | 0b10 << 62 | n) for n, at in enumerate(moments)
    ]
    events = [make_event(at=at, event_id=one) for at, one in zip(moments, ids, strict=True)]
    store_events(store, events)
    store_events(store, events[1:])
    reader = store.for_tenant(tenant)
    assert reader.query(COUNT) == [(5,)]
    assert reader.query("SELECT DISTINCT _partition_id FROM event_fact") == [("0",)]
    years = reader.query("SELECT toYear(occurred_at) AS year FROM event_fact ORDER BY occurred_at")
    assert years == [(1900,), (1969,), (1970,), (2099,), (2299,)]


def test_a_batch_over_many_years_goes_in_whole(store: ColumnStore, tenant: UUID, make_event: MakeEvent) -> None:
    start = datetime(2021, 1, 15, tzinfo=UTC)
    ids = [
        UUID(int=int((start + timedelta(days=31 * n)).timestamp() * 1000) << 80 | 7 << 76 | 0b10 << 62)
        for n in range(150)
    ]
    store_events(store, [make_event(event_id=one) for one in ids])
    assert counted(store, tenant) == 150


def test_a_statement_that_runs_too_long_is_ended(store: ColumnStore, tenant: UUID) -> None:
    slow = "SELECT sum(sipHash64(a.number, b.number)) FROM numbers(4000000000) AS a CROSS JOIN numbers(1000) AS b"
    store._limits["max_execution_time"] = "0.2"  # type: ignore[attr-defined]
    with pytest.raises(DeadlineExceeded, match="shorter period"):
        store.for_tenant(tenant).query(slow)


def test_a_statement_with_too_many_rows_is_refused(store: ColumnStore, tenant: UUID) -> None:
    with pytest.raises(ResourceExhausted, match="too large"):
        store.for_tenant(tenant).query("SELECT number FROM numbers(3000000)")


def test_a_wrong_statement_fails_with_the_engines_code(store: ColumnStore, tenant: UUID) -> None:
    with pytest.raises(StatementFailed) as failure:
        store.for_tenant(tenant).query("SELECT no_such_column FROM event_fact")
    assert failure.value.code == 47


def test_a_batch_with_columns_of_unequal_length_is_refused_whole(
    store: ColumnStore, tenant: UUID, make_event: MakeEvent
) -> None:
    columns = event_columns([make_event(), make_event()])
    columns[3] = columns[3][:1]
    with pytest.raises(ValueError, match="subject_id has 1 values"):
        store.insert(EVENT_FACT, columns, token="short")
    assert counted(store, tenant) == 0


def test_a_shadow_is_unseen_until_it_is_swapped_in(
    store: ColumnStore, tenant: UUID, second_tenant: UUID, make_event: MakeEvent
) -> None:
    old = [make_event() for _ in range(4)]
    store_events(store, old)
    store.begin_shadow(EVENT_FACT)
    store_events(store, [make_event(tenant_id=second_tenant)], shadow=True)
    assert (counted(store, tenant), counted(store, second_tenant)) == (4, 0)
    store.swap_shadow(EVENT_FACT)
    assert (counted(store, tenant), counted(store, second_tenant)) == (0, 1)
    store_events(store, old)
    assert counted(store, tenant) == 4


def test_a_shadow_takes_over_what_the_stream_no_longer_has(
    store: ColumnStore, tenant: UUID, make_event: MakeEvent
) -> None:
    border = datetime(2026, 5, 1, tzinfo=UTC)
    at = [border - timedelta(days=1), border, border + timedelta(days=1)]
    ids = [UUID(int=int(moment.timestamp() * 1000) << 80 | 7 << 76 | 0b10 << 62) for moment in at]
    store_events(store, [make_event(event_id=one) for one in ids] + [make_event("sales.deal.won")])
    assert store.services() == ["contacts", "sales"]
    store.begin_shadow(EVENT_FACT)
    store.keep_before("contacts", border)
    store.keep_before("sales", None)
    store.swap_shadow(EVENT_FACT)
    left = store.for_tenant(tenant).query("SELECT event_id FROM event_fact WHERE service = 'contacts'")
    assert left == [(str(ids[0]),)]
    assert counted(store, tenant) == 2


def test_migrating_again_changes_nothing_and_drops_an_unfinished_shadow(
    store: ColumnStore, tenant: UUID, make_event: MakeEvent
) -> None:
    store_events(store, [make_event()])
    store.begin_shadow(EVENT_FACT)
    assert store.migrate() is False
    store.begin_shadow(EVENT_FACT)
    assert counted(store, tenant) == 1
    store.ping()
