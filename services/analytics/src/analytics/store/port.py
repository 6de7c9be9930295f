"""The port of the columnar store. Facts go in by batches; questions are asked for one tenant, in ClickHouse SQL.

There is no way to ask without a tenant: `for_tenant` is the only door to `query`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from analytics.store.facts import FactTable

Parameter = str | int | float | bool | UUID | Sequence[str] | Sequence[int] | Sequence[UUID]
"""A value for a typed placeholder such as ``{subject:UUID}``. Moments go as whole microseconds in an Int64."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as the store has it, as far as facts are made of it."""

    tenant_id: UUID
    event_id: UUID
    type: str
    version: int
    at_us: int
    payload_type: str
    payload: bytes


class TenantReader(Protocol):
    """Reads the facts of one tenant."""

    @property
    def tenant_id(self) -> UUID:
        """The tenant all answers are about."""

    def query(self, sql: str, /, *, repeats: bool = False, **parameters: Parameter) -> list[Row]:
        """Rows of a SELECT over fact tables by their bare names. Every table is cut to the tenant by the engine.

        A fact written several times is one row; with `repeats` it may come several times, which spares the
        engine the merge and is right only where the statement itself removes them. Integers come as int, UUIDs
        and moments as text. Raises UnscopedQuery where the statement reads anything but facts, DeadlineExceeded
        and ResourceExhausted at the limits, StatementFailed where the SQL is wrong.
        """


class ColumnStore(Protocol):
    """The columnar store. All methods may be called from several threads."""

    def migrate(self) -> bool:
        """Brings the schema to the newest version and drops what a broken rebuild left. True where anything changed."""

    def insert(self, table: FactTable, columns: Sequence[Sequence[Any]], *, token: str, shadow: bool = False) -> None:
        """Writes a batch, durable on return. Writing the same rows again changes no answer.

        `token` must name exactly these rows: the engine drops a second batch with the same token unread, whatever
        is in it. Raises StoreUnavailable where the batch may not be stored; write it again.
        """

    def for_tenant(self, tenant_id: UUID) -> TenantReader:
        """The only way to ask."""

    def erase(self, tenant_id: UUID) -> None:
        """Removes every fact of a tenant from the disk; none is left in any part on return."""

    def count(self, tenant_id: UUID) -> int:
        """Facts of a tenant."""

    def begin_shadow(self, table: FactTable) -> None:
        """Makes an empty table beside the live one, instead of an earlier unfinished one."""

    def keep_before(self, service: str, before: datetime | None) -> None:
        """Copies into the events' shadow what the live table has of a service, recorded before then (all if None)."""

    def recorded_before(
        self, service: str, before: datetime | None, *, after: StoredEvent | None, limit: int
    ) -> list[StoredEvent]:
        """The same events, so many at a time, of all tenants: for a rebuild alone, never for an answer."""

    def services(self) -> list[str]:
        """Publishing services that have events here."""

    def swap_shadow(self, table: FactTable) -> None:
        """Makes the shadow the live table in one step and drops the old one."""

    def ping(self) -> None:
        """Raises StoreUnavailable where the store does not answer."""

    def close(self) -> None:
        """Frees the store for another process."""
