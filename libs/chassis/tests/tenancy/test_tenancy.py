"""A company cut into an archive, restored into another, and erased, on a small service with circles in its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from chassis.caller import Caller
from chassis.files import DiskFiles
from chassis.ids import uuid7
from chassis.settings import Settings
from chassis.tenancy.cut import Cut, write_cut
from chassis.tenancy.desk import Asked, opened, sealed
from chassis.tenancy.erasing import count_tenant, erase_tenant
from chassis.tenancy.part import Carried, Left, RestoredRow, TenantPart
from chassis.tenancy.restoring import restore_tables
from chassis.tenant_tables import tenant_tables
from chassis.testing.databases import TestDatabase, migrated
from chassis.testing.notes import noted
from chassis.work import Database, Work
from pydantic import SecretStr

_REVISION = """
from alembic import op
from chassis.schema import Roles, frame, homes, protect, tenant_erasing

revision = "0001"
down_revision = None
ROLES = Roles.of("circle")
TABLES = {
    "club": "lead_id uuid, parent_id uuid, PRIMARY KEY (tenant_id, id),"
            " FOREIGN KEY (tenant_id, parent_id) REFERENCES club (tenant_id, id)",
    "player": "club_id uuid, name text NOT NULL, secret text NOT NULL DEFAULT '', tags text[] NOT NULL DEFAULT '{}',"
              " blob bytea, at timestamptz NOT NULL DEFAULT now(),"
              " shout text NOT NULL GENERATED ALWAYS AS (upper(name)) STORED, PRIMARY KEY (tenant_id, id),"
              " FOREIGN KEY (tenant_id, club_id) REFERENCES club (tenant_id, id)",
    "goal": "player_id uuid NOT NULL, PRIMARY KEY (tenant_id, id),"
            " FOREIGN KEY (tenant_id, player_id) REFERENCES player (tenant_id, id)",
    "log": "PRIMARY KEY (tenant_id, id)",
}


def upgrade():
    for table, rest in TABLES.items():
        op.execute(f"CREATE TABLE {table} (tenant_id uuid NOT NULL, id uuid NOT NULL, {rest})")
        for statement in protect(table, ROLES, grants="SELECT, INSERT" if table == "log" else "SELECT, INSERT, UPDATE"):
            op.execute(statement)
    op.execute("ALTER TABLE club ADD FOREIGN KEY (tenant_id, lead_id) REFERENCES player (tenant_id, id)")
    for statement in [*frame(ROLES), *tenant_erasing(ROLES), *homes(ROLES)]:
        op.execute(statement)
