"""Clients of companies for the tests of the authorization server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from gateway.composition import Identity
from gateway.identity.usecases import clients

sys.path.insert(0, str(Path(__file__).parent))

from oauth_flow import REDIRECT, SCOPES, Register


@pytest.fixture
def register(identity: Identity) -> Register:
    """Registers an OAuth client of a company."""

    def make(company: Any, **changes: Any) -> clients.Registered:
        values: dict[str, Any] = {
            "name": "Partner app",
            "redirect_uris": [REDIRECT],
            "scopes": SCOPES.split(),
            "grant_types": ["authorization_code", "refresh_token"],
            "is_public": False,
        } | changes
        with identity.database.open_work(company.caller()) as work:
            return clients.register(work, clients.ClientDraft(**values))

    return make
