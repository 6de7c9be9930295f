"""A migrated identity database with two companies in it, and the gateway over real HTTP."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from aiosmtpd.controller import Controller
from chassis.caller import Caller
from chassis.server import Server
from chassis.testing.databases import TestDatabase, migrated
from gateway.app import PublicApp, create_wsgi_app
from gateway.composition import Identity, build_identity
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import user as users
from gateway.identity.roles import ROLES
from gateway.identity.usecases.accounts import SignUp
from gateway.settings import GatewaySettings
from gateway.worker import identity_services
from local_stack.ports import free_port
from pydantic import SecretStr
from werkzeug.serving import make_server

import gateway

PASSWORD = "correct horse battery"
OPERATOR = "operator@example.com"
SECRET = secrets.token_urlsafe(48)


@pytest.fixture(scope="session")
def identity_database(admin_url: str) -> Iterator[TestDatabase]:
    """URLs of a migrated database of identity."""
    with migrated(admin_url, "identity", Path(gateway.__file__).parent / "identity" / "migrations") as database:
        yield database


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago, all different, and none of those the kernel gives to connections."""
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return list(ports)


@pytest.fixture(scope="session")
def gateway_settings(identity_database: TestDatabase) -> GatewaySettings:
    """Settings with a cheap password hash, on a port that was free a moment ago."""
    port, live_port, identity_port = free_ports(3)
    nowhere = "127.0.0.1:1"
    return GatewaySettings(
        database_url=identity_database.app_url,
        owner_database_url=identity_database.owner_url,
        relay_database_url=identity_database.relay_url,
        secret=SecretStr(SECRET),
        issuer=f"http://127.0.0.1:{port}",
        http_port=port,
        live_port=live_port,
        listen=f"127.0.0.1:{identity_port}",
        identity_address=f"127.0.0.1:{identity_port}",
        contacts_address=nowhere,
        sales_address=nowhere,
        marketing_address=nowhere,
        support_address=nowhere,
        analytics_address=nowhere,
        # Races and foreign checkers ask faster than people; what holds them back has tests of its own.
        rate_tenant_turns=16,
        rate_scim_per_s=1_000,
        rate_scim_burst=5_000,
        password_memory_kib=256,
        database_pool_size=16,
        log_in_per_address=100_000,
        sso_private_addresses=True,
        sso_keys_again_s=0.0,
        sign_up_per_address=100_000,
        operators=OPERATOR,
    )


@pytest.fixture(scope="session")
def identity(gateway_settings: GatewaySettings) -> Iterator[Identity]:
    """Identity's parts over the test database."""
    built = build_identity(gateway_settings)
    yield built
    built.database.close()


@pytest.fixture
def kept_keys(identity: Identity, public_app: PublicApp) -> Iterator[None]:
    """Puts the keys back that a test takes away."""
    identity.keys.prepare()
    with open_platform_work(identity.database) as platform:
        rows = platform.raw.execute("SELECT * FROM signing_key").fetchall()
    yield
    with open_platform_work(identity.database) as platform:
        platform.raw.execute("DELETE FROM signing_key")
        for row in rows:
            platform.raw.execute(
                "INSERT INTO signing_key (kid, public_jwk, private_jwe, created_at, replaced_at, use_from)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (row.kid, row.public_jwk, row.private_jwe, row.created_at, row.replaced_at, row.use_from),
            )
    for process in (identity, public_app.identity):
        # Else it would sign, for half a minute more, by a key that nobody else has.
        process.keys._loaded = None


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
    """Signs a company up; the address of its owner counts as confirmed where the test does not say otherwise."""

    def make(name: str = "Acme", email: str = "", *, confirmed: bool = True) -> Company:
        email = email or f"owner-{secrets.token_hex(6)}@example.com"
        form = SignUp(name, "Olga Owner", email, PASSWORD, country_code="BG")
        done = identity.accounts.sign_up(form, address="127.0.0.1")
        if confirmed:
            with open_platform_work(identity.database) as platform:
                users.confirm_email(platform, done.user.user_id)
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


@pytest.fixture(scope="session")
def identity_server(identity: Identity) -> Iterator[None]:
    """Identity's gRPC server on its address."""
    server = Server(identity.settings, identity.database, identity.verifier, identity_services(identity))
    server.start()
    yield
    server.stop()


@pytest.fixture(scope="session")
def public_app(gateway_settings: GatewaySettings, identity_server: None) -> Iterator[PublicApp]:
    """The public app, all of it."""
    app = create_wsgi_app(gateway_settings)
    yield app
    app.close()


@pytest.fixture(scope="session")
def site(public_app: PublicApp, gateway_settings: GatewaySettings) -> Iterator[str]:
    """The address of the gateway, served over real HTTP."""
    server = make_server("127.0.0.1", gateway_settings.http_port, public_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield gateway_settings.issuer
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Browser:
    """A person's browser with a session cookie."""

    site: str
    http: httpx.Client
    csrf_token: str = ""

    def log_in(self, company: Company) -> Browser:
        """Logs the owner of a company in."""
        asked = {"email": company.email, "password": PASSWORD, "tenant_id": str(company.tenant_id)}
        answer = self.http.post(f"{self.site}/v1/log-in", json=asked)
        assert answer.status_code == 200, answer.text
        self.csrf_token = answer.json()["csrf_token"]
        return self

    def agree(self, url: str, company: Company, decision: str = "allow", **more: Any) -> httpx.Response:
        """Opens a consent page and answers its form; returns the redirect to the client.

        A yes that is remembered is the redirect at once.
        """
        page = self.http.get(url)
        if page.status_code == 303 and decision == "allow":
            return page
        assert page.status_code == 200, page.text
        assert self.csrf_token in page.text
        form = {"csrf_token": self.csrf_token, "decision": decision, "tenant_id": str(company.tenant_id)}
        return self.http.post(url, data=form | more)


@pytest.fixture
def browser(site: str) -> Iterator[Browser]:
    """A browser that has not logged in."""
    with httpx.Client() as http:
        yield Browser(site, http)


@pytest.fixture(scope="session")
def ports() -> Callable[[int], list[int]]:
    """Gives free ports."""
    return free_ports


@dataclass
class Mailbox:
    """What the server took. `answers` are given instead of 250, one a mail, while there are any."""

    url: str = ""
    taken: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer

    def to(self, address: str) -> list[EmailMessage]:
        """Mails taken for an address."""
        return [message for message in self.taken if message["To"] == address]


@pytest.fixture
def mailbox(ports: Any) -> Iterator[Mailbox]:
    """An SMTP server that keeps what it takes."""
    box = Mailbox()
    (port,) = ports(1)
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    server.stop()
