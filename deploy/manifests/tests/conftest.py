"""The service graph, read once: it takes some seconds."""

from __future__ import annotations

import pytest
from manifests.service_graph import ServiceGraph, read_graph


@pytest.fixture(scope="session")
def graph() -> ServiceGraph:
    """The graph of the installed code."""
    return read_graph()
