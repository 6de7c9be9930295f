"""The OpenSearch engine: a shared index routed by tenant, and an index of their own for very large tenants.

A tenant's documents carry a generation; its placement says which one serves. So one tenant is rebuilt, moved
to its own index or to a newer mapping while all others, and the tenant itself, keep searching.
"""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as EngineUnreachable
from opensearchpy.exceptions import NotFoundError, TransportError

from contacts.search.analysis import ANALYSIS_VERSION, check_identifier
from contacts.search.errors import RebuildNotStarted, SearchDocumentInvalid, SearchUnavailable
from contacts.search.limits import OpenSearchLimits, SearchLimits
from contacts.search.opensearch_bulk import BulkWriter, Write
from contacts.search.opensearch_placement import Home, Placement, Placements, create_index, next_generation
from contacts.search.opensearch_query import Json, mapping, request_query, within
from contacts.search.plan import Clause, staged
from contacts.search.port import Change, CustomerDocument, Hit, IndexOutcome, RebuildTicket, SearchRequest
from contacts.search.prepared import Prepared, prepare

_DEATHS_PER_READ = 1_000


class OpenSearchSearch:
    """`CustomerSearch` on an OpenSearch 3 cluster. `prefix` begins every index name, so installations can share.

    `url` may carry a user and password. Nothing is sent before the first call.
    """

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "funia-customers",
        limits: SearchLimits | None = None,
        engine: OpenSearchLimits | None = None,
    ) -> None:
        self._limits = limits or SearchLimits()
        self._engine = engine or OpenSearchLimits()
        self._prefix = prefix
        self._shared = f"{prefix}-shared-v{ANALYSIS_VERSION}"
        self._client = OpenSearch(
            hosts=[url], timeout=self._engine.timeout_s, max_retries=self._engine.retries, http_compress=True
        )
        self._placements = Placements(self._client, f"{prefix}-placements", self._engine.placement_ttl_s)
        self._bulk = BulkWriter(self._client, self._limits, self._engine)
        self._ready = False

    def index(self, changes: Sequence[Change]) -> IndexOutcome:
        if len(changes) > self._limits.batch_max_changes:
            raise SearchDocumentInvalid("changes", f"at most {self._limits.batch_max_changes} in one batch")
        by_tenant = prepare(changes, self._limits)
        if not by_tenant:
            return IndexOutcome(0, 0)
        with self._errors():
            self._ensure()
            placements = self._placements.read_or_create(by_tenant, self._shared)
            building: list[Write] = []
            serving: list[Write] = []
            for tenant_id, prepared in by_tenant.items():
                placement = placements[tenant_id]
                serving += [Write(tenant_id, placement.serving, change) for change in prepared]
                if placement.building is not None:
                    building += [Write(tenant_id, placement.building, change) for change in prepared]
            self._bulk.write(building)
            applied, shortened = self._bulk.write(serving)
        return IndexOutcome(applied, len(changes) - applied, shortened)

    def search(self, request: SearchRequest) -> list[Hit]:
        check_identifier("tenant_id", request.tenant_id)

        def run(clause: Clause) -> Iterator[tuple[str, float]]:
            placement = self._cached(request.tenant_id)
            if placement is None:
                return
            answer = self._client.search(
                index=placement.serving.index,
                routing=request.tenant_id,
                allow_partial_search_results=False,
                request_timeout=self._engine.search_timeout_s,
                body={
                    "query": request_query(clause, request, placement.serving.generation),
                    "sort": [{"_score": "desc"}, {"updated_at": {"order": "desc", "missing": "_last"}}],
                    "size": request.limit,
                    "_source": ["uid"],
                    "track_total_hits": False,
                },
            )
            for hit in answer["hits"]["hits"]:
                yield hit["_source"]["uid"], float(hit["_score"])

        with self._errors():
            return staged(request, self._limits, run)

    def start_rebuild(self, tenant_id: str, *, own_index: bool | None = None) -> RebuildTicket:
        """`own_index` moves the tenant into an index of its own or back into the shared one; None keeps it."""
        check_identifier("tenant_id", tenant_id)
        with self._errors():
            self._ensure()
            current = self._placements.read(tenant_id)
            if own_index is None:
                own_index = current is not None and self._is_own(current.serving)
            generation = next_generation()
            name = self._shared
            if own_index:
                # Index names are lower case; the generation keeps tenants apart that differ in case only.
                name = f"{self._prefix}-own-{tenant_id.lower()}-v{ANALYSIS_VERSION}-{generation}"
                self._create(name, shards=self._engine.shards)
            _, unfinished = self._placements.start_building(tenant_id, self._shared, Home(name, generation))
            if unfinished is not None:
                self._purge(tenant_id, unfinished)
        return RebuildTicket(tenant_id, generation)

    def rebuild(self, ticket: RebuildTicket, documents: Iterable[CustomerDocument]) -> int:
        read = 0
        try:
            rows = iter(documents)
            while chunk := list(islice(rows, self._engine.rebuild_batch_documents)):
                by_tenant = prepare(chunk, self._limits)
                if by_tenant.keys() != {ticket.tenant_id}:
                    raise SearchDocumentInvalid(
                        "tenant_id", f"a rebuild of {ticket.tenant_id} may only bring its own documents"
                    )
                with self._errors():
                    home = self._building(ticket)[1]
                    self._bulk.write([Write(ticket.tenant_id, home, change) for change in by_tenant[ticket.tenant_id]])
                read += len(chunk)
            with self._errors():
                self._swap(ticket)
        except BaseException:
            self._abandon(ticket)
            raise
        return read

    def needs_rebuild(self, tenant_id: str) -> bool:
        """Whether the tenant was indexed under other rules of analysis than these."""
        with self._errors():
            placement = self._cached(tenant_id)
            return placement is not None and not re.search(rf"-v{ANALYSIS_VERSION}(-\d+)?$", placement.serving.index)

    def refresh(self) -> None:
        with self._errors():
            self._placements.forget()
            self._client.indices.refresh(index=f"{self._prefix}-*")

    def drop(self, tenant_id: str) -> None:
        check_identifier("tenant_id", tenant_id)
        with self._errors():
            placement = self._placements.read(tenant_id)
            self._placements.delete(tenant_id)
            if placement is not None:
                for home in filter(None, (placement.serving, placement.building)):
                    self._purge(tenant_id, home)

    def document_count(self, tenant_id: str, kind: str | None = None) -> int:
        check_identifier("tenant_id", tenant_id)
        with self._errors():
            placement = self._cached(tenant_id)
            if placement is None:
                return 0
            filters: list[Json] = [{"term": {"live": True}}]
            if kind is not None:
                filters.append({"term": {"kind": kind}})
            home = placement.serving
            query = {"bool": {"filter": within(tenant_id, home.generation, *filters)}}
            return int(self._client.count(index=home.index, routing=tenant_id, body={"query": query})["count"])

    def close(self) -> None:
        self._client.close()

    def _building(self, ticket: RebuildTicket) -> tuple[Placement, Home]:
        placement = self._placements.read(ticket.tenant_id)
        if placement is None or placement.building is None or placement.building.generation != ticket.generation:
            raise RebuildNotStarted(f"no rebuild {ticket.generation} of this tenant: call start_rebuild first")
        return placement, placement.building

    def _swap(self, ticket: RebuildTicket) -> None:
        placement, fresh = self._building(ticket)
        for deaths in self._tombstones(ticket.tenant_id, placement.serving):
            self._bulk.write([Write(ticket.tenant_id, fresh, death) for death in deaths])
        self._client.indices.refresh(index=fresh.index)
        placement, fresh = self._building(ticket)
        if not self._placements.write(ticket.tenant_id, replace(placement, serving=fresh, building=None)):
            raise RebuildNotStarted("another process changed this tenant's placement: call start_rebuild again")
        # Searching processes may trust the old placement a moment longer; it must still answer them.
        time.sleep(self._engine.placement_ttl_s)
        self._purge(ticket.tenant_id, placement.serving)

    def _abandon(self, ticket: RebuildTicket) -> None:
        """Best effort: what stays behind is invisible, and the next start_rebuild removes it."""
        try:
            placement, home = self._building(ticket)
            if self._placements.write(ticket.tenant_id, replace(placement, building=None)):
                self._purge(ticket.tenant_id, home)
        except (RebuildNotStarted, EngineUnreachable, TransportError):
            return

    def _tombstones(self, tenant_id: str, home: Home) -> Iterator[list[Prepared]]:
        self._client.indices.refresh(index=home.index)
        body: Json = {
            "query": {"bool": {"filter": within(tenant_id, home.generation, {"term": {"live": False}})}},
            "sort": [{"uid": "asc"}],
            "size": _DEATHS_PER_READ,
            "_source": ["uid", "version"],
        }
        while True:
            hits = self._client.search(
                index=home.index, routing=tenant_id, allow_partial_search_results=False, body=body
            )["hits"]["hits"]
            if not hits:
                return
            yield [Prepared(hit["_source"]["uid"], hit["_source"]["version"], None) for hit in hits]
            body["search_after"] = [hits[-1]["_source"]["uid"]]

    def _purge(self, tenant_id: str, home: Home) -> None:
        if self._is_own(home):
            self._client.indices.delete(index=home.index, ignore_unavailable=True)
            return
        try:
            self._client.indices.refresh(index=home.index)
            self._client.delete_by_query(
                index=home.index,
                routing=tenant_id,
                conflicts="proceed",
                refresh=True,
                request_timeout=self._engine.purge_timeout_s,
                body={"query": {"bool": {"filter": within(tenant_id, home.generation)}}},
            )
        except NotFoundError:
            return

    def _is_own(self, home: Home) -> bool:
        return home.index.startswith(f"{self._prefix}-own-")

    def _cached(self, tenant_id: str) -> Placement | None:
        self._ensure()
        return self._placements.cached(tenant_id)

    def _ensure(self) -> None:
        if self._ready:
            return
        self._placements.ensure()
        self._create(self._shared, shards=self._engine.shards, aliases={f"{self._prefix}-shared": {}})
        self._ready = True

    def _create(self, name: str, *, shards: int, aliases: Json | None = None) -> None:
        settings = {
            "number_of_shards": shards,
            "number_of_replicas": self._engine.replicas,
            # Explicit, or an index nobody searched for a while would stop refreshing.
            "refresh_interval": f"{self._engine.refresh_interval_ms}ms",
        }
        create_index(self._client, name, {"index": settings}, mapping(), aliases)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except EngineUnreachable as error:
            raise SearchUnavailable(f"the search engine does not answer: {error.error}") from error
        except TransportError as error:
            raise SearchUnavailable(f"the search engine refused: {error.status_code} {error.error}") from error
