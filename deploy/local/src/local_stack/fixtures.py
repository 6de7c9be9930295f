"""Engines for tests: a PostgreSQL and a NATS server of their own, on free ports, gone afterwards.

Use them from session-scoped pytest fixtures and from the main thread (see `local_stack.child`):

    @pytest.fixture(scope="session")
    def admin_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
        with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
            yield url

Where a container engine answers, both come as containers instead; FUNIA_TEST_ENGINES=local forbids that.
"""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from local_stack import child
from local_stack.child import Program, StackError
from local_stack.engines import VARIABLE, containers_answer
from local_stack.nats import NatsServer, NatsSettings
from local_stack.postgres import ADMIN, PostgresServer, PostgresSettings

AdminUrl = str
_START_TIMEOUT_S = 60.0
_POLL_S = 0.01
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
        server = PostgresServer(directory, PostgresSettings(durable=durable, shared_buffers_mb=64))
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


def start_ready(program: Program, log: Path, *, timeout_s: float = _START_TIMEOUT_S) -> subprocess.Popen[bytes]:
    """Starts one program and waits until it is ready. Raises StackError with the end of its log otherwise."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = child.start(program, output)
    deadline = time.monotonic() + timeout_s
    while process.poll() is None:
        if program.is_ready():
            return process
        if time.monotonic() > deadline:
            child.stop(process, program)
            break
        time.sleep(_POLL_S)
    child.finish(process)
    ending = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise StackError(f"{program.name} did not become ready in {timeout_s:.0f} s:\n{ending}")


@contextlib.contextmanager
def _postgres_container(*, durable: bool) -> Iterator[AdminUrl]:
    from testcontainers.community.postgres import PostgresContainer

    container = PostgresContainer(_POSTGRES_IMAGE, username=ADMIN, dbname="postgres", driver=None)
    container.with_env("POSTGRES_INITDB_ARGS", "--locale-provider=builtin --builtin-locale=C.UTF-8")
    on = "on" if durable else "off"
    container.with_command(
        f"postgres -c fsync={on} -c full_page_writes={on} -c synchronous_commit={on} -c max_connections=200 "
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
