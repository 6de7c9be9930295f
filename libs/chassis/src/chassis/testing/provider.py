"""An OpenID provider that others wrote, in a process of its own, for tests of single sign-on."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

_START_S = 60.0
_STOP_S = 10.0


@contextmanager
def foreign_provider(port: int) -> Iterator[str]:
    """Gives its issuer. People are put there by `PUT {issuer}/users/{sub}` with their claims."""
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + _START_S
        while not _answers(issuer):
            assert process.poll() is None, "the foreign provider did not start"
            assert time.monotonic() < end, "the foreign provider does not answer"
            time.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        process.wait(timeout=_STOP_S)


def _answers(issuer: str) -> bool:
    try:
        return httpx.get(f"{issuer}/.well-known/openid-configuration").is_success
    except httpx.TransportError:
        return False
