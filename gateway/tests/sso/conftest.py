"""Providers of companies for the tests of single sign-on: a foreign one, our own, and one that lies on demand."""

from __future__ import annotations

import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.testing.databases import migrated
from chassis.testing.provider import foreign_provider
from chassis.vault import Vault
from gateway.app import create_wsgi_app
from gateway.composition import Identity
from gateway.identity.usecases.sso_connection import ConnectionDraft, SsoConnections
from gateway.settings import GatewaySettings
from pydantic import SecretStr
from werkzeug.serving import make_server

import gateway

sys.path.insert(0, str(Path(__file__).parent))

from sso_flow import LyingProvider, Person

MIGRATIONS = Path(gateway.__file__).parent / "identity" / "migrations"


@pytest.fixture
def connect(identity: Identity) -> Callable[..., str]:
    """Connects a company with a provider and proves a fresh domain of it; returns the domain."""
    records: dict[str, list[str]] = {}
    secret = identity.settings.secret.get_secret_value()
    connections = SsoConnections(Vault(secret), lambda name: records.get(name, []), identity.settings)

    def make(
        company: Any, issuer: str, *, client_id: str = "funia", client_secret: str = "s3cret", domain: str = "",
        sso_only: bool = False, role: str = "viewer",
    ) -> str:  # fmt: skip
        domain = domain or f"d{secrets.token_hex(5)}.example"
        with identity.database.open_work(company.caller()) as work:
            draft = ConnectionDraft(issuer, client_id, client_secret, role, sso_only)
            connections.set(work, draft, etag="")
            row = connections.add_domain(work, domain)
        assert row.verified_at is not None or not connections.is_proven(row)
        records[f"_funia.{domain}"] = ["something else", f"funia-domain={row.proof}"]
        assert connections.is_proven(row)
        with identity.database.open_work(company.caller()) as work:
            connections.mark_verified(work, domain)
        return domain

    return make


@pytest.fixture
def person(site: str) -> Iterator[Person]:
    """A person's browser."""
    with httpx.Client() as http:
        yield Person(site, http)


@pytest.fixture(scope="module")
def liar() -> Iterator[LyingProvider]:
    """A provider whose word the test chooses."""
    provider = LyingProvider()
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def foreign_issuer(ports: Callable[[int], list[int]]) -> Iterator[str]:
    """A provider that others wrote."""
    (port,) = ports(1)
    with foreign_provider(port) as issuer:
        yield issuer


@pytest.fixture(scope="module")
def second_gateway(admin_url: str, ports: Callable[[int], list[int]]) -> Iterator[Any]:
    """A second instance of the gateway with a database and keys of its own."""
    (port,) = ports(1)
    nowhere = "127.0.0.1:1"
    with migrated(admin_url, "identity", MIGRATIONS) as database:
        settings = GatewaySettings(
            database_url=database.app_url,
            owner_database_url=database.owner_url,
            relay_database_url=database.relay_url,
            secret=SecretStr(secrets.token_urlsafe(48)),
            issuer=f"http://127.0.0.1:{port}",
            http_port=port,
            identity_address=nowhere,
            contacts_address=nowhere,
            sales_address=nowhere,
            marketing_address=nowhere,
            support_address=nowhere,
            analytics_address=nowhere,
            password_memory_kib=256,
        )
        app = create_wsgi_app(settings)
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield app
        server.shutdown()
        thread.join()
        server.server_close()
        app.close()
