"""The unit of work: one transaction, bound to one tenant, that commits state and events together.

`Database.open_work` is the only way to a connection. There is no default tenant and no session without one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal
from uuid import UUID

import orjson
import psycopg
from psycopg.rows import namedtuple_row
from psycopg.types.json import JsonbDumper, set_json_dumps, set_json_loads
from psycopg_pool import ConnectionPool, PoolTimeout

from chassis import metering, outbox, tracing
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.errors import Conflict, DeadlineExceeded, FuniaError, Unavailable
from chassis.lines import Call, Line
from chassis.placements import Home, Placements
from chassis.settings import Settings
from chassis.statements import Prepared, text
from chassis.stepping_back import step_back_for
from chassis.tenant_keys import TenantKeys
from chassis.transaction import Transaction

log = logging.getLogger(__name__)

PoolState = Literal["open", "free", "awaited"]
POOL_STATES: tuple[PoolState, ...] = ("open", "free", "awaited")
_POOL_FIGURES = {"open": "pool_size", "free": "pool_available", "awaited": "requests_waiting"}

_NOTHING = text("SELECT 1")
Row = Any
"""A psycopg named tuple; its fields are the statement's columns."""


class Work:
    """One transaction of one tenant. Passed first to every use case; never commits by itself.

    Every statement gets `tenant_id`, `actor_id` and the rest of who asks from here: nobody forgets or forges it.
    """

    __slots__ = ("_bound", "_counts", "_events", "caller", "now", "takes_json", "tenant_id", "transaction")

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        self.transaction = transaction
        self.caller = caller
        self.tenant_id = caller.tenant_id
        self.now = datetime.now(UTC)
        self.takes_json = False
        """Whether the caller takes the JSON of the public API in place of the message, as bytes that begin with "{"."""
        self._bound = {
            "tenant_id": caller.tenant_id,
            "actor_id": caller.actor_id,
            "team_ids": list(caller.team_ids),
            "group_ids": list(caller.group_ids),
        }
        sharing = caller.sharing
        if sharing or caller.glass:
            self._bound |= {
                "ruled_owner_ids": list(sharing.owner_ids),
                "ruled_team_ids": list(sharing.team_ids),
                "changed_owner_ids": list(sharing.changed_owner_ids),
                "changed_team_ids": list(sharing.changed_team_ids),
                "opened_id": caller.opened_id,
            }
        self._events: list[Event] = []
        self._counts: dict[tuple[str, bool], int] = {}

    @property
    def raw(self) -> psycopg.Connection[Any]:
        """The connection, inside the transaction: for COPY and for what tests look at."""
        return self.transaction.raw

    def rows(self, prepared: Prepared, **parameters: Any) -> list[Row]:
        """All rows of a statement. The caller bounds their number."""
        return self.transaction.rows_of_last([(prepared, self._values(prepared, parameters))])

    def row(self, prepared: Prepared, **parameters: Any) -> Row | None:
        """The first row of a statement, or None."""
        return next(iter(self.transaction.rows_of_last([(prepared, self._values(prepared, parameters))], most=1)), None)

    def row_after(self, first: Call, prepared: Prepared, **parameters: Any) -> Row | None:
        """Runs the first statement, then reads the first row of the second, in one round trip."""
        calls = [(first[0], self._values(*first)), (prepared, self._values(prepared, parameters))]
        return next(iter(self.transaction.rows_of_last(calls, most=1)), None)

    def rows_unless(self, prepared: Prepared, count: int, **parameters: Any) -> list[Row] | None:
        """All rows of a statement, unread and None where there are exactly that many: the caller knows them then."""
        return self.transaction.rows_unless([(prepared, self._values(prepared, parameters))], count)

    def execute(self, prepared: Prepared, **parameters: Any) -> int:
        """Runs a statement and returns how many rows it touched."""
        return self.transaction.execute(prepared, self._values(prepared, parameters))

    def record(self, event: Event) -> None:
        """Adds an event to the transaction; it is published if and only if the transaction commits."""
        self._events.append(event)

    def record_all(self, events: Sequence[Event]) -> None:
        """Adds many events to the transaction."""
        self._events.extend(events)

    def count(self, meter: str, number: int, *, kept: bool = True) -> None:
        """Adds to what the company uses, with the commit, which the database refuses beyond a limit that is `kept`.

        Raises LookupError for a meter that is none.
        """
        if meter not in metering.METERS:
            raise LookupError(f"{meter} is no meter")
        self._counts[meter, kept] = self._counts.get((meter, kept), 0) + number

    def keyed_hash(self, purpose: str, text: str) -> bytes:
        """32 bytes by which the tenant knows the text again, and nobody who has the database alone can guess it."""
        return self.transaction.keys.hash(self.tenant_id, purpose, text)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undoes what happened inside on an error, and raises it on."""
        recorded = len(self._events)
        counted = dict(self._counts)
        self.raw.pgconn.exec_(b"SAVEPOINT inner_work")
        try:
            yield
        except BaseException:
            del self._events[recorded:]
            self._counts = counted
            self.raw.pgconn.exec_(b"ROLLBACK TO SAVEPOINT inner_work")
            raise
        self.raw.pgconn.exec_(b"RELEASE SAVEPOINT inner_work")

    def write_last(self) -> None:
        """What a kind of work writes at its end, in the same transaction; called once by the frame."""

    def flush_events(self) -> bool:
        """Writes recorded events to the outbox. True where there were any."""
        self.write_last()
        calls = self._take_events()
        for prepared, values in [*calls, *self._take_counts()]:
            self.transaction.execute(prepared, values)
        return bool(calls)

    def commit(self) -> bool:
        """Writes recorded events and commits, in one round trip; called by the frame. True where there were events."""
        self.write_last()
        calls = self._take_events()
        self.transaction.commit([*calls, *self._take_counts()])
        return bool(calls)

    def _take_events(self) -> list[Call]:
        if not self._events:
            return []
        prepared, parameters = outbox.insertion(self._events, self.caller, self.now)
        self._events = []
        return [(prepared, self._values(prepared, parameters))]

    def _take_counts(self) -> list[Call]:
        # Last of all: from here to the end of the commit other writes of the company wait for its counters.
        if not any(self._counts.values()):
            return []
        counts, self._counts = self._counts, {}
        return [metering.addition(counts, self.now)]

    def _values(self, prepared: Prepared, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return {**prepared.constants, **parameters, **self._bound}


class Database:
    """Opens units of work for one service. Thread-safe; close it when the process stops."""

    work_class: type[Work] = Work

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.placements = Placements(settings)
        self._keys = TenantKeys(settings.secret.get_secret_value())
        self._pools: dict[str, ConnectionPool[Line]] = {}
        self.on_events_committed: list[Any] = []

    @contextmanager
    def open_work(self, caller: Caller, *, read_only: bool = False) -> Iterator[Work]:
        """A transaction bound to the caller's tenant: commits when the block ends, rolls back when it raises.

        Raises Unavailable where the database is away, Conflict where concurrent writes collided.
        """
        with self._transaction(caller, read_only=read_only) as transaction:
            work = self.work_class(transaction, caller)
            yield work
            recorded = work.commit()
        if recorded:
            self._notify()

    @contextmanager
    def open_works(self, callers: Sequence[Caller]) -> Iterator[Iterator[Work]]:
        """A work for each caller, one after another, in one transaction: all of them commit, or none.

        For what comes in batches of many tenants. Each work sees only its own tenant, and only until the next is
        taken. Raises as `open_work`; ValueError where the tenants are not placed together; Unavailable where one of
        them was moved a moment ago, which the next try knows.
        """
        if len({self.placements.locate(caller.tenant_id).url for caller in callers}) > 1:
            raise ValueError("works in one transaction need tenants of one placement")
        recorded = False

        def works() -> Iterator[Work]:
            nonlocal recorded
            for caller in callers:
                transaction.bind(caller.tenant_id)
                work = self.work_class(transaction, caller)
                yield work
                recorded = work.flush_events() or recorded

        with self._transaction(callers[0], read_only=False, follows=False) as transaction:
            given = works()
            yield given
            if next(given, None) is not None:
                raise RuntimeError("a work was not taken")
            transaction.commit([])
        if recorded:
            self._notify()

    def home_of(self, tenant_id: UUID) -> Home:
        """Where the tenant lives now, asked of the databases: for what connects by itself."""
        with self.open_work(Caller.system(tenant_id), read_only=True) as work:
            work.rows(_NOTHING)
        return self.placements.locate(tenant_id)

    @contextmanager
    def _transaction(self, caller: Caller, *, read_only: bool, follows: bool = True) -> Iterator[Transaction]:
        if not isinstance(caller.tenant_id, UUID):
            raise TypeError("a unit of work needs a tenant")
        transaction = Transaction(
            self.placements,
            self._pool,
            caller.tenant_id,
            read_only=read_only,
            attempts=self._settings.database_pool_size + 1,
            patience_s=self._settings.move_patience_s,
            keys=self._keys,
            follows=follows,
        )
        traced = None if tracing.active is None else _traced(tracing.active, caller)
        try:
            yield transaction
        except PoolTimeout as error:
            self.placements.forget(caller.tenant_id)
            raise _away(error) from error
        except psycopg.errors.QueryCanceled as error:
            raise DeadlineExceeded("The request took too long. Ask for less, or try again later.") from error
        except psycopg.OperationalError as error:
            self.placements.forget(caller.tenant_id)
            raise _away(error) from error
        except psycopg.errors.IntegrityError as error:
            raise Conflict(
                "Somebody else wrote the same record at the same time. Read it again and repeat the change.",
                reason="CONCURRENT_WRITE",
                metadata={"constraint": error.diag.constraint_name or ""},
            ) from error
        except psycopg.Error as error:
            refusal = metering.refusal_of(error)
            if refusal is None:
                raise
            raise refusal from error
        finally:
            transaction.end()
            if traced is not None:
                traced.end("" if transaction.committed else "rolled back")

    def _notify(self) -> None:
        for notify in self.on_events_committed:
            notify()

    def ping(self) -> None:
        """Raises Unavailable where the shared database does not answer."""
        pool = self._pool(self._settings.database_url)
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

    def _pool(self, url: str) -> ConnectionPool[Line]:
        pool = self._pools.get(url)
        if pool is None:
            created = open_pool(url, self._settings)
            pool = self._pools.setdefault(url, created)
            if pool is not created:
                created.close()
        return pool


def _traced(active: tracing.Tracing, caller: Caller) -> tracing.Traced | None:
    attributes = {"db.system.name": "postgresql", "funia.tenant_id": str(caller.tenant_id)}
    return active.begin("transaction", "client", caller.traceparent, attributes)


def open_pool(url: str, settings: Settings) -> ConnectionPool[Line]:
    """A pool of autocommit connections; `Transaction` begins and ends what runs on them."""
    niceness = settings.niceness if settings.database_steps_back and settings.niceness else None
    pool: ConnectionPool[Line] = ConnectionPool(
        url,
        connection_class=Line,
        min_size=1,
        max_size=settings.database_pool_size,
        timeout=settings.database_pool_timeout_s,
        open=False,
        configure=configure if niceness is None else partial(_configure_nicely, niceness=niceness),
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


def _configure_nicely(connection: psycopg.Connection[Any], *, niceness: int) -> None:
    configure(connection)
    step_back_for(connection, niceness)


class _DictDumper(JsonbDumper):
    """Writes plain dictionaries as jsonb."""


def configure(connection: psycopg.Connection[Any]) -> None:
    """Prepares a new connection: JSON by orjson, dictionaries as jsonb."""
    set_json_dumps(_dumps, connection)
    set_json_loads(orjson.loads, connection)
    connection.adapters.register_dumper(dict, _DictDumper)


_dumps = partial(orjson.dumps, option=orjson.OPT_NON_STR_KEYS)


def _away(error: Exception) -> FuniaError:
    log.warning("the database is away: %s", error)
    return Unavailable("The database is away for the moment. Try again.", reason="DATABASE_UNAVAILABLE")
