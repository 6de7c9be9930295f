"""The database itself keeps companies, and the platform, apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from chassis.caller import Caller
from chassis.testing.databases import TestDatabase
from gateway.composition import Identity
from gateway.identity.platform import as_tenant, open_platform_work, platform_rights

import gateway

MIGRATION = Path(gateway.__file__).parent / "identity" / "migrations" / "versions" / "0001_first_tables.py"


def tables(admin: Any) -> dict[str, bool]:
    """Names of all tables, and whether each belongs to companies."""
    rows = admin.execute(
        """
        SELECT c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
        """
    ).fetchall()
    return dict(rows)


def test_every_table_has_forced_row_level_security_and_a_policy(admin: Any) -> None:
    loose = admin.execute(
        """
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
           AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
        """
    ).fetchall()
    assert loose == []
    policies = dict(
        admin.execute("SELECT tablename, string_agg(policyname, ',' ORDER BY policyname) FROM pg_policies GROUP BY 1")
    )
    for table, of_tenants in tables(admin).items():
        if table.startswith("outbox_"):
            continue
        assert ("tenant" if of_tenants else "platform") in policies[table].split(","), table


def test_tenant_leads_every_key_of_company_tables(admin: Any) -> None:
    keys = admin.execute(
        """
        SELECT c.relname, i.indexrelid::regclass::text, a.attname
          FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
         WHERE n.nspname = 'public' AND i.indisunique
        """
    ).fetchall()
    own = {name for name, of_tenants in tables(admin).items() if of_tenants}
    assert [key for key in keys if key[0] in own and key[2] != "tenant_id"] == []


def test_connection_without_a_binding_sees_no_row_of_any_table(
    identity_database: TestDatabase, acme: Any, admin: Any
) -> None:
    with psycopg.connect(identity_database.app_url) as app:
        for table in tables(admin):
            if table.startswith("outbox_"):
                continue
            assert app.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_work_of_a_company_sees_its_own_rows_and_nothing_of_the_platform(
    identity: Identity, acme: Any, other: Any, admin: Any
) -> None:
    identity.sessions.open(acme.owner_id, acme.tenant_id)
    with identity.database.open_work(acme.caller()) as work:
        for table, of_tenants in tables(admin).items():
            if table.startswith("outbox_"):
                continue
            if of_tenants:
                seen = work.raw.execute(f"SELECT DISTINCT tenant_id FROM {table}").fetchall()
                assert [row[0] for row in seen] in ([], [acme.tenant_id]), table
            else:
                assert work.raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0, table


def test_platform_work_cannot_write_rows_of_a_company(identity: Identity, acme: Any) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), open_platform_work(identity.database) as platform:
        platform.raw.execute(
            "INSERT INTO team (tenant_id, id, name, version, created_at) VALUES (%s, %s, 'x', 1, now())",
            (acme.tenant_id, acme.owner_id),
        )
    with open_platform_work(identity.database) as platform:
        changed = platform.raw.execute("UPDATE membership SET role = 'viewer' WHERE tenant_id = %s", (acme.tenant_id,))
        assert changed.rowcount == 0


def test_platform_work_refuses_events(identity: Identity) -> None:
    with pytest.raises(TypeError, match="tenant"), open_platform_work(identity.database) as platform:
        platform.record(None)  # type: ignore[arg-type]


def test_bindings_never_overlap_and_come_back(identity: Identity, acme: Any) -> None:
    asked = "SELECT current_setting('app.platform', true) AS platform, current_setting('app.tenant_id', true) AS tenant"
    with open_platform_work(identity.database) as platform:
        assert tuple(platform.raw.execute(asked).fetchone()) == ("on", "")
        with as_tenant(platform, Caller.system(acme.tenant_id)) as work:
            assert tuple(work.raw.execute(asked).fetchone()) == ("", str(acme.tenant_id))
            with platform_rights(work) as again:
                assert tuple(again.raw.execute(asked).fetchone()) == ("on", "")
            assert tuple(work.raw.execute(asked).fetchone()) == ("", str(acme.tenant_id))
        assert tuple(platform.raw.execute(asked).fetchone()) == ("on", "")
    with identity.database.open_work(acme.caller()) as work:
        assert next(iter(work.raw.execute(asked).fetchone())) in (None, "")


def test_only_one_module_binds_the_platform() -> None:
    package = Path(gateway.__file__).parent
    users = {path.name for path in package.rglob("*.py") if "app.platform" in path.read_text(encoding="utf-8")}
    assert users == {"platform.py", MIGRATION.name}, "new migrations take protect_platform() of platform.py"
