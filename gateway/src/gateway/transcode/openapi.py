"""The OpenAPI 3.1 document of the public API, made of the same routes that are served.

Paths of views written by hand are given by whoever writes them. Every status that a method can answer is in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files

from chassis.rules import rules_of
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from gateway.transcode.bindings import Route
from gateway.transcode.deprecation import notice_of
from gateway.transcode.openapi_parts import (
    ABOUT,
    ALWAYS,
    HEADERS,
    MAY_WAIT,
    PROBLEM_SCHEMA,
    PROBLEM_STATUSES,
    SHARED_PARAMETERS,
    Document,
)
from gateway.transcode.openapi_schemas import Comments, SchemaBook
from gateway.transcode.wellknown import FIELD_MASK, TIMESTAMP


def read_comments() -> Comments:
    """Comments of the protos by full name, as written beside the generated code."""
    comments: dict[str, str] = json.loads(files("funia").joinpath("comments.json").read_text(encoding="utf-8"))
    return comments


def build_openapi(
    routes: Iterable[Route],
    *,
    issuer: str,
    version: str,
    comments: Comments | None = None,
    extra_paths: Mapping[str, Document] | None = None,
    extra_schemas: Mapping[str, Document] | None = None,
    scope_texts: Mapping[str, str] | None = None,
) -> Document:
    """The document. `extra_paths` and `extra_schemas` are those of hand-written views; `scope_texts` tell of scopes."""
    routes = list(routes)
    book = SchemaBook(read_comments() if comments is None else comments, messages_of(routes))
    paths: dict[str, Document] = {}
    for route in routes:
        path, names = path_of(route)
        paths.setdefault(path, {})[route.verb.lower()] = _operation(route, names, book)
    for path, operations in (extra_paths or {}).items():
        paths.setdefault(path, {}).update(operations)
    used = sorted({route.access.scope for route in routes if route.access.scope})
    scopes = {scope: (scope_texts or {}).get(scope, scope) for scope in used}
    schemas = {**book.schemas, **(extra_schemas or {})}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Funia API", "version": version, "description": ABOUT},
        "servers": [{"url": issuer}],
        "tags": _tags(routes, book),
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {**dict(sorted(schemas.items())), "Problem": PROBLEM_SCHEMA},
            "responses": {name: _problem_response(name, text) for name, text in PROBLEM_STATUSES.values()},
            "parameters": SHARED_PARAMETERS,
            "headers": HEADERS,
            "securitySchemes": {"oauth2": _oauth(issuer, scopes)},
        },
    }


def messages_of(routes: Iterable[Route]) -> list[Descriptor]:
    """Every message that the routes take or answer, with those inside of them."""
    found: dict[str, Descriptor] = {}

    def visit(descriptor: Descriptor) -> None:
        if descriptor.full_name in found or descriptor.full_name.startswith("google."):
            return
        found[descriptor.full_name] = descriptor
        for field in descriptor.fields:
            if field.message_type is not None:
                visit(field.message_type)

    for route in routes:
        visit(route.method.input_type)
        visit(route.method.output_type)
    return list(found.values())


def path_of(route: Route) -> tuple[str, dict[str, str]]:
    """Path as OpenAPI shows it, and the shown name of each variable: contact.id is plain id where that is clear."""
    short = [variable.rpartition(".")[2] for variable in route.variables]
    names = dict(zip(route.variables, short if len(set(short)) == len(short) else route.variables, strict=True))
    remaining = iter(route.variables)
    parts = [f"{{{names[next(remaining)]}}}" if segment == "*" else segment for segment in route.segments]
    return "/" + "/".join(parts) + (f":{route.action}" if route.action else ""), names


def _operation(route: Route, names: Mapping[str, str], book: SchemaBook) -> Document:
    method = route.method
    text = book.comment(method.full_name)
    operation: Document = {
        "operationId": f"{route.service}_{method.name}",
        "summary": text.partition(". ")[0].rstrip(".") or method.name,
        "description": text,
        "tags": [_tag(route)],
        "parameters": [
            *path_parameters(route, names, book),
            *query_parameters(route, book),
            *_header_parameters(route),
        ],
        "responses": _responses(route, book),
        "security": [] if route.access.public else [{"oauth2": [route.access.scope]}],
    }
    notice = notice_of(method)
    if notice is not None:
        operation |= {"deprecated": True, "x-deprecation": notice.text}
        operation["description"] = f"{text} {notice.text}"
        if notice.sunset:
            operation["x-sunset"] = notice.sunset.isoformat()
    if route.body:
        operation["requestBody"] = {
            "required": route.body != "*" or bool(_body_needs_fields(route)),
            "content": {"application/json": {"schema": body_schema(route, book)}},
        }
    return operation


def body_schema(route: Route, book: SchemaBook) -> Document:
    """Reference to the schema of a route's body."""
    request = route.method.input_type
    if route.body == "*":
        return book.sent(request, whole=True, leave_out=frozenset(name for name in route.variables if "." not in name))
    resource = request.fields_by_name[route.body].message_type
    assert resource is not None
    return book.sent(resource, whole=not route.updates)


