"""The embedded engine: tantivy, one index folder per tenant, one writing process, any number of readers.

A reader notices what the writer committed by looking at two file stamps before each search, so it needs no
thread of its own and no message. Nothing is held open beyond the limits of the two pools.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

import tantivy

from contacts.search.analysis import ANALYSIS_VERSION, check_identifier
from contacts.search.errors import RebuildNotStarted, SearchDocumentInvalid, SearchLocked
from contacts.search.generation import Applied, GenerationWriter, engine_errors
from contacts.search.limits import EmbeddedLimits, SearchLimits
from contacts.search.plan import Clause, staged
from contacts.search.pools import ReaderPool, WriterPool
from contacts.search.port import (
    Change,
    CustomerDocument,
    Hit,
    IndexOutcome,
    RebuildTicket,
    SearchRequest,
)
from contacts.search.prepared import Prepared, prepare
from contacts.search.tantivy_query import LIVE, QueryBuilder, build_schema
from contacts.search.tenant_folder import TenantFolder, TenantState

_STRIPES = 64


class EmbeddedSearch:
    """`CustomerSearch` in folders under `root`.

    With `writable` it takes the root's lock file and raises SearchLocked when another process has it;
    without, `index`, `start_rebuild`, `rebuild` and `drop` raise SearchLocked.
    """

    def __init__(
        self,
        root: Path,
        limits: SearchLimits | None = None,
        embedded: EmbeddedLimits | None = None,
        *,
        writable: bool = True,
    ) -> None:
        self._limits = limits or SearchLimits()
        self._embedded = embedded or EmbeddedLimits()
        self._schema = build_schema()
        self._queries = QueryBuilder(self._schema)
        self._tenants = root / "tenants"
        with engine_errors("opened"):
            self._tenants.mkdir(parents=True, exist_ok=True)
        self._lock_file = _lock(root / "writer.lock") if writable else None
        self._readers = ReaderPool(self._embedded.open_readers)
        self._writers = WriterPool(self._embedded.open_writers)
        self._stripes = [threading.RLock() for _ in range(_STRIPES)]
        self._rebuilding: dict[str, int] = {}
        self._swept: set[str] = set()
        self._commits = ThreadPoolExecutor(self._embedded.commit_threads, thread_name_prefix="search-commit")

    def index(self, changes: Sequence[Change]) -> IndexOutcome:
        self._require_writer()
        if len(changes) > self._limits.batch_max_changes:
            raise SearchDocumentInvalid("changes", f"at most {self._limits.batch_max_changes} in one batch")
        by_tenant = prepare(changes, self._limits)
        if len(by_tenant) == 1:
            outcomes = [self._index_tenant(*next(iter(by_tenant.items())))]
        else:
            outcomes = list(self._commits.map(lambda item: self._index_tenant(*item), by_tenant.items()))
        applied = sum(outcome.changes for outcome in outcomes)
        return IndexOutcome(applied, len(changes) - applied, sum(outcome.shortened for outcome in outcomes))

    def search(self, request: SearchRequest) -> list[Hit]:
        folder = self._folder(request.tenant_id)
        with self._readers.searcher(folder) as searcher, engine_errors("searched"):

            def run(clause: Clause) -> Iterator[tuple[str, float]]:
                if searcher is not None:
                    query = self._queries.request(clause, request)
                    hits = searcher.search(query, request.limit, count=False, weight_by_field="recency").hits
                    for score, address in hits:
                        yield str(searcher.doc(address).get_first("uid")), float(score)

            return staged(request, self._limits, run)

    def start_rebuild(self, tenant_id: str) -> RebuildTicket:
        self._require_writer()
        folder = self._folder(tenant_id)
        with self._stripe(tenant_id), engine_errors("rebuilt"):
            state = self._state(tenant_id, folder)
            self._abandon(tenant_id, folder, state)
            # Never a number used before: the ticket of a superseded rebuild must not fit this one.
            building = max(state.serving + 1, time.time_ns())
            folder.write(replace(state, building=building))
            self._rebuilding[tenant_id] = building
        return RebuildTicket(tenant_id, building)

    def rebuild(self, ticket: RebuildTicket, documents: Iterable[CustomerDocument]) -> int:
        self._require_writer()
        folder = self._folder(ticket.tenant_id)
        read = 0
        try:
            rows = iter(documents)
            while chunk := list(islice(rows, self._embedded.rebuild_batch_documents)):
                prepared = _of_tenant(ticket.tenant_id, prepare(chunk, self._limits))
                with self._building(ticket, folder) as building:
                    self._apply(folder, building, prepared)
                read += len(chunk)
            with self._building(ticket, folder) as building, engine_errors("rebuilt"):
                self._swap(folder, building)
                del self._rebuilding[ticket.tenant_id]
        except BaseException:
            with self._stripe(ticket.tenant_id):
                state = folder.read()
                if state is not None and state.building == ticket.generation:
                    self._abandon(ticket.tenant_id, folder, state)
            raise
        return read

    def needs_rebuild(self, tenant_id: str) -> bool:
        """Whether the tenant was indexed under other rules of analysis than these."""
        state = self._folder(tenant_id).read()
        return state is not None and state.analysis != ANALYSIS_VERSION

    def refresh(self) -> None:
        self._readers.forget_stamps()

    def drop(self, tenant_id: str) -> None:
        self._require_writer()
        folder = self._folder(tenant_id)
        with self._stripe(tenant_id), engine_errors("dropped"):
            state = folder.read()
            if state is not None:
                self._abandon(tenant_id, folder, state)
                self._writers.discard(folder.generation(state.serving))
            self._readers.discard(folder)
            self._swept.discard(tenant_id)
            folder.remove()

    def document_count(self, tenant_id: str, kind: str | None = None) -> int:
        query = self._queries.term("state", LIVE) if kind is None else self._queries.term("kind", kind)
        with self._readers.searcher(self._folder(tenant_id)) as searcher, engine_errors("counted"):
            return 0 if searcher is None else _count(searcher, query)

    def close(self) -> None:
        """Idempotent. Releases the lock last, so the next process finds every writer closed."""
        self._commits.shutdown(wait=True)
        self._writers.close()
        self._readers.close()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None

    def _index_tenant(self, tenant_id: str, changes: list[Prepared]) -> Applied:
        folder = self._folder(tenant_id)
        with self._stripe(tenant_id):
            state = self._state(tenant_id, folder)
            if state.building is not None:
                # First the generation that does not serve yet: after a crash in between, the batch comes again.
                self._apply(folder, state.building, changes)
            return self._apply(folder, state.serving, changes)

    def _apply(self, folder: TenantFolder, generation: int, changes: list[Prepared]) -> Applied:
        path = folder.generation(generation)
        with self._writers.writer(path, lambda: self._open_writer(path)) as writer:
            return writer.apply(changes)

    def _open_writer(self, path: Path) -> GenerationWriter:
        return GenerationWriter(path, self._schema, self._limits, self._embedded.writer_heap_bytes)

    def _state(self, tenant_id: str, folder: TenantFolder) -> TenantState:
        """The tenant's state for writing; once per process it clears what a crash left behind."""
        with engine_errors("opened"):
            state = folder.read() or folder.create()
            if tenant_id not in self._swept:
                if state.building is not None and tenant_id not in self._rebuilding:
                    state = replace(state, building=None)
                    folder.write(state)
                folder.sweep(state)
                self._swept.add(tenant_id)
            return state

    def _swap(self, folder: TenantFolder, building: int) -> None:
        state = folder.read()
        assert state is not None
        old, fresh = folder.generation(state.serving), folder.generation(building)
        with (
            self._writers.writer(old, lambda: self._open_writer(old)) as from_old,
            self._writers.writer(fresh, lambda: self._open_writer(fresh)) as to_fresh,
        ):
            for dead in from_old.tombstones():
                to_fresh.apply([Prepared(uid, version, None) for uid, version in dead])
        state = TenantState(serving=building, building=None, analysis=ANALYSIS_VERSION)
        folder.write(state)
        self._writers.discard(old)
        folder.sweep(state)

    def _abandon(self, tenant_id: str, folder: TenantFolder, state: TenantState) -> None:
        if state.building is not None:
            self._writers.discard(folder.generation(state.building))
            state = replace(state, building=None)
            folder.write(state)
            folder.sweep(state)
        self._rebuilding.pop(tenant_id, None)

    @contextmanager
    def _building(self, ticket: RebuildTicket, folder: TenantFolder) -> Iterator[int]:
        with self._stripe(ticket.tenant_id):
            if self._rebuilding.get(ticket.tenant_id) != ticket.generation:
                raise RebuildNotStarted(f"no rebuild {ticket.generation} of this tenant: call start_rebuild first")
            yield ticket.generation

    def _folder(self, tenant_id: str) -> TenantFolder:
        check_identifier("tenant_id", tenant_id)
        return TenantFolder(self._tenants / tenant_id)

    def _stripe(self, tenant_id: str) -> threading.RLock:
        return self._stripes[hash(tenant_id) % _STRIPES]

    def _require_writer(self) -> None:
        if self._lock_file is None:
            raise SearchLocked("this process only reads the search index; write through the one that indexes")


def _of_tenant(tenant_id: str, by_tenant: dict[str, list[Prepared]]) -> list[Prepared]:
    if by_tenant.keys() != {tenant_id}:
        raise SearchDocumentInvalid("tenant_id", f"a rebuild of {tenant_id} may only bring its own documents")
    return by_tenant[tenant_id]


def _lock(path: Path) -> int:
    with engine_errors("locked"):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise SearchLocked("another process writes to this search index; stop it or open this one read-only") from None
    return descriptor


def _count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    # The stubs of tantivy forget this attribute.
    return int(getattr(searcher.search(query, 1, count=True), "count"))  # noqa: B009
