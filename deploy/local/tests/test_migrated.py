"""When a migration may be left out at a start: only where the files and the database are as they were."""

import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from local_stack.fixtures import postgres_server
from local_stack.migrated import Migrated

PACKAGE = "migrated_stand_in"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres_server(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture
def settled(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Migrated:
    """A package with one migration that was run and noted."""
    versions = tmp_path / PACKAGE / "migrations" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / PACKAGE / "__init__.py").touch()
    (versions / "0001_first.py").write_text("revision = '0001'")
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop(PACKAGE, None)
    with psycopg.connect(url) as connection:
        connection.execute("drop table if exists alembic_version")
        connection.execute("create table alembic_version (version_num text)")
        connection.execute("insert into alembic_version values ('0001')")
    migrated = Migrated(tmp_path / "migrated.json")
    assert migrated.pending({PACKAGE: [url]}) == [PACKAGE]
    migrated.note({PACKAGE: [url]})
    return migrated


def test_what_was_run_and_has_not_changed_is_left_out(settled: Migrated, url: str) -> None:
    assert settled.pending({PACKAGE: [url]}) == []


def test_a_changed_migration_is_run_again(settled: Migrated, url: str, tmp_path: Path) -> None:
    (tmp_path / PACKAGE / "migrations" / "versions" / "0002_second.py").write_text("revision = '0002'")
    assert settled.pending({PACKAGE: [url]}) == [PACKAGE]


def test_a_database_at_another_revision_is_migrated(settled: Migrated, url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("update alembic_version set version_num = '0000'")
    assert settled.pending({PACKAGE: [url]}) == [PACKAGE]


def test_a_fresh_database_is_migrated(settled: Migrated, url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("drop table alembic_version")
    assert settled.pending({PACKAGE: [url]}) == [PACKAGE]
    settled.note({PACKAGE: [url]})
    assert settled.pending({PACKAGE: [url]}) == [PACKAGE]


def test_a_damaged_record_counts_as_none(settled: Migrated, url: str, tmp_path: Path) -> None:
    (tmp_path / "migrated.json").write_text("{")
    assert settled.pending({PACKAGE: [url]}) == [PACKAGE]
