"""A migrated identity database with two companies in it, and the gateway over real HTTP."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from chassis.caller import Caller
from chassis.testing.databases import TestDatabase, migrated
from gateway.composition import Identity, build_identity
from gateway.identity.roles import ROLES
from gateway.identity.usecases.accounts import SignUp
from gateway.settings import GatewaySettings
from pydantic import SecretStr

import gateway

PASSWORD = "correct horse battery"
SECRET = secrets.token_urlsafe(48)


@pytest.fixture(scope="session")
def identity_database(admin_url: str) -> Iterator[TestDatabase]:
    """URLs of a migrated database of identity."""
    with migrated(admin_url, "identity", Path(gateway.__file__).parent / "identity" / "migrations") as database:
        yield database


@pytest.fixture(scope="session")
def gateway_settings(identity_database: TestDatabase) -> GatewaySettings:
    """Settings with a cheap password hash, on a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return GatewaySettings(
        database_url=identity_database.app_url,
        owner_database_url=identity_database.owner_url,
        relay_database_url=identity_database.relay_url,
        secret=SecretStr(SECRET),
        issuer=f"http://127.0.0.1:{port}",
        http_port=port,
        password_memory_kib=256,
        database_pool_size=16,
        log_in_per_address=100_000,
        sign_up_per_address=100_000,
    )


@pytest.fixture(scope="session")
def identity(gateway_settings: GatewaySettings) -> Iterator[Identity]:
    """Identity's parts over the test database."""
    built = build_identity(gateway_settings)
    yield built
    built.database.close()


@dataclass(frozen=True)
class Company:
    """A company that signed up, with its owner."""

    tenant_id: UUID
    owner_id: UUID
    email: str
    name: str

    def caller(self, role: str = "owner") -> Caller:
        """The owner as the services see him, with the rights of a role."""
        return Caller(
            tenant_id=self.tenant_id,
            actor_type="user",
            actor_id=self.owner_id,
            scopes=ROLES[role].scopes,
            visibility=ROLES[role].visibility,
            request_id="test",
        )


@pytest.fixture(scope="session")
def new_company(identity: Identity) -> Callable[..., Company]:
    """Signs a company up."""

    def make(name: str = "Acme", email: str = "") -> Company:
        email = email or f"owner-{secrets.token_hex(6)}@example.com"
        form = SignUp(name, "Olga Owner", email, PASSWORD, country_code="BG")
        done = identity.accounts.sign_up(form, address="127.0.0.1")
        return Company(done.tenant.tenant_id, done.user.user_id, email, name)

    return make


@pytest.fixture
def acme(new_company: Callable[..., Company]) -> Company:
    """The company of the test."""
    return new_company("Acme")


@pytest.fixture
def other(new_company: Callable[..., Company]) -> Company:
    """The second company, which must see nothing of the first."""
    return new_company("Other")


@pytest.fixture
def admin(identity_database: TestDatabase) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A superuser's connection to the identity database: sees every row."""
    with psycopg.connect(identity_database.admin_url, autocommit=True) as connection:
        yield connection
