"""The OpenAPI document as one company sees it: with its custom fields in the schemas of its records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import grpc
from chassis.caller import EVERY_FIELD, FieldRights
from chassis.custom_fields import NUMBER_MAX, TEXT_MAX_CHARS
from chassis.errors import PermissionDenied
from chassis.status import from_rpc_error
from chassis.tokens import TokenVerifier
from funia.identity.v1.custom_field_pb2 import CustomField, ListCustomFieldsRequest
from funia.identity.v1.custom_field_pb2_grpc import CustomFieldServiceStub

from gateway.problems import request_id_of
from gateway.transcode.calls import Environ, RequestLimits, SessionToken, call_metadata, token_of

Document = Mapping[str, Any]
FieldsOf = Callable[[Environ], list[CustomField]]

_SCHEMAS = {
    "contact": "Contact",
    "account": "Account",
    "lead": "Lead",
    "deal": "Deal",
    "quote": "Quote",
    "order": "Order",
    "invoice": "Invoice",
}
_FORMS = ("", "Input", "Patch", "Item")
"""Endings of the schemas of a record: answered, created, changed, changed within a batch."""


def fields_of_caller(channel: grpc.Channel, session_token: SessionToken, limits: RequestLimits) -> FieldsOf:
    """Finds the custom fields of the company whose token or session a request carries; none without one.

    A token without the right to read the company gets the document of everybody.
    """
    stub = CustomFieldServiceStub(channel)

    def fields(environ: Environ) -> list[CustomField]:
        if "HTTP_AUTHORIZATION" not in environ and not session_token(environ):
            return []
        token = token_of(environ, session_token, limits)
        metadata = call_metadata(environ, request_id_of(environ), token, limits)
        try:
            answer = stub.ListCustomFields(ListCustomFieldsRequest(), timeout=limits.call_timeout_s, metadata=metadata)
        except grpc.RpcError as error:
            known = from_rpc_error(error)
            if isinstance(known, PermissionDenied):
                return []
            raise known from None
        return list(answer.custom_fields)

    return fields


def rights_of_caller(
    environ: Environ, verifier: TokenVerifier, session_token: SessionToken, limits: RequestLimits
) -> FieldRights:
    """The field rights of whoever asks; none for a stranger."""
    if "HTTP_AUTHORIZATION" not in environ and not session_token(environ):
        return EVERY_FIELD
    return verifier.verify(token_of(environ, session_token, limits)).fields


def with_custom_fields(document: Document, fields: Iterable[CustomField]) -> dict[str, Any]:
    """The document with `custom` of each record described field by field; the given one stays as it is."""
    schemas = dict(document["components"]["schemas"])
    by_object: dict[str, list[CustomField]] = {}
    for one in fields:
        by_object.setdefault(one.object, []).append(one)
    for kind, own in by_object.items():
        for ending in _FORMS:
            name = f"{_SCHEMAS[kind]}{ending}"
            if name in schemas:
                schemas[name] = _described(schemas[name], own, sent=bool(ending), whole=ending == "Input")
    return {**document, "components": {**document["components"], "schemas": schemas}}


def with_field_rights(document: Document, rights: FieldRights) -> dict[str, Any]:
    """The document without the fields that the caller's role hides, and with those it locks marked as such."""
    schemas = dict(document["components"]["schemas"])
    for kind, title in _SCHEMAS.items():
        hidden, locked = rights.hidden_in(kind), rights.unwritable_in(kind)
        for ending in _FORMS:
            name = f"{title}{ending}"
            if name in schemas and locked:
                schemas[name] = _narrowed(schemas[name], hidden, locked, sent=bool(ending))
    return {**document, "components": {**document["components"], "schemas": schemas}}


def _narrowed(
    schema: Document, hidden: frozenset[str], locked: frozenset[str], *, sent: bool, prefix: str = ""
) -> dict[str, Any]:
    gone = locked if sent else hidden
    properties = {
        name: {**one, "readOnly": True} if prefix + name in locked else one
        for name, one in schema["properties"].items()
        if prefix + name not in gone
    }
    if not prefix and "properties" in properties.get("custom", {}):
        properties["custom"] = _narrowed(properties["custom"], hidden, locked, sent=sent, prefix="custom.")
    required = [name for name in schema.get("required", ()) if name in properties]
    return {**schema, "properties": properties, **({"required": required} if "required" in schema else {})}


def _described(schema: Document, fields: Iterable[CustomField], *, sent: bool, whole: bool) -> dict[str, Any]:
    custom: dict[str, Any] = {
        "type": "object",
        "description": schema["properties"]["custom"].get("description", ""),
        "properties": {one.key: _field(one, nullable=sent) for one in fields},
    }
    if sent:
        custom["additionalProperties"] = False
    changed = {**schema, "properties": {**schema["properties"], "custom": custom}}
    required = [one.key for one in fields if one.required]
    if whole and required:
        custom["required"] = required
        changed["required"] = [*schema.get("required", ()), "custom"]
    return changed


def _field(one: CustomField, *, nullable: bool) -> dict[str, Any]:
    schema = _SCHEMA_OF[one.type](one)
    if nullable and not one.required:
        schema = {"anyOf": [schema, {"type": "null"}]}
    return {"title": one.label, **schema}


def _money(_one: CustomField) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "currency_code": {"type": "string", "pattern": "^[A-Z]{3}$"},
            "amount_minor": {"type": "integer", "description": "In minor units, such as cents."},
        },
        "required": ["currency_code", "amount_minor"],
        "additionalProperties": False,
    }


_SCHEMA_OF: dict[str, Callable[[CustomField], dict[str, Any]]] = {
    "text": lambda _: {"type": "string", "maxLength": TEXT_MAX_CHARS},
    "number": lambda _: {"type": "number", "minimum": -NUMBER_MAX, "maximum": NUMBER_MAX},
    "money": _money,
    "date": lambda _: {"type": "string", "format": "date"},
    "boolean": lambda _: {"type": "boolean"},
    "choice": lambda one: {"type": "string", "enum": list(one.options)},
    "choices": lambda one: {
        "type": "array",
        "items": {"type": "string", "enum": list(one.options)},
        "uniqueItems": True,
    },
    "reference": lambda one: {
        "type": "string",
        "format": "uuid",
        "description": f"Id of one of your {one.references}s.",
    },
}
