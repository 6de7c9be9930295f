"""Engines that all tests share: one PostgreSQL and one NATS a test session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from local_stack.fixtures import nats_server, postgres_server

# Loaded here because pytest would otherwise take the folders of the same name for these packages.
import bench  # noqa: F401
import gateway  # noqa: F401


@pytest.fixture(scope="session")
def admin_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Administrator's URL of a running PostgreSQL."""
    with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def nats_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a running NATS server with JetStream."""
    with nats_server(tmp_path_factory.mktemp("nats")) as url:
        yield url
