"""Fixtures of the search suites: every engine once a session, a fresh store per test, one shared corpus."""

from collections.abc import Iterator

import pytest
from contacts.search.port import CustomerSearch

from .documents import corpus, elsewhere
from .engines import ENGINES, Engine, running


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running(request.param, tmp_path_factory.mktemp(request.param)) as started:
        yield started


@pytest.fixture
def search(engine: Engine) -> Iterator[CustomerSearch]:
    """An empty store."""
    opened = engine.open()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def filled(engine: Engine) -> Iterator[CustomerSearch]:
    """The corpus of two tenants; tests only read it."""
    opened = engine.open()
    opened.index([*corpus(), *elsewhere(corpus())])
    opened.refresh()
    yield opened
    opened.close()
