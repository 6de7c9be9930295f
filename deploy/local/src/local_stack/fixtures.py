"""What tests run on: PostgreSQL, NATS or the whole stack, their own, on free ports, gone afterwards.

Use them from session-scoped pytest fixtures and from the main thread (see `local_stack.child`):

    @pytest.fixture(scope="session")
    def admin_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
        with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
            yield url

`whole_stack(directory)` runs `python -m local_stack up`; see `local_stack.running_stack`. Where a container
engine answers, single engines come as containers instead; FUNIA_TEST_ENGINES=local forbids that.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from local_stack import child
from local_stack.child import StackError, start_ready
from local_stack.engines import VARIABLE, containers_answer
from local_stack.nats import NatsServer, NatsSettings
from local_stack.postgres import ADMIN, PostgresServer, PostgresSettings
from local_stack.running_stack import Stack, engines_dir, whole_stack

__all__ = ["AdminUrl", "Stack", "nats_server", "postgres_server", "start_ready", "whole_stack"]

AdminUrl = str
_PORT_TRIES = 3
_POSTGRES_IMAGE = "postgres:18"
_NATS_IMAGE = "nats:2"


@contextlib.contextmanager
def postgres_server(directory: Path, *, durable: bool = False) -> Iterator[AdminUrl]:
    """A running PostgreSQL; gives the superuser's URL. `durable=False` turns fsync off, which is right for
    tests that do not kill the machine. FUNIA_POSTGRES_URL, where set, is given instead of a new server."""
    if url := os.environ.get("FUNIA_POSTGRES_URL"):
        yield url
        return
    if containers_answer():
        with _postgres_container(durable=durable) as url:
            yield url
        return
    for attempt in range(_PORT_TRIES):
        server = PostgresServer(
            directory, PostgresSettings(durable=durable, shared_buffers_mb=64, fallback_dir=engines_dir())
        )
        try:
            process = start_ready(server.program(), directory / "postgres.log")
        except StackError:
            if attempt == _PORT_TRIES - 1:
                raise
            continue
        break
    try:
        yield server.url
    finally:
        child.stop(process, server.program())
        server.erase()


@contextlib.contextmanager
def nats_server(directory: Path, *, sync_interval: str = "2m") -> Iterator[str]:
    """A running NATS server with JetStream; gives its URL. FUNIA_NATS_URL, where set, is given instead."""
    if url := os.environ.get("FUNIA_NATS_URL"):
        yield url
        return
    if containers_answer():
        with _nats_container() as url:
            yield url
        return
    for attempt in range(_PORT_TRIES):
        server = NatsServer(directory, NatsSettings(sync_interval=sync_interval))
        try:
            process = start_ready(server.program(), directory / "nats.log")
        except StackError:
            if attempt == _PORT_TRIES - 1:
                raise
            continue
        break
    try:
        yield server.url
    finally:
        child.stop(process, server.program())


@contextlib.contextmanager
def _postgres_container(*, durable: bool) -> Iterator[AdminUrl]:
    from testcontainers.community.postgres import PostgresContainer

    container = PostgresContainer(_POSTGRES_IMAGE, username=ADMIN, dbname="postgres", driver=None)
    container.with_env("POSTGRES_INITDB_ARGS", "--locale-provider=builtin --builtin-locale=C.UTF-8")
    container.with_command(
        f"postgres -c fsync={'on' if durable else 'off'} -c max_connections=200 "
        "-c shared_preload_libraries=pg_stat_statements"
    )
    with _started(container):
        yield container.get_connection_url()


@contextlib.contextmanager
def _nats_container() -> Iterator[str]:
    from testcontainers.community.nats import NatsContainer

    container = NatsContainer(_NATS_IMAGE, jetstream=True)
    with _started(container):
        yield container.nats_uri()


@contextlib.contextmanager
def _started(container: "contextlib.AbstractContextManager[object]") -> Iterator[None]:
    try:
        container.__enter__()
    except Exception as error:
        raise StackError(
            f"The container engine answers but cannot start the image: {error}. Set {VARIABLE}=local to use "
            "the installed engines."
        ) from error
    try:
        yield
    finally:
        container.__exit__(None, None, None)
