"""/healthz, /readyz and /metrics of the public process."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from ipaddress import ip_address

import orjson
from chassis.errors import FuniaError
from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from werkzeug.exceptions import NotFound

Check = Callable[[], Mapping[str, str]]


def health_blueprint(database: Callable[[], None], services: Check, *, service_count: int) -> Blueprint:
    """`database` raises FuniaError where it is away, `services` names those that are.

    The gateway is ready as long as it can serve something: its own database is there, and one service at least. What
    needs a service that is away answers 503; a gateway taken out for it would take everything else along.
    """
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def alive() -> Response:
        return _json({"status": "ok"}, 200)

    @blueprint.get("/readyz")
    def ready() -> Response:
        failures = dict(services())
        can_serve = len(failures) < service_count
        try:
            database()
        except FuniaError as error:
            failures["database"] = error.message
            can_serve = False
        status = "not ready" if not can_serve else "degraded" if failures else "ready"
        is_enough = not failures if request.args.get("parts") == "all" else can_serve
        return _json({"status": status, "failures": failures}, 200 if is_enough else 503)

    @blueprint.get("/metrics")
    def metrics() -> Response:
        if not _is_near(request.remote_addr or "") or "X-Forwarded-For" in request.headers:
            raise NotFound
        return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _registry() -> CollectorRegistry:
    """All workers together where they share a folder, this process alone otherwise."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _is_near(address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return parsed.is_loopback or parsed.is_private


def _json(document: Mapping[str, object], status: int) -> Response:
    response = Response(orjson.dumps(document), status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
