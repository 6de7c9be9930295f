"""The unit of work: one transaction, bound to one tenant, that commits state and events together.

`Database.open_work` is the only way to a connection. There is no default tenant and no session without one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal, Protocol
from uuid import UUID

import orjson
import psycopg
from psycopg.pq import ExecStatus
from psycopg.rows import namedtuple_row
from psycopg.types.json import JsonbDumper, set_json_dumps, set_json_loads
from psycopg_pool import ConnectionPool, PoolTimeout

from chassis import outbox, tracing
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.errors import Conflict, DeadlineExceeded, FuniaError, Unavailable
from chassis.settings import Settings
from chassis.statements import Prepared

log = logging.getLogger(__name__)

PoolState = Literal["open", "free", "awaited"]
POOL_STATES: tuple[PoolState, ...] = ("open", "free", "awaited")
_POOL_FIGURES = {"open": "pool_size", "free": "pool_available", "awaited": "requests_waiting"}

Row = Any
"""A psycopg named tuple; its fields are the statement's columns."""


class Placements(Protocol):
    """Where each tenant's rows live."""

    def locate(self, tenant_id: UUID) -> str:
        """Database URL of the tenant's placement."""


class Pooled:
    """Every tenant in one shared database."""

    def __init__(self, url: str) -> None:
        self._url = url

    def locate(self, tenant_id: UUID) -> str:
        """The shared database, whoever asks."""
        return self._url


class Work:
    """One transaction of one tenant. Passed first to every use case; never commits by itself.

    Every statement gets `tenant_id`, `actor_id` and `team_ids` from here, so they cannot be forgotten or forged.
    """

    __slots__ = ("_bound", "_events", "caller", "now", "raw", "takes_json", "tenant_id")

    def __init__(self, raw: psycopg.Connection[Any], caller: Caller) -> None:
        self.raw = raw
        self.caller = caller
        self.tenant_id = caller.tenant_id
        self.now = datetime.now(UTC)
        self.takes_json = False
        """Whether the caller takes the JSON of the public API in place of the message, as bytes that begin with "{"."""
        self._bound = {
            "tenant_id": caller.tenant_id,
            "actor_id": caller.actor_id,
            "team_ids": list(caller.team_ids),
        }
        self._events: list[Event] = []

    def rows(self, prepared: Prepared, **parameters: Any) -> list[Row]:
        """All rows of a statement. The caller bounds their number."""
        return self._execute(prepared, parameters).fetchall()

    def row(self, prepared: Prepared, **parameters: Any) -> Row | None:
        """The first row of a statement, or None."""
        return self._execute(prepared, parameters).fetchone()

    def execute(self, prepared: Prepared, **parameters: Any) -> int:
        """Runs a statement and returns how many rows it touched."""
        return self._execute(prepared, parameters).rowcount

    def record(self, event: Event) -> None:
        """Adds an event to the transaction; it is published if and only if the transaction commits."""
        self._events.append(event)

    def record_all(self, events: Sequence[Event]) -> None:
        """Adds many events to the transaction."""
        self._events.extend(events)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undoes what happened inside on an error, and raises it on."""
        recorded = len(self._events)
        self.raw.pgconn.exec_(b"SAVEPOINT inner_work")
        try:
            yield
        except BaseException:
            del self._events[recorded:]
            self.raw.pgconn.exec_(b"ROLLBACK TO SAVEPOINT inner_work")
            raise
        self.raw.pgconn.exec_(b"RELEASE SAVEPOINT inner_work")

    def flush_events(self) -> bool:
        """Writes recorded events to the outbox; called by the frame before commit. True where there were any."""
        if not self._events:
            return False
        prepared, parameters = outbox.insertion(self._events, self.caller, self.now)
        self._events = []
        self._execute(prepared, parameters)
        return True

    def _execute(self, prepared: Prepared, parameters: dict[str, Any]) -> psycopg.Cursor[Any]:
        bound = {name: value for name, value in self._bound.items() if name in prepared.names}
        return self.raw.execute(prepared.text, {**prepared.constants, **parameters, **bound})


class Database:
    """Opens units of work for one service. Thread-safe; close it when the process stops."""

    work_class: type[Work] = Work

    def __init__(self, settings: Settings, placements: Placements | None = None) -> None:
        self._settings = settings
        self.placements: Placements = placements or Pooled(settings.database_url)
        self._pools: dict[str, ConnectionPool[psycopg.Connection[Any]]] = {}
        self.on_events_committed: list[Any] = []

    @contextmanager
    def open_work(self, caller: Caller, *, read_only: bool = False) -> Iterator[Work]:
        """A transaction bound to the caller's tenant: commits when the block ends, rolls back when it raises.

        Raises Unavailable where the database is away, Conflict where concurrent writes collided.
        """
        if not isinstance(caller.tenant_id, UUID):
            raise TypeError("a unit of work needs a tenant")
        pool = self._pool(self.placements.locate(caller.tenant_id))
        traced = None if tracing.active is None else _traced(tracing.active, caller)
        connection = self._begin(pool, caller.tenant_id, read_only=read_only)
        finished = False
        recorded = False
        try:
            work = self.work_class(connection, caller)
            yield work
            recorded = work.flush_events()
            self._finish(connection, b"COMMIT", expected="COMMIT")
            finished = True
        except psycopg.errors.QueryCanceled as error:
            raise DeadlineExceeded("The request took too long. Ask for less, or try again later.") from error
        except psycopg.OperationalError as error:
            raise _away(error) from error
        except psycopg.errors.IntegrityError as error:
            raise Conflict(
                "Somebody else wrote the same record at the same time. Read it again and repeat the change.",
                reason="CONCURRENT_WRITE",
                metadata={"constraint": error.diag.constraint_name or ""},
            ) from error
        finally:
            if not finished:
                _quietly_roll_back(connection)
            pool.putconn(connection)
            if traced is not None:
                traced.end("" if finished else "rolled back")
        if recorded:
            for notify in self.on_events_committed:
                notify()

    def ping(self) -> None:
        """Raises Unavailable where the shared database does not answer."""
        pool = self._pool(self.placements.locate(UUID(int=0)))
        try:
            with pool.connection() as connection:
                connection.execute("SELECT 1")
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise _away(error) from error

    def connections(self, state: PoolState) -> int:
        """How many connections there are of a state, over all pools."""
        return sum(pool.get_stats().get(_POOL_FIGURES[state], 0) for pool in list(self._pools.values()))

    def close(self) -> None:
        """Closes every connection."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, url: str) -> ConnectionPool[psycopg.Connection[Any]]:
        pool = self._pools.get(url)
        if pool is None:
            created = open_pool(url, self._settings)
            pool = self._pools.setdefault(url, created)
            if pool is not created:
                created.close()
        return pool

    def _begin(
        self, pool: ConnectionPool[psycopg.Connection[Any]], tenant_id: UUID, *, read_only: bool
    ) -> psycopg.Connection[Any]:
        mode = " READ ONLY" if read_only else ""
        begin = f"BEGIN{mode}; SELECT set_config('app.tenant_id', '{tenant_id}', true)".encode()
        # A connection that died while it lay in the pool is found here, before anything was done with it;
        # each failed attempt removes one, so as many attempts as the pool is large always reach a fresh one.
        for attempt in range(self._settings.database_pool_size + 1):
            try:
                connection = pool.getconn()
            except PoolTimeout as error:
                raise _away(error) from error
            try:
                self._finish(connection, begin, expected="SELECT 1")
                return connection
            except psycopg.OperationalError as error:
                connection.close()
                pool.putconn(connection)
                if attempt == self._settings.database_pool_size:
                    raise _away(error) from error
        raise AssertionError("unreachable")

    @staticmethod
    def _finish(connection: psycopg.Connection[Any], command: bytes, *, expected: str) -> None:
        result = connection.pgconn.exec_(command)
        if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
            message = result.error_message or connection.pgconn.error_message.decode(errors="replace")
            if connection.pgconn.status != psycopg.pq.ConnStatus.OK or b"57P" in (result.error_field(67) or b""):
                raise psycopg.OperationalError(message)
            raise psycopg.errors.error_from_result(result)
        if (result.command_status or b"").decode() != expected:
            raise psycopg.OperationalError(f"expected {expected}, the server answered {result.command_status!r}")


