"""JSON Schemas of messages for the OpenAPI document: one of what is answered, one of what may be sent.

Answers carry every plain field, empty or not, so their schema has no rules; what is sent has the rules of the protos.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from chassis.formats import FORMATS
from chassis.rules import MAP_KEY_MAX_LENGTH, apart_fields, is_update, rules_of
from funia.type.v1 import options_pb2
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from gateway.transcode.deprecation import notice_of
from gateway.transcode.scalars import SAFE_INTEGER, WIDE
from gateway.transcode.wellknown import FIELD_MASK, TIMESTAMP

Schema = dict[str, Any]
Comments = Mapping[str, str]

_FD = FieldDescriptor
_STANDARD_FORMATS = {
    options_pb2.FORMAT_UUID: "uuid",
    options_pb2.FORMAT_EMAIL: "email",
    options_pb2.FORMAT_URL: "uri",
    options_pb2.FORMAT_DATE: "date",
}
_EXAMPLES: dict[str, Any] = {
    "given_name": "Anna",
    "family_name": "Petrova",
    "job_title": "Head of Purchasing",
    "name": "Balkan Steel",
    "email": "anna@example.com",
    "phone": "+359 2 981 1234",
    "number": "+359 2 981 1234",
    "query": "petrva",
    "filter": 'lifecycle_stage = "lead" AND score >= 50',
    "order_by": "created_at desc",
    "update_mask": "given_name,emails",
    "page_size": 50,
    "external_id": "mailchimp:x81",
}


class SchemaBook:
    """Collects the schemas that the document refers to; `schemas` grows as references are asked for."""

    def __init__(self, comments: Comments, messages: Iterable[Descriptor]) -> None:
        self.schemas: dict[str, Schema] = {}
        self._comments = comments
        known = {message.full_name: message.name for message in messages}
        self._ambiguous = {name for name, count in Counter(known.values()).items() if count > 1}

    def answer(self, descriptor: Descriptor) -> Schema:
        """Reference to the schema of a message in an answer."""
        name = self._name(descriptor)
        if name not in self.schemas:
            self.schemas[name] = {}
            fields = list(descriptor.fields)
            self.schemas[name] = self._described(
                descriptor,
                {
                    "type": "object",
                    "properties": {field.name: self._answer_field(field) for field in fields},
                    "required": [field.name for field in fields if not field.has_presence],
                },
            )
        return _reference(name)

    def sent(self, descriptor: Descriptor, *, whole: bool, leave_out: frozenset[str] = frozenset()) -> Schema:
        """Reference to the schema of a message in a body; `whole` demands required fields, a PATCH does not."""
        name = f"{self._name(descriptor)}{'Input' if whole else 'Patch'}"
        if name not in self.schemas:
            self.schemas[name] = {}
            hidden = leave_out.union(apart_fields(descriptor).values())
            fields = [
                field for field in descriptor.fields if field.name not in hidden and not rules_of(field).output_only
            ]
            required = [field.name for field in fields if whole and rules_of(field).required]
            changes = is_update(descriptor)
            schema: Schema = {
                "type": "object",
                "properties": {
                    field.name: self._changed(field) if changes and _is_resource(field) else self.sent_field(field)
                    for field in fields
                },
                "additionalProperties": False,
            }
            if required:
                schema["required"] = required
            self.schemas[name] = self._described(descriptor, schema)
        return _reference(name)

    def sent_field(self, field: FieldDescriptor) -> Schema:
        """Schema of one field as it may be sent, in a body or as a parameter."""
        rules = rules_of(field)
        inner = field.message_type
        if inner is not None and inner.GetOptions().map_entry:
            value = inner.fields_by_name["value"]
            item = self._sent_value(value, rules)
            schema: Schema = {
                "type": "object",
                "additionalProperties": item,
                "propertyNames": {"minLength": 1, "maxLength": MAP_KEY_MAX_LENGTH},
            }
            if rules.max_items:
                schema["maxProperties"] = rules.max_items
        elif field.is_repeated:
            schema = {"type": "array", "items": self._sent_value(field, rules)}
            if rules.required:
                schema["minItems"] = 1
            if rules.max_items:
                schema["maxItems"] = rules.max_items
        else:
            schema = self._sent_value(field, rules)
        return self._with_comment(field, schema, examples=True)

    def _changed(self, field: FieldDescriptor) -> Schema:
        """Schema of a resource inside of an item that changes it: any of its fields, and its id."""
        inner = field.message_type
        assert inner is not None
        name = f"{self._name(inner)}Item"
        if name not in self.schemas:
            self.sent(inner, whole=False)
            patch = self.schemas[f"{self._name(inner)}Patch"]
            identity = {one.name: self.sent_field(one) for one in inner.fields if one.name in ("id", "etag")}
            self.schemas[name] = {**patch, "properties": {**identity, **patch["properties"]}}
        return self._with_comment(field, _reference(name))

    def comment(self, full_name: str) -> str:
        """The comment that stands before an element of the protos."""
        return self._comments.get(full_name, "")

    def _answer_field(self, field: FieldDescriptor) -> Schema:
        inner = field.message_type
        if inner is not None and inner.GetOptions().map_entry:
            value = self._answer_value(inner.fields_by_name["value"])
            schema: Schema = {"type": "object", "additionalProperties": value}
        else:
            schema = self._answer_value(field)
            if field.is_repeated:
                schema = {"type": "array", "items": schema}
        return self._with_comment(field, schema)

    def _answer_value(self, field: FieldDescriptor) -> Schema:
        inner = field.message_type
        if inner is not None:
            return _well_known(inner) or self.answer(inner)
        if field.enum_type is not None:
            return {"type": "string", "enum": [value.name for value in field.enum_type.values]}
        return _scalar(field)

    def _sent_value(self, field: FieldDescriptor, rules: options_pb2.Rules) -> Schema:
        inner = field.message_type
        if inner is not None:
            return _well_known(inner) or self.sent(inner, whole=True)
        if field.enum_type is not None:
            return {"type": "string", "enum": _short_names(field.enum_type)}
        schema = _scalar(field)
        if schema["type"] == "string" and field.type == _FD.TYPE_STRING:
            schema.update(_text_rules(field, rules))
        if rules.HasField("at_least"):
            schema["minimum"] = rules.at_least
        if rules.HasField("at_most"):
            schema["maximum"] = rules.at_most
        return schema

    def _name(self, descriptor: Descriptor) -> str:
        if descriptor.name in self._ambiguous:
            return str(descriptor.full_name.split(".")[1].capitalize() + descriptor.name)
        return str(descriptor.name)

    def _described(self, descriptor: Descriptor, schema: Schema) -> Schema:
        text = self.comment(descriptor.full_name)
        return {"description": text, **schema} if text else schema

    def _with_comment(self, field: FieldDescriptor, schema: Schema, *, examples: bool = False) -> Schema:
        described = dict(schema)
        text = self.comment(field.full_name)
        if text:
            described["description"] = text
        notice = notice_of(field)
        if notice is not None:
            described |= {"deprecated": True, "description": f"{text} {notice.text}"}
            if notice.sunset:
                described["x-sunset"] = notice.sunset.isoformat()
        if examples and "$ref" not in schema:
            example = _example(field)
            if example is not None:
                described["examples"] = [example]
        return described


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _well_known(descriptor: Descriptor) -> Schema | None:
    if descriptor.full_name == TIMESTAMP:
        return {"type": "string", "format": "date-time"}
    if descriptor.full_name == FIELD_MASK:
        return {"type": "string"}
    if descriptor.full_name == "google.protobuf.Struct":
        return {"type": "object"}
    return {} if descriptor.full_name.startswith("google.protobuf.") else None


def _scalar(field: FieldDescriptor) -> Schema:
    if field.type == _FD.TYPE_STRING:
        return {"type": "string"}
    if field.type == _FD.TYPE_BOOL:
        return {"type": "boolean"}
    if field.type == _FD.TYPE_BYTES:
        return {"type": "string", "contentEncoding": "base64"}
    if field.type in (_FD.TYPE_DOUBLE, _FD.TYPE_FLOAT):
        return {"type": "number"}
    unsigned = field.cpp_type in (_FD.CPPTYPE_UINT32, _FD.CPPTYPE_UINT64)
    if field.type in WIDE:
        least, most, name = (0 if unsigned else -SAFE_INTEGER), SAFE_INTEGER, "int64"
    else:
        least, most, name = (0, 2**32 - 1, "int64") if unsigned else (-(2**31), 2**31 - 1, "int32")
    return {"type": "integer", "format": name, "minimum": least, "maximum": most}


def _text_rules(field: FieldDescriptor, rules: options_pb2.Rules) -> Schema:
    schema: Schema = {}
    least = max(rules.min_length, 1 if rules.required or field.is_repeated else 0)
    if least:
        schema["minLength"] = least
    if rules.max_length:
        schema["maxLength"] = rules.max_length
    if rules.one_of:
        schema["enum"] = list(rules.one_of)
    if rules.pattern:
        schema["pattern"] = f"^(?:{rules.pattern})$"
    if rules.format in _STANDARD_FORMATS:
        schema["format"] = _STANDARD_FORMATS[rules.format]
    elif rules.format in (options_pb2.FORMAT_COUNTRY, options_pb2.FORMAT_CURRENCY):
        schema["pattern"] = f"^{FORMATS[rules.format].pattern}$"
    return schema


def _is_resource(field: FieldDescriptor) -> bool:
    inner = field.message_type
    return inner is not None and not field.is_repeated and not inner.full_name.startswith("google.protobuf.")


def _short_names(enum: EnumDescriptor) -> list[str]:
    names = [value.name for value in enum.values if value.number]
    shared = enum.values[0].name.removesuffix("UNSPECIFIED")
    return [name.removeprefix(shared) for name in names]


def _example(field: FieldDescriptor) -> Any:
    rules = rules_of(field)
    example: Any = None
    if field.type == _FD.TYPE_STRING and rules.format:
        example = FORMATS[rules.format].example
    elif field.type == _FD.TYPE_STRING and rules.one_of:
        example = rules.one_of[0]
    elif not field.is_repeated:
        return _EXAMPLES.get(field.name)
    return [example] if field.is_repeated and example is not None else example
