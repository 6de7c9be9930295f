"""One transaction on one connection, begun with its first statement and in the same round trip.

Each statement of a reading transaction runs, with the tenant it is bound to, as a transaction of its own: under READ
COMMITTED it would see no more in a common one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg_pool import ConnectionPool

from chassis.lines import Call, Line
from chassis.statements import Prepared, text

log = logging.getLogger(__name__)

_BEGIN: Call = (text("BEGIN"), {})
_COMMIT: Call = (text("COMMIT"), {})
_BIND = text("SELECT set_config('app.tenant_id', %(tenant_id)s, true)")
_BIND_READ_ONLY = text(
    "SELECT set_config('app.tenant_id', %(tenant_id)s, true), set_config('transaction_read_only', 'on', true)"
)
_GONE = ("57P", "08")
"""SQLSTATE classes of a connection that is lost: the server stops, or nobody is there."""


class Transaction:
    """Takes a connection with its first statement and gives it back at its end. Not thread-safe."""

    __slots__ = ("_attempts", "_begun", "_bind", "_bound", "_held", "_line", "_pool", "_read_only", "committed")

    def __init__(self, pool: ConnectionPool[Line], tenant_id: UUID, *, read_only: bool, attempts: int) -> None:
        self._pool = pool
        self._read_only = read_only
        self._bind: Call = self._binding(tenant_id)
        self._bound = False
        self._attempts = attempts
        self._line: Line | None = None
        self._held = not read_only
        self._begun = False
        self.committed = False
        """Whether its end came by `commit`."""

    @property
    def raw(self) -> psycopg.Connection[Any]:
        """The connection with the transaction begun on it and bound."""
        self.hold()
        before = self._before()
        if before:
            self._exchange(before)
        assert self._line is not None
        return self._line

    def bind(self, tenant_id: UUID) -> None:
        """From the next statement on, the transaction is bound to this tenant and no longer to the one before."""
        self._bind = self._binding(tenant_id)
        self._bound = False

    def hold(self) -> None:
        """From here on all statements are one transaction also where they only read: settings last until its end."""
        self._held = True

    def rows_of_last(self, calls: Sequence[Call], *, most: int | None = None) -> list[Any]:
        """Runs the calls in one round trip; rows of the last, `most` of them where it is given."""
        result = self._run(calls)
        assert self._line is not None
        return self._line.rows(result, most=most)

    def rows_unless(self, calls: Sequence[Call], count: int) -> list[Any] | None:
        """As `rows_of_last`; None where there are exactly that many rows."""
        result = self._run(calls)
        assert self._line is not None
        return None if result.ntuples == count else self._line.rows(result)

    def execute(self, prepared: Prepared, values: Mapping[str, Any]) -> int:
        """Runs a statement and returns how many rows it touched."""
        return self._run([(prepared, values)]).command_tuples or 0

    def commit(self, last: Sequence[Call]) -> None:
        """Runs these statements and commits, in one round trip. Nothing was written where nothing was run."""
        if last and not self._begun:
            # On its own: a beginning is repeated on another connection, a COMMIT whose answer was lost never is.
            _ = self.raw
        if self._begun:
            *_, done = self._exchange([*(self._before() if last else ()), *last, _COMMIT])
            if done.command_status != b"COMMIT":
                raise psycopg.OperationalError(f"expected COMMIT, the server answered {done.command_status!r}")
        self.committed = True

    def end(self) -> None:
        """Rolls back what was not committed, and gives the connection back."""
        line, self._line = self._line, None
        if line is None:
            return
        if not self.committed and not line.closed and line.pgconn.transaction_status != TransactionStatus.IDLE:
            done = line.pgconn.exec_(b"ROLLBACK")
            if done.status != ExecStatus.COMMAND_OK:
                log.warning("a rollback failed; the connection is dropped")
                line.close()
        self._pool.putconn(line)

    def _run(self, calls: Sequence[Call]) -> PGresult:
        return self._exchange([*self._before(), *calls])[-1]

    def _before(self) -> list[Call]:
        """What must run before the next statement, in the same round trip: the beginning, the binding to the tenant."""
        if not self._held:
            return [self._bind]
        calls = [] if self._begun else [_BEGIN]
        if not self._bound:
            calls.append(self._bind)
        self._begun = self._bound = True
        return calls

    def _binding(self, tenant_id: UUID) -> Call:
        return _BIND_READ_ONLY if self._read_only else _BIND, {"tenant_id": str(tenant_id)}

    def _exchange(self, calls: Sequence[Call]) -> list[PGresult]:
        if self._line is not None:
            return self._line.exchange(calls)
        # A connection that died while it lay in the pool is found here, before anything was done with it;
        # each failed attempt removes one, so as many attempts as the pool is large always reach a fresh one.
        for attempt in range(1, self._attempts + 1):
            line = self._line = self._pool.getconn()
            try:
                return line.exchange(calls)
            except psycopg.OperationalError as error:
                if attempt == self._attempts or not _is_gone(line, error):
                    raise
                line.close()
                self._line = None
                self._pool.putconn(line)
        raise AssertionError("unreachable")


def _is_gone(line: Line, error: psycopg.OperationalError) -> bool:
    return line.pgconn.status != ConnStatus.OK or (error.sqlstate or "").startswith(_GONE)
