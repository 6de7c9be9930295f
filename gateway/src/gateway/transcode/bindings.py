"""What the protos say about HTTP, read from the descriptors: one Route a binding. Opens nothing, calls nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from chassis.rules import apart_fields, is_update
from funia.type.v1 import options_pb2
from google.api import annotations_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor, MethodDescriptor

_VARIABLE = re.compile(r"\{([a-z_][a-z0-9_.]*)(?:=\*)?\}")
_SEGMENT = re.compile(r"[A-Za-z0-9_.-]+")
_VERBS = ("get", "put", "post", "delete", "patch")


class ContractError(ValueError):
    """The protos say something that cannot be served; the gateway does not start."""


@dataclass(frozen=True, slots=True)
class Route:
    """One HTTP binding of one method."""

    verb: str
    template: str
    segments: tuple[str, ...]  # "*" for a variable
    action: str  # after the colon: "merge"; or ""
    variables: tuple[str, ...]  # field paths, in the order of the template
    body: str  # "*", the name of a field, or ""
    method: MethodDescriptor
    access: options_pb2.Rpc

    @property
    def rpc(self) -> str:
        """Full path of the method in gRPC."""
        return f"/{self.method.containing_service.full_name}/{self.method.name}"

    @property
    def service(self) -> str:
        """Name of the service that answers, such as "contacts"."""
        return str(self.method.containing_service.full_name.split(".")[1])

    @property
    def creates(self) -> bool:
        """Whether success means that something new exists."""
        return self.verb == "POST" and self.method.name.startswith("Create")

    @property
    def updates(self) -> bool:
        """Whether the fields present in the body make the mask where none is given."""
        return self.verb == "PATCH" and self.body not in ("", "*") and is_update(self.method.input_type)

    @property
    def takes_many(self) -> bool:
        """Whether a request may hold a batch of records."""
        return bool(apart_fields(self.method.input_type))

    @property
    def takes_etag(self) -> bool:
        """Whether If-Match means something here."""
        return "etag" in self.method.input_type.fields_by_name

    @property
    def query_fields(self) -> list[FieldDescriptor]:
        """Fields of the request that query parameters fill: neither in the path nor in the body."""
        if self.body == "*":
            return []
        taken = {self.body, *(name for name in self.variables if "." not in name)}
        return [field for field in self.method.input_type.fields if field.name not in taken]


def read_routes(files: Iterable[FileDescriptor]) -> list[Route]:
    """Every HTTP binding of every service in the files.

    Raises ContractError for a method without a scope that is neither public nor internal, a streamed or internal
    method with a route, a route that names unknown fields, and two bindings of one route.
    """
    routes: list[Route] = []
    seen: dict[tuple[str, tuple[str, ...], str], str] = {}
    for file in files:
        for service in file.services_by_name.values():
            for method in service.methods:
                for route in _method_routes(method):
                    key = (route.verb, route.segments, route.action)
                    if key in seen:
                        raise ContractError(f"{route.rpc} and {seen[key]} both bind {route.verb} {route.template}")
                    seen[key] = route.rpc
                    routes.append(route)
    return routes


def access_of(method: MethodDescriptor) -> options_pb2.Rpc:
    """The access rule beside a method; ContractError where there is none or it contradicts itself."""
    access: options_pb2.Rpc = method.GetOptions().Extensions[options_pb2.rpc]
    ways = [bool(access.scope), access.public, access.internal and not access.scope]
    if sum(ways) != 1:
        raise ContractError(
            f"{method.full_name}: give (funia.type.v1.rpc) a scope, or mark the method public or internal"
        )
    return access


def _method_routes(method: MethodDescriptor) -> Iterator[Route]:
    access = access_of(method)
    http: Any = annotations_pb2.http
    if not method.GetOptions().HasExtension(http):
        return
    rule: Any = method.GetOptions().Extensions[http]
    if access.internal:
        raise ContractError(f"{method.full_name} is internal and must not have an HTTP route")
    if method.client_streaming or method.server_streaming:
        raise ContractError(f"{method.full_name} is a stream; its HTTP view is written by hand")
    for binding in (rule, *rule.additional_bindings):
        yield _route(method, access, binding)


def _route(method: MethodDescriptor, access: options_pb2.Rpc, rule: Any) -> Route:
    verb = rule.WhichOneof("pattern")
    if verb not in _VERBS:
        raise ContractError(f"{method.full_name}: the HTTP verb {verb} is not served")
    template: str = getattr(rule, verb)
    path, _, action = template.partition(":")
    segments: list[str] = []
    variables: list[str] = []
    for part in path.removeprefix("/").split("/"):
        variable = _VARIABLE.fullmatch(part)
        if variable is not None:
            variables.append(variable[1])
            segments.append("*")
        elif _SEGMENT.fullmatch(part):
            segments.append(part)
        else:
            raise ContractError(f"{method.full_name}: cannot serve the path {template}")
    _check_fields(method, variables, rule.body, verb)
    return Route(verb.upper(), template, tuple(segments), action, tuple(variables), rule.body, method, access)


def _check_fields(method: MethodDescriptor, variables: list[str], body: str, verb: str) -> None:
    for path in variables:
        descriptor: Descriptor | None = method.input_type
        field: FieldDescriptor | None = None
        for name in path.split("."):
            field = descriptor.fields_by_name.get(name) if descriptor is not None else None
            descriptor = field.message_type if field is not None else None
        if field is None or field.is_repeated or field.type != FieldDescriptor.TYPE_STRING:
            raise ContractError(f"{method.full_name}: the path names {path}, which is no text field of the request")
    if body and verb in ("get", "delete"):
        raise ContractError(f"{method.full_name}: {verb} takes no body")
    if body not in ("", "*"):
        target = method.input_type.fields_by_name.get(body)
        if target is None or target.message_type is None or target.is_repeated:
            raise ContractError(f"{method.full_name}: the body names {body}, which is no message of the request")
