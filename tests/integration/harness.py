"""The whole platform as its callers see it: companies with real tokens, every method over gRPC, and what is stored.

Black box: it starts the stack, speaks HTTP and gRPC, and reads the databases only to compare before and after.
"""

from __future__ import annotations

import importlib
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import grpc
import httpx
import nats
import psycopg
from chassis.caller import Caller
from chassis.client import channel
from chassis.errors import FuniaError
from chassis.server import RpcRow, rpc_table
from chassis.settings import Settings
from chassis.status import from_rpc_error
from chassis.work import Database, Work
from funia.events.v1.envelope_pb2 import Envelope
from funia_sdk import BadRequest, Funia
from google.protobuf import message_factory
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from local_stack.running_stack import Stack
from psycopg import sql

SERVICES = ("identity", "contacts", "sales", "marketing", "support", "analytics")
OPERATOR = "operator@platform.example"
"""Who signs up with this address and confirms it operates the platform."""
REVIEWER = "reviewer@platform.example"
"""Another operator, who looks at partners' apps."""
_PASSWORD = "correct horse battery staple"
_CALL_TIMEOUT_S = 20.0
_COMMAND_LINE = "funia-cli"
_CALLBACK = "http://127.0.0.1/callback"


def service_descriptors() -> list[ServiceDescriptor]:
    """Every service of the contract, from the generated code."""
    root = Path(importlib.import_module("funia.type.v1.options_pb2").__file__ or "").parents[3]
    modules = sorted(path.relative_to(root).with_suffix("") for path in root.glob("funia/*/v*/*_pb2.py"))
    found = []
    for module in modules:
        descriptor = importlib.import_module(".".join(module.parts)).DESCRIPTOR
        found += descriptor.services_by_name.values()
    return found


@cache
def all_methods() -> dict[str, RpcRow]:
    """Every method of the contract by its path, such as ``/funia.contacts.v1.ContactService/GetContact``."""
    return {row.method: row for row in rpc_table(service_descriptors())}


@dataclass
class Company:
    """A company that signed up, with an OAuth client that may do everything."""

    name: str
    tenant_id: str
    user_id: str
    http: httpx.Client
    client_id: str = ""
    client_secret: str = ""
    scopes: tuple[str, ...] = ()
    record_id: str = ""
    csrf_token: str = ""
    """Of the session that its first person has in `http`."""
    _tokens: dict[tuple[str, ...], tuple[str, float]] = field(default_factory=dict)

    def bearer(self) -> dict[str, str]:
        """The header that lets a call act as the company's client, with a key of its own."""
        return {"Authorization": f"Bearer {self.token()}", "Idempotency-Key": uuid4().hex}

    def token(self, scopes: Sequence[str] | None = None) -> str:
        """An access token of these scopes; of all the client has, where none are named."""
        wanted = tuple(sorted(self.scopes if scopes is None else scopes))
        known = self._tokens.get(wanted)
        if known and known[1] > time.monotonic():
            return known[0]
        secret = b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode("ascii")
        answer = self.http.post(
            "/oauth/token",
            data={"grant_type": "client_credentials", "scope": " ".join(wanted)},
            headers={"Authorization": f"Basic {secret}"},
        )
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        self._tokens[wanted] = (token, time.monotonic() + 300)
        return token


@dataclass
class Person:
    """A person of a company who let the command line app in, as a browser does it: OAuth with PKCE and consent."""

    user_id: str
    http: httpx.Client
    token: str
    refresh_token: str

    def renew(self) -> httpx.Response:
        """Trades the refresh token in; a new access token is kept."""
        form = {"grant_type": "refresh_token", "refresh_token": self.refresh_token, "client_id": _COMMAND_LINE}
        answer = self.http.post("/oauth/token", data=form)
        if answer.is_success:
            self.token, self.refresh_token = answer.json()["access_token"], answer.json()["refresh_token"]
        return answer


