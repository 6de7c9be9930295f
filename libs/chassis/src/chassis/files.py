"""Files of tenants through one port: a folder of this machine by default, an S3-compatible store where configured.

Every file lies under its tenant's prefix. Bytes are streamed both ways; nothing here holds a whole file in memory.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol
from uuid import UUID

from chassis.errors import NotFound, TooLarge
from chassis.ids import uuid7
from chassis.settings import Settings

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,119}(?:/[a-z0-9][a-z0-9._-]{0,119}){0,3}")
_READ_BYTES = 256 * 1024
_PART_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What was written: its size and checksum."""

    size_bytes: int
    sha256: str


class FileStore(Protocol):
    """Where files lie. Names are ours (``imports/<uuid>``), never a user's; NotFound where there is no such file."""

    def put(self, tenant_id: UUID, name: str, chunks: Iterable[bytes], *, max_bytes: int) -> StoredFile:
        """Writes a whole file or nothing. Raises TooLarge over `max_bytes`."""

    def read(self, tenant_id: UUID, name: str) -> Iterator[bytes]:
        """The file in pieces, in order."""

    def local(self, tenant_id: UUID, name: str) -> contextlib.AbstractContextManager[Path]:
        """The file as a path of this machine, for libraries that need one; do not write to it."""

    def delete(self, tenant_id: UUID, name: str) -> None:
        """Removes a file; none there is no error."""

    def names(self, tenant_id: UUID, folder: str = "") -> Iterator[str]:
        """Names of the tenant's files, of those under `folder` where one is given, in no order."""

    def delete_all(self, tenant_id: UUID, folder: str = "") -> None:
        """Removes all of these; it may be repeated after it broke off."""


def open_files(settings: Settings, service: str) -> FileStore:
    """The store the settings name: FUNIA_FILES_URL such as ``s3://bucket/prefix``, else a folder of the state."""
    if not settings.files_url:
        return DiskFiles(settings.state_dir / service / "files")
    from obstore.store import from_url

    options: dict[str, Any] = dict(settings.files_options)
    return ObjectFiles(from_url(settings.files_url, **options), prefix=service)


class DiskFiles:
    """Files in a folder, readable by this account only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, tenant_id: UUID, name: str, chunks: Iterable[bytes], *, max_bytes: int) -> StoredFile:
        """See FileStore. The file is on the disk itself, not only in its cache, on return."""
        path = self._path(tenant_id, name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_name(f".{path.name}.{uuid7().hex}")
        meter = _Meter(max_bytes)
        try:
            with _create(partial) as file:
                for chunk in meter.measured(chunks):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        return meter.result()

    def read(self, tenant_id: UUID, name: str) -> Iterator[bytes]:
        """See FileStore."""
        with self._open(tenant_id, name) as file:
            while chunk := file.read(_READ_BYTES):
                yield chunk

    @contextlib.contextmanager
    def local(self, tenant_id: UUID, name: str) -> Iterator[Path]:
        """See FileStore."""
        with self._open(tenant_id, name):
            yield self._path(tenant_id, name)

    def delete(self, tenant_id: UUID, name: str) -> None:
        """See FileStore."""
        self._path(tenant_id, name).unlink(missing_ok=True)

    def names(self, tenant_id: UUID, folder: str = "") -> Iterator[str]:
        """See FileStore. What was being written when a process died is no file."""
        root = self._folder / str(tenant_id)
        for path in (root / _folder(folder)).rglob("*"):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(root).as_posix()

    def delete_all(self, tenant_id: UUID, folder: str = "") -> None:
        """See FileStore. Half-written files go, too."""
        root = self._folder / str(tenant_id) / _folder(folder)
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(root)

    def _open(self, tenant_id: UUID, name: str) -> IO[bytes]:
        try:
            return self._path(tenant_id, name).open("rb")
        except FileNotFoundError as error:
            raise _missing(name) from error

    def _path(self, tenant_id: UUID, name: str) -> Path:
        return self._folder / str(tenant_id) / _checked(name)


class ObjectFiles:
    """Files in an object store of obstore: S3 and what speaks like it, Azure, Google."""

    def __init__(self, store: ObjectStore, *, prefix: str) -> None:
        self._store = store
        self._prefix = prefix

    def put(self, tenant_id: UUID, name: str, chunks: Iterable[bytes], *, max_bytes: int) -> StoredFile:
        """See FileStore."""
        import obstore

        key = self._key(tenant_id, name)
        meter = _Meter(max_bytes)
        # Spooled first: an error raised by the caller's iterator inside obstore would lose its type.
        with tempfile.TemporaryFile() as spool:
            for chunk in meter.measured(chunks):
                spool.write(chunk)
            spool.seek(0)
            obstore.put(self._store, key, spool, chunk_size=_PART_BYTES, max_concurrency=2)
        return meter.result()

    def read(self, tenant_id: UUID, name: str) -> Iterator[bytes]:
        """See FileStore."""
        import obstore

        try:
            answer = obstore.get(self._store, self._key(tenant_id, name))
        except FileNotFoundError as error:
            raise _missing(name) from error
        for chunk in answer.stream(min_chunk_size=_READ_BYTES):
            yield bytes(chunk)

    @contextlib.contextmanager
    def local(self, tenant_id: UUID, name: str) -> Iterator[Path]:
        """See FileStore. A copy, gone afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="funia-file-"))
        try:
            path = folder / "file"
            with _create(path) as file:
                for chunk in self.read(tenant_id, name):
                    file.write(chunk)
            yield path
        finally:
            shutil.rmtree(folder)

    def delete(self, tenant_id: UUID, name: str) -> None:
        """See FileStore."""
        import obstore

        with contextlib.suppress(FileNotFoundError):
            obstore.delete(self._store, self._key(tenant_id, name))

    def names(self, tenant_id: UUID, folder: str = "") -> Iterator[str]:
        """See FileStore."""
        import obstore

        root = f"{self._prefix}/{tenant_id}/"
        for page in obstore.list(self._store, prefix=root + _folder(folder)):
            for one in page:
                yield one["path"].removeprefix(root)

    def delete_all(self, tenant_id: UUID, folder: str = "") -> None:
        """See FileStore."""
        for name in list(self.names(tenant_id, folder)):
            self.delete(tenant_id, name)

    def _key(self, tenant_id: UUID, name: str) -> str:
        return f"{self._prefix}/{tenant_id}/{_checked(name)}"


class _Meter:
    """Counts and sums what flows through, and stops it at the limit."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._size = 0
        self._sum = sha256()

    def measured(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._size += len(chunk)
            if self._size > self._max_bytes:
                raise TooLarge(
                    f"The file is larger than {self._max_bytes:,} bytes. Split it and send the parts.",
                    reason="FILE_TOO_LARGE",
                    metadata={"max_bytes": str(self._max_bytes)},
                )
            self._sum.update(chunk)
            yield chunk

    def result(self) -> StoredFile:
        return StoredFile(self._size, self._sum.hexdigest())


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a safe file name: {name!r}")
    return name


def _folder(name: str) -> str:
    return _checked(name) if name else ""


def _missing(name: str) -> NotFound:
    return NotFound(f"There is no file {name} any more.", reason="FILE_NOT_FOUND")


def _create(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
