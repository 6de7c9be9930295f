"""The databases and roles every service runs under, on a real server."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from local_stack.child import StackError
from local_stack.databases import DATABASES, ROLES, ensure_databases, replace_database
from local_stack.fixtures import postgres_server


@pytest.fixture(scope="module")
def admin_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
        yield url


def test_every_role_can_log_in_to_its_own_database_and_to_no_other(admin_url: str, tmp_path: Path) -> None:
    urls = ensure_databases(admin_url, tmp_path / "passwords.json")
    passwords = json.loads((tmp_path / "passwords.json").read_text())
    assert sorted(urls) == sorted(DATABASES)
    for database in DATABASES:
        for role in ROLES:
            with psycopg.connect(getattr(urls[database], role)) as connection:
                row = connection.execute("select current_user::text, current_database()::text").fetchone()
            assert row == (f"{database}_{role}", database)
    stranger = replace_database(admin_url, user="sales_app", password=passwords["sales_app"], database="contacts")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(stranger)


def test_the_app_role_makes_no_tables_and_cannot_bypass_row_security(admin_url: str, tmp_path: Path) -> None:
    urls = ensure_databases(admin_url, tmp_path / "passwords.json")
    for statement in ("create table t (id int)", "create temp table t (id int)", "create schema s"):
        with (
            psycopg.connect(urls["contacts"].app) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement)
    with psycopg.connect(admin_url) as connection:
        rows = connection.execute(
            "select rolname from pg_roles where rolname ~ '^(identity|contacts|sales|marketing|support|analytics)_$'"
            " and (rolbypassrls or rolsuper or rolcreatedb or rolcreaterole or not rolcanlogin)"
        ).fetchall()
    assert rows == []


def test_the_owner_installs_the_extensions_search_needs(admin_url: str, tmp_path: Path) -> None:
    urls = ensure_databases(admin_url, tmp_path / "passwords.json")
    with psycopg.connect(urls["contacts"].owner) as connection:
        for extension in ("pg_trgm", "unaccent", "citext", "btree_gin"):
            connection.execute(f"create extension if not exists {extension}".encode())


def test_a_second_call_keeps_passwords_and_rows(admin_url: str, tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    first = ensure_databases(admin_url, file)
    with psycopg.connect(first["support"].owner) as connection:
        connection.execute("create table if not exists kept (id int)")
    second = ensure_databases(admin_url, file)
    assert first == second
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with psycopg.connect(second["support"].owner) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


def test_a_lost_password_file_is_made_again_and_the_old_passwords_end(admin_url: str, tmp_path: Path) -> None:
    first = ensure_databases(admin_url, tmp_path / "one.json")
    second = ensure_databases(admin_url, tmp_path / "two.json")
    with psycopg.connect(second["sales"].app) as connection:
        connection.execute("select 1")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(first["sales"].app)


def test_an_administrator_who_is_no_superuser_is_enough(tmp_path: Path) -> None:
    with postgres_server(tmp_path / "own") as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("create role admin login createdb createrole password 'secret'")
        limited = replace_database(url, user="admin", password="secret", database="postgres")
        ensure_databases(limited, tmp_path / "passwords.json")
        urls = ensure_databases(limited, tmp_path / "passwords.json")
        with psycopg.connect(urls["sales"].owner) as connection:
            connection.execute("create table t (id int)")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("alter role sales_app bypassrls")
        with pytest.raises(StackError, match="roles sales_app are not bound by row security"):
            ensure_databases(limited, tmp_path / "passwords.json")


def test_a_role_made_by_someone_else_loses_its_extra_rights(admin_url: str, tmp_path: Path) -> None:
    ensure_databases(admin_url, tmp_path / "passwords.json")
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("alter role marketing_app bypassrls createdb")
        ensure_databases(admin_url, tmp_path / "passwords.json")
        row = connection.execute(
            "select rolbypassrls, rolcreatedb from pg_roles where rolname = 'marketing_app'"
        ).fetchone()
    assert row == (False, False)
