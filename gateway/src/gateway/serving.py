"""Starts the WSGI server: granian, or gunicorn's gthread where granian does not run."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
from pathlib import Path

from gateway.settings import GatewaySettings

_TARGET = "gateway.wsgi:create"
_MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"


def serve(settings: GatewaySettings, *, server: str, target: str = _TARGET) -> int:
    """Serves until SIGTERM; requests at hand are finished. Returns the exit code.

    `target` is another WSGI factory to serve in the same way: bench measures its floor so. Granian only.
    """
    if settings.http_workers > 1 and _MULTIPROCESS not in os.environ:
        os.environ[_MULTIPROCESS] = str(_empty_metrics_folder(settings))
    if target == _TARGET and not (_has_keys_elsewhere() if server == "gunicorn" else has_keys(settings)):
        return 1
    return _gunicorn(settings) if server == "gunicorn" else _granian(settings, target)


def has_keys(settings: GatewaySettings) -> bool:
    """False, with a sentence, where the signing keys are lost; what else may be wrong shows when it is used."""
    # Imported here: metrics read their folder from the environment when they are first imported.
    import psycopg
    from chassis.errors import FuniaError

    from gateway.composition import build_identity
    from gateway.identity.keys import KeyStoreLost

    identity = build_identity(settings)
    try:
        identity.keys.prepare()
    except KeyStoreLost as error:
        sys.stderr.write(f"{error}\n")
        return False
    except (FuniaError, psycopg.Error) as error:
        sys.stderr.write(f"the signing keys will be read later: {error}\n")
    finally:
        identity.database.close()
    return True


def _has_keys_elsewhere() -> bool:
    """As `has_keys`, in a process of its own: gunicorn forks, and threads of a database pool do not survive that."""
    return subprocess.run([sys.executable, "-m", "gateway", "check-keys"], check=False).returncode == 0


def _empty_metrics_folder(settings: GatewaySettings) -> Path:
    """Where workers share their counters, so that /metrics tells of all of them.

    In the state folder, since a worker cannot start anew once a cleaner of /tmp has taken the folder away. The port
    is in the name: it belongs to one server, so what is found there was left by a former one.
    """
    folder = settings.state_dir.resolve() / "gateway" / f"metrics-{settings.http_port}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _granian(settings: GatewaySettings, target: str) -> int:
    """SIGHUP replaces the workers by the installed code (`gateway.handover`)."""
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    from gateway.handover import HandoverServer, Patience

    # A worker inherits its listening socket; only a forked one can.
    multiprocessing.set_start_method("fork", force=True)
    HandoverServer(
        target,
        patience=Patience(
            drain_s=settings.http_drain_s,
            finish_s=settings.http_finish_s,
            stop_drain_s=settings.http_stop_drain_s,
        ),
        address=settings.http_host,
        port=settings.http_port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=settings.http_workers,
        blocking_threads=settings.http_threads,
        backlog=settings.http_backlog,
        http=HTTPModes.http1,
        websockets=False,
        workers_kill_timeout=settings.http_stop_s,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()
    return 0


def _gunicorn(settings: GatewaySettings) -> int:
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    host = f"[{settings.http_host}]" if ":" in settings.http_host else settings.http_host
    options = {
        "bind": f"{host}:{settings.http_port}",
        "worker_class": "gthread",
        "workers": settings.http_workers,
        "threads": settings.http_threads,
        "backlog": settings.http_backlog,
        "graceful_timeout": settings.http_stop_s,
        "timeout": 0,
        "loglevel": "warning",
    }

    class Application(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> object:
            # In the worker, after the fork: channels and metrics must not be shared.
            from gateway.wsgi import create

            return create()

    Application().run()
    return 0
