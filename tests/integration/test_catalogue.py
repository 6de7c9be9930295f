"""What PostgreSQL itself enforces: every table of every service, its keys, its row-level security, its roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import pytest
from analytics.tenancy import TABLES as ANALYTICS_TABLES
from chassis.tenancy.part import FRAME_TABLES, Declared
from chassis.tenant_tables import tenant_tables, unknown_tables
from contacts.tenancy import TABLES as CONTACTS_TABLES
from gateway.tenancy.identity_part import TABLES as IDENTITY_TABLES
from harness import SERVICES, Platform
from marketing.tenancy import TABLES as MARKETING_TABLES
from psycopg import sql
from sales.tenancy import TABLES as SALES_TABLES
from support.tenancy import TABLES as SUPPORT_TABLES

TENANT = "(tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS \"nullif\"))"
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
    "key_store": "remembers that the installation has keys",
    "erasure": "outlasts the company it is about",
    "tenant_slug": "finds the company by its address",
    "one_time_secret": "a link is opened before anybody logged in; known by the hash of its secret",
    "totp": "a person proves himself before the company is chosen; sealed",
    "recovery_code": "a person proves himself before the company is chosen; known by its hash",
    "passkey": "logs a person in before anybody is known; public keys",
    "passkey_challenge": "is answered before anybody is known; known by its hash",
    "sso_request": "a log-in comes back from a provider by the hash of its state, before anybody is known",
    "outgoing_mail": "goes to a person who may belong to several companies, or to none yet; sealed",
}
"""Tables of identity that belong to no single company; seen only by transactions bound to the platform (ADR 0004)."""
PLATFORM_BOUND = "(( SELECT current_setting('app.platform'::text, true) AS current_setting) = 'on'::text)"
RELAYED = {
    "outbox": "is published",
    "inbox": "is forgotten when it is old",
    "idempotency_key": "is forgotten when it is old",
    "usage_count": "is told to identity, counters and no records",
    **dict.fromkeys(QUEUE, "are the jobs that the worker runs"),
    "tenant_profile.tenant_id": "names the companies whose search index the worker looks after",
    "sales_profile.tenant_id": "names the companies whose leads and deals the worker counts",
}
"""Tables, or single columns, of the relay role: it sees every company's rows, so it gets nothing without a reason."""
ARCHIVED: dict[str, Declared] = {
    "identity": IDENTITY_TABLES,
    "contacts": CONTACTS_TABLES,
    "sales": SALES_TABLES,
    "marketing": MARKETING_TABLES,
    "support": SUPPORT_TABLES,
    "analytics": ANALYTICS_TABLES,
}
"""What each service says of its tables of tenants."""
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
            assert using == TENANT, f"{table}: {using}"
            assert check == TENANT, f"{table}: {check}"
            assert command == "*"
        else:
            assert database == "identity", f"{table}.{name}: only identity has platform transactions"
            assert using == PLATFORM_BOUND, f"{table}.{name}: {using}"
            assert check in ("", PLATFORM_BOUND), f"{table}.{name}: {check}"
            assert name in {"platform", "platform_read"}
            assert command == ("r" if name == "platform_read" else "*")
    held = {table for table, name, *_ in policies if name in {"tenant", "platform"}}
    assert {row[0] for row in connection.execute(_TABLES)} - held == set(NO_SECURITY) | (
        set(QUEUE) if database != "identity" else set()
    )


def test_every_table_goes_with_its_tenant_or_is_excused(admin: Admin) -> None:
    database, connection = admin
    stays = PLATFORM if database == "identity" else {}
    assert [name for name in unknown_tables(connection) if name not in stays] == []
    held = {row[0] for row in connection.execute(_OWNED, [f"{database}_owner", TENANT])}
    assert {table.name for table in tenant_tables(connection)} - held == set()


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


def test_the_relay_role_gets_at_its_queues_only(admin: Admin) -> None:
    database, connection = admin
    given = {row[0] for row in connection.execute(_RIGHTS, {"role": f"{database}_relay"})}
    assert {"outbox", "inbox", "idempotency_key"} <= given
    assert sorted(given - {*RELAYED}) == []


