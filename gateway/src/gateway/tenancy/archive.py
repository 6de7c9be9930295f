"""The archive of a company: one zip of JSON lines, Parquet, files and a sealed manifest, written as a stream.

Nothing of it is whole in memory: tables come from the store line by line, and the zip goes there piece by piece.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, cast
from uuid import UUID

import orjson
from chassis.files import FileStore
from chassis.tenancy.cut import Cut, CutTable
from chassis.tenancy.restoring import lines_of
from chassis.vault import Vault

from gateway.tenancy.columnar import write_parquet

FORMAT = "funia-company-archive"
VERSION = 1
MANIFEST = "manifest.json"
_PURPOSE = "company-archive"
_PIECE_BYTES = 256 * 1024
_FLUSH_BYTES = 1024 * 1024
_README = b"""This archive holds everything a company had in Funia.

manifest.json            what is here: for every table its columns, number of rows and SHA-256
data/<service>/*.jsonl   the rows of a table, one JSON object a line
data/<service>/*.parquet the same rows as Parquet
files/<service>/...      the files people uploaded

Every service's rows are of one moment, which the manifest names. Secrets are not in it. The archive can be restored
into a new company of the installation that wrote it.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """What one service brings: its cut, and the store its own files lie in."""

    cut: Cut
    files: FileStore


def archive(
    tenant_id: UUID, parts: Sequence[Part], store: FileStore, vault: Vault, *, exported_at: datetime
) -> Iterator[bytes]:
    """The zip in pieces. `store` has the tables of the cuts."""
    sink = _Sink()
    services: dict[str, Any] = {}
    with zipfile.ZipFile(cast(IO[bytes], sink), "w", zipfile.ZIP_DEFLATED, allowZip64=True) as into:
        yield from _entry(into, sink, "README.txt", iter([_README]))
        for part in parts:
            tables = []
            for table in part.cut.tables:
                base = f"data/{part.cut.service}/{table.table}"
                yield from _entry(into, sink, f"{base}.jsonl", store.read(tenant_id, table.name))
                with tempfile.TemporaryFile() as columnar:
                    write_parquet(columnar, table.columns, lines_of(store.read(tenant_id, table.name)))
                    columnar.seek(0)
                    yield from _entry(into, sink, f"{base}.parquet", _pieces(columnar), packed=True)
                tables.append(_described(table, base))
            files = []
            for name in part.cut.files:
                summed = _Summed(part.files.read(tenant_id, name))
                yield from _entry(into, sink, f"files/{part.cut.service}/{name}", summed.pieces())
                files.append({"name": name, "size_bytes": summed.size_bytes, "sha256": summed.sha256})
            services[part.cut.service] = {"cut_at": part.cut.cut_at, "tables": tables, "files": files}
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "tenant_id": str(tenant_id),
            "exported_at": exported_at.isoformat(),
            "services": services,
        }
        sealed = {**manifest, "seal": seal_of(manifest, vault)}
        yield from _entry(into, sink, MANIFEST, iter([orjson.dumps(sealed, option=orjson.OPT_INDENT_2)]))
    yield sink.take()


def seal_of(manifest: dict[str, Any], vault: Vault) -> str:
    """Proves that the manifest, and by its sums all else in the archive, was written by this installation."""
    return vault.sign(_PURPOSE, orjson.dumps(manifest, option=orjson.OPT_SORT_KEYS)).hex()


def _described(table: CutTable, base: str) -> dict[str, Any]:
    return {
        "table": table.table,
        "rows": table.rows,
        "sha256": table.sha256,
        "jsonl": f"{base}.jsonl",
        "parquet": f"{base}.parquet",
        "columns": [{"name": name, "type": kind} for name, kind in table.columns],
    }


def _entry(
    into: zipfile.ZipFile, sink: _Sink, name: str, pieces: Iterator[bytes], *, packed: bool = False
) -> Iterator[bytes]:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    with into.open(info, "w", force_zip64=True) as out:
        for piece in pieces:
            out.write(piece)
            if sink.size >= _FLUSH_BYTES:
                yield sink.take()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece


class _Summed:
    """Counts and sums a file on its way."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._given = pieces
        self._sum = hashlib.sha256()
        self.size_bytes = 0

    def pieces(self) -> Iterator[bytes]:
        for piece in self._given:
            self._sum.update(piece)
            self.size_bytes += len(piece)
            yield piece

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()


class _Sink:
    """What a zip is written to, and taken from, without ever going back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        self.size += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def take(self) -> bytes:
        pieces, self._pieces, self.size = self._pieces, [], 0
        return b"".join(pieces)
