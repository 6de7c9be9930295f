"""The console served for its tests: the blueprint over the peer, sessions in memory, and a live stream to push to."""

from __future__ import annotations

import dataclasses
import queue
import secrets
import threading
from collections.abc import Iterator, Sequence

import grpc
from chassis.errors import Conflict, Unauthenticated
from flask import Flask, Response
from gateway.console import Company as CompanyRow
from gateway.console import ConsoleServices, Session, SignedIn, Stubs, console_blueprint, error_page
from gateway.console.ports import CompanyChoice
from peer import Company, Peer
from werkzeug.serving import make_server

ALL_SCOPES = frozenset(
    {
        "contacts.read",
        "contacts.write",
        "contacts.import",
        "contacts.export",
        "analytics.read",
        "identity.read",
        "identity.admin",
        "identity.audit",
    }
)
AURORA = "11111111-1111-4111-8111-111111111111"
EMPTY = "22222222-2222-4222-8222-222222222222"
SECOND = "33333333-3333-4333-8333-333333333333"
PASSWORD = "correct horse battery"


class MemoryIdentity:
    """Sessions as the gateway keeps them, in a dictionary."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.sessions: dict[str, Session] = {}
        self.tickets: dict[str, str] = {}
        self.people = {
            "maria@aurora.example": (AURORA, SECOND),
            "new@empty.example": (EMPTY,),
            "ivan@aurora.example": (AURORA,),
        }

    def start(self, email: str, tenant_id: str, **changes: object) -> SignedIn:
        company = self.peer.companies[tenant_id]
        user = company.users[1] if email.startswith("ivan") else company.users[0]
        cookie = secrets.token_urlsafe(24)
        role = "seller" if email.startswith("ivan") else "owner"
        session = Session(
            user_id=user.id,
            user_name=user.full_name,
            email=email,
            tenant_id=tenant_id,
            tenant_name=company.tenant.name,
            tenant_slug=company.tenant.slug,
            role=role,
            locale="",
            access_token=tenant_id,
            csrf_token=secrets.token_urlsafe(32),
            scopes=frozenset({"contacts.read", "contacts.write"}) if role == "seller" else ALL_SCOPES,
            accent_color=company.tenant.accent_color,
            time_zone="Europe/Sofia",
            country_code="BG",
            currency_code="EUR",
        )
        self.sessions[cookie] = dataclasses.replace(session, **changes)  # type: ignore[arg-type]
        return SignedIn(cookie, 3600)

    def sign_up(self, company_name: str, full_name: str, email: str, password: str, locale: str) -> SignedIn:
        if email in self.people:
            raise Conflict("taken", reason="EMAIL_TAKEN")
        tenant_id = secrets.token_hex(8)
        company = self.peer.companies[tenant_id] = Company(tenant_id, 0, 0, seed=len(self.peer.companies) + 50)
        company.tenant.name, company.users[0].full_name = company_name, full_name
        self.people[email] = (tenant_id,)
        return self.start(email, tenant_id)

    def log_in(self, email: str, password: str) -> SignedIn | CompanyChoice:
        if email not in self.people or password != PASSWORD:
            raise Unauthenticated("wrong", reason="WRONG_LOG_IN")
        tenants = self.people[email]
        if len(tenants) == 1:
            return self.start(email, tenants[0])
        ticket = secrets.token_urlsafe(16)
        self.tickets[ticket] = email
        return CompanyChoice(ticket, tuple(self.row(tenant_id) for tenant_id in tenants))

    def row(self, tenant_id: str) -> CompanyRow:
        tenant = self.peer.companies[tenant_id].tenant
        return CompanyRow(tenant_id, tenant.name, tenant.slug, "owner")

    def choose(self, ticket: str, tenant_id: str) -> SignedIn:
        email = self.tickets.pop(ticket, "")
        if tenant_id not in self.people.get(email, ()):
            raise Unauthenticated("wrong", reason="WRONG_LOG_IN")
        return self.start(email, tenant_id)

    def switch(self, cookie: str, tenant_id: str) -> SignedIn:
        session = self.sessions.pop(cookie)
        if tenant_id not in self.people[session.email]:
            raise Unauthenticated("wrong", reason="WRONG_LOG_IN")
        return self.start(session.email, tenant_id, locale=session.locale)

    def companies(self, session: Session) -> Sequence[CompanyRow]:
        return [self.row(tenant_id) for tenant_id in self.people.get(session.email, (session.tenant_id,))]

    def session(self, cookie: str) -> Session | None:
        return self.sessions.get(cookie)

    def set_locale(self, cookie: str, locale: str) -> None:
        self.sessions[cookie] = dataclasses.replace(self.sessions[cookie], locale=locale)

    def end(self, cookie: str) -> None:
        self.sessions.pop(cookie, None)


class Site:
    """A running console. `push` sends an event to every open page."""

    def __init__(self) -> None:
        self.peer = Peer()
        self.peer.companies[AURORA] = Company(AURORA, 260, 48, seed=1)
        self.peer.companies[EMPTY] = Company(EMPTY, 0, 0, seed=2)
        self.peer.companies[EMPTY].tenant.name = "Fresh Start Ltd"
        self.peer.companies[SECOND] = Company(SECOND, 12, 4, seed=3)
        second = self.peer.companies[SECOND].tenant
        second.name, second.accent_color = "Gesellschaft für internationale Handelsbeziehungen mbH", "#f5c518"
        self.identity = MemoryIdentity(self.peer)
        channel = grpc.insecure_channel(f"127.0.0.1:{self.peer.port}")
        stubs = Stubs.over(contacts=channel, sales=channel, support=channel, analytics=channel, identity=channel)
        self.listeners: list[queue.Queue[str]] = []
        self.app = Flask("console_site", static_folder=None)
        services = ConsoleServices(self.identity, lambda: stubs, live_url="/live")
        self.app.register_blueprint(console_blueprint(services))
        self.app.register_error_handler(404, lambda error: error_page(404))
        self.app.add_url_rule("/live", "live", self.live)
        self.app.add_url_rule("/boom", "boom", lambda: error_page(500))
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def live(self) -> Response:
        inbox: queue.Queue[str] = queue.Queue()
        self.listeners.append(inbox)

        def events() -> Iterator[str]:
            yield ": open\n\n"
            while True:
                try:
                    yield f"event: activity\ndata: {inbox.get(timeout=1)}\n\n"
                except queue.Empty:
                    yield ": still here\n\n"

        return Response(events(), mimetype="text/event-stream")

    def push(self) -> None:
        for inbox in self.listeners:
            inbox.put("{}")

    def stop(self) -> None:
        self.server.shutdown()
        self.peer.stop()


__all__ = ["AURORA", "EMPTY", "PASSWORD", "SECOND", "Site"]
