"""The engines the contract suite runs on, each as a factory of empty stores, or the reason it cannot run."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from contacts.search.embedded import EmbeddedSearch
from contacts.search.limits import OpenSearchLimits
from contacts.search.opensearch import OpenSearchSearch
from contacts.search.port import CustomerSearch
from osmem_server import OsmemServer

from .opensearch_node import Unavailable, container_url, node_url


class Engine(Protocol):
    def open(self) -> CustomerSearch:
        """An empty store of its own."""
        ...


@dataclass
class Tantivy:
    folder: Path

    def open(self) -> CustomerSearch:
        return EmbeddedSearch(self.folder / uuid.uuid4().hex)


@dataclass
class OpenSearchAt:
    url: str

    def open(self) -> CustomerSearch:
        limits = OpenSearchLimits(placement_ttl_s=0.05, refresh_interval_ms=200, shards=2)
        return OpenSearchSearch(self.url, prefix=f"t{uuid.uuid4().hex[:12]}", engine=limits)


@contextmanager
def running(name: str, folder: Path) -> Iterator[Engine]:
    if name == "tantivy":
        yield Tantivy(folder)
    elif name == "osmem":
        with OsmemServer.start() as server:
            yield OpenSearchAt(server.url)
            if server.process.stdout is not None:
                server.process.stdout.close()
    else:
        start = node_url if name == "opensearch-node" else container_url
        with ExitStack() as stack:
            try:
                url = stack.enter_context(start(folder))
            except Unavailable as reason:
                pytest.skip(f"{name}: {reason}")
            yield OpenSearchAt(url)


# OpenSearch itself takes half a minute to start; what it answers is checked by the long tests.
ENGINES = (
    "tantivy",
    "osmem",
    pytest.param("opensearch-node", marks=pytest.mark.soak),
    pytest.param("opensearch-container", marks=pytest.mark.soak),
)
