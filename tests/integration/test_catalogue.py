"""What PostgreSQL itself enforces: every table of every service, its keys, its row-level security, its roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from harness import SERVICES, Platform

TENANT = "(tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"
NO_SECURITY = {"alembic_version": "the revision of the schema: no row of anybody, and the app role may not read it"}
QUEUE = {
    "procrastinate_jobs": "holds ids only; the app role puts jobs in through one function and cannot read them",
    "procrastinate_events": "as the jobs",
    "procrastinate_periodic_defers": "as the jobs",
    "procrastinate_workers": "as the jobs",
}
PLATFORM = {
    "user_account": "a person may belong to several companies",
    "session": "a person logs in before the company is chosen",
    "attempt": "failed log-ins are counted before anybody is known",
    "authorization_code": "redeemed by the hash of a code, before the company is known",
    "refresh_token": "redeemed by the hash of a token, before the company is known",
    "pushed_request": "answered by its reference, before the company is chosen",
    "device_code": "redeemed by the hash of a code, before the company is known",
    "used_id": "ids of client assertions and proofs, which no company has",
    "signing_key": "signs the tokens of every company",
    "tenant_slug": "finds the company by its address",
}
"""Tables of identity that belong to no single company; seen only by transactions bound to the platform (ADR 0004)."""
FORBIDDEN = (
    "CREATE TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE outbox DISABLE ROW LEVEL SECURITY",
    "DROP TABLE outbox",
    "TRUNCATE outbox",
    "SET ROLE {owner}",
)

Admin = tuple[str, psycopg.Connection[Any]]


@pytest.fixture(params=SERVICES)
def admin(platform: Platform, request: pytest.FixtureRequest) -> Iterator[Admin]:
    """Each database in turn, as its administrator."""
    with psycopg.connect(platform.admin_url(request.param), autocommit=True) as connection:
        yield request.param, connection


def test_every_table_forces_row_level_security(admin: Admin) -> None:
    rows = admin[1].execute(_TABLES).fetchall()
    assert len(rows) >= 4
    open_tables = [name for name, enabled, forced, _ in rows if not (enabled and forced)]
    assert sorted(open_tables) == sorted(NO_SECURITY)


def test_every_table_is_led_by_its_tenant_or_has_a_reason(admin: Admin) -> None:
    database, connection = admin
    known = {**NO_SECURITY, **QUEUE, **(PLATFORM if database == "identity" else {})}
    without = [name for name, _, _, tenant in connection.execute(_TABLES).fetchall() if not tenant]
    assert [name for name in without if name not in known] == []


def test_the_tenant_leads_every_key_and_every_reference_carries_it(admin: Admin) -> None:
    keys = admin[1].execute(_KEYS).fetchall()
    assert keys
    assert [name for name, kind, columns, _ in keys if kind in "pu" and columns[0] != "tenant_id"] == []
    references = [(name, columns, target) for name, kind, columns, target in keys if kind == "f"]
    wrong = [name for name, columns, target in references if (columns[0], target[0]) != ("tenant_id", "tenant_id")]
    assert wrong == []


def test_no_unique_index_reaches_over_tenants(admin: Admin) -> None:
    wide = [name for name, first in admin[1].execute(_UNIQUE_INDEXES).fetchall() if first != "tenant_id"]
    assert wide == []


def test_the_app_role_is_held_to_its_tenant_by_every_policy(admin: Admin) -> None:
    database, connection = admin
    policies = connection.execute(_POLICIES, [f"{database}_app"]).fetchall()
    for table, name, command, permissive, using, check in policies:
        assert permissive, f"{table}.{name}"
        if name == "tenant":
            assert using.startswith(TENANT), f"{table}: {using}"
            assert check.startswith(TENANT), f"{table}: {check}"
            assert command == "*"
        else:
            assert database == "identity", f"{table}.{name}: only identity has platform transactions"
            assert "app.platform" in using, f"{table}.{name}: {using}"
            assert name in {"platform", "platform_read"}
            assert command == ("r" if name == "platform_read" else "*")
    held = {table for table, name, *_ in policies if name in {"tenant", "platform"}}
    assert {row[0] for row in connection.execute(_TABLES)} - held == set(NO_SECURITY) | (
        set(QUEUE) if database == "contacts" else set()
    )


def test_partitions_are_protected_like_their_table(admin: Admin) -> None:
    partitions = admin[1].execute(_PARTITIONS).fetchall()
    assert len(partitions) >= 4
    assert [name for name, enabled, forced in partitions if not (enabled and forced)] == []


def test_no_role_of_a_service_may_go_around_the_policies(admin: Admin) -> None:
    database, connection = admin
    rows = connection.execute(_ROLES, [[f"{database}_{role}" for role in ("owner", "app", "relay")]]).fetchall()
    assert len(rows) == 3
    for name, superuser, bypass, creates_db, creates_role, memberships in rows:
        assert (superuser, bypass, creates_db, creates_role, memberships) == (False, False, False, False, 0), name


@pytest.mark.parametrize("database", SERVICES)
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_app_role_changes_no_schema(platform: Platform, database: str, statement: str) -> None:
    with (
        psycopg.connect(platform.stack.database_url(database), autocommit=True) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute(statement.format(owner=f"{database}_owner"))


@pytest.mark.parametrize("database", SERVICES)
def test_the_app_role_without_a_tenant_sees_no_row_of_any_table(platform: Platform, database: str) -> None:
    platform.sign_up(f"Catalogue{uuid4().hex[:6]}", ["contacts.read"])
    with psycopg.connect(platform.admin_url(database)) as admin:
        names = [row[0] for row in admin.execute(_TABLES)]
    with psycopg.connect(platform.stack.database_url(database), autocommit=True) as app:
        for name in names:
            try:
                found = app.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            except psycopg.errors.InsufficientPrivilege:
                continue
            assert found == (0,), name


@pytest.mark.parametrize("database", SERVICES)
def test_a_role_of_one_service_cannot_connect_to_another(platform: Platform, database: str) -> None:
    for other in SERVICES:
        if other != database:
            url = platform.stack.database_url(database).rpartition("/")[0] + f"/{other}"
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                psycopg.connect(url)


_TABLES = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
           EXISTS (SELECT FROM pg_attribute AS a
                    WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull)
      FROM pg_class AS c
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
     ORDER BY 1
"""
_PARTITIONS = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class AS c
     WHERE c.relispartition AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""
