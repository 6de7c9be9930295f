"""A partner's webhook endpoint, for tests that play one: it takes only what the published library verifies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


class Receiver:
    """Verifies by the published library, drops what it knows, answers at once."""

    def __init__(self) -> None:
        self.url = ""
        self.secret = ""
        self.events: dict[str, dict[str, Any]] = {}
        self.repeated = 0
        self._lock = threading.Lock()

    def take(self, body: bytes, headers: dict[str, str]) -> None:
        """A message; raises where it is not ours."""
        event = Webhook(self.secret).verify(body.decode(), headers)
        with self._lock:
            self.repeated += headers["webhook-id"] in self.events
            self.events[headers["webhook-id"]] = event

    def of_contacts(self) -> list[dict[str, Any]]:
        """What happened to contacts, in the order of arrival."""
        with self._lock:
            return [one for one in self.events.values() if one["type"].startswith("contacts.contact.")]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens while the block runs."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.take(body, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/funia"
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
