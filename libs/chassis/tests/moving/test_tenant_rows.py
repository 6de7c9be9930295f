"""A tenant's rows are found, carried, summed and deleted as a whole, and nobody else's are touched."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
from chassis import tenant_rows
from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.moving import bound
from chassis.statements import text
from chassis.tenant_tables import tenant_tables, unknown_tables
from chassis.testing.notes import ADD, bodies, write
from chassis.work import Database
from psycopg.types.json import Jsonb

from .conftest import Two

FOLDER = text("INSERT INTO folder VALUES (%(tenant_id)s, %(id)s, %(name)s, DEFAULT, %(parent_id)s)", "tenant_id")
FILE = text("INSERT INTO filed VALUES (%(tenant_id)s, %(folder_id)s, %(note_id)s, %(tags)s, %(more)s)", "tenant_id")


@pytest.fixture
def ours(database: Database) -> Caller:
    return Caller.system(uuid7(), request_id="ours")


@pytest.fixture
def theirs(database: Database) -> Caller:
    """A second tenant with rows in every table, which must stay what they are."""
    caller = Caller.system(uuid7(), request_id="theirs")
    fill(database, caller)
    return caller


def fill(database: Database, caller: Caller) -> tuple[UUID, UUID]:
    """A folder in a folder, and a note in it."""
    outer, inner, note = uuid7(), uuid7(), uuid7()
    with database.open_work(caller) as work:
        work.execute(FOLDER, id=outer, name="Outer", parent_id=None)
        work.execute(FOLDER, id=inner, name="Inner", parent_id=outer)
        work.execute(ADD, id=note, body="filed")
        work.execute(FILE, folder_id=inner, note_id=note, tags=["a", "b"], more=Jsonb({"x": [1, None]}))
    return outer, inner


def sums_of(url: str, tenant_id: UUID) -> dict[str, tenant_rows.Sum]:
    with psycopg.connect(url, autocommit=True) as owner, bound(owner, tenant_id):
        return tenant_rows.sums(owner, tenant_tables(owner), tenant_id)


def carry(two: Two, tenant_id: UUID, since: int | None) -> tuple[int, int]:
    """One round; returns how many rows changed and the next `since`."""
    with (
        psycopg.connect(two.pooled.owner_url, autocommit=True) as source,
        psycopg.connect(two.acme.owner_url, autocommit=True) as target,
        bound(source, tenant_id, frozen=True),
        bound(target, tenant_id),
    ):
        following = tenant_rows.snapshot(source)
        tenant_rows.make_deferrable(target)
        tables = tenant_tables(source)
        done = tenant_rows.catch_up(source, target, tables, tenant_id, since=since)
    return done.written + done.removed, following


def test_every_table_is_carried_or_excused_and_parents_come_first(two: Two) -> None:
    with psycopg.connect(two.pooled.owner_url, autocommit=True) as owner:
        names = [table.name for table in tenant_tables(owner)]
        assert names == ["folder", "idempotency_key", "inbox", "note", "outbox", "filed"]
        assert unknown_tables(owner) == []
        with owner.transaction(force_rollback=True):
            owner.execute("CREATE TABLE forgotten (id int)")
            assert unknown_tables(owner) == ["forgotten"]


def test_the_owner_gets_at_the_rows_of_the_bound_tenant_only(
    two: Two, database: Database, ours: Caller, theirs: Caller
) -> None:
    fill(database, ours)
    with psycopg.connect(two.pooled.owner_url, autocommit=True) as owner:
        assert owner.execute("SELECT count(*) FROM folder").fetchone() == (0,)
        with bound(owner, ours.tenant_id):
            assert owner.execute("SELECT DISTINCT tenant_id FROM folder").fetchall() == [(ours.tenant_id,)]


def test_rows_are_the_same_after_they_were_carried(two: Two, database: Database, ours: Caller, theirs: Caller) -> None:
    fill(database, ours)
    carry(two, ours.tenant_id, None)
    here = sums_of(two.pooled.owner_url, ours.tenant_id)
    assert {name: one.rows for name, one in here.items() if one.rows} == {"folder": 2, "note": 1, "filed": 1}
    assert sums_of(two.acme.owner_url, ours.tenant_id) == here
    assert not any(one.rows for one in sums_of(two.acme.owner_url, theirs.tenant_id).values())


def test_a_sum_tells_rows_apart_that_differ_in_one_value(two: Two, database: Database, ours: Caller) -> None:
    fill(database, ours)
    before = sums_of(two.pooled.owner_url, ours.tenant_id)
    with database.open_work(ours) as work:
        work.execute(text("UPDATE note SET body = 'Filed' WHERE tenant_id = %(tenant_id)s"))
    after = sums_of(two.pooled.owner_url, ours.tenant_id)
    assert {name for name in before if before[name] != after[name]} == {"note"}


def test_a_round_carries_only_what_changed_and_takes_away_what_is_gone(
    two: Two, database: Database, ours: Caller
) -> None:
    outer, inner = fill(database, ours)
    write(database, ours, *(f"note {number}" for number in range(20)))
    _, since = carry(two, ours.tenant_id, None)
    with database.open_work(ours) as work:
        # Two rows change places under a unique key, one loses its parent, one goes, one comes.
        work.execute(text("UPDATE folder SET name = 'For now', parent_id = NULL WHERE id = %(id)s"), id=inner)
        work.execute(text("UPDATE folder SET name = 'Inner' WHERE id = %(id)s"), id=outer)
        work.execute(text("UPDATE folder SET name = 'Outer' WHERE id = %(id)s"), id=inner)
        work.execute(text("DELETE FROM note WHERE body = 'note 3'"))
        with work.savepoint():
            work.execute(ADD, id=uuid7(), body="late")
    changed, since = carry(two, ours.tenant_id, since)
    assert changed == 4
    assert sums_of(two.acme.owner_url, ours.tenant_id) == sums_of(two.pooled.owner_url, ours.tenant_id)
    assert carry(two, ours.tenant_id, since)[0] == 0


def test_what_a_running_transaction_wrote_comes_with_the_next_round(two: Two, database: Database, ours: Caller) -> None:
    with database.open_work(ours) as work:
        work.execute(ADD, id=uuid7(), body="slow")
        write(database, ours, "quick")
        _, since = carry(two, ours.tenant_id, None)
    write(database, ours, "later")
    changed, _ = carry(two, ours.tenant_id, since)
    assert changed >= 2
    assert sums_of(two.acme.owner_url, ours.tenant_id) == sums_of(two.pooled.owner_url, ours.tenant_id)


def test_all_rows_of_one_tenant_are_deleted_and_nobody_elses(
    two: Two, database: Database, ours: Caller, theirs: Caller
) -> None:
    fill(database, ours)
    before = sums_of(two.pooled.owner_url, theirs.tenant_id)
    with psycopg.connect(two.pooled.owner_url, autocommit=True) as owner, bound(owner, ours.tenant_id):
        gone = tenant_rows.delete_rows(owner, tenant_tables(owner), ours.tenant_id)
    assert {name: count for name, count in gone.items() if count} == {"folder": 2, "note": 1, "filed": 1}
    assert bodies(database, ours) == []
    assert sums_of(two.pooled.owner_url, theirs.tenant_id) == before


def test_rows_read_and_written_again_are_the_same(two: Two, database: Database, ours: Caller) -> None:
    fill(database, ours)
    before = sums_of(two.pooled.owner_url, ours.tenant_id)
    kept: dict[str, list[Any]] = {}
    with psycopg.connect(two.pooled.owner_url, autocommit=True) as owner, bound(owner, ours.tenant_id):
        tables = tenant_tables(owner)
        kept = {table.name: list(tenant_rows.read_rows(owner, table, ours.tenant_id)) for table in tables}
        tenant_rows.delete_rows(owner, tables, ours.tenant_id)
    with psycopg.connect(two.pooled.owner_url, autocommit=True) as owner, bound(owner, ours.tenant_id):
        for table in tables:
            tenant_rows.write_rows(owner, table, iter(kept[table.name]))
    assert sums_of(two.pooled.owner_url, ours.tenant_id) == before
