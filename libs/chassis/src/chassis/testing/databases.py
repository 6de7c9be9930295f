"""Fresh, migrated service databases for tests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from chassis.ids import uuid7
from chassis.migrate import migrate

_PASSWORD = "test"


@dataclass(frozen=True, slots=True)
class TestDatabase:
    """URLs of one database for its three roles and for the administrator."""

    __test__ = False

    app_url: str
    owner_url: str
    relay_url: str
    admin_url: str


@contextmanager
def migrated(admin_url: str, service: str, migrations: Path) -> Iterator[TestDatabase]:
    """A migrated database of this service, with its roles; dropped afterwards.

    A server runs the same migrations once: every further database is a copy of the first.
    """
    name = f"{service}_{uuid7().hex[-12:]}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(7310247)")
        for role in ("owner", "app", "relay"):
            _ensure_role(admin, f"{service}_{role}")
        template = _template(admin, admin_url, service, migrations)
        admin.execute("SELECT pg_advisory_unlock(7310247)")
        _create(admin, name, service, template)
    try:
        yield _database(admin_url, service, name)
    finally:
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _template(admin: psycopg.Connection[tuple[object, ...]], admin_url: str, service: str, migrations: Path) -> str:
    """Name of the database that holds what these migrations make; nobody but copies is ever connected to it."""
    told = hashlib.sha256()
    for file in sorted(migrations.rglob("*.py")):
        told.update(file.relative_to(migrations).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    name = f"{service}_as_of_{told.hexdigest()[:16]}"
    if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        return name
    unfinished = f"{name}_unfinished"
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(unfinished)))
    _create(admin, unfinished, service, "template0")
    migrate(migrations, _database(admin_url, service, unfinished).owner_url)
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name)))
    return name


def _create(admin: psycopg.Connection[tuple[object, ...]], name: str, service: str, template: str) -> None:
    admin.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(f"{service}_owner"), sql.Identifier(template)
        )
    )
    admin.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM public").format(sql.Identifier(name)))
    admin.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(
            sql.Identifier(name), sql.Identifier(f"{service}_app"), sql.Identifier(f"{service}_relay")
        )
    )


def _database(admin_url: str, service: str, name: str) -> TestDatabase:
    return TestDatabase(
        app_url=_url(admin_url, f"{service}_app", name),
        owner_url=_url(admin_url, f"{service}_owner", name),
        relay_url=_url(admin_url, f"{service}_relay", name),
        admin_url=_url(admin_url, None, name),
    )


def _ensure_role(admin: psycopg.Connection[tuple[object, ...]], role: str) -> None:
    exists = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = sql.SQL("ALTER" if exists else "CREATE")
    admin.execute(
        sql.SQL("{} ROLE {} LOGIN NOBYPASSRLS NOSUPERUSER PASSWORD {}").format(
            verb, sql.Identifier(role), sql.Literal(_PASSWORD)
        )
    )


def _url(admin_url: str, role: str | None, database: str) -> str:
    parts = urlsplit(admin_url)
    netloc = parts.netloc if role is None else f"{role}:{_PASSWORD}@{parts.netloc.rpartition('@')[2]}"
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{database}"))
