"""The unit of work: bound to one tenant by the database itself, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from chassis.caller import Caller
from chassis.errors import Conflict, DeadlineExceeded, Unavailable
from chassis.ids import uuid7
from chassis.lines import Call, Line
from chassis.settings import Settings
from chassis.statements import text
from chassis.testing.databases import TestDatabase
from chassis.testing.notes import ADD, EVERYBODYS, OURS, THEIRS, add, bodies, write
from chassis.work import Database


def test_a_statement_without_its_tenant_sees_only_the_works_tenant(database: Database) -> None:
    write(database, OURS, "ours")
    write(database, THEIRS, "theirs")
    with database.open_work(OURS, read_only=True) as work:
        assert [row.body for row in work.rows(EVERYBODYS)] == ["ours"]
    with database.open_work(THEIRS, read_only=True) as work:
        assert [row.body for row in work.rows(EVERYBODYS)] == ["theirs"]


def test_a_row_of_another_tenant_cannot_be_written(database: Database) -> None:
    foreign = text("INSERT INTO note (tenant_id, id, body) VALUES (%(other)s, %(id)s, 'planted')")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.open_work(OURS) as work:
        work.execute(foreign, other=THEIRS.tenant_id, id=uuid7())
    assert bodies(database, THEIRS) == []


@pytest.mark.parametrize("tenant", [None, "", "default"])
def test_no_tenant_is_an_error_and_there_is_no_default(database: Database, tenant: object) -> None:
    with pytest.raises(TypeError), database.open_work(replace(OURS, tenant_id=tenant)):  # type: ignore[arg-type]
        pytest.fail("a work was opened without a tenant")


def test_the_app_role_without_a_tenant_sees_and_writes_nothing(database: Database, stored: TestDatabase) -> None:
    write(database, OURS, "ours")
    with psycopg.connect(stored.app_url, autocommit=True) as bare:
        for table in ("note", "outbox", "inbox", "idempotency_key"):
            assert bare.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        assert bare.execute("DELETE FROM note").rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            bare.execute("INSERT INTO note VALUES (%s, %s, 'planted')", [OURS.tenant_id, uuid7()])
    assert bodies(database, OURS) == ["ours"]


def test_a_tenant_does_not_stay_on_the_connection_after_the_work(stored: TestDatabase, settings: Settings) -> None:
    single = Database(settings.model_copy(update={"database_pool_size": 1}))
    write(single, OURS, "ours")
    pool = single._pool(settings.database_url)
    with pool.connection() as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone()[0] == 0  # type: ignore[index]
    single.close()


def test_an_error_undoes_state_and_events_together(database: Database, stored: TestDatabase) -> None:
    with pytest.raises(RuntimeError), database.open_work(OURS) as work:
        add(work, "lost")
        work.flush_events()
        raise RuntimeError
    assert bodies(database, OURS) == []
    with psycopg.connect(stored.admin_url) as admin:
        assert admin.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_an_inner_error_undoes_only_what_happened_inside(database: Database, stored: TestDatabase) -> None:
    with database.open_work(OURS) as work:
        add(work, "kept")
        with pytest.raises(RuntimeError), work.savepoint():
            add(work, "lost")
            raise RuntimeError
    assert bodies(database, OURS) == ["kept"]
    with psycopg.connect(stored.admin_url) as admin:
        assert admin.execute("SELECT count(*) FROM outbox").fetchone() == (1,)


def test_a_read_only_work_refuses_to_write(database: Database) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), database.open_work(OURS, read_only=True) as work:
        add(work, "no")
    assert bodies(database, OURS) == []


def test_two_writers_of_one_key_end_in_a_conflict(database: Database) -> None:
    note_id = uuid7()
    with database.open_work(OURS) as work:
        work.execute(ADD, id=note_id, body="first")
    with pytest.raises(Conflict), database.open_work(OURS) as work:
        work.execute(ADD, id=note_id, body="second")
    assert bodies(database, OURS) == ["first"]


def test_a_statement_that_takes_too_long_is_told_apart_from_a_database_that_is_away(settings: Settings) -> None:
    hasty = Database(settings.model_copy(update={"statement_timeout_ms": 100}))
    with pytest.raises(DeadlineExceeded), hasty.open_work(OURS) as work:
        work.rows(text("SELECT pg_sleep(3)"))
    assert bodies(hasty, OURS) == []
    hasty.close()


def test_connections_that_died_in_the_pool_are_replaced(database: Database, stored: TestDatabase) -> None:
    write(database, OURS, "before")
    with psycopg.connect(stored.admin_url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sample_app'")
    write(database, OURS, "after")
    assert bodies(database, OURS) == ["before", "after"]


def test_a_connection_lost_within_a_work_is_unavailable_and_nothing_stays(
    database: Database, stored: TestDatabase
) -> None:
    with pytest.raises(Unavailable), database.open_work(OURS) as work:
        add(work, "lost")
        with psycopg.connect(stored.admin_url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sample_app'")
        add(work, "lost too")
    assert bodies(database, OURS) == []


def test_a_database_that_is_away_is_unavailable_within_the_pools_timeout(settings: Settings) -> None:
    nowhere = Database(
        settings.model_copy(
            update={"database_url": "postgresql://nobody@127.0.0.1:1/nothing", "database_pool_timeout_s": 0.3}
        )
    )
    with pytest.raises(Unavailable), nowhere.open_work(Caller.system(uuid7())) as work:
        add(work, "lost")
    nowhere.close()


def test_works_in_one_transaction_each_see_their_own_tenant_and_commit_together(database: Database) -> None:
    with database.open_works([OURS, THEIRS]) as works:
        for work, body in zip(works, ("shared ours", "shared theirs"), strict=True):
            add(work, body)
            assert [row.body for row in work.rows(EVERYBODYS)] == [body]
    assert bodies(database, OURS) == ["shared ours"]
    assert bodies(database, THEIRS) == ["shared theirs"]


def test_works_in_one_transaction_roll_back_together(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.open_works([OURS, THEIRS]) as works:
        for work in works:
            add(work, "lost with the other")
            assert 1 / (work.tenant_id != THEIRS.tenant_id)
    assert bodies(database, OURS) == bodies(database, THEIRS) == []


def test_a_work_that_nobody_took_leaves_nothing_of_the_others(database: Database) -> None:
    with pytest.raises(RuntimeError), database.open_works([OURS, THEIRS]) as works:
        add(next(works), "half")
    assert bodies(database, OURS) == []


def test_a_failed_statement_of_a_reading_work_leaves_the_next_one_bound(database: Database) -> None:
    write(database, OURS, "ours")
    write(database, THEIRS, "theirs")
    with database.open_work(OURS, read_only=True) as work:
        with pytest.raises(psycopg.errors.DivisionByZero):
            work.rows(text("SELECT 1 / 0"))
        assert [row.body for row in work.rows(EVERYBODYS)] == ["ours"]


def test_the_connection_of_a_reading_work_is_bound_and_only_reads(database: Database) -> None:
    write(database, OURS, "ours")
    write(database, THEIRS, "theirs")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), database.open_work(OURS, read_only=True) as work:
        assert [row.body for row in work.raw.execute("SELECT body FROM note")] == ["ours"]
        assert [row.body for row in work.rows(EVERYBODYS)] == ["ours"]
        add(work, "no")
    assert bodies(database, OURS) == ["ours"]


def test_more_statements_than_a_connection_keeps_all_run(settings: Settings, stored: TestDatabase) -> None:
    single = Database(settings.model_copy(update={"database_pool_size": 1}))
    asked = [text(f"SELECT {number} AS answer") for number in range(230)]
    for _ in range(3):
        with single.open_work(OURS, read_only=True) as work:
            assert [work.rows(one)[0].answer for one in asked] == list(range(230))
    with single._pool(settings.database_url).connection() as connection:
        kept = connection.execute("SELECT count(*) AS kept FROM pg_prepared_statements").fetchone()
        assert kept is not None
        assert kept.kept <= 200
    single.close()


def test_a_commit_whose_answer_is_lost_is_not_repeated(
    database: Database, stored: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[int] = []
    exchange = Line.exchange

    def losing(line: Line, calls: Sequence[Call]) -> list[Any]:
        answers = exchange(line, calls)
        if calls[-1][0].text == "COMMIT":
            commits.append(len(calls))
            line.close()
            raise psycopg.OperationalError("the connection is lost")
        return answers

    monkeypatch.setattr(Line, "exchange", losing)
    with pytest.raises(Unavailable), database.open_work(OURS) as work:
        work.transaction.commit([(ADD, {"tenant_id": OURS.tenant_id, "id": uuid7(), "body": "once"})])
    monkeypatch.undo()
    assert len(commits) == 1
    assert bodies(database, OURS) == ["once"]
