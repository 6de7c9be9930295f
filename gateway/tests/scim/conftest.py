"""A company whose directory speaks SCIM to a running gateway, by a client that others wrote."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import httpx2
import pytest
from gateway.composition import Identity
from scim2_client.engines.httpx2 import SyncSCIMClient


@dataclass
class Directory:
    """A company's directory: plain requests with its token."""

    http: httpx.Client
    token: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request; headers may replace the token."""
        sent = {
            "Authorization": f"Bearer {self.token}",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        return self.http.request(method, f"/scim/v2{path}", json=body, headers=sent)

    def add(self, **fields: Any) -> dict[str, Any]:
        """A new person."""
        mark = secrets.token_hex(5)
        person = {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": f"{mark}@people.example",
            "displayName": "Petra Person",
            "emails": [{"value": f"{mark}@people.example", "type": "work", "primary": True}],
            "active": True,
            **fields,
        }
        answer = self.ask("POST", "/Users", person)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> httpx.Response:
        """PATCH with these operations."""
        schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]
        return self.ask("PATCH", path, {"schemas": schemas, "Operations": list(operations)}, **headers)


@pytest.fixture
def directory_of(site: str, identity: Identity) -> Iterator[Callable[[Any], Directory]]:
    """The directory of a company, with a token of its own."""
    with httpx.Client(base_url=site, timeout=30) as http:

        def make(company: Any) -> Directory:
            with identity.database.open_work(company.caller()) as work:
                _, token = identity.scim_tokens.create(work)
            return Directory(http, token)

        yield make


@pytest.fixture
def directory(directory_of: Callable[[Any], Directory], acme: Any) -> Directory:
    """The directory of the company of the test."""
    return directory_of(acme)


@pytest.fixture
def scim_client(site: str, directory: Directory) -> Iterator[SyncSCIMClient]:
    """A foreign SCIM client over real HTTP."""
    headers = {"Authorization": f"Bearer {directory.token}"}
    with httpx2.Client(base_url=f"{site}/scim/v2", headers=headers, timeout=30) as http:
        yield SyncSCIMClient(http)
