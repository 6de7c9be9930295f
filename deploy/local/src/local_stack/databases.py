"""Makes the six databases and their eighteen roles, again and again with the same result, and those of placements.

Each database D has three log-in roles: D_owner (owns it, runs migrations), D_app (no DDL, bound by row
security) and D_relay (outbox only; migrations grant it its table). Their random passwords live in a private
file. Nobody but these roles and the administrator may connect.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from local_stack.child import StackError
from local_stack.private_files import write_private_json

DATABASES = ("identity", "contacts", "sales", "marketing", "support", "analytics")
PLACED = DATABASES[1:]
"""Databases that a placement has one of its own of."""
ROLES = ("owner", "app", "relay")
# PostgreSQL's default; the passwords are random and long, so more rounds would only slow connections down.
_SCRAM_ROUNDS = 4096
_PASSWORD_BYTES = 24
# Any number, as long as every copy of this program uses the same one.
_LOCK_KEY = 7_305_811


@dataclass(frozen=True)
class DatabaseUrls:
    """The three URLs of one database, with passwords: keep them out of logs."""

    owner: str
    app: str
    relay: str
    placements: Mapping[str, "DatabaseUrls"] = field(default_factory=dict)
    """The same service's databases of tenants that live apart, by the placement's name."""


def ensure_databases(
    admin_url: str, passwords_file: Path, placements: Sequence[str] = ()
) -> Mapping[str, DatabaseUrls]:
    """Creates what is missing and sets every password to the kept one; returns the URLs by database.

    Each placement gets a database of its own of every service; identity is never apart.

    `admin_url` must belong to a superuser, or to a role with CREATEDB and CREATEROLE. StackError where one of
    the roles would not be bound by row security.
    """
    return ensure_roles(admin_url, kept_passwords(passwords_file), placements)


def ensure_roles(
    admin_url: str, passwords: Mapping[str, str], placements: Sequence[str] = ()
) -> Mapping[str, DatabaseUrls]:
    """As `ensure_databases`, with passwords by role that are kept elsewhere."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK_KEY])
        _ensure_roles(connection, passwords)
        for database in DATABASES:
            _ensure_database(connection, database, database)
            for placement in placements if database in PLACED else ():
                _ensure_database(connection, database, placed_name(database, placement))
        _ensure_statement_statistics(connection)
    return database_urls(admin_url, passwords, placements)


def database_urls(
    admin_url: str, passwords: Mapping[str, str], placements: Sequence[str] = ()
) -> Mapping[str, DatabaseUrls]:
    """The URLs by database, on the server of `admin_url`."""
    return {
        database: _urls(admin_url, database, database, passwords, placements if database in PLACED else ())
        for database in DATABASES
    }


def placed_name(database: str, placement: str) -> str:
    """Name of a service's database in a placement."""
    return f"{database}_{placement}"


def replace_database(url: str, *, user: str, password: str, database: str) -> str:
    """The URL of the same server for another role and database."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    location = f"{quote(user, safe='')}:{quote(password, safe='')}@{host}"
    return urlunsplit(parts._replace(netloc=location, path=f"/{database}"))


def kept_passwords(file: Path) -> dict[str, str]:
    """The password of every role, by name; made and written where the file lacks one."""
    kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    wanted = role_names()
    if any(role not in kept for role in wanted):
        kept = {role: kept.get(role) or secrets.token_urlsafe(_PASSWORD_BYTES) for role in wanted}
        write_private_json(file, kept)
    return kept


def role_names() -> list[str]:
    """Every role there must be."""
    return [f"{database}_{role}" for database in DATABASES for role in ROLES]


def _urls(
    admin_url: str, service: str, database: str, passwords: Mapping[str, str], placements: Sequence[str] = ()
) -> DatabaseUrls:
    def url(role: str) -> str:
        user = f"{service}_{role}"
        return replace_database(admin_url, user=user, password=passwords[user], database=database)

    apart = {name: _urls(admin_url, service, placed_name(service, name), passwords) for name in placements}
    return DatabaseUrls(owner=url("owner"), app=url("app"), relay=url("relay"), placements=apart)


def _ensure_roles(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    there = _names(connection, "select rolname from pg_roles")
    # Only a superuser may name the last two, even to take them away.
    rights = sql.SQL(
        "login nocreatedb nocreaterole" + (" nosuperuser nobypassrls" if _is_superuser(connection) else "")
    )
    statements = []
    for role, password in passwords.items():
        verb = "alter" if role in there else "create"
        # A verifier instead of the password: the clear text reaches neither the server nor its log.
        statements.append(
            sql.SQL("{} role {} {} password {}").format(
                sql.SQL(verb), sql.Identifier(role), rights, sql.Literal(scram_verifier(password, role))
            )
        )
    with connection.transaction():
        connection.execute(sql.SQL("; ").join(statements))
    _refuse_unbound(connection, list(passwords))


def _refuse_unbound(connection: psycopg.Connection, roles: Sequence[str]) -> None:
    """A role that row security does not bind would show every company's rows: better no start at all."""
    query = "select rolname from pg_roles where rolname = any(%s) and (rolsuper or rolbypassrls) order by 1"
    unbound = [name for (name,) in connection.execute(query, [list(roles)])]
    if unbound:
        raise StackError(
            f"The PostgreSQL roles {', '.join(unbound)} are not bound by row security, and the user of "
            "FUNIA_POSTGRES_URL may not change that. As a superuser run: "
            + " ".join(f"alter role {name} nosuperuser nobypassrls;" for name in unbound)
        )


def _ensure_database(connection: psycopg.Connection, service: str, database: str) -> None:
    owner, app, relay = (sql.Identifier(f"{service}_{role}") for role in ROLES)
    name = sql.Identifier(database)
    if database not in _names(connection, "select datname from pg_database"):
        # Owning on behalf of another role takes membership, unless the administrator is a superuser.
        connection.execute(sql.SQL("grant {} to current_user").format(owner))
        connection.execute(sql.SQL("create database {} owner {} template template0").format(name, owner))
    connection.execute(sql.SQL("revoke all on database {} from public").format(name))
    connection.execute(sql.SQL("grant connect on database {} to {}, {}").format(name, app, relay))


def _ensure_statement_statistics(connection: psycopg.Connection) -> None:
    if not _is_superuser(connection):
        return
    loaded = connection.execute("select current_setting('shared_preload_libraries')").fetchone()
    if loaded and "pg_stat_statements" in loaded[0]:
        connection.execute("create extension if not exists pg_stat_statements")


def _is_superuser(connection: psycopg.Connection) -> bool:
    query = "select rolsuper from pg_roles where rolname = current_user"
    return connection.execute(query).fetchone() == (True,)


def _names(connection: psycopg.Connection, query: LiteralString) -> set[str]:
    rows: Iterable[tuple[str]] = connection.execute(query)
    return {name for (name,) in rows}


def scram_verifier(password: str, role: str) -> str:
    """The SCRAM-SHA-256 verifier PostgreSQL stores (RFC 5803). `password` must be ASCII.

    The salt is derived from password and role, so that setting the same password again changes nothing.
    """
    salt = hashlib.sha256(f"{role}\0{password}".encode()).digest()[:16]
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, _SCRAM_ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    texts = [base64.b64encode(part).decode("ascii") for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${_SCRAM_ROUNDS}:{texts[0]}${texts[1]}:{texts[2]}"
