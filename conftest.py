"""Engines that all tests share: one PostgreSQL and one NATS a test session."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from local_stack.fixtures import nats_server, postgres_server
from xdist.scheduler import LoadScopeScheduling

# Loaded here because pytest would otherwise take the folders of the same name for these packages.
import bench  # noqa: F401
import gateway  # noqa: F401

SLOW_FIRST = (
    "tests/integration/test_faults.py",
    "tests/integration/main_job",
    "gateway/tests/console/test_accessibility.py",
    "deploy/local/tests/test_stack.py",
    "tests/integration/test_rolling_restart.py",
    "tests/integration/test_observability.py",
    "tests/integration",
    "services/contacts/tests/search",
    "gateway/tests/webhooks",
)
"""What takes longest, begun first, so that no worker is left alone with it at the end."""
_TOGETHER = {"tests/integration", "tests/integration/main_job", "services/contacts/tests/search"}
"""Folders whose tests share an engine that is dear to start: one worker runs them all."""
_APART = {one for one in SLOW_FIRST if one.startswith("tests/integration/test_")}


class _Groups(LoadScopeScheduling):
    """Gives a worker whole groups: a file, or a folder whose tests share an engine.

    Not by marks and ``--dist loadgroup``: under pytest 9.2 xdist 3.8 loses them without a word, and every worker then
    starts every engine.
    """

    def _split_scope(self, nodeid: str) -> str:
        return _group(_file(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Parts the tests between workers."""
    return _Groups(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest first."""
    items.sort(key=lambda item: _place(_file(item.nodeid)))


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]


@cache
def _group(path: str) -> str:
    folder = next((one for one in map(str, Path(path).parents) if one in _TOGETHER), "")
    return path if path in _APART or not folder else folder


@cache
def _place(path: str) -> int:
    return next((at for at, one in enumerate(SLOW_FIRST) if path.startswith(one)), len(SLOW_FIRST))


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