_WITH_TENANT = """
    EXISTS (SELECT FROM pg_attribute AS a
             WHERE a.attrelid = {table} AND a.attname = 'tenant_id' AND NOT a.attisdropped)
"""
_KEYS = f"""
    SELECT k.conrelid::regclass::text || '.' || k.conname, k.contype::text,
           (SELECT array_agg(a.attname::text ORDER BY n) FROM unnest(k.conkey) WITH ORDINALITY AS u(number, n)
              JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number),
           (SELECT array_agg(a.attname::text ORDER BY n) FROM unnest(k.confkey) WITH ORDINALITY AS u(number, n)
              JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.number)
      FROM pg_constraint AS k
     WHERE k.contype IN ('p', 'u', 'f') AND k.connamespace = 'public'::regnamespace
       AND {_WITH_TENANT.format(table="k.conrelid")}
"""
_UNIQUE_INDEXES = f"""
    SELECT i.indexrelid::regclass::text, a.attname::text
      FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
      LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
     WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND {_WITH_TENANT.format(table="i.indrelid")}
"""
_POLICIES = """
    SELECT c.relname, p.polname, p.polcmd::text, p.polpermissive,
           pg_get_expr(p.polqual, p.polrelid), coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
      FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
     WHERE 0 = ANY (p.polroles) OR EXISTS (SELECT FROM pg_roles AS r WHERE r.oid = ANY (p.polroles) AND r.rolname = %s)
"""
_ROLES = """
    SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreatedb, r.rolcreaterole,
           (SELECT count(*) FROM pg_auth_members AS m WHERE m.member = r.oid)
      FROM pg_roles AS r WHERE r.rolname = ANY (%s)
"""
