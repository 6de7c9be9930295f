"""A proxy in front of the real gateway that breaks connections and refuses requests as a test says.

The gateway has carried a request out before its answer is lost here: what a caller of a real network meets.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

_HOP_BY_HOP = frozenset({"connection", "transfer-encoding", "content-length", "content-encoding", "host"})


@dataclass
class Proxy:
    """The proxy, and what it is to do to the next requests: "lose" the answer, or "limit" the request."""

    url: str = ""
    faults: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    """Idempotency keys of the writes it saw."""


@contextmanager
def unsteady_proxy(target: str) -> Iterator[Proxy]:
    """A running proxy in front of `target`."""
    proxy = Proxy()
    with httpx.Client(base_url=target, timeout=30.0, trust_env=False) as http:

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
                fault = proxy.faults.pop(0) if proxy.faults and self.path.startswith("/v1/") else ""
                if key := self.headers.get("Idempotency-Key"):
                    proxy.keys.append(key)
                if fault == "limit":
                    self.send_response(429)
                    self.send_header("Retry-After", "0")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                answer = http.request(self.command, self.path, content=body, headers=headers)
                if fault == "lose":
                    self.close_connection = True
                    return
                self.send_response(answer.status_code)
                for name, value in answer.headers.items():
                    if name.lower() not in _HOP_BY_HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve

            def log_message(self, *_words: Any) -> None:
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