class Platform:
    """A running stack and the ways into it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._clients: list[httpx.Client] = []
        self.channels = {name: channel(f"unix:{stack.directory}/run/{name}.sock") for name in SERVICES}

    def sign_up(self, name: str, scopes: Sequence[str]) -> Company:
        """Signs a company up, logs its first person in and registers a client with these scopes."""
        http = httpx.Client(base_url=self.stack.url, timeout=30.0, trust_env=False)
        self._clients.append(http)
        email = f"{uuid4().hex}@{name.lower()}.example"
        form = {"company_name": name, "full_name": f"Boss of {name}", "email": email, "password": _PASSWORD}
        made = _json(http.post("/v1/sign-up", json=form))
        csrf = _json(http.post("/v1/log-in", json={"email": email, "password": _PASSWORD}))["csrf_token"]
        client = _json(
            http.post(
                "/v1/oauth-clients",
                json={"name": "tests", "scopes": list(scopes), "grant_types": ["client_credentials"]},
                headers={"X-CSRF-Token": csrf, "Idempotency-Key": uuid4().hex},
            )
        )
        return Company(
            name, made["tenant"]["id"], made["user"]["id"], http, client["client_id"], client["client_secret"],
            tuple(scopes), csrf_token=csrf,
        )  # fmt: skip

    def second_app(self, company: Company) -> Company:
        """The company by another client, with all scopes of the first; its record is `record_id`."""
        asked = {"name": "second", "scopes": list(company.scopes), "grant_types": ["client_credentials"]}
        made = _json(company.http.post("/v1/oauth-clients", json=asked, headers=company.bearer()))
        return replace(
            company, client_id=made["client_id"], client_secret=made["client_secret"], record_id=made["id"], _tokens={}
        )

    def person(self, company: Company, role: str, scopes: Sequence[str]) -> Person:
        """Adds a person to a company with this role and lets the command line app act for him."""
        email = f"{uuid4().hex}@people.example"
        new = {"email": email, "full_name": f"Person of {company.name}", "role": role, "password": _PASSWORD}
        made = _json(company.http.post("/v1/users", json=new, headers=company.bearer()))
        http = httpx.Client(base_url=self.stack.url, timeout=30.0, trust_env=False)
        self._clients.append(http)
        csrf = _json(http.post("/v1/log-in", json={"email": email, "password": _PASSWORD}))["csrf_token"]
        verifier = token_urlsafe(48)
        asked = {
            "response_type": "code",
            "client_id": _COMMAND_LINE,
            "redirect_uri": _CALLBACK,
            "scope": " ".join(scopes),
            "code_challenge": urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        form = {"csrf_token": csrf, "decision": "allow", "tenant_id": company.tenant_id}
        back = http.post("/oauth/authorize", params=asked, data=form)
        assert back.status_code == 303, back.text
        code = parse_qs(urlsplit(back.headers["Location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": _CALLBACK, "client_id": _COMMAND_LINE}
        tokens = _json(http.post("/oauth/token", data={**form, "code_verifier": verifier}))
        return Person(made["id"], http, tokens["access_token"], tokens["refresh_token"])

    def as_platform(self, company: Company, use_case: Callable[[Work], object]) -> None:
        """Runs a use case of the platform itself on a company; the stack's own relay publishes what it records."""
        database = Database(Settings(database_url=self.stack.database_url("identity")))
        try:
            with database.open_work(Caller.system(UUID(company.tenant_id))) as work:
                use_case(work)
        finally:
            database.close()

    def call(self, method: str, request: Message | Sequence[Message], token: str | None) -> list[Message]:
        """Calls a method of any shape and returns every answer. Raises FuniaError."""
        row = all_methods()[method]
        descriptor = row.descriptor
        answer_class = message_factory.GetMessageClass(descriptor.output_type)
        on = self.channels[method.split(".")[1]]
        shape = "stream" if descriptor.client_streaming else "unary"
        shape += "_stream" if descriptor.server_streaming else "_unary"
        stub = getattr(on, shape)(
            method,
            request_serializer=lambda one: one.SerializeToString(),
            response_deserializer=answer_class.FromString,
        )
        metadata = [("x-request-id", uuid4().hex)]
        if token is not None:
            metadata.append(("authorization", f"Bearer {token}"))
        argument: Any = request if isinstance(request, Message) else list(request)
        if descriptor.client_streaming:
            argument = iter([argument] if isinstance(argument, Message) else argument)
        try:
            answer = stub(argument, metadata=metadata, timeout=_CALL_TIMEOUT_S)
            return list(answer) if descriptor.server_streaming else [answer]
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def outcome(
        self, method: str, request: Message | Sequence[Message], token: str | None
    ) -> list[Message] | FuniaError:
        """The answers, or the error."""
        try:
            return self.call(method, request, token)
        except FuniaError as error:
            return error

    def stored(self, tenant_id: str) -> dict[str, tuple[int, str]]:
        """How many rows every table has of a tenant, and a digest of them."""
        found = {}
        for database in SERVICES:
            with psycopg.connect(self.admin_url(database)) as admin:
                for table, column in _tenant_tables(admin):
                    query = sql.SQL(
                        "SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) "
                        "FROM {} AS t WHERE {} = %s"
                    ).format(sql.Identifier(table), sql.Identifier(column))
                    row = admin.execute(query, [tenant_id]).fetchone()
                    assert row is not None
                    found[f"{database}.{table}"] = (row[0], row[1])
        return found

    def published(self, *tenant_ids: str) -> dict[str, int]:
        """How many events of these tenants the streams hold, by subject."""
        import asyncio

        return asyncio.run(_published(self.stack.nats_url, tenant_ids))

    def settle(self, *tenant_ids: str, timeout_s: float = 60.0) -> dict[str, dict[str, tuple[int, str]]]:
        """Waits until nothing of these tenants is on its way, and returns what is stored."""
        deadline = time.monotonic() + timeout_s
        before: dict[str, dict[str, tuple[int, str]]] = {}
        while time.monotonic() < deadline:
            now = {tenant: self.stored(tenant) for tenant in tenant_ids}
            if now == before and not self.unpublished() and not self.working():
                return now
            before = now
            time.sleep(0.7)
        raise AssertionError(f"the platform does not settle within {timeout_s:.0f} s")

    def unpublished(self) -> int:
        """Events that still lie in an outbox."""
        total = 0
        for database in SERVICES:
            with psycopg.connect(self.admin_url(database)) as admin:
                row = admin.execute("SELECT count(*) FROM outbox WHERE published_at IS NULL").fetchone()
                total += row[0] if row else 0
        return total

    def working(self) -> int:
        """Exports of companies that are being made, and sandboxes that are being filled."""
        with psycopg.connect(self.admin_url("identity")) as admin:
            row = admin.execute(
                "SELECT (SELECT count(*) FROM company_export WHERE state = 'waiting')"
                " + (SELECT count(*) FROM sandbox WHERE state = 'filling')"
            ).fetchone()
            return row[0] if row else 0

    def admin_url(self, database: str) -> str:
        """The administrator's URL of one database."""
        return self.stack.admin_url.rpartition("/")[0] + f"/{database}"

    def close(self) -> None:
        """Closes what was opened."""
        for one in (*self.channels.values(), *self._clients):
            one.close()


