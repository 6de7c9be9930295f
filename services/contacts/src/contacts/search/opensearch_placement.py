"""Where each tenant lives in OpenSearch: which index, which generation, and what is being built.

One small document a tenant. Every change of it is conditional on what was read, so two processes that
start, finish or drop a rebuild at once cannot both win.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConflictError, NotFoundError

from contacts.search.errors import SearchUnavailable

_CHANGE_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Home:
    """One generation of one tenant in one index."""

    index: str
    generation: int


@dataclass(frozen=True, slots=True)
class Placement:
    serving: Home
    building: Home | None = None
    seq_no: int = -1
    primary_term: int = -1


def next_generation() -> int:
    """Never a number used before, by any process: ids of deleted documents keep their versions for a while."""
    return time.time_ns() // 1_000


class Placements:
    """Reads are real-time unless `cached` is asked for."""

    def __init__(self, client: OpenSearch, index: str, ttl_s: float) -> None:
        self._client = client
        self._index = index
        self._ttl_s = ttl_s
        self._cache: dict[str, tuple[float, Placement | None]] = {}

    def ensure(self) -> None:
        create_index(
            self._client,
            self._index,
            {"index": {"number_of_shards": 1}},
            {"dynamic": "strict", "properties": {"serving": _HOME, "building": _HOME}},
        )

    def read(self, tenant_id: str) -> Placement | None:
        return self._read([tenant_id]).get(tenant_id)

    def cached(self, tenant_id: str) -> Placement | None:
        known = self._cache.get(tenant_id)
        now = time.monotonic()
        if known is not None and now - known[0] < self._ttl_s:
            return known[1]
        if len(self._cache) > _CACHED_TENANTS:
            self._cache.clear()
        placement = self.read(tenant_id)
        self._cache[tenant_id] = (now, placement)
        return placement

    def forget(self) -> None:
        self._cache.clear()

    def read_or_create(self, tenant_ids: Iterable[str], index: str) -> dict[str, Placement]:
        """Placements for writing; a new tenant starts in `index`."""
        wanted = list(tenant_ids)
        found = self._read(wanted)
        for tenant_id in wanted:
            if tenant_id not in found:
                found[tenant_id] = self._create(tenant_id, index)
        return found

    def write(self, tenant_id: str, placement: Placement) -> bool:
        """False when somebody changed it since it was read."""
        body = {"serving": asdict(placement.serving)}
        if placement.building is not None:
            body["building"] = asdict(placement.building)
        try:
            self._client.index(
                index=self._index,
                id=tenant_id,
                body=body,
                if_seq_no=placement.seq_no,
                if_primary_term=placement.primary_term,
            )
        except ConflictError:
            return False
        self._cache.pop(tenant_id, None)
        return True

    def start_building(self, tenant_id: str, first: str, home: Home) -> tuple[Placement, Home | None]:
        """The new placement, and the unfinished home it replaces."""
        for _ in range(_CHANGE_ATTEMPTS):
            placement = self.read_or_create([tenant_id], first)[tenant_id]
            if self.write(tenant_id, replace(placement, building=home)):
                return replace(placement, building=home), placement.building
        raise SearchUnavailable("another process keeps changing this tenant's placement; try again")

    def delete(self, tenant_id: str) -> None:
        self._cache.pop(tenant_id, None)
        try:
            self._client.delete(index=self._index, id=tenant_id)
        except NotFoundError:
            return

    def _read(self, tenant_ids: list[str]) -> dict[str, Placement]:
        documents = self._client.mget(index=self._index, body={"ids": tenant_ids})["docs"]
        return {document["_id"]: _placement(document) for document in documents if document.get("found")}

    def _create(self, tenant_id: str, index: str) -> Placement:
        # Another process may create it first; then its choice stands.
        with suppress(ConflictError):
            self._client.index(
                index=self._index,
                id=tenant_id,
                body={"serving": asdict(Home(index, next_generation()))},
                op_type="create",
            )
        placement = self.read(tenant_id)
        if placement is None:
            raise SearchUnavailable("the tenant was dropped while it was being indexed; try again")
        return placement


def create_index(
    client: OpenSearch,
    name: str,
    settings: dict[str, Any],
    mappings: dict[str, Any],
    aliases: dict[str, Any] | None = None,
) -> None:
    """Idempotent, whoever else creates it at the same moment."""
    if client.indices.exists(index=name):
        return
    body: dict[str, Any] = {"settings": settings, "mappings": mappings}
    if aliases:
        body["aliases"] = aliases
    # Two processes may get here together; the one that loses is told the index exists.
    client.indices.create(index=name, body=body, params={"ignore": 400})


_CACHED_TENANTS = 10_000
_HOME = {"properties": {"index": {"type": "keyword"}, "generation": {"type": "long"}}}


def _placement(document: dict[str, Any]) -> Placement:
    source = document["_source"]
    building = source.get("building")
    return Placement(
        Home(**source["serving"]),
        Home(**building) if building else None,
        document["_seq_no"],
        document["_primary_term"],
    )
