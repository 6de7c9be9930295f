"""Logs, metrics and health of a process. Logs carry tenant and request id, never personal data."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest

from chassis.errors import FuniaError

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
RPC_SECONDS = Histogram(
    "funia_rpc_seconds", "Time of a call on the server.", ["method", "code", "tenant_class"], buckets=BUCKETS
)
OUTBOX_PUBLISHED = Counter("funia_outbox_published_total", "Events published from the outbox.", ["service"])
OUTBOX_PENDING = Gauge("funia_outbox_pending", "Events that wait in the outbox.", ["service"])
OUTBOX_OLDEST_S = Gauge("funia_outbox_oldest_seconds", "Age of the oldest event that waits.", ["service"])
JOBS_WAITING = Gauge("funia_jobs_waiting", "Jobs that wait for a worker.", ["service", "lane"])
CONSUMER_PENDING = Gauge("funia_consumer_pending_events", "Events a consumer has yet to handle.", ["consumer"])
DEAD_LETTERS_KEPT = Gauge("funia_dead_letters", "Events nobody could handle, waiting for a person.")
POOL_CONNECTIONS = Gauge(
    "funia_database_pool_connections", "Connections of the process to its database.", ["service", "state"]
)
CONSUMED = Counter("funia_consumed_total", "Events handled.", ["consumer", "outcome"])
CONSUMER_LAG_S = Gauge("funia_consumer_lag_seconds", "Age of the newest handled event when handled.", ["consumer"])

_EXTRA = ("tenant_id", "request_id", "method", "code", "duration_ms", "consumer", "event_type")


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: value for name in _EXTRA if (value := getattr(record, name, None)) is not None})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


def configure_logs(service: str, *, level: str, as_json: bool) -> None:
    """Sends the process's logs to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonLines(service) if as_json else logging.Formatter(f"%(asctime)s {service} %(levelname)s %(message)s")
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)


def serve_health(host: str, port: int, checks: Mapping[str, Callable[[], None]]) -> ThreadingHTTPServer | None:
    """Answers /healthz, /readyz and /metrics; no port, no server. A check that raises makes the process not ready."""
    if not port:
        return None

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, kind = _answer(self.path, checks)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            return

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


def _answer(path: str, checks: Mapping[str, Callable[[], None]]) -> tuple[int, bytes, str]:
    if path == "/metrics":
        return 200, generate_latest(REGISTRY), "text/plain; version=0.0.4"
    if path == "/healthz":
        return 200, b'{"status":"ok"}', "application/json"
    if path != "/readyz":
        return 404, b'{"status":"unknown path"}', "application/json"
    failures = {}
    for name, check in checks.items():
        try:
            check()
        except (FuniaError, OSError, RuntimeError) as error:
            failures[name] = str(error)
    body = json.dumps({"status": "not ready" if failures else "ready", "failures": failures}).encode()
    return (503 if failures else 200), body, "application/json"
