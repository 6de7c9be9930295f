"""Calls of the services on behalf of the person who is logged in: token, deadline and error mapping in one place."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar, cast

import grpc
from chassis.errors import FuniaError
from chassis.repeating import repeated
from chassis.status import from_rpc_error
from flask import current_app, g, request

from gateway.composition import Identity as IdentityParts
from gateway.console.ports import ConsoleServices, Session, Stubs

Q = TypeVar("Q")
A = TypeVar("A")
EXTENSION = "funia-console"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def services() -> ConsoleServices:
    return cast(ConsoleServices, current_app.extensions[EXTENSION])


def parts() -> IdentityParts:
    """Identity itself, for what a person does to the own account and before there is a session."""
    found = services().parts
    assert found is not None, "the console was composed without identity"
    return found


def stubs() -> Stubs:
    return services().stubs()


def session() -> Session:
    """The session of this request; only views behind the log-in may ask."""
    return cast(Session, g.console_session)


def call(rpc: Callable[..., A], message: object, *, idempotency_key: str = "") -> A:
    """One unary call. Raises `FuniaError` for whatever the service refuses."""
    headers = metadata(idempotency_key)
    # A page that is only looked at, and a form with a key, may be asked for twice.
    patience_s = services().call_patience_s if idempotency_key or request.method in SAFE_METHODS else 0.0
    try:
        return repeated(
            lambda: rpc(message, timeout=services().call_timeout_s, metadata=headers),
            to=type(message).__module__.rpartition(".")[0],
            patience_s=patience_s,
        )
    except grpc.RpcError as error:
        raise from_rpc_error(error) from error


def upload(rpc: Callable[..., A], given: object) -> A:
    """One call with the long deadline of uploads: a stream of pieces, or a message whose answer takes its time."""
    try:
        return rpc(given, timeout=services().upload_timeout_s, metadata=metadata(""))
    except grpc.RpcError as error:
        raise from_rpc_error(error) from error


def download(rpc: Callable[..., Iterable[A]], message: object) -> Iterator[A]:
    """One server-streaming call; the first piece is fetched at once, so that a refusal is an error page."""
    try:
        pieces = iter(rpc(message, timeout=services().upload_timeout_s, metadata=metadata("")))
        first = next(pieces, None)
    except grpc.RpcError as error:
        raise from_rpc_error(error) from error

    def rest() -> Iterator[A]:
        if first is not None:
            yield first
        yield from pieces

    return rest()


def metadata(idempotency_key: str) -> tuple[tuple[str, str], ...]:
    """Headers of a call: who asks, and the ids that let logs and repeats be recognised."""
    headers = [
        ("authorization", f"Bearer {session().access_token}"),
        ("x-request-id", request.headers.get("X-Request-Id") or str(uuid.uuid4())),
    ]
    if idempotency_key:
        headers.append(("idempotency-key", idempotency_key))
    if "traceparent" in request.headers:
        headers.append(("traceparent", request.headers["traceparent"]))
    return tuple(headers)


def form_key() -> str:
    """Idempotency key of the form at hand: a double click or a repeated send must not write twice."""
    return request.form.get("form_key", "")[:64] or str(uuid.uuid4())


def allowed(scope: str) -> bool:
    return scope in session().scopes


def try_call(rpc: Callable[..., A], message: object) -> A | None:
    """A call for a part of a page that may be missing; the page says so instead of failing whole."""
    try:
        return call(rpc, message)
    except FuniaError as error:
        current_app.logger.warning("console: a part of the page is missing: %s", error.reason)
        return None
