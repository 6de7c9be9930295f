"""Keys from a JWKS address: read once, refreshed beside the calls, never in front of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest
from chassis.tokens import JwksKeys
from joserfc.jwk import ECKey

KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})


class KeyServer(ThreadingHTTPServer):
    daemon_threads = True
    answers = 0
    may_answer: threading.Event


class Handler(BaseHTTPRequestHandler):
    server: KeyServer

    def do_GET(self) -> None:
        self.server.may_answer.wait(5)
        self.server.answers += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(orjson.dumps({"keys": [KEY.as_dict(private=False)]}))

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with KeyServer(("127.0.0.1", 0), Handler) as running:
        running.may_answer = threading.Event()
        running.may_answer.set()
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.may_answer.set()
        running.shutdown()
        thread.join()


def keys_of(server: KeyServer, *, refresh_s: float) -> JwksKeys:
    return JwksKeys(f"http://127.0.0.1:{server.server_address[1]}/", refresh_s=refresh_s)


def until(condition: object) -> None:
    deadline = time.monotonic() + 5
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_known_key_is_given_while_the_refresh_waits_for_the_gateway(server: KeyServer) -> None:
    keys = keys_of(server, refresh_s=0.0)
    assert keys.key("one") is not None
    server.may_answer.clear()
    started = time.monotonic()
    for _ in range(100):
        assert keys.key("one") is not None
    assert time.monotonic() - started < 0.5
    assert server.answers == 1
    server.may_answer.set()
    until(lambda: server.answers == 2)


def test_keys_are_read_before_the_first_call(server: KeyServer) -> None:
    keys = keys_of(server, refresh_s=60)
    keys.read_ahead()
    until(lambda: server.answers == 1)
    assert keys.key("one") is not None
    assert server.answers == 1


def test_an_unknown_key_is_asked_for_at_most_once_a_second(server: KeyServer) -> None:
    keys = keys_of(server, refresh_s=60)
    assert keys.key("two") is None
    assert keys.key("two") is None
    assert server.answers == 1