def test_the_app_role_without_a_tenant_sees_no_row_of_any_table(admin: Admin) -> None:
    database, connection = admin
    looked_at = set()
    for name, *_ in connection.execute(_TABLES).fetchall():
        with connection.transaction(force_rollback=True):
            if name not in QUEUE:
                _put_a_row_into(connection, name)
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(f"{database}_app")))
            try:
                found = connection.execute(_count(name)).fetchone()
            except psycopg.errors.InsufficientPrivilege:
                continue
            assert found == (0,), name
            looked_at.add(name)
    assert {"outbox", "inbox", "idempotency_key"} <= looked_at
    assert not looked_at & {*QUEUE, *NO_SECURITY}


@pytest.mark.parametrize("database", SERVICES)
def test_a_role_of_one_service_cannot_connect_to_another(platform: Platform, database: str) -> None:
    for other in SERVICES:
        if other != database:
            url = platform.stack.database_url(database).rpartition("/")[0] + f"/{other}"
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                psycopg.connect(url)


def test_every_table_of_tenants_goes_into_archives_or_is_left_out_for_a_reason(admin: Admin) -> None:
    database, connection = admin
    declared = {**FRAME_TABLES, **ARCHIVED[database]}
    tables = {table.name for table in tenant_tables(connection)}
    assert sorted(tables - declared.keys()) == [], "say in the service's tenancy what becomes of the new table"
    assert sorted(declared.keys() - tables) == []


def _put_a_row_into(connection: psycopg.Connection[Any], table: str) -> None:
    """A row that says nothing, so that a table nobody has written to yet cannot hide a policy that is missing."""
    for (constraint,) in connection.execute(_CHECKS, [table]).fetchall():
        connection.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(constraint))
        )
    connection.execute("SET LOCAL session_replication_role = replica")
    columns = connection.execute(_MUST_BE_GIVEN, [table]).fetchall()
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(sql.Identifier(name) for name, _, _ in columns),
            sql.SQL(", ").join(sql.SQL(_NOTHING.get(kind) or _NOTHING[category]) for _, kind, category in columns),
        )
    )
    assert connection.execute(_count(table)).fetchone() != (0,)


def _count(table: str) -> sql.Composed:
    return sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))


_NOTHING: dict[str, LiteralString] = {
    "uuid": "gen_random_uuid()",
    "jsonb": "'{}'",
    "bytea": "''",
    "A": "'{}'",
    "B": "false",
    "D": "now()",
    "N": "0",
    "S": "''",
}
"""A value of each type, or else of each category of types, of PostgreSQL."""
_MUST_BE_GIVEN = """
    SELECT a.attname, t.typname, t.typcategory::text FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
     WHERE a.attrelid = to_regclass(quote_ident(%s)) AND a.attnum > 0 AND NOT a.attisdropped
       AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
"""
_CHECKS = """
    SELECT k.conname FROM pg_constraint AS k WHERE k.conrelid = to_regclass(quote_ident(%s)) AND k.contype = 'c'
"""
_RIGHTS = """
    SELECT DISTINCT CASE WHEN of_all THEN relname ELSE relname || '.' || attname END
      FROM (SELECT c.relname, a.attname,
                   has_table_privilege(%(role)s, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE') AS of_all,
                   has_column_privilege(%(role)s, c.oid, a.attnum, 'SELECT, INSERT, UPDATE') AS of_one
              FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
               AND c.relnamespace = 'public'::regnamespace) AS rights
     WHERE of_all OR of_one
"""
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
_OWNED = """
    SELECT c.relname FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid JOIN pg_roles AS r ON r.rolname = %s
     WHERE r.oid = ANY (p.polroles) AND p.polcmd = '*' AND pg_get_expr(p.polqual, p.polrelid) = %s
"""
_ROLES = """
    SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreatedb, r.rolcreaterole,
           (SELECT count(*) FROM pg_auth_members AS m WHERE m.member = r.oid)
      FROM pg_roles AS r WHERE r.rolname = ANY (%s)
"""
