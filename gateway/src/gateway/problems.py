"""Errors as RFC 9457 problem details: what the caller of the public API gets in place of an answer.

Says nothing that the error does not say; what is not an error of ours becomes a 500 with a request id and a log line.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from chassis import dpop
from chassis.errors import FuniaError, Internal, Kind, Violation
from chassis.ids import uuid7
from chassis.status import HTTP_STATUS
from flask import Flask, Response, request
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.any_pb2 import Any as PackedMessage
from google.protobuf.message import Message
from werkzeug.exceptions import HTTPException

CONTENT_TYPE = "application/problem+json"
Headers = list[tuple[str, str]]
EncodeDetail = Callable[[Message], dict[str, Any]]

RETRY_AFTER_KEY = "retry_after_s"  # metadata of an error that knows when to try again
NONCE_KEY = "dpop_nonce"  # metadata of an error that is over with the next proof

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}", re.ASCII)
_REQUEST_ID_KEY = "funia.request_id"
_OUR_FAULT = "Something went wrong on our side. Try again, and tell us the request id if it stays."
_log = logging.getLogger(__name__)


class HttpError(Exception):
    """A refusal that only HTTP knows: unknown route, method, media type."""

    def __init__(self, status: HTTPStatus, reason: str, detail: str, headers: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.reason = reason
        self.detail = detail
        self.headers = list(headers)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A problem ready to be sent."""

    status: HTTPStatus
    headers: Headers
    body: bytes


class ProblemWriter:
    """Turns whatever was raised into a problem; `encode_detail` gives details of errors their JSON form."""

    def __init__(self, encode_detail: EncodeDetail) -> None:
        self._encode_detail = encode_detail

    def render(self, error: BaseException, request_id: str) -> Rendered:
        """The answer to send."""
        if isinstance(error, HttpError):
            return _rendered(error.status, error.reason, error.detail, request_id, headers=error.headers)
        if not isinstance(error, FuniaError):
            _log.error("unexpected error, request_id=%s", request_id, exc_info=error)
            error = Internal(_OUR_FAULT)
        return _rendered(
            HTTP_STATUS[error.kind],
            error.reason,
            error.message or _OUR_FAULT,
            request_id,
            headers=_headers_of(error),
            violations=error.violations,
            details=[detail for detail in map(self._detail, error.details) if detail is not None],
        )

    def _detail(self, detail: Message) -> dict[str, Any] | None:
        message = _unpacked(detail) if isinstance(detail, PackedMessage) else detail
        if message is None:
            return None
        return {"type": message.DESCRIPTOR.full_name, **self._encode_detail(message)}


def request_id_of(environ: dict[str, Any]) -> str:
    """Id of the request: the caller's X-Request-Id where it is well formed, else a new one. Stays the same."""
    known = environ.get(_REQUEST_ID_KEY)
    if known is None:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        known = given if given and _REQUEST_ID.fullmatch(given) else str(uuid7())
        environ[_REQUEST_ID_KEY] = known
    return str(known)


def register_problems(
    app: Flask, writer: ProblemWriter, *, allowed_methods: Callable[[str], Iterable[str]] = lambda _path: ()
) -> None:
    """Make every error of the Flask app a problem. `allowed_methods` knows the methods of transcoded paths."""

    def respond(error: BaseException) -> Response:
        rendered = writer.render(error, request_id_of(request.environ))
        return Response(rendered.body, rendered.status, rendered.headers)

    @app.errorhandler(FuniaError)
    def on_error(error: FuniaError) -> Response:
        return respond(error)

    @app.errorhandler(HttpError)
    def on_http_error(error: HttpError) -> Response:
        return respond(error)

    @app.errorhandler(HTTPException)
    def on_http_exception(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
            return error
        if error.code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
            methods = {*allowed_methods(request.path), *(getattr(error, "valid_methods", None) or ())}
            return respond(unknown_route(request.method, request.path, methods))
        status = HTTPStatus(error.code)
        return respond(HttpError(status, status.name, error.description or status.description))

    @app.errorhandler(Exception)
    def on_unexpected(error: Exception) -> Response:
        return respond(error)


def unknown_route(method: str, path: str, methods: Iterable[str]) -> HttpError:
    """404 where the path is unknown, 405 with the methods it knows where it is not."""
    known = sorted(set(methods))
    if known:
        return HttpError(
            HTTPStatus.METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            f"{method[:20]} is not allowed here. Use {' or '.join(known)}.",
            [("Allow", ", ".join(known))],
        )
    return HttpError(
        HTTPStatus.NOT_FOUND, "ROUTE_NOT_FOUND", f"There is nothing at {path[:200]}. The API is described in /docs."
    )


def _headers_of(error: FuniaError) -> Headers:
    headers: Headers = []
    if error.kind is Kind.UNAUTHENTICATED:
        headers += challenges(error)
    retry_after = error.metadata.get(RETRY_AFTER_KEY, "")
    if retry_after.isdecimal():
        headers.append(("Retry-After", retry_after))
    return headers


def challenges(error: FuniaError) -> Headers:
    """How to come in (RFC 6750, 3 and RFC 9449, 7.1): by a bearer token or a bound one, and what was wrong before."""
    wrong = {"PROOF_INVALID": "invalid_dpop_proof", "PROOF_NEEDS_NONCE": "use_dpop_nonce"}.get(error.reason, "")
    by_proof = f'DPoP realm="funia", algs="{" ".join(dpop.ALGORITHMS)}"'
    if wrong:
        nonce = error.metadata.get(NONCE_KEY, "")
        headers = [("WWW-Authenticate", f'{by_proof}, error="{wrong}"')]
        return [*headers, ("DPoP-Nonce", nonce)] if nonce else headers
    shown = error.reason.startswith("TOKEN_") and error.reason != "TOKEN_MISSING"
    told = ', error="invalid_token"' if shown else ""
    return [("WWW-Authenticate", f'Bearer realm="funia"{told}'), ("WWW-Authenticate", f"{by_proof}{told}")]


def _rendered(
    status: HTTPStatus,
    reason: str,
    detail: str,
    request_id: str,
    *,
    headers: Headers,
    violations: Sequence[Violation] = (),
    details: Sequence[Mapping[str, Any]] = (),
) -> Rendered:
    document: dict[str, Any] = {
        "type": f"urn:funia:problem:{reason.lower().replace('_', '-')}",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "reason": reason,
        "violations": [{"field": one.field, "message": one.message, "reason": one.reason} for one in violations],
        "request_id": request_id,
    }
    if details:
        document["details"] = details
    body = orjson.dumps(document, option=orjson.OPT_UTC_Z)
    return Rendered(
        status,
        [
            ("Content-Type", CONTENT_TYPE),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Request-Id", request_id),
            *headers,
        ],
        body,
    )


def _unpacked(detail: PackedMessage) -> Message | None:
    name = detail.type_url.rpartition("/")[2]
    try:
        descriptor = descriptor_pool.Default().FindMessageTypeByName(name)
    except KeyError:
        _log.warning("an error carried a detail of unknown type %s", name)
        return None
    message: Message = message_factory.GetMessageClass(descriptor)()
    detail.Unpack(message)
    return message
