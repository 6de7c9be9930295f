"""Set-based statements on records: a batch of them is found, written and undone by a handful of statements.

Arrays go over in binary (``%(name)b``): psycopg quotes each element of a text array in Python, which costs a hundred
times as much.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID
from zlib import crc32

import orjson
from chassis import custom_values
from chassis.statements import Prepared, text
from chassis.work import Row, Work

CONTACT_COLUMNS = {
    "title": "text",
    "given_name": "text",
    "middle_name": "text",
    "family_name": "text",
    "display_name": "text",
    "name_key": "text",
    "job_title": "text",
    "lifecycle_stage": "text",
    "language": "text",
    "country_code": "text",
    "source": "text",
    "do_not_contact": "boolean",
    "score": "integer",
    "emails": "jsonb",
    "phones": "jsonb",
    "addresses": "jsonb",
    "tags": "text[]",
    "description": "text",
    "owner_id": "uuid",
    "team_id": "uuid",
    "external_ids": "jsonb",
    "custom": "jsonb",
}
ACCOUNT_COLUMNS = {
    "name": "text",
    "name_key": "text",
    "domains": "text[]",
    "industry": "text",
    "employees": "bigint",
    "revenue_currency": "text",
    "revenue_minor": "bigint",
    "founded_year": "integer",
    "type": "text",
    "tier": "text",
    "parent_id": "uuid",
    "phone": "text",
    "website": "text",
    "addresses": "jsonb",
    "country_code": "text",
    "tags": "text[]",
    "description": "text",
    "owner_id": "uuid",
    "team_id": "uuid",
    "external_ids": "jsonb",
    "custom": "jsonb",
}
_COLUMNS = {"contact": CONTACT_COLUMNS, "account": ACCOUNT_COLUMNS}
METERS = {"contact": "contacts", "account": "accounts"}
"""What living records of a kind count to."""
ROWS = "bulk_rows"
"""The meter of items and rows that come in bulk, whatever becomes of them."""
_BOUND = ("tenant_id", "actor_id")
_HOLD_BUCKETS = 64


def _insert(table: str) -> Prepared:
    columns = _COLUMNS[table]
    names = ", ".join(columns)
    return text(
        f"""
        INSERT INTO {table} (tenant_id, id, version, created_at, created_by, updated_at, updated_by, {names})
        SELECT %(tenant_id)s, id, version, %(now)s, %(actor_id)s, %(now)s, %(actor_id)s, {names}
          FROM json_to_recordset(%(rows)s::json) AS row(id uuid, version bigint, {_typed(columns)})
        """,
        *_BOUND,
    )


def _update(table: str) -> Prepared:
    # Written as an upsert of rows that are known to exist: it finds them by the primary key whatever the planner
    # believes of a tenant it has no statistics of, where an UPDATE ... FROM may read the whole tenant.
    columns = _COLUMNS[table]
    names = ", ".join(columns)
    return text(
        f"""
        INSERT INTO {table} (tenant_id, id, version, created_at, created_by, updated_at, updated_by, {names})
        SELECT %(tenant_id)s, id, version, %(now)s, %(actor_id)s, %(now)s, %(actor_id)s, {names}
          FROM json_to_recordset(%(rows)s::json) AS row(id uuid, version bigint, {_typed(columns)})
        ON CONFLICT (tenant_id, id) DO UPDATE SET version = excluded.version, updated_at = excluded.updated_at,
               updated_by = excluded.updated_by, {", ".join(f"{name} = excluded.{name}" for name in columns)}
        """,
        *_BOUND,
    )


def _load(table: str) -> Prepared:
    names = ", ".join(name for name in _COLUMNS[table] if name not in ("display_name", "name_key"))
    return text(
        f"""
        SELECT found.* FROM unnest(%(ids)b::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
            SELECT id, version, deleted_at, {names} FROM {table}
             WHERE tenant_id = %(tenant_id)s AND {table}.id = wanted.id FOR UPDATE
        ) AS found
        """,
        "tenant_id",
    )


def _find_names(table: str) -> Prepared:
    # Not lateral: without statistics of the tenant any of its indexes seems as good, and here a single pass is the
    # worst that can happen, not one for each name.
    return text(
        f"""
        SELECT id, name_key FROM {table}
         WHERE tenant_id = %(tenant_id)s AND name_key = ANY(%(names)b) AND deleted_at IS NULL
        """,
        "tenant_id",
    )


def _typed(columns: dict[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


_INSERT = {table: _insert(table) for table in _COLUMNS}
_UPDATE = {table: _update(table) for table in _COLUMNS}
_LOAD = {table: _load(table) for table in _COLUMNS}
_FIND_NAMES = {table: _find_names(table) for table in _COLUMNS}
_FIND = text(
    # The lateral subquery keeps the planner from joining the other way round, through all keys of the tenant; a range
    # in order keeps it from reading all of them for each, which it would of a tenant that it has no statistics of.
    """
    SELECT wanted.kind, wanted.value, found.record_id
      FROM unnest(%(kinds)b::text[], %(values)b::text[]) AS wanted(kind, value) CROSS JOIN LATERAL (
            SELECT record_id FROM identity_key
             WHERE tenant_id = %(tenant_id)s AND record_kind = %(record_kind)s
               AND identity_key.kind = wanted.kind
               AND identity_key.value >= wanted.value AND identity_key.value <= wanted.value
             ORDER BY identity_key.value, record_id OFFSET 0
           ) AS found
    """,
    "tenant_id",
)
_LINKS = text(
    """
    SELECT contact_id, account_id, role, is_primary FROM account_contact
     WHERE tenant_id = %(tenant_id)s AND contact_id = ANY(%(ids)b)
    """,
    "tenant_id",
)
_ADD_KEYS = text(
    """
    INSERT INTO identity_key (tenant_id, record_kind, kind, value, record_id)
    SELECT %(tenant_id)s, %(record_kind)s, kind, value, record_id
      FROM unnest(%(kinds)b::text[], %(values)b::text[], %(ids)b::uuid[]) AS key(kind, value, record_id)
    ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)
