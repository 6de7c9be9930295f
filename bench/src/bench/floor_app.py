"""The floor of every request figure: a Flask route and one empty gRPC call, under the gateway's own server settings.

``python -m bench.floor_app service`` is a chassis server that answers health alone; ``http`` is the WSGI server.
"""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any, cast

from chassis.client import channel
from chassis.server import Server
from chassis.settings import Settings
from chassis.tokens import StaticKeys, TokenVerifier
from chassis.work import Database
from flask import Flask, Response
from grpc_health.v1 import health_pb2, health_pb2_grpc

PATH = "/empty"


def create() -> Flask:
    """The WSGI app of one worker; its channel is made after the fork."""
    from gateway.settings import read_settings

    settings = read_settings()
    stub: Any = health_pb2_grpc.HealthStub(channel(settings.contacts_address))
    check = cast("Any", stub.Check)
    app = Flask("floor", static_folder=None)

    @app.get(PATH)
    def empty() -> Response:
        check(health_pb2.HealthCheckRequest(), timeout=settings.call_deadline_s)
        return Response(b'{"status":"SERVING"}', content_type="application/json")

    return app


def serve_http() -> int:
    """Serves until SIGTERM, with what the gateway would serve with."""
    from gateway.settings import read_settings

    from gateway import serving

    return serving.serve(read_settings(), server="granian", target="bench.floor_app:create")


def serve_service() -> int:
    """Serves gRPC health until SIGTERM."""
    settings = Settings()
    verifier = TokenVerifier(StaticKeys({}), issuer=settings.issuer)
    server = Server(settings, Database(settings), verifier, ())
    server.start()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    stop.wait()
    server.stop()
    return 0


if __name__ == "__main__":
    sys.exit({"http": serve_http, "service": serve_service}[sys.argv[1]]())
