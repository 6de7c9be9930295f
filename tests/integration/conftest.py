"""The whole stack, once for all tests that only look at it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import OPERATOR, REVIEWER, Platform
from local_stack.fixtures import whole_stack


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """The running platform."""
    # A short path: the services' sockets lie in it.
    directory = Path(tempfile.mkdtemp(prefix="funia"))
    try:
        # Receivers of webhooks and providers of log-ins are on this machine, one company moves to databases of its own,
        # and somebody operates it all.
        settings = {
            "FUNIA_WEBHOOK_PRIVATE_ADDRESSES": "true",
            "FUNIA_SSO_PRIVATE_ADDRESSES": "true",
            "FUNIA_DEDICATED": "acme",
            "FUNIA_OPERATORS": f"{OPERATOR},{REVIEWER}",
            "FUNIA_SANDBOX_ACCOUNTS": "6",
            "FUNIA_SANDBOX_CONTACTS": "30",
        }
        with whole_stack(directory, environment=settings) as stack:
            opened = Platform(stack)
            yield opened
            opened.close()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