_DROP_SOME_KEYS = text(
    """
    DELETE FROM identity_key USING unnest(%(kinds)b::text[], %(values)b::text[], %(ids)b::uuid[])
           AS gone(kind, value, record_id)
     WHERE identity_key.tenant_id = %(tenant_id)s AND identity_key.record_kind = %(record_kind)s
       AND identity_key.kind = gone.kind AND identity_key.value = gone.value
       AND identity_key.record_id = gone.record_id
    """,
    "tenant_id",
)
_HOLD = text(
    """
    SELECT pg_advisory_xact_lock(hashtextextended(%(tenant_id)s::text || %(record_kind)s, bucket))
      FROM unnest(%(buckets)b::integer[]) AS bucket
    """,
    "tenant_id",
)
_LIVING = {
    table: text(
        f"SELECT id FROM {table} WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)b) AND deleted_at IS NULL",
        "tenant_id",
    )
    for table in _COLUMNS
}
_DROP_KEYS = text(
    "DELETE FROM identity_key WHERE tenant_id = %(tenant_id)s AND record_id = ANY(%(ids)b)",
    "tenant_id",
)
_PUT_LINKS = text(
    """
    INSERT INTO account_contact (tenant_id, account_id, contact_id, role, is_primary)
    SELECT %(tenant_id)s, account_id, contact_id, role, is_primary
      FROM unnest(%(account_ids)b::uuid[], %(contact_ids)b::uuid[], %(roles)b::text[], %(primaries)b::boolean[])
           AS link(account_id, contact_id, role, is_primary)
    ON CONFLICT (tenant_id, account_id, contact_id) DO UPDATE SET role = excluded.role, is_primary = excluded.is_primary
    """,
    "tenant_id",
)
_DROP_LINKS = text(
    "DELETE FROM account_contact WHERE tenant_id = %(tenant_id)s AND contact_id = ANY(%(ids)b)",
    "tenant_id",
)
_SET_DELETED = {
    table: text(
        f"""
        UPDATE {table} SET deleted_at = %(now)s, version = version + 1, updated_at = %(now)s, updated_by = %(actor_id)s
         WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)b)
        """,
        *_BOUND,
    )
    for table in _COLUMNS
}
_STILL_USED = text(
    """
    SELECT DISTINCT account_contact.account_id AS id FROM account_contact
      JOIN contact ON contact.tenant_id = %(tenant_id)s AND contact.id = account_contact.contact_id
       AND contact.deleted_at IS NULL
     WHERE account_contact.tenant_id = %(tenant_id)s AND account_contact.account_id = ANY(%(ids)b)
    """,
    "tenant_id",
)
_ANCESTORS = text(
    """
    WITH RECURSIVE up AS (
        SELECT id, parent_id, 1 AS depth FROM account WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)b)
        UNION
        SELECT account.id, account.parent_id, depth + 1 FROM account JOIN up ON account.id = up.parent_id
         WHERE account.tenant_id = %(tenant_id)s AND depth < 50
    )
    SELECT DISTINCT id, parent_id FROM up
    """,
    "tenant_id",
)


def find(work: Work, table: str, keys: Iterable[tuple[str, str]]) -> list[Row]:
    """Records that own these keys, those in the bin too: kind, value, record_id; the oldest record first."""
    kinds, values = [], []
    for kind, value in keys:
        kinds.append(kind)
        values.append(value)
    rows = work.rows(_FIND, record_kind=table, kinds=kinds, values=values) if kinds else []
    return sorted(rows, key=lambda row: row.record_id)


