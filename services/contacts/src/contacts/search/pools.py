"""Open tantivy readers and writers, least recently used first out. Thousands of tenants, a handful open."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import tantivy

from contacts.search.errors import SearchUnavailable
from contacts.search.generation import GenerationWriter, engine_errors
from contacts.search.tenant_folder import TenantFolder, file_stamp

_OPEN_ATTEMPTS = 5
Stamp = tuple[int, int] | None


@dataclass(slots=True)
class _Reader:
    state: Stamp
    commit: Stamp
    meta: Path
    index: tantivy.Index


class ReaderPool:
    """Searchers of tenants, fresh as of the last commit of any process."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: OrderedDict[Path, _Reader] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def searcher(self, folder: TenantFolder) -> Iterator[tantivy.Searcher | None]:
        """None for a tenant that was never indexed."""
        index = self._index(folder)
        yield None if index is None else index.searcher()

    def forget_stamps(self) -> None:
        with self._lock:
            for reader in self._open.values():
                reader.commit = None

    def discard(self, folder: TenantFolder) -> None:
        with self._lock:
            self._open.pop(folder.path, None)

    def close(self) -> None:
        with self._lock:
            self._open.clear()

    def _index(self, folder: TenantFolder) -> tantivy.Index | None:
        error: Exception | None = None
        for _ in range(_OPEN_ATTEMPTS):
            stamp = folder.stamp()
            if stamp is None:
                self.discard(folder)
                return None
            try:
                return self._fresh(folder, stamp)
            except (ValueError, OSError) as failed:
                # A rebuild may have swapped the generation away under our hands; the state says where to look.
                error = failed
                self.discard(folder)
        raise SearchUnavailable(f"the search index cannot be read: {error}") from error

    def _fresh(self, folder: TenantFolder, stamp: Stamp) -> tantivy.Index | None:
        with self._lock:
            reader = self._open.get(folder.path)
            if reader is not None:
                self._open.move_to_end(folder.path)
        if reader is None or reader.state != stamp:
            reader = self._opened(folder, stamp)
            if reader is None:
                return None
            with self._lock:
                self._open[folder.path] = reader
                while len(self._open) > self._limit:
                    self._open.popitem(last=False)
        commit = file_stamp(reader.meta)
        if commit != reader.commit:
            reader.index.reload()
            reader.commit = commit
        return reader.index

    def _opened(self, folder: TenantFolder, stamp: Stamp) -> _Reader | None:
        state = folder.read()
        if state is None:
            return None
        generation = folder.generation(state.serving)
        meta = generation / "meta.json"
        commit = file_stamp(meta)
        if commit is None:
            # The tenant's first batch is on its way; its folder has a state but no commit yet.
            return None
        index = tantivy.Index.open(str(generation))
        index.config_reader("manual", 0)
        index.reload()
        return _Reader(stamp, commit, meta, index)


class WriterPool:
    """Writers by folder. The caller serialises its use of one folder; the pool only bounds how many stay open."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._idle: OrderedDict[Path, GenerationWriter] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def writer(self, path: Path, open_writer: Callable[[], GenerationWriter]) -> Iterator[GenerationWriter]:
        """A writer that failed is closed and forgotten: tantivy's own state is unknown after an error."""
        with self._lock:
            writer = self._idle.pop(path, None)
        if writer is None:
            writer = open_writer()
        try:
            yield writer
        except BaseException:
            with suppress(SearchUnavailable):
                writer.close()
            raise
        with self._lock:
            self._idle[path] = writer
            extra = [self._idle.popitem(last=False)[1] for _ in range(len(self._idle) - self._limit)]
        for each in extra:
            each.close()

    def discard(self, path: Path) -> None:
        with self._lock:
            writer = self._idle.pop(path, None)
        if writer is not None:
            writer.close()

    def close(self) -> None:
        with self._lock:
            writers = list(self._idle.values())
            self._idle.clear()
        for writer in writers:
            with engine_errors("closed"):
                writer.close()
