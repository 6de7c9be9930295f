"""The server replaces itself by newly installed code under callers that never try again, and none of them notices."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from local_stack.ports import free_port

APP = """
import os, time
def create():
    def app(environ, start_response):
        if environ["PATH_INFO"] == "/slow":
            time.sleep(1)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"%s %%d" %% os.getpid()]
    return app
"""


@dataclass
class Site:
    """A server of a tiny app whose code the test replaces."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def install(self, code: str) -> None:
        (self.folder / "tiny_app.py").write_text(code)

    def ask(self, path: str = "/") -> str:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=20, trust_env=False).text

    def log(self) -> str:
        return (self.folder / "server.log").read_text()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    tmp_path = tmp_path_factory.mktemp("handover")
    (tmp_path / "tiny_app.py").write_text(APP % "one")
    port = free_port()
    code = (
        "from gateway.settings import GatewaySettings; from gateway.serving import serve; "
        "serve(GatewaySettings(), server='granian', target='tiny_app:create')"
    )
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FUNIA_")},
        "PYTHONPATH": str(tmp_path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "FUNIA_HTTP_PORT": str(port),
        "FUNIA_HTTP_DRAIN_S": "2",  # on a busy machine a caller is silent for long
        "FUNIA_STATE_DIR": str(tmp_path),
    }
    with (tmp_path / "server.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", code], env=environ, cwd=tmp_path, stdout=output, stderr=output
        )
    served = Site(tmp_path, port, process)
    try:
        until(lambda: _answers(served), served)
        yield served
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0, served.log()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _answers(site: Site) -> bool:
    try:
        return bool(site.ask())
    except httpx.TransportError:
        return False


def until(seen: Callable[[], object], site: Site) -> None:
    deadline = time.monotonic() + 40
    while not seen():
        assert time.monotonic() < deadline, site.log()
        time.sleep(0.05)


def workers(process: subprocess.Popen[bytes]) -> set[str]:
    return set(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())


@dataclass
class Callers:
    """Half of them keep their connection, half make a new one for each request. What fails once has failed."""

    port: int
    answers: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def calling(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._call, args=(number % 2 == 0,)) for number in range(6)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _call(self, keeps: bool) -> None:
        connection = None
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
                connection.request("GET", "/", headers={} if keeps else {"Connection": "close"})
                answer = connection.getresponse()
                self.answers[answer.read().decode().split()[0]] += 1
                if answer.will_close:
                    connection.close()
                    connection = None
            except (OSError, http.client.HTTPException) as error:
                kind = "kept" if connection is not None and keeps else "new"
                self.failures.append(f"{kind} connection after {time.monotonic() - began:.2f} s: {error!r}")
                connection = None
        if connection is not None:
            connection.close()


def test_new_code_takes_over_and_no_request_is_lost(site: Site) -> None:
    callers = Callers(site.port)
    before = workers(site.process)
    with callers.calling():
        site.install(APP % "two")
        site.process.send_signal(signal.SIGHUP)
        until(lambda: len(now := workers(site.process)) == 2 and not now & before, site)
        assert site.ask().startswith("two")
    assert callers.failures == []
    assert set(callers.answers) == {"one", "two"}


def test_a_request_at_hand_is_finished_by_the_code_it_began_with(site: Site) -> None:
    answers: list[str] = []
    running = site.ask().split()[0]
    slow = threading.Thread(target=lambda: answers.append(site.ask("/slow")))
    slow.start()
    site.install(APP % "three")
    former = workers(site.process)
    site.process.send_signal(signal.SIGHUP)
    until(lambda: not workers(site.process) & former, site)
    slow.join()
    assert answers[0].startswith(running)
    assert site.ask().startswith("three")


def test_code_that_cannot_be_loaded_leaves_the_running_code_in_place(site: Site) -> None:
    former, running = workers(site.process), site.ask().split()[0]
    site.install("import nothing_of_that_name")
    site.process.send_signal(signal.SIGHUP)
    until(lambda: "nothing_of_that_name" in site.log(), site)
    assert workers(site.process) == former
    assert site.ask().split()[0] == running