def find_names(work: Work, table: str, names: list[str]) -> list[Row]:
    """Living records of these name keys: id, name_key; the oldest first."""
    return sorted(work.rows(_FIND_NAMES[table], names=names), key=lambda row: row.id) if names else []


def load(work: Work, table: str, ids: list[UUID]) -> list[Row]:
    """These records, locked; those in the bin too."""
    return work.rows(_LOAD[table], ids=sorted(ids)) if ids else []


def links(work: Work, contact_ids: list[UUID]) -> list[Row]:
    """Companies of these people."""
    return work.rows(_LINKS, ids=contact_ids) if contact_ids else []


def insert(work: Work, table: str, rows: list[dict[str, Any]]) -> None:
    """Writes new records; each row has id, version and all columns."""
    if rows:
        work.count(METERS[table], len(rows))
        work.execute(_INSERT[table], rows=orjson.dumps(rows).decode(), now=work.now)
        custom_values.put(work, table, [(row["id"], row["custom"]) for row in rows], new=True)


def update(work: Work, table: str, rows: list[dict[str, Any]]) -> None:
    """Writes all columns of these records; `version` is the new one."""
    if rows:
        work.execute(_UPDATE[table], rows=orjson.dumps(rows).decode(), now=work.now)
        custom_values.put(work, table, [(row["id"], row["custom"]) for row in rows], new=False)


def add_keys(work: Work, table: str, keys: Sequence[tuple[str, str, UUID]]) -> None:
    """Makes records known under these keys: kind, value, record."""
    if keys:
        kinds, values, ids = (list(part) for part in zip(*keys, strict=True))
        work.execute(_ADD_KEYS, record_kind=table, kinds=kinds, values=values, ids=ids)


def drop_some_keys(work: Work, table: str, keys: Sequence[tuple[str, str, UUID]]) -> None:
    """Forgets these keys of records: kind, value, record."""
    if keys:
        kinds, values, ids = (list(part) for part in zip(*keys, strict=True))
        work.execute(_DROP_SOME_KEYS, record_kind=table, kinds=kinds, values=values, ids=ids)


def hold(work: Work, table: str, keys: Iterable[str]) -> None:
    """Lets nobody else hold one of these keys until the transaction ends; for what is created only where missing.

    Keys share a bounded number of locks, taken in one order, so that batches wait for each other and never deadlock.
    """
    buckets = sorted({crc32(key.encode()) % _HOLD_BUCKETS for key in keys})
    if buckets:
        work.rows(_HOLD, record_kind=table, buckets=buckets)


def living(work: Work, table: str, ids: list[UUID]) -> set[UUID]:
    """Those of these records that are not in the bin, whoever may see them."""
    return {row.id for row in work.rows(_LIVING[table], ids=ids)} if ids else set()


def drop_keys(work: Work, ids: list[UUID]) -> None:
    """Forgets all keys of these records."""
    if ids:
        work.execute(_DROP_KEYS, ids=ids)


def put_links(work: Work, rows: Sequence[tuple[UUID, UUID, str, bool]]) -> None:
    """Puts people into companies: account, contact, role, primary."""
    if rows:
        accounts, contacts, roles, primaries = (list(part) for part in zip(*rows, strict=True))
        work.execute(_PUT_LINKS, account_ids=accounts, contact_ids=contacts, roles=roles, primaries=primaries)


def drop_links(work: Work, contact_ids: list[UUID]) -> None:
    """Takes these people out of all companies."""
    if contact_ids:
        work.execute(_DROP_LINKS, ids=contact_ids)


def set_deleted(work: Work, table: str, ids: list[UUID]) -> None:
    """Moves these records, none of which lies there, into the bin."""
    if ids:
        work.count(METERS[table], -len(ids))
        work.execute(_SET_DELETED[table], ids=ids, now=work.now)


def still_used(work: Work, account_ids: list[UUID]) -> set[UUID]:
    """Those of these companies that have living people."""
    return {row.id for row in work.rows(_STILL_USED, ids=account_ids)} if account_ids else set()


def accounts_by_name(work: Work, names: list[str]) -> dict[str, UUID]:
    """The oldest living company of each of these name keys."""
    return {row.name_key: row.id for row in reversed(find_names(work, "account", names))}


def ancestors(work: Work, account_ids: list[UUID]) -> dict[UUID, UUID | None]:
    """The parent of each of these companies, of their parents, and so on."""
    return {row.id: row.parent_id for row in work.rows(_ANCESTORS, ids=account_ids)} if account_ids else {}
