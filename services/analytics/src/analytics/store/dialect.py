"""The store in ClickHouse's SQL, over any engine that runs it. Adapters only carry statements and blocks."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson

from analytics.errors import StatementFailed, StoreUnavailable, query_too_large, query_too_slow
from analytics.store.facts import EVENT_FACT, FactTable
from analytics.store.native import block
from analytics.store.port import Parameter, Row, StoredEvent
from analytics.store.schema import FACTS, MIGRATIONS
from analytics.store.scope import tenant_settings

_TOO_SLOW = frozenset({159, 160})
_TOO_LARGE = frozenset({158, 241, 307, 396})


class Engine(Protocol):
    """What carries statements to ClickHouse's engine. Raises StatementFailed with the engine's code."""

    def run(self, statement: str, parameters: Mapping[str, Parameter]) -> bytes:
        """The answer to a statement, in the format it names."""

    def insert(self, statement: str, data: bytes) -> None:
        """An ``INSERT INTO ... SETTINGS ...`` with its block in Native format; stored on return."""

    def close(self) -> None:
        """Ends the connection."""


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What one question may take."""

    timeout_s: float
    memory_bytes: int
    result_rows: int
    threads: int

    def settings(self) -> dict[str, str]:
        """The engine's settings for these limits."""
        return {
            "max_execution_time": str(self.timeout_s),
            "max_memory_usage": str(self.memory_bytes),
            "max_result_rows": str(self.result_rows),
            "result_overflow_mode": "'throw'",
            "max_threads": str(self.threads),
        }


class DialectStore:
    """A ColumnStore over an engine."""

    def __init__(self, engine: Engine, limits: QueryLimits) -> None:
        self._engine = engine
        self._limits = limits.settings()

    def migrate(self) -> bool:
        self._engine.run(
            "CREATE TABLE IF NOT EXISTS store_version (version UInt32) ENGINE = ReplacingMergeTree ORDER BY version", {}
        )
        newest = int(self._rows("SELECT max(version) FROM store_version")[0][0])
        todo = [migration for migration in MIGRATIONS if migration.version > newest]
        for migration in todo:
            for statement in migration.statements:
                self._engine.run(statement, {})
            self._engine.run(f"INSERT INTO store_version VALUES ({migration.version})", {})
        for table in FACTS:
            self._engine.run(f"DROP TABLE IF EXISTS {table.shadow} SYNC", {})
        return bool(todo)

    def insert(self, table: FactTable, columns: Sequence[Sequence[Any]], *, token: str, shadow: bool = False) -> None:
        name = table.shadow if shadow else table.name
        # An asynchronous insert is not stored on return, and a batch over years of history spans many partitions.
        statement = (
            f"INSERT INTO {name} ({table.column_names}) SETTINGS async_insert = 0, insert_deduplicate = 1, "
            f"insert_deduplication_token = '{_plain(token)}', max_partitions_per_insert_block = 0"
        )
        try:
            self._engine.insert(statement, block(table.columns, columns))
        except StatementFailed as error:
            raise StoreUnavailable(f"The columnar store refused a batch: {error}") from error

    def for_tenant(self, tenant_id: UUID) -> _Reader:
        return _Reader(self._engine, self._limits, tenant_id)

    def erase(self, tenant_id: UUID) -> None:
        for table in FACTS:
            # Repeats as well: a mutation sees every row of every part, and is waited for.
            self._engine.run(
                f"ALTER TABLE {table.name} DELETE WHERE tenant_id = {{tenant:UUID}} SETTINGS mutations_sync = 2",
                {"tenant": tenant_id},
            )

    def count(self, tenant_id: UUID) -> int:
        reader = self.for_tenant(tenant_id)
        return sum(int(reader.query(f"SELECT count() FROM {table.name}", repeats=True)[0][0]) for table in FACTS)

    def begin_shadow(self, table: FactTable) -> None:
        self._engine.run(f"DROP TABLE IF EXISTS {table.shadow} SYNC", {})
        self._engine.run(f"CREATE TABLE {table.shadow} AS {table.name}", {})

    def services(self) -> list[str]:
        return [str(row[0]) for row in self._rows(f"SELECT DISTINCT service FROM {EVENT_FACT.name} ORDER BY service")]

    def keep_before(self, service: str, before: datetime | None) -> None:
        names = EVENT_FACT.column_names
        condition, parameters = _recorded_before(service, before)
        self._engine.run(
            f"INSERT INTO {EVENT_FACT.shadow} ({names}) SELECT {names} FROM {EVENT_FACT.name} FINAL WHERE {condition}"
            " SETTINGS max_partitions_per_insert_block = 0",
            parameters,
        )

    def recorded_before(
        self, service: str, before: datetime | None, *, after: StoredEvent | None, limit: int
    ) -> list[StoredEvent]:
        condition, parameters = _recorded_before(service, before)
        if after is not None:
            condition += (
                " AND (tenant_id, occurred_at, event_id)"
                " > ({after_tenant:UUID}, fromUnixTimestamp64Micro({after_us:Int64}, 'UTC'), {after_event:UUID})"
            )
            parameters |= {"after_tenant": after.tenant_id, "after_us": after.at_us, "after_event": after.event_id}
        # Repeats are no harm: the same events make the same facts.
        answer = self._engine.run(
            "SELECT tenant_id, event_id, type, aggregate_version, toUnixTimestamp64Micro(occurred_at), payload_type,"
            f" base64Encode(payload) FROM {EVENT_FACT.name} WHERE {condition}"
            f" ORDER BY tenant_id, occurred_at, event_id LIMIT {int(limit)} FORMAT JSONCompact",
            parameters,
        )
        return [
            StoredEvent(UUID(row[0]), UUID(row[1]), row[2], int(row[3]), int(row[4]), row[5], b64decode(row[6]))
            for row in _decode(answer)
        ]

    def swap_shadow(self, table: FactTable) -> None:
        self._engine.run(f"EXCHANGE TABLES {table.name} AND {table.shadow}", {})
        self._engine.run(f"DROP TABLE {table.shadow} SYNC", {})

    def ping(self) -> None:
        try:
            self._engine.run("SELECT 1 FORMAT Null", {})
        except StatementFailed as error:
            raise StoreUnavailable(f"The columnar store does not answer: {error}") from error

    def close(self) -> None:
        self._engine.close()

    def _rows(self, statement: str) -> list[Row]:
        return _decode(self._engine.run(f"{statement} FORMAT JSONCompact", {}))


