"""The load generators, wrk and our own, against a server that counts what it gets."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.load import LoadError, put_load, raw_request


class CountingServer(ThreadingHTTPServer):
    daemon_threads = True
    seen: Counter[str]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: CountingServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen[f"{self.path} {body.decode()} {self.headers['X-Mark']}"] += 1
        self.send_response(409 if self.path == "/refused" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[CountingServer]:
    with CountingServer(("127.0.0.1", 0), Handler) as running:
        running.seen = Counter()
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture(params=["wrk", "own"])
def generator(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "own":
        monkeypatch.setattr(shutil, "which", lambda _name: None)
    elif shutil.which("wrk") is None:
        pytest.skip("wrk is not installed")


def url_of(server: CountingServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


@pytest.mark.usefixtures("generator")
def test_every_request_is_sent_in_turn_and_counted(server: CountingServer) -> None:
    url = url_of(server)
    requests = [
        raw_request(url, f"/{number}", method="POST", headers={"X-Mark": "m"}, body=b"body %d" % number)
        for number in range(3)
    ]
    outcome = put_load(url, requests, connections=2, seconds=1)
    assert set(server.seen) == {"/0 body 0 m", "/1 body 1 m", "/2 body 2 m"}
    assert max(server.seen.values()) - min(server.seen.values()) <= 2
    assert 0 <= server.seen.total() - outcome.answers <= 2
    assert outcome.p95_ms > 0


@pytest.mark.usefixtures("generator")
def test_refused_requests_are_an_error_and_no_rate(server: CountingServer) -> None:
    url = url_of(server)
    with pytest.raises(LoadError, match="POST /refused"):
        put_load(url, [raw_request(url, "/refused", method="POST", body=b"x")], connections=2, seconds=1)
