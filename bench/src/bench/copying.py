"""Multiplies rows a service wrote, as the superuser, whom row security does not bind."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg


def copy_rows(
    connection: psycopg.Connection[tuple[object, ...]],
    table: str,
    changed: Mapping[str, str],
    source: str,
    arguments: Mapping[str, object],
) -> None:
    """Inserts the rows of `source`, an SQL FROM clause that names the table, with `changed` columns as expressions."""
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " AND is_generated = 'NEVER'",
        (table,),
    )
    names = [str(row[0]) for row in rows]
    values = [changed.get(name, f"{table}.{name}") for name in names]
    statement = f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {source}"
    connection.execute(statement.encode(), arguments)
