"""What a fact table is, and the table of all events. The others are in files of their own, and all in `schema`.

Every fact leads its sorting key with the tenant, so a tenant's report reads the tenant's rows only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is written. `wire` is its type in the blocks sent to the engine, `stored` in the table."""

    name: str
    wire: str
    stored: str = ""

    @property
    def ddl(self) -> str:
        """The column in CREATE TABLE."""
        return f"{self.name} {self.stored or self.wire}"


@dataclass(frozen=True, slots=True)
class FactTable:
    """A table whose rows with the same sorting key are one row, whatever often they are written.

    `version` names the column by which the newest of them is the one; where there is none, they are all the same.
    `derived` are columns the engine computes. `partition` must follow from the row alone, never from the clock:
    a repeated row has to land in the partition of the first one, or it is counted twice.
    """

    name: str
    columns: tuple[Column, ...]
    derived: tuple[str, ...]
    partition: str
    order: tuple[str, ...]
    version: str = ""

    def __post_init__(self) -> None:
        if self.order[0] != "tenant_id" or self.columns[0].name != "tenant_id":
            raise ValueError(f"{self.name}: the tenant leads the columns and the sorting key of every fact")

    @property
    def column_names(self) -> str:
        """The written columns, separated by commas."""
        return ", ".join(column.name for column in self.columns)

    @property
    def shadow(self) -> str:
        """Name of the table a rebuild writes."""
        return f"{self.name}__shadow"

    @property
    def ddl(self) -> str:
        """CREATE TABLE."""
        columns = ",\n    ".join([*(column.ddl for column in self.columns), *self.derived])
        return f"""CREATE TABLE IF NOT EXISTS {self.name} (
    {columns}
)
ENGINE = ReplacingMergeTree({self.version})
PARTITION BY {self.partition}
ORDER BY ({", ".join(self.order)})
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1"""


_WORD = "LowCardinality(String)"

WITHIN_REASON = "{0} >= '2020-01-01 00:00:00' AND {0} < '2070-01-01 00:00:00'"
"""Clocks of 1970 and 2099 share one partition, so a broken clock cannot make thousands of them."""

EVENT_FACT = FactTable(
    name="event_fact",
    columns=(
        Column("tenant_id", "UUID"),
        Column("event_id", "UUID"),
        Column("type", "String", _WORD),
        Column("subject_id", "UUID"),
        Column("aggregate_version", "Int64"),
        Column("occurred_at", "DateTime64(6, 'UTC')"),
        Column("recorded_at", "DateTime64(6, 'UTC')"),
        Column("actor_type", "String", _WORD),
        Column("actor_id", "String"),
        Column("correlation_id", "String"),
        Column("causation_id", "String"),
        Column("changed_fields", "Array(String)", f"Array({_WORD})"),
        Column("payload_type", "String", _WORD),
        Column("payload", "String", "String CODEC(ZSTD(1))"),
    ),
    derived=(
        f"service {_WORD} MATERIALIZED splitByChar('.', type)[1]",
        f"entity {_WORD} MATERIALIZED splitByChar('.', type)[2]",
        f"event {_WORD} MATERIALIZED splitByChar('.', type)[3]",
    ),
    partition=f"if({WITHIN_REASON.format('recorded_at')}, toYYYYMM(recorded_at), 0)",
    order=("tenant_id", "occurred_at", "event_id"),
)
