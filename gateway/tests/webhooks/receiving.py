"""A receiver of webhooks over real HTTP, told by each test how to behave."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Message:
    """What arrived in one request."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers by `answer`, which gets the message and returns a status; keeps all messages."""

    answer: Callable[[Message], int] = lambda _message: 204
    messages: list[Message] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    _server: Any = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    def hang(self, _message: Message) -> int:
        """An answer that comes only when the test is over."""
        self.let_go.wait(60)
        return 204

    def ids(self) -> list[str]:
        """The webhook-id of each message, in order."""
        return [message.headers["webhook-id"] for message in self.messages]

    def wait_for(self, count: int, *, timeout_s: float = 30.0) -> list[Message]:
        """The messages, once there are so many."""
        deadline = time.monotonic() + timeout_s
        while len(self.messages) < count:
            assert time.monotonic() < deadline, f"{len(self.messages)} of {count} messages came"
            time.sleep(0.02)
        return list(self.messages)

    def start(self) -> Receiver:
        """Begins to listen."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                message = Message(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                receiver.messages.append(message)
                status = receiver.answer(message)
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
                return

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: object, client_address: object) -> None:
                return  # senders that give up close their connection in the middle of an answer

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        """Ends it, and whatever hangs."""
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()