"""
_TABLES = {
    "club": Carried(),
    "player": Carried(secret=("secret",)),
    "goal": Carried(),
    "log": Left("nobody needs it elsewhere"),
}
_FOLDER = "export"


@pytest.fixture(scope="module")
def stored(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDatabase]:
    folder = tmp_path_factory.mktemp("circle") / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text("from chassis.migrate import run_env\nrun_env()\n")
    (folder / "versions" / "0001_circle.py").write_text(_REVISION)
    with migrated(admin_url, "circle", folder) as database:
        yield database


@pytest.fixture(scope="module")
def database(stored: TestDatabase) -> Iterator[Database]:
    opened_database = Database(Settings(database_url=stored.app_url, database_pool_size=2))
    yield opened_database
    opened_database.close()


@pytest.fixture
def archives(tmp_path: Path) -> DiskFiles:
    return DiskFiles(tmp_path / "archives")


def _fill(database: Database, tenant_id: UUID, players: int = 5) -> None:
    """Clubs led by their own players, and clubs inside of clubs."""
    with database.open_work(Caller.system(tenant_id)) as work:
        club, above = uuid7(), uuid7()
        run = work.raw.execute
        run("INSERT INTO club (tenant_id, id) VALUES (%s, %s)", (tenant_id, above))
        run("INSERT INTO club (tenant_id, id, parent_id) VALUES (%s, %s, %s)", (tenant_id, club, above))
        for number in range(players):
            player = uuid7()
            run(
                "INSERT INTO player (tenant_id, id, club_id, name, secret, tags, blob) VALUES (%s,%s,%s,%s,'s',%s,%s)",
                (tenant_id, player, club, f'Ann {number}\n"ü"', ["a,b", "ü"], b"\x00\xff"),
            )
            run("INSERT INTO goal (tenant_id, id, player_id) VALUES (%s, %s, %s)", (tenant_id, uuid7(), player))
            run("UPDATE club SET lead_id = %s WHERE id = ANY (%s)", (player, [club, above]))
        run("INSERT INTO log (tenant_id, id) VALUES (%s, %s)", (tenant_id, uuid7()))
        work.record(noted(club, 1))


def _part(tmp_path: Path, **more: Any) -> TenantPart:
    return TenantPart(_TABLES, files=DiskFiles(tmp_path / "files"), **more)


def _rows(stored: TestDatabase, tenant_id: UUID) -> dict[str, list[Any]]:
    found = {}
    with psycopg.connect(stored.admin_url) as admin:
        for table in ("club", "player", "goal"):
            rows = admin.execute(
                f"SELECT to_jsonb(t) - 'tenant_id' - 'secret' FROM {table} t WHERE tenant_id = %s ORDER BY id",
                [tenant_id],
            )  # type: ignore[arg-type]
            found[table] = [row[0] for row in rows]
    return found


def _cut(stored: TestDatabase, tenant_id: UUID, part: TenantPart, archives: DiskFiles) -> Cut:
    return write_cut("circle", stored.app_url, tenant_id, part, archives, _FOLDER, max_bytes=1_000_000)


def test_tables_come_after_those_they_refer_to_and_circles_are_broken_where_they_may_be(stored: TestDatabase) -> None:
    with psycopg.connect(stored.app_url) as connection:
        tables = {table.name: table for table in tenant_tables(connection)}
    order = list(tables)
    assert order.index("player") < order.index("goal")
    assert tables["club"].loose == ("parent_id", "lead_id")
    assert tables["player"].loose == ()
    assert tables["player"].key == ("id",)


def test_erasing_leaves_nothing_of_one_company_and_everything_of_the_other(
    stored: TestDatabase, database: Database, tmp_path: Path
) -> None:
    ours, theirs = uuid7(), uuid7()
    part = _part(tmp_path)
    assert part.files is not None
    for tenant_id in (ours, theirs):
        _fill(database, tenant_id)
        part.files.put(tenant_id, "imports/one", [b"x"], max_bytes=10)
    before = count_tenant(stored.app_url, stored.relay_url, ours, part)
    assert before == {
        "club": 2,
        "goal": 5,
        "idempotency_key": 0,
        "inbox": 0,
        "log": 1,
        "outbox": 1,
        "player": 5,
        "files": 1,
    }

    erase_tenant(stored.relay_url, ours, part, batch_rows=2)
    erase_tenant(stored.relay_url, ours, part, batch_rows=2)

    assert set(count_tenant(stored.app_url, stored.relay_url, ours, part).values()) == {0}
    assert count_tenant(stored.app_url, stored.relay_url, theirs, part) == before


def test_only_the_relay_role_may_erase(stored: TestDatabase) -> None:
    with (
        psycopg.connect(stored.app_url) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("SELECT tenant_erase(%s, 'log', '{}', 10)", [uuid7()])


def test_a_company_restored_into_another_has_the_same_rows_but_secrets_and_is_announced_once(
    stored: TestDatabase, database: Database, tmp_path: Path, archives: DiskFiles
) -> None:
    announced: list[str] = []

    def announce(work: Work, rows: Sequence[RestoredRow]) -> None:
        announced.extend(row["id"] for row in rows)
        work.record(noted(UUID(rows[0]["id"]), 1))

    ours, copy, theirs = uuid7(), uuid7(), uuid7()
    for tenant_id in (ours, theirs):
        _fill(database, tenant_id)
    part = _part(tmp_path, announce={"player": announce})
    cut = _cut(stored, ours, part, archives)
    assert {one.table: one.rows for one in cut.tables} == {"club": 2, "player": 5, "goal": 5}
    for one in cut.tables:
        archives.put(copy, one.name, archives.read(ours, one.name), max_bytes=1_000_000)
        assert b"secret" not in b"".join(archives.read(ours, one.name))
    for _ in range(2):
        restore_tables(database, Caller.system(copy), part, archives, cut.tables, batch_rows=2)
    assert _rows(stored, copy) == _rows(stored, ours)
    assert sorted(announced) == sorted(row["id"] for row in _rows(stored, copy)["player"])
    with psycopg.connect(stored.admin_url) as admin:
        assert admin.execute("SELECT count(*) FROM outbox WHERE tenant_id = %s", [copy]).fetchone() == (3,)
        assert admin.execute("SELECT DISTINCT secret FROM player WHERE tenant_id = %s", [copy]).fetchone() == ("",)


def test_a_finished_cut_is_not_made_again_and_a_broken_one_is(
    stored: TestDatabase, database: Database, tmp_path: Path, archives: DiskFiles
) -> None:
    ours = uuid7()
    _fill(database, ours)
    part = _part(tmp_path)
    archives.put(ours, f"{_FOLDER}/circle-broken/player.jsonl", [b"half"], max_bytes=10)
    first = _cut(stored, ours, part, archives)
    _fill(database, ours)
    assert _cut(stored, ours, part, archives) == first


def test_a_table_that_nobody_declared_stops_the_cut(
    stored: TestDatabase, database: Database, archives: DiskFiles
) -> None:
    part = TenantPart({name: declared for name, declared in _TABLES.items() if name != "goal"})
    with pytest.raises(LookupError, match="goal"):
        _cut(stored, uuid7(), part, archives)


def test_requests_to_the_desk_hold_only_under_our_secret_and_only_for_a_while() -> None:
    asked = Asked("erase", uuid7(), "one", {})
    ours, theirs = (Settings(secret=SecretStr(letter * 40)) for letter in "ab")
    assert opened(sealed(asked, ours), ours) == asked
    assert opened(sealed(asked, theirs), ours) is None
    assert opened(sealed(asked, ours, now=0.0), ours) is None
    assert opened(sealed(asked, ours).replace(b"erase", b"count"), ours) is None
    assert opened(b"[]", ours) is None
