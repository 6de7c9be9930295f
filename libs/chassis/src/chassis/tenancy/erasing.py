"""Erases and counts what a service keeps of one tenant: rows of every table, jobs, files, and views beside them.

Erasing may be broken off and repeated at any point; it says what is left by counting again, never by what it did.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from chassis.tenancy.part import TenantPart
from chassis.tenant_tables import tenant_tables

BESIDE = ("files", "views")
"""What `count_tenant` names that lies beside the databases."""

_HAS_JOBS = "SELECT to_regclass('procrastinate_jobs') IS NOT NULL"
_JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'tenant_id' = %s"
_ERASE_JOBS = "DELETE FROM procrastinate_jobs WHERE args ->> 'tenant_id' = %s AND status <> 'doing'"
_ERASE = "SELECT tenant_erase(%s, %s, %s, %s)"


def erase_tenant(relay_url: str, tenant_id: UUID, part: TenantPart, *, batch_rows: int) -> None:
    """Deletes everything, children before parents, in transactions of `batch_rows` rows.

    What lies beside the rows goes first: it may have to be found by them.
    """
    if part.forget is not None:
        part.forget(tenant_id)
    with psycopg.connect(relay_url, autocommit=True, row_factory=tuple_row) as relay:
        if _one(relay, _HAS_JOBS):
            relay.execute(_ERASE_JOBS, [str(tenant_id)])
        tables = tenant_tables(relay)
        for table in tables:
            if table.loose:
                _one(relay, _ERASE, tenant_id, table.name, list(table.loose), 0)
        for table in reversed(tables):
            while _one(relay, _ERASE, tenant_id, table.name, [], batch_rows) >= batch_rows:
                pass
    if part.files is not None:
        part.files.delete_all(tenant_id)


def count_tenant(app_url: str, relay_url: str, tenant_id: UUID, part: TenantPart) -> dict[str, int]:
    """What there is of the tenant, by table; ``jobs``, ``files`` and ``views`` stand for what is no table of its own.

    Only for closing a company and for proving that it is gone: it counts rows.
    """
    found: dict[str, int] = {}
    with psycopg.connect(app_url, row_factory=tuple_row) as app:
        app.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant_id)])
        for table in tenant_tables(app):
            counted = sql.SQL("SELECT count(*) FROM {} WHERE tenant_id = %s").format(sql.Identifier(table.name))
            found[table.name] = _one(app, counted, tenant_id)
    with psycopg.connect(relay_url, autocommit=True, row_factory=tuple_row) as relay:
        if _one(relay, _HAS_JOBS):
            found["jobs"] = _one(relay, _JOBS, str(tenant_id))
    if part.files is not None:
        found["files"] = sum(1 for _ in part.files.names(tenant_id))
    if part.views_left is not None:
        found["views"] = part.views_left(tenant_id)
    return found


def _one(connection: psycopg.Connection[Any], statement: str | sql.Composed, *values: object) -> Any:
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return row[0]
