"""Decides once per test run whether engines come from containers or from the installed wheels."""

import functools
import os
from pathlib import Path
from urllib.parse import urlsplit

import httpx

VARIABLE = "FUNIA_TEST_ENGINES"
_DEFAULT_SOCKET = "unix:///var/run/docker.sock"
_PING_TIMEOUT_S = 1.0


@functools.cache
def containers_answer() -> bool:
    """True where a Docker-compatible engine answers a ping and FUNIA_TEST_ENGINES is not `local`."""
    if os.environ.get(VARIABLE) == "local":
        return False
    host = urlsplit(os.environ.get("DOCKER_HOST") or _DEFAULT_SOCKET)
    if host.scheme == "unix":
        if not Path(host.path).exists():
            return False
        transport = httpx.HTTPTransport(uds=host.path)
        base = "http://engine"
    else:
        transport = httpx.HTTPTransport()
        base = f"http://{host.netloc}"
    try:
        with httpx.Client(transport=transport, timeout=_PING_TIMEOUT_S, trust_env=False) as client:
            return client.get(f"{base}/_ping").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
