"""Backs up the rows of one tenant of one service into a folder, and restores them, whole or not at all.

A backup shows one moment of the service. Each table is a file of compressed blocks, with a key of the operator's
encrypted ones; the manifest comes last and holds a digest of every file, so a backup without one is none.
"""

from __future__ import annotations

import hashlib
import os
import struct
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from cryptography.fernet import Fernet, InvalidToken
from psycopg import Connection

from chassis import tenant_rows
from chassis.errors import Conflict, FailedPrecondition, NotFound, Unavailable
from chassis.moving import Mover, TenantHome, bound, is_drained, keep_home, lock_alone
from chassis.settings import Settings
from chassis.tenant_tables import tenant_tables

MANIFEST = "manifest"
_FORMAT = 1
_LENGTH = struct.Struct(">I")
_BLOCK_BYTES = 1 << 20
_DRAIN_LOOK_S = 0.02


@dataclass(frozen=True, slots=True)
class BackedUpTable:
    """One file of a backup. `rows` and `hashes` are the sum that the restored rows must have."""

    name: str
    columns: list[str]
    key: list[str]
    rows: int
    hashes: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `last_event` is the id of the newest event that its rows had recorded, "" for none."""

    format: int
    service: str
    tenant_id: str
    made_at: str
    last_event: str
    tables: list[BackedUpTable]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)


class TenantBackups:
    """Backups of tenants of one service. `follows` are tables that repeat what identity says: no restore takes them
    back."""

    def __init__(self, service: str, settings: Settings, *, follows: Sequence[str] = ()) -> None:
        self._service = service
        self._settings = settings
        self._follows = frozenset(follows)
        self._mover = Mover(settings)
        key = settings.backup_key.get_secret_value()
        self._fernet = Fernet(key) if key else None

    def back_up(self, tenant_id: UUID, folder: Path) -> Manifest:
        """Writes a backup into `folder`, which must be empty or new. Raises FailedPrecondition where it is not."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FailedPrecondition(f"{folder} is not empty. Name a new folder.", reason="FOLDER_IN_USE")
        with self._mover.alone_at_home(tenant_id) as (_, owner), bound(owner, tenant_id, frozen=True):
            tables = tenant_tables(owner)
            sums = tenant_rows.sums(owner, tables, tenant_id)
            last = owner.execute(_LAST_EVENT, [tenant_id]).fetchone()
            kept = []
            for table in tables:
                digest = self._write(folder / table.name, tenant_rows.read_rows(owner, table, tenant_id))
                one = sums[table.name]
                kept.append(
                    BackedUpTable(table.name, list(table.written), list(table.whole_key), one.rows, one.hashes, digest)
                )
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(_FORMAT, self._service, str(tenant_id), made_at, "" if last is None else str(last[0]), kept)
        self._write(folder / f"{MANIFEST}.new", iter([orjson.dumps(asdict(manifest))]))
        (folder / f"{MANIFEST}.new").rename(folder / MANIFEST)
        return manifest

    def restore(self, tenant_id: UUID, folder: Path, *, replace: bool) -> Manifest:
        """Puts the backup in the place of the tenant's rows, in one transaction; writes are refused meanwhile.

        Without `replace` there must be no rows. Raises NotFound where there is no backup, Conflict where it is not
        what it was when it was made, FailedPrecondition where it does not fit.
        """
        manifest = self.check(tenant_id, folder)
        with self._mover.alone_at_home(tenant_id) as (home, owner):
            self._close(owner, tenant_id, home)
            try:
                self._replace(owner, tenant_id, folder, manifest, replace=replace)
            finally:
                with bound(owner, tenant_id):
                    keep_home(owner, tenant_id, "here", home)
        return manifest

    def check(self, tenant_id: UUID, folder: Path) -> Manifest:
        """Reads every byte of a backup and compares it with the manifest. Raises as `restore`."""
        try:
            raw = orjson.loads(b"".join(self._read(folder / MANIFEST)))
            manifest = Manifest(**{**raw, "tables": [BackedUpTable(**table) for table in raw["tables"]]})
        except FileNotFoundError:
            raise NotFound(f"{folder} holds no whole backup.", reason="NO_BACKUP") from None
        except (TypeError, KeyError, ValueError) as error:
            raise _corrupted(folder / MANIFEST) from error
        if (manifest.format, manifest.service, manifest.tenant_id) != (_FORMAT, self._service, str(tenant_id)):
            raise FailedPrecondition(
                f"{folder} is a backup of {manifest.service} for the company {manifest.tenant_id}.",
                reason="ANOTHER_BACKUP",
            )
        for table in manifest.tables:
            path = folder / table.name
            if not path.is_file() or _digest(path) != table.sha256:
                raise _corrupted(path)
        return manifest

    def _close(self, owner: Connection[Any], tenant_id: UUID, home: TenantHome) -> None:
        """Refuses writes from here on, and waits until the relay has published what was recorded before."""
        with bound(owner, tenant_id):
            lock_alone(owner, tenant_id, self._settings.move_lock_wait_ms)
            keep_home(owner, tenant_id, "paused", home, pause_s=self._settings.restore_max_s)
        until = time.monotonic() + self._settings.move_pause_max_s
        while not is_drained(owner, tenant_id):
            if time.monotonic() > until:
                with bound(owner, tenant_id):
                    keep_home(owner, tenant_id, "here", home)
                raise Unavailable("Events of the company still wait for the bus. Try again.", reason="EVENTS_WAIT")
            time.sleep(_DRAIN_LOOK_S)

    def _replace(
        self, owner: Connection[Any], tenant_id: UUID, folder: Path, manifest: Manifest, *, replace: bool
    ) -> None:
        with bound(owner, tenant_id):
            tables = [table for table in tenant_tables(owner) if table.name not in self._follows]
            kept = {
                one.name: (tuple(one.columns), tuple(one.key))
                for one in manifest.tables
                if one.name not in self._follows
            }
            if {table.name: (table.written, table.whole_key) for table in tables} != kept:
                raise FailedPrecondition(
                    "The schema is another one than when the backup was made. Restore it on the release that made it, "
                    "then upgrade.",
                    reason="SCHEMA_DIFFERS",
                )
            if not replace and any(one.rows for one in tenant_rows.sums(owner, tables, tenant_id).values()):
                raise FailedPrecondition(
                    "The company has rows here. Suspend it, then restore over them.", reason="RESTORE_INTO_USE"
                )
            tenant_rows.make_deferrable(owner)
            tenant_rows.delete_rows(owner, tables, tenant_id)
            for table in tables:
                tenant_rows.write_rows(owner, table, self._read(folder / table.name))
            sums = tenant_rows.sums(owner, tables, tenant_id)
            for one in manifest.tables:
                if one.name in sums and (sums[one.name].rows, sums[one.name].hashes) != (one.rows, one.hashes):
                    raise Conflict(f"The rows of {one.name} are not those of the backup.", reason="ROWS_DIFFER")

    def _write(self, path: Path, blocks: Iterator[bytes]) -> str:
        """Writes a file for its owner alone and returns its digest."""
        digest = hashlib.sha256()
        seal: Callable[[bytes], bytes] = self._fernet.encrypt if self._fernet else lambda block: block
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for block in _gathered(blocks):
                sealed = seal(zlib.compress(block, 1))
                for part in (_LENGTH.pack(len(sealed)), sealed):
                    file.write(part)
                    digest.update(part)
            file.flush()
            os.fsync(file.fileno())
        return digest.hexdigest()

    def _read(self, path: Path) -> Iterator[bytes]:
        with path.open("rb") as file:
            while head := file.read(_LENGTH.size):
                try:
                    sealed = file.read(_LENGTH.unpack(head)[0])
                    yield zlib.decompress(self._fernet.decrypt(sealed) if self._fernet else sealed)
                except (InvalidToken, zlib.error, struct.error) as error:
                    raise _corrupted(path) from error


def _gathered(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """COPY gives a block a row; a file has larger ones."""
    gathered = bytearray()
    for block in blocks:
        gathered += block
        if len(gathered) >= _BLOCK_BYTES:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _corrupted(path: Path) -> Conflict:
    return Conflict(
        f"{path} is not what it was when the backup was made, or was made with another key. Nothing was changed.",
        reason="BACKUP_CORRUPTED",
    )


_LAST_EVENT = "SELECT id FROM outbox WHERE tenant_id = %s ORDER BY id DESC LIMIT 1"
