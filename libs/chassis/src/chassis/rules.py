"""Field rules written beside the fields, compiled into checkers once per message type.

A checker reads a message and lists what breaks a rule; it changes nothing and asks no database. Values of
output-only fields are not checked but cleared, by `clear_output_only` (AIP-203).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from funia.type.v1 import options_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.errors import Violation
from chassis.value_rules import Problem, time_problem, value_problem

Check = Callable[[Any, str, list[Violation]], None]

MAP_KEY_MAX_LENGTH = 120
_TIMESTAMP = Timestamp.DESCRIPTOR.full_name
_REQUIRED = "REQUIRED"
_KEPT_IN_UPDATES = frozenset({"id", "etag"})


def violations(message: Message) -> list[Violation]:
    """What in the message breaks a rule, in field order; fields are paths such as ``contact.emails[0].address``.

    In a request with an update_mask, a required field of the resource counts only where the mask names it.
    """
    found: list[Violation] = []
    checker(_descriptor(message))(message, "", found)
    return found


def rules_of(field: FieldDescriptor) -> options_pb2.Rules:
    """The rules beside a field; empty where there are none."""
    rules: options_pb2.Rules = field.GetOptions().Extensions[options_pb2.rules]
    return rules


def is_update(descriptor: Descriptor) -> bool:
    """Whether a request changes part of a resource: it has an update_mask."""
    mask = descriptor.fields_by_name.get("update_mask")
    return mask is not None and mask.message_type is not None and mask.message_type.full_name == _MASK_NAME


def apart_fields(descriptor: Descriptor) -> dict[str, str]:
    """Lists whose items are judged one by one, each with the field that tells what could not be read of them."""
    return {field.name: rules_of(field).judged_apart for field in descriptor.fields if rules_of(field).judged_apart}


@cache
def checker(descriptor: Descriptor) -> Check:
    """The compiled checker of a message type."""
    if is_update(descriptor):
        return _update_check(descriptor)
    return _all_of([check for field in descriptor.fields for check in _field_checks(field)])


def clear_output_only(request: Message) -> None:
    """Drop values that only the server sets. In updates the resource keeps its id and etag."""
    descriptor = _descriptor(request)
    _clearer(descriptor, is_update(descriptor))(request)


_MASK_NAME = FieldMask.DESCRIPTOR.full_name


def _descriptor(message: Message) -> Descriptor:
    descriptor: Any = message.DESCRIPTOR  # the stubs know two classes of it
    return cast(Descriptor, descriptor)


def _all_of(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]
    steps = tuple(checks)

    def check_all(message: Any, prefix: str, found: list[Violation]) -> None:
        for step in steps:
            step(message, prefix, found)

    return check_all


def _update_check(descriptor: Descriptor) -> Check:
    checks: list[Check] = []
    for field in descriptor.fields:
        if field.message_type is None or field.is_repeated or _is_leaf(field.message_type):
            checks.extend(_field_checks(field))
        else:
            checks.append(_resource_check(field, field.message_type))
    return _all_of(checks)


def _resource_check(field: FieldDescriptor, resource: Descriptor) -> Check:
    """The resource of an update: required and immutable fields are judged by the mask, the rest as always."""
    checks: list[Check] = []
    required, immutable = [], []
    for inner in resource.fields:
        rules = rules_of(inner)
        if not rules.output_only or inner.name in _KEPT_IN_UPDATES:
            checks.extend(_field_checks(inner, required=False, output_only=True))
        if rules.required and not rules.output_only:
            required.append((inner.name, _is_empty(inner)))
        if rules.immutable:
            immutable.append(inner.name)
    check_values = _all_of(checks)
    name, must = field.name, rules_of(field).required

    def check(message: Any, prefix: str, found: list[Violation]) -> None:
        if not message.HasField(name):
            if must:
                found.append(Violation(prefix + name, "This must be given.", _REQUIRED))
            return
        value = getattr(message, name)
        check_values(value, f"{prefix}{name}.", found)
        if not required and not immutable:
            return
        named = {path.partition(".")[0] for path in message.update_mask.paths}
        for inner_name, is_empty in required:
            if (inner_name in named or "*" in named) and is_empty(value):
                found.append(Violation(f"{prefix}{name}.{inner_name}", "This must not be empty.", _REQUIRED))
        for inner_name in immutable:
            if inner_name in named:
                text = f'"{inner_name}" is set at creation and stays. Take it out of the mask.'
                found.append(Violation(f"{prefix}update_mask", text, "IMMUTABLE"))

    return check


def _is_empty(field: FieldDescriptor) -> Callable[[Any], bool]:
    name = field.name
    if field.has_presence:
        return lambda message: not message.HasField(name)
    return lambda message: not getattr(message, name)


def _field_checks(field: FieldDescriptor, *, required: bool = True, output_only: bool = False) -> list[Check]:
    rules = rules_of(field)
    if rules.output_only and not output_only:
        return []
    checks: list[Check] = []
    if rules.required and required:
        checks.append(_required_check(field))
    inner = field.message_type
    if inner is not None and inner.GetOptions().map_entry:
        checks.append(_map_check(field.name, inner, rules))
    elif field.is_repeated:
        checks.extend(_list_checks(field, rules))
    elif inner is None:
        problem = value_problem(field, rules, item=False)
        if problem is not None:
            checks.append(_value_check(field.name, problem))
    elif inner.full_name == _TIMESTAMP:
        checks.append(_present_check(field.name, time_problem))
    elif not _is_leaf(inner):
        checks.append(_message_check(field.name, inner))
    return checks


def _list_checks(field: FieldDescriptor, rules: options_pb2.Rules) -> list[Check]:
    checks: list[Check] = []
    inner = field.message_type
    if rules.max_items:
        checks.append(_count_check(field.name, rules.max_items))
    if rules.judged_apart:
        return checks
    if inner is None:
        problem = value_problem(field, rules, item=True)
        if problem is not None:
            checks.append(_items_check(field.name, problem))
    elif inner.full_name == _TIMESTAMP:
        checks.append(_items_check(field.name, time_problem))
    elif not _is_leaf(inner):
        checks.append(_messages_check(field.name, inner))
    return checks


def _is_leaf(descriptor: Descriptor) -> bool:
    return descriptor.full_name.startswith("google.protobuf.")


def _required_check(field: FieldDescriptor) -> Check:
    name, is_empty = field.name, _is_empty(field)

    def check(message: Any, prefix: str, found: list[Violation]) -> None:
        if is_empty(message):
            found.append(Violation(prefix + name, "This must be given.", _REQUIRED))

    return check


def _value_check(name: str, problem: Problem) -> Check:
    def check(message: Any, prefix: str, found: list[Violation]) -> None:
        value = getattr(message, name)
        if value:
            wrong = problem(value)
            if wrong is not None:
                found.append(Violation(prefix + name, *wrong))

    return check


def _present_check(name: str, problem: Problem) -> Check:
    def check(message: Any, prefix: str, found: list[Violation]) -> None:
        if message.HasField(name):
            wrong = problem(getattr(message, name))
            if wrong is not None:
                found.append(Violation(prefix + name, *wrong))

    return check


def _items_check(name: str, problem: Problem) -> Check:
    def check(message: Any, prefix: str, found: list[Violation]) -> None:
        for index, value in enumerate(getattr(message, name)):
            wrong = problem(value)
            if wrong is not None:
                found.append(Violation(f"{prefix}{name}[{index}]", *wrong))

    return check


def _message_check(name: str, descriptor: Descriptor) -> Check:
    def check(message: Any, prefix: str, found: list[Violation]) -> None:
        if message.HasField(name):
            checker(descriptor)(getattr(message, name), f"{prefix}{name}.", found)

    return check


def _messages_check(name: str, descriptor: Descriptor) -> Check:
    def check(message: Any, prefix: str, found: list[Violation]) -> None:
        for index, item in enumerate(getattr(message, name)):
            checker(descriptor)(item, f"{prefix}{name}[{index}].", found)

    return check


def _count_check(name: str, most: int) -> Check:
    def check(message: Any, prefix: str, found: list[Violation]) -> None:
        count = len(getattr(message, name))
        if count > most:
            found.append(Violation(prefix + name, f"{count} items are too many: {most} at most.", "TOO_MANY"))

    return check


def _map_check(name: str, descriptor: Descriptor, rules: options_pb2.Rules) -> Check:
    most = rules.max_items
    entry = descriptor.fields_by_name["value"]
    problem = value_problem(entry, rules, item=False) if entry.message_type is None else None
    inner = entry.message_type if entry.message_type is not None and not _is_leaf(entry.message_type) else None

    def check(message: Any, prefix: str, found: list[Violation]) -> None:
        values = getattr(message, name)
        if not values:
            return
        if most and len(values) > most:
            found.append(Violation(prefix + name, f"{len(values)} items are too many: {most} at most.", "TOO_MANY"))
        for key, value in values.items():
            if type(key) is str and (not key or len(key) > MAP_KEY_MAX_LENGTH or "\0" in key):
                text = f"A key has 1 to {MAP_KEY_MAX_LENGTH} characters and no NUL."
                found.append(Violation(f"{prefix}{name}", text, "INVALID_KEY"))
            elif inner is not None:
                checker(inner)(value, f"{prefix}{name}.{key}.", found)
            elif problem is not None and (wrong := problem(value)) is not None:
                found.append(Violation(f"{prefix}{name}.{key}", *wrong))

    return check


@cache
def _clearer(descriptor: Descriptor, update: bool, keep: frozenset[str] = frozenset()) -> Callable[[Any], None]:
    """Compiled `clear_output_only` of a type; `update` keeps id and etag one level down, in the resource."""
    names: list[str] = []
    inner: list[tuple[str, bool, Descriptor]] = []
    for field in descriptor.fields:
        nested = field.message_type
        rules = rules_of(field)
        if rules.output_only:
            if field.name not in keep:
                names.append(field.name)
        elif rules.judged_apart:
            continue
        elif nested is not None and not _is_leaf(nested) and _has_output_only(nested, frozenset()):
            inner.append((field.name, field.is_repeated, nested))
    keep_inside = _KEPT_IN_UPDATES if update else frozenset()

    def clear(message: Any) -> None:
        for name in names:
            message.ClearField(name)
        for name, repeated, nested in inner:
            clear_inside = _clearer(nested, False, keep_inside)
            if repeated:
                for item in getattr(message, name):
                    clear_inside(item)
            elif message.HasField(name):
                clear_inside(getattr(message, name))

    return clear


def _has_output_only(descriptor: Descriptor, seen: frozenset[str]) -> bool:
    if descriptor.full_name in seen or descriptor.GetOptions().map_entry:
        return False
    seen = seen | {descriptor.full_name}
    nested = [field.message_type for field in descriptor.fields if field.message_type is not None]
    return any(rules_of(field).output_only for field in descriptor.fields) or any(
        not _is_leaf(one) and _has_output_only(one, seen) for one in nested
    )
