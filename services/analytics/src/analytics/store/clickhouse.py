"""A ClickHouse server or cluster over HTTP (clickhouse-connect): the store beyond one machine."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit
from uuid import UUID

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError

from analytics.errors import StatementFailed, StoreUnavailable
from analytics.store.dialect import DialectStore, QueryLimits
from analytics.store.port import Parameter

_DATABASE = "funia"
_CONNECT_TIMEOUT_S = 5
_SINGLE = (str, int, float, UUID)


def open_clickhouse(url: str, query_limits: QueryLimits) -> DialectStore:
    """Connects to ``http[s]://user:password@host:port/database``; the database is made where it is missing.

    Raises StoreUnavailable where the server does not answer.
    """
    return DialectStore(_HttpEngine(url, query_limits.timeout_s), query_limits)


class _HttpEngine:
    """One client for all threads: it keeps no session, so its requests run side by side."""

    def __init__(self, url: str, timeout_s: float) -> None:
        parts = urlsplit(url)
        database = parts.path.strip("/") or _DATABASE
        if not database.replace("_", "").isalnum():
            raise StoreUnavailable(f'FUNIA_CLICKHOUSE_URL names the database "{database}"; use letters, digits and _.')
        secure = parts.scheme == "https"
        try:
            self._client = clickhouse_connect.get_client(
                host=parts.hostname or "127.0.0.1",
                port=parts.port or (8443 if secure else 8123),
                username=unquote(parts.username or "default"),
                password=unquote(parts.password or ""),
                secure=secure,
                autogenerate_session_id=False,
                connect_timeout=_CONNECT_TIMEOUT_S,
                # The engine ends a question at the limit itself; this only catches a server that fell silent.
                send_receive_timeout=int(timeout_s) + 60,
                # A report's steps are too long for the request line of some proxies.
                form_encode_query_params=True,
            )
            self._client.command(f"CREATE DATABASE IF NOT EXISTS {database} ENGINE = Atomic")
        except ClickHouseError as error:
            raise StoreUnavailable(f"ClickHouse at {parts.hostname}:{parts.port} does not answer: {error}") from error
        self._client.database = database

    def run(self, statement: str, parameters: Mapping[str, Parameter]) -> bytes:
        values = {name: value if isinstance(value, _SINGLE) else list(value) for name, value in parameters.items()}
        try:
            return self._client.raw_query(statement, parameters=values)
        except ClickHouseError as error:
            raise _failure(error) from error

    def insert(self, statement: str, data: bytes) -> None:
        try:
            self._client.raw_insert("", insert_block=statement.encode() + b" FORMAT Native\n" + data)
        except ClickHouseError as error:
            raise _failure(error) from error

    def close(self) -> None:
        self._client.close()


def _failure(error: ClickHouseError) -> StatementFailed:
    code = getattr(error, "code", None) if isinstance(error, DatabaseError) else None
    return StatementFailed(str(error), code if isinstance(code, int) else 0)
