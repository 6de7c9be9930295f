"""Runs the floor's two processes beside the stack."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from local_stack import child, ports
from local_stack.child import Program, start_ready

from bench.floor_app import PATH
from bench.load import raw_request


@contextmanager
def running_floor(directory: Path) -> Iterator[tuple[str, bytes]]:
    """A floor that answers; gives its URL and the raw request to measure it with. Main thread only."""
    directory.mkdir(parents=True, exist_ok=True)
    socket = directory / "floor.sock"
    port = ports.free_port()
    url = f"http://{ports.LOOPBACK}:{port}"
    environment = {
        **os.environ,
        "FUNIA_LISTEN": f"unix:{socket}",
        "FUNIA_CONTACTS_ADDRESS": f"unix:{socket}",
        "FUNIA_HTTP_PORT": str(port),
        "FUNIA_STATE_DIR": str(directory),
        "FUNIA_METRICS_PORT": "0",
    }

    def answers() -> bool:
        try:
            return httpx.get(f"{url}{PATH}", trust_env=False).is_success
        except httpx.TransportError:
            return False

    def program(role: str) -> Program:
        return Program(
            name=f"floor-{role}",
            argv=(sys.executable, "-m", "bench.floor_app", role),
            environment=environment,
            is_ready=answers if role == "http" else socket.exists,
        )

    service = start_ready(program("service"), directory / "service.log")
    try:
        http = start_ready(program("http"), directory / "http.log")
        try:
            yield url, raw_request(url, PATH)
        finally:
            child.stop(http, program("http"))
    finally:
        child.stop(service, program("service"))
