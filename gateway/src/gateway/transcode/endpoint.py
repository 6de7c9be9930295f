"""One route, ready to serve: HTTP request to message, gRPC call, message to HTTP response.

The hot path of the gateway. Everything that can be known at start is looked up once, here, in the constructor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote

import grpc
import orjson
from chassis.client import TAKES
from chassis.errors import FuniaError, InvalidArgument, Violation
from chassis.repeating import is_unanswered, repeated, service_of
from chassis.status import from_rpc_error
from google.protobuf import message_factory
from google.protobuf.descriptor import FieldDescriptor

from gateway.problems import Headers, request_id_of
from gateway.transcode.bindings import Route
from gateway.transcode.calls import (
    Environ,
    Metadata,
    RequestLimits,
    SessionToken,
    call_metadata,
    if_match_of,
    json_body,
    timeout_of,
    token_of,
)
from gateway.transcode.codec import JsonCodec
from gateway.transcode.decoding import IDENTITY
from gateway.transcode.deprecation import Notices

_ETAG_AHEAD = re.compile(rb'\{"id":"[^"\\]*","etag":"([^"\\]*)"')
_VIEW_SUMMARY = 1  # of every View enum in the contract


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the caller."""

    status: str
    headers: Headers
    body: bytes


class Endpoint:
    """Serves one route over one channel."""

    def __init__(
        self,
        route: Route,
        channel: grpc.Channel,
        codec: JsonCodec,
        *,
        limits: RequestLimits,
        session_token: SessionToken,
        has_location: bool,
    ) -> None:
        self.route = route
        self._codec = codec
        if route.takes_many:
            limits = replace(limits, body_bytes=limits.bulk_body_bytes, call_timeout_s=limits.bulk_call_timeout_s)
        self._limits = limits
        self._service = service_of(route.rpc)
        self._session_token = session_token
        self._public = route.access.public
        self._body = route.body
        self._updates = route.updates
        self._takes_etag = route.takes_etag
        self._has_location = has_location
        self._query_names = frozenset(field.name for field in route.query_fields)
        self._setters = tuple(_path_setter(variable) for variable in route.variables)
        self._request = message_factory.GetMessageClass(route.method.input_type)
        self._response = message_factory.GetMessageClass(route.method.output_type)
        view = self._request.DESCRIPTOR.fields_by_name.get("view")
        self._has_view = view is not None and view.enum_type is not None
        self._summary_by_default = route.method.name.startswith("List")
        self._answers_etag = _is_text(route.method.output_type.fields_by_name.get("etag"))
        self._notices = Notices(route)
        self._status = "201 Created" if route.creates else "200 OK"
        self._body_etag = bool(self._updates and "etag" in self._request.DESCRIPTOR.fields_by_name)
        codec.warm(route.method.input_type)
        codec.warm(route.method.output_type)
        self._takes_json = route.access.read_only and not has_location
        self._call = channel.unary_unary(
            route.rpc,
            request_serializer=self._request.SerializeToString,
            response_deserializer=None if self._takes_json else self._response.FromString,
        )

    def serve(self, environ: Environ, values: Sequence[str]) -> Answer:
        """Answer one request. Raises FuniaError and HttpError; `values` are the variables of the path."""
        token = "" if self._public else token_of(environ, self._session_token, self._limits)
        request_id = request_id_of(environ)
        metadata = call_metadata(environ, request_id, token, self._limits)
        if self._takes_json:
            metadata = (*metadata, TAKES)
        message = self._message(environ, values)
        try:
            response: Any = self._call(message, timeout=timeout_of(environ, self._limits), metadata=metadata)
        except grpc.RpcError as error:
            if not is_unanswered(error) or not (self.route.access.read_only or "HTTP_IDEMPOTENCY_KEY" in environ):
                raise self._as_the_caller_knows_it(from_rpc_error(error)) from None
            response = self._asked_again(message, environ, metadata)
        body, etag = self._content_of(response, summary=self._has_view and self._is_summary(message.view))
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Request-Id", request_id),
        ]
        if etag:
            headers.append(("ETag", f'"{etag}"'))
        if self._has_location:
            headers.append(("Location", f"{environ['PATH_INFO']}/{quote(response.id, safe='')}"))
        if self._notices:
            headers.extend(self._notices.headers(message, token))
        return Answer(self._status, headers, body)

    def _asked_again(self, message: Any, environ: Environ, metadata: Metadata) -> Any:
        """The answer of the process that takes the place of the one that went. For what may be carried out twice."""
        try:
            return repeated(
                lambda: self._call(message, timeout=timeout_of(environ, self._limits), metadata=metadata),
                to=self._service,
                patience_s=self._limits.call_patience_s,
            )
        except grpc.RpcError as error:
            raise self._as_the_caller_knows_it(from_rpc_error(error)) from None

    def _is_summary(self, view: int) -> bool:
        return view == _VIEW_SUMMARY or (not view and self._summary_by_default)

    def _content_of(self, response: Any, *, summary: bool) -> tuple[bytes, str]:
        """The body and the etag of an answer; a message, or bytes of one or of JSON."""
        if self._takes_json:
            if response[:1] == b"{":
                # A service that writes JSON itself has spared us reading and writing every row again.
                return response, _etag_within(response) if self._answers_etag else ""
            response = self._response.FromString(response)
        return self._codec.to_json(response, summary=summary), response.etag if self._answers_etag else ""

    def _as_the_caller_knows_it(self, error: FuniaError) -> FuniaError:
        """Field paths as they stand in the body: the service saw the resource inside of a request."""
        if self._body not in ("", "*"):
            inside = f"{self._body}."
            error.violations = tuple(
                Violation(one.field.removeprefix(inside), one.message, one.reason) for one in error.violations
            )
        return error

    def _message(self, environ: Environ, values: Sequence[str]) -> Any:
        message: Any = self._request()
        query = environ.get("QUERY_STRING")
        if query:
            self._read_query(query, message)
        if self._body:
            self._read_body(environ, message)
        for setter, value in zip(self._setters, values, strict=True):
            setter(message, value)
        if self._takes_etag and "HTTP_IF_MATCH" in environ:
            etag = if_match_of(environ)
            if etag:
                message.etag = etag
        return message

    def _read_query(self, query: str, message: Any) -> None:
        limits = self._limits
        if len(query) > limits.query_bytes or query.count("&") >= limits.query_parameters:
            raise InvalidArgument(
                f"The query is too long: {limits.query_bytes} bytes and {limits.query_parameters} parameters at most.",
                reason="QUERY_TOO_LONG",
            )
        try:
            pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
        except ValueError:
            raise InvalidArgument(
                "The query is not UTF-8. Encode it as %XX of UTF-8.", reason="INVALID_QUERY"
            ) from None
        violations: list[Violation] = []
        known = [pair for pair in pairs if pair[0].partition(".")[0] in self._query_names]
        self._codec.read_texts(known, message, violations)
        for name, _ in pairs:
            if name.partition(".")[0] not in self._query_names:
                names = ", ".join(sorted(self._query_names)) or "none"
                text = f"There is no such parameter. Known here: {names}."
                violations.append(Violation(name[:80], text, "UNKNOWN_PARAMETER"))
        self._codec.refuse(violations)

    def _read_body(self, environ: Environ, message: Any) -> None:
        body = json_body(environ, self._limits)
        if not body:
            return
        value = self._codec.parse(body)
        if self._body == "*":
            self._codec.read(value, message)
            return
        resource = getattr(message, self._body)
        resource.SetInParent()
        self._codec.read(value, resource)
        if self._updates:
            if not message.update_mask.paths:
                message.update_mask.paths.extend(name for name in value if name not in IDENTITY)
            if self._body_etag and not message.etag and value.get("etag"):
                message.etag = value["etag"]


def _etag_within(body: bytes) -> str:
    """The etag of a record that came as JSON. Every resource begins with its id and etag, so one look suffices."""
    found = _ETAG_AHEAD.match(body)
    return found[1].decode() if found else str(orjson.loads(body).get("etag", ""))


def _path_setter(path: str) -> Callable[[Any, str], None]:
    *outer, name = path.split(".")

    def set_nested(message: Any, value: str) -> None:
        for part in outer:
            message = getattr(message, part)
        setattr(message, name, value)

    def set_plain(message: Any, value: str) -> None:
        setattr(message, name, value)

    return set_nested if outer else set_plain


def _is_text(field: FieldDescriptor | None) -> bool:
    return field is not None and field.type == FieldDescriptor.TYPE_STRING and not field.is_repeated
