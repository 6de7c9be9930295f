"""One transaction on one connection, begun with its first statement and in the same round trip.

Each statement of a reading transaction runs, with the tenant it is bound to, as a transaction of its own: under READ
COMMITTED it would see no more in a common one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg_pool import ConnectionPool

from chassis.errors import Unavailable
from chassis.lines import Call, Line
from chassis.placements import Placements
from chassis.schema import REFUSED
from chassis.statements import Prepared, text
from chassis.tenant_keys import TenantKeys

log = logging.getLogger(__name__)

_BEGIN: Call = (text("BEGIN"), {})
_COMMIT: Call = (text("COMMIT"), {})
_BIND = text("SELECT tenant_bind(%(tenant_id)s, %(epoch)s, true)")
_BIND_READ_ONLY = text(
    "SELECT tenant_bind(%(tenant_id)s, %(epoch)s, false), set_config('transaction_read_only', 'on', true)"
)
_GONE = ("57P", "08")
"""SQLSTATE classes of a connection that is lost: the server stops, or nobody is there."""
_PAUSE_LOOK_S = 0.02
_HOPS_MAX = 8
"""Homes of one tenant that are tried one after another: each tells the next."""


class Transaction:
    """Takes a connection with its first statement and gives it back at its end. Not thread-safe."""

    __slots__ = (
        "_attempts",
        "_begun",
        "_bound",
        "_follows",
        "_held",
        "_line",
        "_patience_s",
        "_placements",
        "_pool_of",
        "_read_only",
        "_tenant_id",
        "_used_pool",
        "committed",
        "keys",
    )

    def __init__(
        self,
        placements: Placements,
        pool_of: Callable[[str], ConnectionPool[Line]],
        tenant_id: UUID,
        *,
        read_only: bool,
        attempts: int,
        patience_s: float,
        keys: TenantKeys,
        follows: bool = True,
    ) -> None:
        """`follows` lets it go where the tenant has moved to; it must not where more tenants are to come."""
        self._placements = placements
        self._pool_of = pool_of
        self._tenant_id = tenant_id
        self._read_only = read_only
        self._bound = False
        self._attempts = attempts
        self._patience_s = patience_s
        self._follows = follows
        self.keys = keys
        self._line: Line | None = None
        self._used_pool: ConnectionPool[Line] | None = None
        self._held = not read_only
        self._begun = False
        self.committed = False
        """Whether its end came by `commit`."""

    @property
    def raw(self) -> psycopg.Connection[Any]:
        """The connection with the transaction begun on it and bound."""
        self.hold()
        if not (self._begun and self._bound):
            self._exchange([])
        assert self._line is not None
        return self._line

    def bind(self, tenant_id: UUID) -> None:
        """From the next statement on, the transaction is bound to this tenant and no longer to the one before."""
        self._tenant_id = tenant_id
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
            assert self._line is not None
            *_, done = self._line.exchange([*(self._before() if last else ()), *last, _COMMIT])
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
        assert self._used_pool is not None
        self._used_pool.putconn(line)

    def _run(self, calls: Sequence[Call]) -> PGresult:
        return self._exchange(calls)[-1]

    def _before(self) -> list[Call]:
        """What must run before the next statement, in the same round trip: the beginning, the binding to the tenant."""
        if not self._held:
            return [self._binding()]
        calls = [] if self._begun else [_BEGIN]
        if not self._bound:
            calls.append(self._binding())
        self._begun = self._bound = True
        return calls

    def _binding(self) -> Call:
        epoch = self._placements.locate(self._tenant_id).epoch
        return _BIND_READ_ONLY if self._read_only else _BIND, {"tenant_id": str(self._tenant_id), "epoch": epoch}

    def _exchange(self, calls: Sequence[Call]) -> list[PGresult]:
        """Runs the calls behind what must come before them, at the tenant's home; results of these, then of the calls.

        Raises Unavailable where the tenant is being moved and the patience ends.
        """
        if self._begun and self._bound:
            assert self._line is not None
            return self._line.exchange(calls)
        was_begun = self._begun
        until = time.monotonic() + self._patience_s
        hops = 0
        while True:
            try:
                return self._reach(calls)
            except psycopg.Error as error:
                if error.sqlstate != REFUSED:
                    raise
                state, placement, epoch = (error.diag.message_detail or "").split(" ")
            if state == "gone":
                self._placements.learn(self._tenant_id, placement, int(epoch))
                hops += 1
            if was_begun or not self._follows or hops > _HOPS_MAX or time.monotonic() > until:
                raise Unavailable(
                    "The company is being moved to another database. Repeat this in a moment.",
                    reason="COMPANY_MOVING",
                    metadata={"retry_after_s": "1"},
                )
            # Nothing was done yet: the refusal came before the first statement.
            self.end()
            self._begun = self._bound = False
            if state == "paused":
                time.sleep(_PAUSE_LOOK_S)

    def _reach(self, calls: Sequence[Call]) -> list[PGresult]:
        if self._line is not None:
            return self._line.exchange([*self._before(), *calls])
        pool = self._used_pool = self._pool_of(self._placements.locate(self._tenant_id).url)
        calls = [*self._before(), *calls]
        # A connection that died while it lay in the pool is found here, before anything was done with it;
        # each failed attempt removes one, so as many attempts as the pool is large always reach a fresh one.
        for attempt in range(1, self._attempts + 1):
            line = self._line = pool.getconn()
            try:
                return line.exchange(calls)
            except psycopg.OperationalError as error:
                if attempt == self._attempts or not _is_gone(line, error):
                    raise
                line.close()
                self._line = None
                pool.putconn(line)
        raise AssertionError("unreachable")


def _is_gone(line: Line, error: psycopg.OperationalError) -> bool:
    return line.pgconn.status != ConnStatus.OK or (error.sqlstate or "").startswith(_GONE)
