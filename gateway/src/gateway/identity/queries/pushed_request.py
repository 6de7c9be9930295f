"""Statements on pushed authorization requests, known by the hash of their reference only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chassis.statements import text
from chassis.work import Row
from psycopg.types.json import Jsonb

from gateway.identity.platform import PlatformWork

_ADD = text(
    """
    INSERT INTO pushed_request (request_hash, client_id, parameters, created_at, expires_at)
    VALUES (%(request_hash)s, %(client_id)s, %(parameters)s, %(at)s, %(expires_at)s)
    """,
    "request_hash",
    "client_id",
    "parameters",
    "at",
    "expires_at",
)
_GET = text(
    """
    SELECT request_hash, client_id, parameters FROM pushed_request
     WHERE request_hash = %(request_hash)s AND used_at IS NULL AND expires_at > %(at)s
    """,
    "request_hash",
    "at",
)
_USE = text(
    """
    UPDATE pushed_request SET used_at = %(at)s
     WHERE request_hash = %(request_hash)s AND used_at IS NULL AND expires_at > %(at)s
    """,
    "request_hash",
    "at",
)


def add(
    platform: PlatformWork, request_hash: bytes, *, client_id: str, parameters: dict[str, Any], expires_at: datetime
) -> None:
    """Writes a new request."""
    platform.execute(
        _ADD,
        request_hash=request_hash,
        client_id=client_id,
        parameters=Jsonb(parameters),
        at=platform.now,
        expires_at=expires_at,
    )


def get(platform: PlatformWork, request_hash: bytes) -> Row | None:
    """A request that was neither answered nor is too old."""
    return platform.row(_GET, request_hash=request_hash, at=platform.now)


def use(platform: PlatformWork, request_hash: bytes) -> bool:
    """Uses a request up. Of any number of transactions that try, one gets True."""
    return platform.execute(_USE, request_hash=request_hash, at=platform.now) == 1