def _body_needs_fields(route: Route) -> list[str]:
    return [
        field.name
        for field in route.method.input_type.fields
        if field.name not in route.variables and rules_of(field).required
    ]


def path_parameters(route: Route, names: Mapping[str, str], book: SchemaBook) -> list[Document]:
    """The variables of the path, under their shown names."""
    parameters: list[Document] = []
    for variable in route.variables:
        descriptor: Descriptor | None = route.method.input_type
        field: FieldDescriptor | None = None
        for name in variable.split("."):
            assert descriptor is not None
            field = descriptor.fields_by_name[name]
            descriptor = field.message_type
        assert field is not None
        schema = {"minLength": 1, **book.sent_field(field)}
        parameters.append({"name": names[variable], "in": "path", "required": True, **_lifted(schema)})
    return parameters


def query_parameters(route: Route, book: SchemaBook) -> list[Document]:
    """Parameters that a query may hold."""
    parameters: list[Document] = []
    for field in route.query_fields:
        inner = field.message_type
        if (inner is not None and inner.full_name not in (TIMESTAMP, FIELD_MASK)) or field.name == "etag":
            continue
        parameters.append(
            {
                "name": field.name,
                "in": "query",
                "required": bool(rules_of(field).required),
                **_lifted(book.sent_field(field)),
            }
        )
    return parameters


def _lifted(schema: Document) -> Document:
    """A parameter's description and example stand beside its schema."""
    lifted: Document = {}
    for name in ("description", "deprecated", "x-sunset"):
        if name in schema:
            lifted[name] = schema.pop(name)
    lifted["schema"] = schema
    return lifted


def _header_parameters(route: Route) -> list[Document]:
    names = []
    if not route.access.read_only:
        names.append("IdempotencyKey")
    if route.takes_etag:
        names.append("IfMatch")
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def _responses(route: Route, book: SchemaBook) -> Document:
    headers = {
        "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
        "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
        "RateLimit": {"$ref": "#/components/headers/RateLimit"},
    }
    if "etag" in route.method.output_type.fields_by_name:
        headers["ETag"] = {"$ref": "#/components/headers/ETag"}
    if route.creates:
        headers["Location"] = {"$ref": "#/components/headers/Location"}
    success = {
        "description": book.comment(route.method.output_type.full_name) or "Done.",
        "headers": headers,
        "content": {"application/json": {"schema": book.answer(route.method.output_type)}},
    }
    statuses = [*ALWAYS]
    if not route.access.public:
        statuses += ["401", "403"]
    if not route.access.read_only:
        statuses += ["409", "422"]
    if route.body:
        statuses += ["413", "415"]
    problems = {
        status: {"$ref": f"#/components/responses/{PROBLEM_STATUSES[status][0]}"} for status in sorted(statuses)
    }
    if route.access.may_wait:
        problems["409"] = {**problems["409"], "description": MAY_WAIT}
    return {"201" if route.creates else "200": success, **problems}


def _problem_response(name: str, text: str) -> Document:
    headers = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
    if name == "TooManyRequests":
        shown = {"Retry-After": "RetryAfter", "RateLimit-Policy": "RateLimitPolicy", "RateLimit": "RateLimit"}
        headers |= {header: {"$ref": f"#/components/headers/{key}"} for header, key in shown.items()}
    return {
        "description": text,
        "headers": headers,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _tags(routes: Iterable[Route], book: SchemaBook) -> list[Document]:
    tags: dict[str, str] = {}
    for route in routes:
        tags.setdefault(_tag(route), book.comment(route.method.containing_service.full_name))
    return [{"name": name, "description": text} for name, text in tags.items()]


def _tag(route: Route) -> str:
    """Name of the group, such as "Customer search"; with the service where several have one of that name."""
    name = route.method.containing_service.name.removesuffix("Service")
    words = re.findall(r"[A-Z][a-z0-9]*", name)
    shown = [route.service, *words] if name == "Customer" else words
    return " ".join(shown).capitalize()


def _oauth(issuer: str, scopes: Mapping[str, str]) -> Document:
    return {
        "type": "oauth2",
        "description": "OAuth 2.1: authorization code with PKCE (S256) for people, client credentials for programs.",
        "flows": {
            "authorizationCode": {
                "authorizationUrl": f"{issuer}/oauth/authorize",
                "tokenUrl": f"{issuer}/oauth/token",
                "refreshUrl": f"{issuer}/oauth/token",
                "scopes": dict(scopes),
            },
            "clientCredentials": {"tokenUrl": f"{issuer}/oauth/token", "scopes": dict(scopes)},
        },
    }
