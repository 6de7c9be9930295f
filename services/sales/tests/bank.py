"""A card provider that speaks as much of Stripe's API as sales uses, with faults to order."""

from __future__ import annotations

import hashlib
import hmac
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs

WEBHOOK_SECRET = "whsec_of_the_test"


class Bank:
    """The provider. `faults` are statuses that the next calls end in, after they were carried out."""

    def __init__(self) -> None:
        self.intents: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.faults: list[int] = []
        self._answers: dict[str, dict[str, Any]] = {}
        self._lock = Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    def __enter__(self) -> Bank:
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def signed(self, kind: str, thing: dict[str, Any], *, event_id: str, at: float) -> tuple[bytes, str]:
        """A webhook: its body, and its signature header."""
        body = json.dumps({"id": event_id, "type": kind, "data": {"object": thing}}).encode()
        signature = hmac.new(WEBHOOK_SECRET.encode(), f"{int(at)}.".encode() + body, hashlib.sha256).hexdigest()
        return body, f"t={int(at)},v1={'0' * 64},v1={signature}"

    def answer(self, path: str, key: str, fields: dict[str, str]) -> dict[str, Any]:
        """Carries a call out once for each idempotency key."""
        with self._lock:
            if key not in self._answers:
                self._answers[key] = self._made(path, fields)
            return self._answers[key]

    def _made(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        if path == "/v1/payment_intents":
            intent = {
                "id": f"pi_{len(self.intents)}",
                "client_secret": f"secret_{len(self.intents)}",
                "status": "requires_payment_method",
                "amount": int(fields["amount"]),
                "currency": fields["currency"],
                "metadata": {"payment_id": fields["metadata[payment_id]"]},
            }
            self.intents[intent["id"]] = intent
            return intent
        if path == "/v1/refunds":
            refund = {
                "id": f"re_{len(self.refunds)}",
                "status": "succeeded",
                "amount": int(fields["amount"]),
                "currency": "eur",
                "payment_intent": fields["payment_intent"],
                "metadata": {"refund_id": fields["metadata[refund_id]"]},
            }
            self.refunds[refund["id"]] = refund
            return refund
        self.intents[path.split("/")[3]]["status"] = "canceled"
        return self.intents[path.split("/")[3]]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        bank = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                fields = parse_qs(self.rfile.read(int(self.headers["content-length"] or 0)).decode())
                asked = {name: values[0] for name, values in fields.items()}
                answer = bank.answer(self.path, self.headers["idempotency-key"], asked)
                status = bank.faults.pop(0) if bank.faults else 200
                if status == 402:
                    answer = {"error": {"code": "card_declined", "decline_code": "insufficient_funds"}}
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Nothing: the tests say what matters."""

        return Handler
