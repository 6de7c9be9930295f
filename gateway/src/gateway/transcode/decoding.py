"""JSON values and query parameters into protobuf messages, by tables compiled from the descriptors once.

Unknown names, wrong types and bad values become violations that name the path in the JSON; nothing is skipped.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from chassis.errors import Violation
from chassis.rules import apart_fields, is_update
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from gateway.transcode.scalars import Read, Wrong, json_reader, kind_of, read_mask, read_time, text_reader
from gateway.transcode.wellknown import DURATION, FIELD_MASK, LOOSE, TIMESTAMP

SetValue = Callable[[Any, Any, str, list[Violation]], None]
ReadMessage = Callable[[Any, Any, str, list[Violation]], None]

WRONG_TYPE = "WRONG_TYPE"
UNKNOWN_FIELD = "UNKNOWN_FIELD"
IDENTITY = ("id", "etag")
"""Of a resource: set by the path and by If-Match, never by a mask."""
REPEATED_PARAMETER = "REPEATED_PARAMETER"


class DecodePlans:
    """The compiled tables by full name of the message."""

    def __init__(self) -> None:
        self._plans: dict[str, DecodePlan] = {}

    def plan(self, descriptor: Descriptor) -> DecodePlan:
        """The table of this message type."""
        plan = self._plans.get(descriptor.full_name)
        if plan is None:
            plan = self._plans[descriptor.full_name] = DecodePlan(descriptor, self)
            plan.compile()
        return plan


class DecodePlan:
    """How each field of one message type is read."""

    def __init__(self, descriptor: Descriptor, plans: DecodePlans) -> None:
        self._descriptor = descriptor
        self._plans = plans
        self._fields: dict[str, SetValue] = {}
        self._oneofs: list[list[str]] = []

    def compile(self) -> None:
        """Build the table; apart from the constructor because a type may hold itself."""
        apart = apart_fields(self._descriptor)
        for field in self._descriptor.fields:
            if field.name in apart:
                self._fields[field.name] = self._apart_setter(field, apart[field.name])
            elif field.name not in apart.values():
                self._fields[field.name] = self._setter(field)
        for oneof in self._descriptor.oneofs:
            names = [field.name for field in oneof.fields]
            if len(names) > 1:
                self._oneofs.append(names)

    def read_object(self, message: Any, value: Any, path: str, violations: list[Violation]) -> None:
        """Fill the message from a JSON object found at `path`."""
        if type(value) is not dict:
            violations.append(Violation(path, f"Expected an object, got {kind_of(value)}.", WRONG_TYPE))
            return
        fields = self._fields
        for name, item in value.items():
            setter = fields.get(name)
            if setter is None:
                violations.append(self._unknown(path, name))
            elif item is not None:
                setter(message, item, f"{path}.{name}" if path else name, violations)
        for names in self._oneofs:
            given = [name for name in names if value.get(name) is not None]
            if len(given) > 1:
                where = f"{path}.{given[1]}" if path else given[1]
                violations.append(Violation(where, f"Only one of {', '.join(names)} may be given.", "ONE_OF"))

    def read_text(self, message: Any, name: str, text: str, seen: set[str], violations: list[Violation]) -> None:
        """Fill one field from a query parameter; the name may be dotted, a repeated field adds an item."""
        descriptor, target, parts = self._descriptor, message, name.split(".")
        for depth, part in enumerate(parts[:-1]):
            field = descriptor.fields_by_name.get(part)
            inner = None if field is None or field.is_repeated else field.message_type
            if inner is None or _is_value(inner):
                violations.append(self._unknown(".".join(parts[:depth]), part))
                return
            descriptor, target = inner, getattr(target, part)
        field = descriptor.fields_by_name.get(parts[-1])
        if field is None or (field.message_type is not None and not _is_text(field.message_type)):
            violations.append(self._unknown(".".join(parts[:-1]), parts[-1], descriptor))
            return
        if "\0" in text:
            violations.append(Violation(name, "Leave out the NUL character.", "INVALID_TEXT"))
            return
        if name in seen and not field.is_repeated:
            violations.append(Violation(name, "Give this parameter once only.", REPEATED_PARAMETER))
            return
        seen.add(name)
        try:
            _set_text(target, field, text)
        except Wrong as wrong:
            violations.append(Violation(name, str(wrong), WRONG_TYPE))

    def _unknown(self, path: str, name: str, descriptor: Descriptor | None = None) -> Violation:
        known = [field.name for field in descriptor.fields] if descriptor else list(self._fields)
        snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name[:80])
        near = get_close_matches(snake, known, n=1, cutoff=0.7)
        hint = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(known) or 'none'}."
        where = f"{path}.{name[:80]}" if path else name[:80]
        return Violation(where, f"There is no such field. {hint}", UNKNOWN_FIELD)

    def _setter(self, field: FieldDescriptor) -> SetValue:
        inner = field.message_type
        if inner is not None and inner.GetOptions().map_entry:
            return self._map_setter(field)
        if inner is not None:
            read = self._message_reader(inner)
            return _message_list_setter(field.name, read) if field.is_repeated else _message_setter(field.name, read)
        if field.is_repeated:
            return _scalar_list_setter(field.name, json_reader(field))
        if field.type == FieldDescriptor.TYPE_STRING:
            return _text_setter(field.name)
        return _scalar_setter(field.name, json_reader(field))

    def _message_reader(self, descriptor: Descriptor) -> ReadMessage:
        if descriptor.full_name == TIMESTAMP:
            return _read_timestamp
        if descriptor.full_name == FIELD_MASK:
            return _read_mask
        if descriptor.full_name == DURATION or descriptor.full_name in LOOSE:
            return _read_loose
        if descriptor.full_name.startswith("google.protobuf."):
            raise TypeError(f"{descriptor.full_name} has no JSON form in this API")
        return self._plans.plan(descriptor).read_object

    def _apart_setter(self, field: FieldDescriptor, told_in: str) -> SetValue:
        """Items each of which may be wrong by itself; those that change a resource get their mask here."""
        inner = field.message_type
        assert inner is not None
        read = self._message_reader(inner)
        resource = next((one.name for one in inner.fields if _is_resource(one)), "") if is_update(inner) else ""

        def read_item(item: Any, value: Any, path: str, wrong: list[Violation]) -> None:
            read(item, value, path, wrong)
            if resource and type(value) is dict and not item.update_mask.paths:
                given = value.get(resource)
                if type(given) is dict:
                    item.update_mask.paths.extend(name for name in given if name not in IDENTITY)

        set_list = _message_list_setter(field.name, read_item)

        def set_apart(message: Any, value: Any, path: str, violations: list[Violation]) -> None:
            if type(value) is not list:
                set_list(message, value, path, violations)
                return
            wrong: list[Violation] = []
            set_list(message, value, path, wrong)
            told = getattr(message, told_in)
            for one in wrong:
                told.add(field=one.field, message=one.message, reason=one.reason)

        return set_apart

    def _map_setter(self, field: FieldDescriptor) -> SetValue:
        entry_type = field.message_type
        assert entry_type is not None
        entry = entry_type.fields_by_name
        name, inner = field.name, entry["value"].message_type
        read_key = text_reader(entry["key"])
        read_value = json_reader(entry["value"]) if inner is None else None
        read_message = self._message_reader(inner) if inner is not None else None

        def set_map(message: Any, value: Any, path: str, violations: list[Violation]) -> None:
            if type(value) is not dict:
                violations.append(Violation(path, f"Expected an object, got {kind_of(value)}.", WRONG_TYPE))
                return
            target = getattr(message, name)
            for key, item in value.items():
                where = f"{path}.{key[:80]}"
                try:
                    if read_message is not None:
                        read_message(target[read_key(key)], item, where, violations)
                    elif read_value is not None:
                        target[read_key(key)] = read_value(item)
                except Wrong as wrong:
                    violations.append(Violation(where, str(wrong), WRONG_TYPE))

        return set_map


def _text_setter(name: str) -> SetValue:
    def set_text(message: Any, value: Any, path: str, violations: list[Violation]) -> None:
        if type(value) is str:
            setattr(message, name, value)
        else:
            violations.append(Violation(path, f"Expected a text, got {kind_of(value)}.", WRONG_TYPE))

    return set_text


def _scalar_setter(name: str, read: Read) -> SetValue:
    def set_scalar(message: Any, value: Any, path: str, violations: list[Violation]) -> None:
        try:
            setattr(message, name, read(value))
        except Wrong as wrong:
            violations.append(Violation(path, str(wrong), WRONG_TYPE))

    return set_scalar


def _scalar_list_setter(name: str, read: Read) -> SetValue:
    def set_list(message: Any, value: Any, path: str, violations: list[Violation]) -> None:
        if type(value) is not list:
            violations.append(Violation(path, f"Expected a list, got {kind_of(value)}.", WRONG_TYPE))
            return
        target = getattr(message, name)
        for index, item in enumerate(value):
            try:
                target.append(read(item))
            except Wrong as wrong:
                violations.append(Violation(f"{path}[{index}]", str(wrong), WRONG_TYPE))

    return set_list


def _message_setter(name: str, read: ReadMessage) -> SetValue:
    def set_message(message: Any, value: Any, path: str, violations: list[Violation]) -> None:
        target = getattr(message, name)
        target.SetInParent()
        read(target, value, path, violations)

    return set_message


def _message_list_setter(name: str, read: ReadMessage) -> SetValue:
    def set_messages(message: Any, value: Any, path: str, violations: list[Violation]) -> None:
        if type(value) is not list:
            violations.append(Violation(path, f"Expected a list, got {kind_of(value)}.", WRONG_TYPE))
            return
        target = getattr(message, name)
        for index, item in enumerate(value):
            read(target.add(), item, f"{path}[{index}]", violations)

    return set_messages


def _read_timestamp(message: Any, value: Any, path: str, violations: list[Violation]) -> None:
    try:
        message.seconds, message.nanos = read_time(value)
    except Wrong as wrong:
        violations.append(Violation(path, str(wrong), WRONG_TYPE))


def _read_mask(message: Any, value: Any, path: str, violations: list[Violation]) -> None:
    try:
        message.paths.extend(read_mask(value))
    except Wrong as wrong:
        violations.append(Violation(path, str(wrong), WRONG_TYPE))


def _read_loose(message: Any, value: Any, path: str, violations: list[Violation]) -> None:
    try:
        json_format.ParseDict(value, message)
    except (json_format.ParseError, ValueError, TypeError) as error:
        violations.append(Violation(path, f"Expected a {message.DESCRIPTOR.name}: {str(error)[:200]}", WRONG_TYPE))


def _is_resource(field: FieldDescriptor) -> bool:
    return field.message_type is not None and not field.is_repeated and not _is_value(field.message_type)


def _is_value(descriptor: Descriptor) -> bool:
    return bool(descriptor.GetOptions().map_entry) or descriptor.full_name.startswith("google.protobuf.")


def _is_text(descriptor: Descriptor) -> bool:
    return descriptor.full_name in (TIMESTAMP, FIELD_MASK)


def _set_text(target: Any, field: FieldDescriptor, text: str) -> None:
    if field.message_type is None:
        value = text_reader(field)(text)
        if field.is_repeated:
            getattr(target, field.name).append(value)
        else:
            setattr(target, field.name, value)
        return
    inner = getattr(target, field.name).add() if field.is_repeated else getattr(target, field.name)
    if field.message_type.full_name == TIMESTAMP:
        inner.seconds, inner.nanos = read_time(text)
    else:
        inner.paths.extend(read_mask(text))
