"""The real processes: `serve` under both servers and `work`, started, asked and stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.settings import Settings
from gateway.settings import GatewaySettings


def environment(settings: GatewaySettings, **changes: object) -> dict[str, str]:
    names = (*Settings.model_fields, "http_port", "live_port", "password_memory_kib")
    values = (
        {name: getattr(settings, name) for name in names} | {"secret": settings.secret.get_secret_value()} | changes
    )
    set_names = {name: value for name, value in values.items() if value not in ("", None)}
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("FUNIA_")},
        **{f"FUNIA_{name.upper()}": str(value) for name, value in set_names.items()},
    }


@contextmanager
def running(directory: Path, environ: dict[str, str], *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the gateway; ends with SIGTERM and must then end well within ten seconds."""
    log = directory / "process.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway", *command], env=environ, cwd=directory, stdout=output, stderr=output
        )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0, log.read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes], directory: Path, status: int = 200) -> httpx.Response:
    end = time.monotonic() + 90
    answer = None
    while time.monotonic() < end and process.poll() is None:
        try:
            answer = httpx.get(url, timeout=2)
            if answer.status_code == status:
                return answer
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    seen = answer.text if answer is not None else "no answer"
    raise AssertionError(f"{url}: {seen}\n{(directory / 'process.log').read_text()[-4000:]}")


@pytest.fixture
def worker_settings(
    gateway_settings: GatewaySettings, nats_url: str, ports: Callable[[int], list[int]]
) -> GatewaySettings:
    http_port, live_port, identity_port, metrics_port = ports(4)
    return gateway_settings.model_copy(
        update={
            "http_port": http_port,
            "live_port": live_port,
            "issuer": f"http://127.0.0.1:{http_port}",
            "jwks_url": f"http://127.0.0.1:{http_port}/.well-known/jwks.json",
            "listen": f"127.0.0.1:{identity_port}",
            "identity_address": f"127.0.0.1:{identity_port}",
            "nats_url": nats_url,
            "metrics_port": metrics_port,
        }
    )


@pytest.mark.parametrize("server", ["granian", "gunicorn"])
def test_serve_answers_under_both_servers_and_stops_well(
    worker_settings: GatewaySettings, tmp_path: Path, server: str, acme: Any
) -> None:
    site = worker_settings.issuer
    with running(tmp_path, environment(worker_settings, metrics_port=0), "serve", "--server", server) as process:
        wait_for(f"{site}/healthz", process, tmp_path)
        keys = httpx.get(f"{site}/.well-known/jwks.json").json()["keys"]
        assert keys
        asked = {"email": acme.email, "password": "correct horse battery"}
        assert httpx.post(f"{site}/v1/log-in", json=asked).status_code == 200
        refused = httpx.post(f"{site}/v1/log-in", json={**asked, "password": "wrong password"})
        assert (refused.status_code, refused.json()["reason"]) == (401, "WRONG_LOG_IN")
        assert httpx.get(f"{site}/v1/contacts").json()["reason"] == "TOKEN_MISSING"
        assert "funia_http_seconds" in httpx.get(f"{site}/metrics").text
        away = httpx.get(f"{site}/readyz")
        assert (away.status_code, away.json()["status"]) == (503, "not ready")
        assert set(away.json()["failures"]) == {
            "identity", "contacts", "sales", "marketing", "support", "analytics",
        }  # fmt: skip


def test_work_serves_identity_relays_events_and_streams_them(
    worker_settings: GatewaySettings, tmp_path: Path, acme: Any, admin: Any
) -> None:
    metrics = f"http://127.0.0.1:{worker_settings.metrics_port}"
    with running(tmp_path, environment(worker_settings), "work") as process:
        wait_for(f"{metrics}/readyz", process, tmp_path)
        wait_for(f"http://127.0.0.1:{worker_settings.live_port}/healthz", process, tmp_path)
        waiting = "SELECT count(*) FROM outbox WHERE published_at IS NULL AND tenant_id = %s"
        end = time.monotonic() + 10
        while admin.execute(waiting, (acme.tenant_id,)).fetchone() != (0,):
            assert time.monotonic() < end, "the relay publishes nothing"
            time.sleep(0.05)


def test_unknown_commands_are_explained(tmp_path: Path) -> None:
    for command in ([], ["serve", "--server", "apache"], ["dance"]):
        done = subprocess.run(
            [sys.executable, "-m", "gateway", *command], capture_output=True, cwd=tmp_path, check=False
        )
        assert done.returncode == 2
        assert b"usage: python -m gateway" in done.stderr


def test_missing_address_of_a_service_stops_the_start(worker_settings: GatewaySettings) -> None:
    from gateway.app import create_wsgi_app

    with pytest.raises(ValueError, match="FUNIA_SALES_ADDRESS"):
        create_wsgi_app(worker_settings.model_copy(update={"sales_address": ""}))
