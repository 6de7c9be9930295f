"""Tools made of the routes whose method names one in the contract: what a model is told, and how a call is carried out.

A call goes through the endpoint of the REST route, so rights, rules and errors are those of the API.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import orjson
from chassis.errors import InvalidArgument, Violation

from gateway.transcode.bindings import ContractError, Route
from gateway.transcode.calls import Environ
from gateway.transcode.endpoint import Endpoint
from gateway.transcode.openapi import body_schema, messages_of, path_of, path_parameters, query_parameters
from gateway.transcode.openapi_schemas import Comments, Schema, SchemaBook

_REFERENCE = "#/components/schemas/"
_KEY = "idempotency_key"
_EXTRAS: Mapping[str, Schema] = {
    "etag": {
        "type": "string",
        "description": "The etag the record had when you read it: the change is refused where it was changed since.",
    },
    _KEY: {
        "type": "string",
        "maxLength": 200,
        "description": "Any unique text. Repeat a call that got no answer with the same text and it is done once.",
    },
}
_PASSED_ON = ("HTTP_AUTHORIZATION", "HTTP_TRACEPARENT", "REMOTE_ADDR", "HTTP_USER_AGENT")


@dataclass(frozen=True, slots=True)
class Tool:
    """One method, ready to be told and called."""

    name: str
    scope: str
    endpoint: Endpoint
    listing: Schema
    """As tools/list tells it."""
    path_names: tuple[str, ...]
    query_names: frozenset[str]

    def call(self, arguments: Mapping[str, Any], asked: Environ) -> bytes:
        """The answer as JSON. Raises FuniaError; `asked` is the request that came with the call."""
        left = {name: value for name, value in arguments.items() if value is not None}
        values = [_path_value(name, left.pop(name, None)) for name in self.path_names]
        environ: Environ = {name: asked[name] for name in _PASSED_ON if name in asked}
        environ |= {key: value for key, value in asked.items() if key.startswith("funia.")}
        route = self.endpoint.route
        environ |= {"REQUEST_METHOD": route.verb, "PATH_INFO": route.template}
        if _KEY in left and not route.access.read_only:
            environ["HTTP_IDEMPOTENCY_KEY"] = str(left.pop(_KEY))
        # Without a body whatever is left must be a parameter; the endpoint refuses the unknown ones by name.
        query = {name: left.pop(name) for name in list(left) if name in self.query_names or not route.body}
        environ["QUERY_STRING"] = urlencode({name: _query_value(value) for name, value in query.items()}, doseq=True)
        if route.body:
            body = orjson.dumps(left)
            environ |= {
                "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": BytesIO(body),
            }
        return self.endpoint.serve(environ, values).body


def read_tools(endpoints: Iterable[Endpoint], comments: Comments) -> dict[str, Tool]:
    """The tools by name, in the order of the contract. Raises ContractError for two of one name."""
    named = [endpoint for endpoint in endpoints if endpoint.route.access.tool]
    book = SchemaBook(comments, messages_of(endpoint.route for endpoint in named))
    tools: dict[str, Tool] = {}
    for endpoint in named:
        name = endpoint.route.access.tool
        if name in tools:
            raise ContractError(f"{endpoint.route.rpc}: another method is the tool {name} already")
        tools[name] = _tool(endpoint, book)
    return tools


def _tool(endpoint: Endpoint, book: SchemaBook) -> Tool:
    route = endpoint.route
    names = path_of(route)[1]
    path = path_parameters(route, names, book)
    query = query_parameters(route, book)
    text = book.comment(route.method.full_name)
    listing = {
        "name": route.access.tool,
        "title": route.access.tool.replace("_", " ").capitalize(),
        "description": text,
        "inputSchema": _input_schema(route, [*path, *query], book),
        "annotations": {
            "readOnlyHint": route.access.read_only,
            "destructiveHint": not route.access.read_only and not route.creates,
            "idempotentHint": route.access.read_only or route.verb in ("PATCH", "PUT", "DELETE"),
            "openWorldHint": False,
        },
    }
    query_names = {one["name"] for one in query} | ({"etag"} if route.takes_etag else set())
    return Tool(
        route.access.tool,
        route.access.scope,
        endpoint,
        listing,
        tuple(names[variable] for variable in route.variables),
        frozenset(query_names),
    )


def _input_schema(route: Route, parameters: Sequence[Mapping[str, Any]], book: SchemaBook) -> Schema:
    """Fields of path, query and body side by side: errors name a field as the caller gave it."""
    properties: dict[str, Schema] = {}
    required: list[str] = []
    for parameter in parameters:
        properties[parameter["name"]] = {**parameter["schema"], **_described(parameter)}
        required += [parameter["name"]] if parameter["required"] else []
    if route.body:
        body = book.schemas[body_schema(route, book)["$ref"].removeprefix(_REFERENCE)]
        if shared := properties.keys() & body["properties"].keys():
            raise ContractError(f"{route.rpc}: the tool has {', '.join(sorted(shared))} twice")
        properties |= body["properties"]
        required += body.get("required", [])
    if route.takes_etag:
        properties["etag"] = _EXTRAS["etag"]
    if not route.access.read_only:
        properties[_KEY] = _EXTRAS[_KEY]
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["required"] = required
    definitions: dict[str, Schema] = {}
    whole = _self_contained(schema, book, definitions)
    return {**whole, "$defs": definitions} if definitions else whole


def _described(parameter: Mapping[str, Any]) -> Schema:
    return {"description": parameter["description"]} if "description" in parameter else {}


def _self_contained(value: Any, book: SchemaBook, definitions: dict[str, Schema]) -> Any:
    """The schema with everything it refers to in `definitions`."""
    if isinstance(value, list):
        return [_self_contained(one, book, definitions) for one in value]
    if not isinstance(value, dict):
        return value
    reference = value.get("$ref")
    if isinstance(reference, str) and reference.startswith(_REFERENCE):
        name = reference.removeprefix(_REFERENCE)
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = _self_contained(book.schemas[name], book, definitions)
        value = {**value, "$ref": f"#/$defs/{name}"}
    return {key: _self_contained(one, book, definitions) for key, one in value.items()}


def _path_value(name: str, value: Any) -> str:
    if isinstance(value, str) and value:
        return value
    message = f"Give {name} as text."
    raise InvalidArgument(
        f"{name}: {message}", reason="INVALID_REQUEST", violations=[Violation(name, message, "REQUIRED")]
    )


def _query_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_query_value(one) for one in value]
    if isinstance(value, str):
        return value
    return orjson.dumps(value).decode()
