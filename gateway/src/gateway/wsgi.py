"""What a WSGI server calls: `gateway.wsgi:create` in each of its workers."""

from __future__ import annotations

import atexit
import logging

from chassis import interpreter, tracing
from chassis.revocation_feed import RevocationFeed
from chassis.telemetry import configure_logs
from chassis.wake import Bell

from gateway.app import PublicApp, create_wsgi_app
from gateway.ratelimit.shares import RateShares
from gateway.settings import read_settings


def create() -> PublicApp:
    """The app of one worker process, with the settings of the environment."""
    settings = read_settings()
    configure_logs("gateway", level=settings.log_level, as_json=settings.log_json)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    tracing.configure("gateway", settings)
    app = create_wsgi_app(settings)
    atexit.register(tracing.close)
    bell = Bell("identity", gather_s=settings.relay_wake_ms / 1000)
    app.identity.database.on_events_committed.append(bell.ring)
    RevocationFeed(settings, app.identity.revocations, on_connected=bell.attach).start()
    if settings.rate_limits:
        RateShares(settings, app.meter).start()
        app.calls.start()
    atexit.register(app.close)
    interpreter.set_up(settings)
    return app
