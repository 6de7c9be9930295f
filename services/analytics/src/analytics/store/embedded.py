"""ClickHouse's engine inside this process (chdb): the store of one machine. One process owns the folder.

The engine must not be loaded before a process forks, and never by a process that does not own a store.
"""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import queue
import re
import sys
import threading
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.errors import StatementFailed, StoreInUse, StoreUnavailable
from analytics.store.dialect import DialectStore, QueryLimits
from analytics.store.parameters import parameter_text
from analytics.store.port import Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE = re.compile(r"Code: (\d+)\.")
_DATABASE = "funia"
_LOCK_NAME = "owner.lock"
_ALL_THREADS = "SET max_threads_min_free_memory_per_thread = 0"
"""The engine gives a question one thread where less than a gigabyte a thread is free, which is all that it may have
here; what a question may take is limited by itself."""
_ENGINE_LIBRARY = "/_chdb"


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """What the whole engine may take of the process."""

    memory_bytes: int
    cache_bytes: int
    background_threads: int
    connections: int


def open_embedded(folder: Path, limits: EngineLimits, query_limits: QueryLimits) -> DialectStore:
    """Opens the store in this folder, making it where there is none.

    Raises StoreInUse where another process has it open.
    """
    return DialectStore(_ChdbEngine(folder, limits), query_limits)


class _ChdbEngine:
    """One connection writes; a few read, each used by one thread at a time."""

    def __init__(self, folder: Path, limits: EngineLimits) -> None:
        if set(str(folder)) & set("?&#"):
            raise StoreUnavailable(f"The folder {folder} has one of ? & # in its name; choose another FUNIA_STATE_DIR.")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = _own(folder / _LOCK_NAME)
        connect = engine_connect()
        options = {
            "max_server_memory_usage": limits.memory_bytes,
            "mark_cache_size": limits.cache_bytes,
            "primary_index_cache_size": limits.cache_bytes,
            "index_mark_cache_size": limits.cache_bytes,
            "query_condition_cache_size": limits.cache_bytes,
            "compiled_expression_cache_size": limits.cache_bytes,
            "background_pool_size": limits.background_threads,
        }
        target = f"{folder / 'engine'}?" + "&".join(f"{name}={value}" for name, value in options.items())
        self._connections: list[Any] = []
        self._readers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._writing = threading.Lock()
        self._writer = self._connect(connect, target, first=True)
        for _ in range(limits.connections):
            self._readers.put(self._connect(connect, target, first=False))
        _let_go_of_code()

    def run(self, statement: str, parameters: Mapping[str, Parameter]) -> bytes:
        texts = {name: parameter_text(value) for name, value in parameters.items()}
        with self._reader() as connection, _failures():
            answer = connection.query(statement, "JSONCompact", params=texts)
            return bytes(answer.bytes() or b"")

    def insert(self, statement: str, data: bytes) -> None:
        with self._writing, _failures():
            stream = self._writer.send_insert(statement, "Native")
            try:
                self._writer.insert_append(stream, data)
            except BaseException:
                self._writer.insert_cancel(stream)
                raise
            self._writer.insert_done(stream)

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        os.close(self._lock)

    def _connect(self, connect: Any, target: str, *, first: bool) -> Any:
        connection = connect(target)
        self._connections.append(connection)
        with _failures():
            if first:
                connection.query(f"CREATE DATABASE IF NOT EXISTS {_DATABASE} ENGINE = Atomic", "Null", params={})
            connection.query(f"USE {_DATABASE}", "Null", params={})
            connection.query(_ALL_THREADS, "Null", params={})
        return connection

    @contextmanager
    def _reader(self) -> Iterator[Any]:
        connection = self._readers.get()
        try:
            yield connection
        finally:
            self._readers.put(connection)


def _own(path: Path) -> int:
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise StoreInUse(
            f"Another process owns the columnar store in {path.parent}. On one machine run one process with `all`, "
            "or set FUNIA_CLICKHOUSE_URL to a ClickHouse server."
        ) from error
    return lock


def engine_connect() -> Any:
    """The engine's `connect`. pyarrow and pandas are optional to it and cost 50 MB and a second; we use neither."""
    hidden = {name: sys.modules.get(name) for name in ("pyarrow", "pandas") if name not in sys.modules}
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        from chdb import _chdb
    finally:
        for name in hidden:
            del sys.modules[name]
    return _chdb.connect  # type: ignore[attr-defined]


def _let_go_of_code() -> None:
    """Unmaps the engine's code that only its start needed, about 100 MB; what runs again is mapped again, unchanged."""
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None)
    for line in Path("/proc/self/maps").read_text().splitlines():
        # Executable pages of a library are never written, so none can lose anything by this.
        if _ENGINE_LIBRARY in line and " r-xp " in line:
            start, end = (int(part, 16) for part in line.split(" ", 1)[0].split("-"))
            library.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), mmap.MADV_DONTNEED)


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        found = _CODE.search(str(error))
        raise StatementFailed(str(error), int(found.group(1)) if found else 0) from error
