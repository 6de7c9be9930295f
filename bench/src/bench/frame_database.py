"""A database with the frame's tables alone (outbox, inbox), for figures of the frame that no service disturbs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg
from chassis.schema import Roles, frame, homes

from bench.rig import Rig

# Its roles are lent by a service that lies idle meanwhile.
_LENDER = "sales"


@dataclass(frozen=True, slots=True)
class FrameDatabase:
    """URLs of the three kinds of role."""

    admin_url: str
    app_url: str
    relay_url: str


@contextmanager
def frame_database(rig: Rig) -> Iterator[FrameDatabase]:
    """A new database in the rig's durable PostgreSQL; dropped on leaving."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(rig.admin_url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        try:
            urls = FrameDatabase(
                rig.admin_url(name),
                _moved(rig.stack.database_url(_LENDER), name),
                _moved(rig.stack.database_url(_LENDER, role="relay"), name),
            )
            with psycopg.connect(urls.admin_url, autocommit=True) as inside:
                for statement in (*frame(Roles.of(_LENDER)), *homes(Roles.of(_LENDER))):
                    inside.execute(statement.encode())
            yield urls
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _moved(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