class _Reader:
    def __init__(self, engine: Engine, limits: Mapping[str, str], tenant_id: UUID) -> None:
        self._engine = engine
        self._limits = limits
        self._tenant_id = tenant_id

    @property
    def tenant_id(self) -> UUID:
        return self._tenant_id

    def query(self, sql: str, /, *, repeats: bool = False, **parameters: Parameter) -> list[Row]:
        settings = {
            **self._limits,
            **tenant_settings(sql, self._tenant_id, [table.name for table in FACTS]),
            "final": "0" if repeats else "1",
            # A fact's partition follows from the row, so its repeats never lie in two partitions.
            "do_not_merge_across_partitions_select_final": "1",
            "readonly": "1",
        }
        clause = ", ".join(f"{name} = {value}" for name, value in settings.items())
        try:
            return _decode(self._engine.run(f"{sql}\nSETTINGS {clause}\nFORMAT JSONCompact", parameters))
        except StatementFailed as error:
            if error.code in _TOO_SLOW:
                raise query_too_slow() from error
            if error.code in _TOO_LARGE:
                raise query_too_large() from error
            raise


def _recorded_before(service: str, before: datetime | None) -> tuple[str, dict[str, Parameter]]:
    if before is None:
        return "service = {service:String}", {"service": service}
    condition = "service = {service:String} AND recorded_at < fromUnixTimestamp64Micro({before:Int64}, 'UTC')"
    return condition, {"service": service, "before": int(before.timestamp() * 1_000_000)}


def _decode(answer: bytes) -> list[Row]:
    return [tuple(row) for row in orjson.loads(answer)["data"]]


def _plain(token: str) -> str:
    if not token.replace("-", "").isalnum():
        raise ValueError("an insert token is letters, digits and hyphens")
    return token