async def bury(nats_url: str, subject: str, tenant_id: str, *, error: str) -> Envelope:
    """Puts the newest event of this subject among the dead, as a consumer would that failed on it."""
    client = await nats.connect(nats_url)
    try:
        context = client.jetstream()
        event = await context.get_msg("FUNIA_CONTACTS", subject=subject, direct=True)
        assert event.data is not None
        headers = {"Funia-Subject": subject, "Funia-Error": error}
        await context.publish(f"funia-dead.{tenant_id}.contacts-timeline", event.data, headers=headers)
        return Envelope.FromString(event.data)
    finally:
        await client.close()


def wait_for(what: str, condition: Any, *, timeout_s: float = 30.0) -> Any:
    """The condition's first true value. Fails naming what was waited for."""
    deadline = time.monotonic() + timeout_s
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s:.0f} s: {what}")
        time.sleep(0.1)


def wait_for_field(funia: Funia, field: str) -> None:
    """Waits until contacts know a custom field, which reaches them as an event."""

    def is_known() -> bool:
        try:
            funia.contacts.list(filter=f"{field} != null").first()
        except BadRequest:
            return False
        return True

    wait_for(f"contacts know {field}", is_known)


def texts(messages: Sequence[Message]) -> str:
    """Everything that answers say, for a search through them."""
    return "\n".join(map(str, messages))


def is_empty(message: Message, *, beside: Sequence[str] = ()) -> bool:
    """Whether an answer says nothing, but for the fields named in `beside`."""
    return all(descriptor.name in beside for descriptor, _ in message.ListFields())


def _tenant_tables(admin: psycopg.Connection[Any]) -> Iterator[tuple[str, str]]:
    yield from admin.execute(
        """
        SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
           AND (a.attname = 'tenant_id' OR (c.relname = 'tenant' AND a.attname = 'id')) AND NOT a.attisdropped
         ORDER BY 1
        """
    ).fetchall()


async def _published(nats_url: str, tenant_ids: Sequence[str]) -> dict[str, int]:
    client = await nats.connect(nats_url)
    try:
        context = client.jetstream()
        found: dict[str, int] = {}
        for info in await context.streams_info():
            name = str(info.config.name)
            for tenant in tenant_ids:
                state = (await context.stream_info(name, subjects_filter=f"*.{tenant}.>")).state
                found |= state.subjects or {}
        return found
    finally:
        await client.close()


def _json(answer: httpx.Response) -> Mapping[str, Any]:
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    document: Mapping[str, Any] = answer.json()
    return document
