"""What may be filtered: names of fields and their types. Built by hand or from `filterable` in the protos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from funia.type.v1 import options_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from chassis.rules import rules_of


class FieldType(Enum):
    """Type of a field; the value is its name in messages."""

    TEXT = "text"
    NUMBER = "number"
    BOOL = "boolean"
    TIMESTAMP = "time"
    DATE = "day"
    UUID = "id"
    TEXTS = "list of texts"


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """Fields by name. Make one a kind of record and keep it: parsed filters are cached by it."""

    fields: Mapping[str, FieldType]


_NUMBERS = frozenset(
    {
        FieldDescriptor.CPPTYPE_INT32,
        FieldDescriptor.CPPTYPE_INT64,
        FieldDescriptor.CPPTYPE_UINT32,
        FieldDescriptor.CPPTYPE_UINT64,
        FieldDescriptor.CPPTYPE_DOUBLE,
        FieldDescriptor.CPPTYPE_FLOAT,
    }
)


_FORMATS = {options_pb2.FORMAT_UUID: FieldType.UUID, options_pb2.FORMAT_DATE: FieldType.DATE}


def schema_of(descriptor: Descriptor, extra: Mapping[str, FieldType] | None = None) -> Schema:
    """Schema of a message: its fields marked filterable, and `extra` ones that are no plain field of it."""
    fields: dict[str, FieldType] = {}
    for field in descriptor.fields:
        if rules_of(field).filterable:
            fields[field.name] = _type_of(field)
    return Schema({**fields, **(extra or {})})


def _type_of(field: FieldDescriptor) -> FieldType:
    message = field.message_type
    if message is not None and message.full_name == "google.protobuf.Timestamp" and not field.is_repeated:
        return FieldType.TIMESTAMP
    if message is not None and message.full_name == "funia.type.v1.Money" and not field.is_repeated:
        # By its minor units.
        return FieldType.NUMBER
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING and field.is_repeated:
        return FieldType.TEXTS
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        return _FORMATS.get(rules_of(field).format, FieldType.TEXT)
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL and not field.is_repeated:
        return FieldType.BOOL
    if field.cpp_type in _NUMBERS and not field.is_repeated:
        return FieldType.NUMBER
    raise TypeError(f"{field.full_name} cannot be filterable: the filter language has no such type")