def _traced(active: tracing.Tracing, caller: Caller) -> tracing.Traced | None:
    attributes = {"db.system.name": "postgresql", "funia.tenant_id": str(caller.tenant_id)}
    return active.begin("transaction", "client", caller.traceparent, attributes)


def open_pool(url: str, settings: Settings) -> ConnectionPool[psycopg.Connection[Any]]:
    """A pool of autocommit connections; transactions are opened explicitly by `Database`."""
    pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
        url,
        min_size=1,
        max_size=settings.database_pool_size,
        timeout=settings.database_pool_timeout_s,
        open=False,
        configure=configure,
        check=None,
        kwargs={
            "autocommit": True,
            "row_factory": namedtuple_row,
            "options": f"-c statement_timeout={settings.statement_timeout_ms}"
            f" -c idle_in_transaction_session_timeout={settings.idle_transaction_timeout_ms}",
        },
    )
    pool.open()
    return pool


class _DictDumper(JsonbDumper):
    """Writes plain dictionaries as jsonb."""


def configure(connection: psycopg.Connection[Any]) -> None:
    """Prepares a new connection: JSON by orjson, dictionaries as jsonb."""
    set_json_dumps(_dumps, connection)
    set_json_loads(orjson.loads, connection)
    connection.adapters.register_dumper(dict, _DictDumper)


_dumps = partial(orjson.dumps, option=orjson.OPT_NON_STR_KEYS)


def _quietly_roll_back(connection: psycopg.Connection[Any]) -> None:
    try:
        connection.pgconn.exec_(b"ROLLBACK")
    except psycopg.Error:
        log.warning("a rollback failed; the connection is dropped")
        connection.close()


def _away(error: Exception) -> FuniaError:
    log.warning("the database is away: %s", error)
    return Unavailable("The database is away for the moment. Try again.", reason="DATABASE_UNAVAILABLE")
