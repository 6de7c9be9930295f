"""Rows as JSON lines into a Parquet file, a few thousand at a time. Loads pyarrow when first called, not before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

import orjson

_BATCH_ROWS = 2_000


def write_parquet(file: IO[bytes], columns: Sequence[tuple[str, str]], lines: Iterator[bytes]) -> None:
    """Writes the rows. `columns` are names with PostgreSQL's types; JSON values become texts."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {name: _kind(kind) for name, kind in columns}
    schema = pa.schema([(name, arrow) for name, (arrow, _) in kinds.items()])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while batch := [orjson.loads(line) for line in islice(lines, _BATCH_ROWS)]:
            arrays = [
                pa.array([None if row[name] is None else read(row[name]) for row in batch], type=arrow)
                for name, (arrow, read) in kinds.items()
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _kind(kind: str) -> tuple[Any, Callable[[Any], Any]]:
    """The column's type in Arrow, and how a JSON value becomes one of it."""
    import pyarrow as pa

    if kind.endswith("[]"):
        arrow, read = _kind(kind.removesuffix("[]"))
        return pa.list_(arrow), lambda values: [None if one is None else read(one) for one in values]
    known: dict[str, tuple[Any, Callable[[Any], Any]]] = {
        "smallint": (pa.int16(), int),
        "integer": (pa.int32(), int),
        "bigint": (pa.int64(), int),
        "double precision": (pa.float64(), float),
        "boolean": (pa.bool_(), bool),
        "timestamp with time zone": (pa.timestamp("us", tz="UTC"), datetime.fromisoformat),
        "date": (pa.date32(), date.fromisoformat),
        "bytea": (pa.binary(), lambda value: bytes.fromhex(value.removeprefix("\\x"))),
        "jsonb": (pa.string(), lambda value: orjson.dumps(value).decode()),
        "json": (pa.string(), lambda value: orjson.dumps(value).decode()),
    }
    return known.get(kind, (pa.string(), str))
