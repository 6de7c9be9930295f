"""Field rights: which fields of main records a caller's role hides, and which it lets nobody change.

A field is named by its record, ``contact.score`` or ``account.custom.margin``. The rights ride in the token beside the
visibility. What a message shows of a record is written beside its fields in the protos, so new records join by that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any, cast

from funia.type.v1 import options_pb2
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from chassis.caller import FieldRights
from chassis.errors import PermissionDenied, Violation
from chassis.rules import is_update, rules_of

CUSTOM = "custom"
_NEVER_GOVERNED = frozenset({"id", "etag", CUSTOM})
_KEPT_MASKS = 1024

Hide = Callable[[Any], None]
Look = Callable[[Any, str, list[tuple[str, str]]], None]


def record_of(descriptor: Descriptor) -> options_pb2.Record:
    """What a message says of the main record that it is; its object is empty where it is none."""
    record: options_pb2.Record = descriptor.GetOptions().Extensions[options_pb2.record]
    return record


def governable(descriptor: Descriptor) -> list[str]:
    """Fields of a main record that a role may hide or lock, custom ones not counted."""
    shown = _NEVER_GOVERNED.union(record_of(descriptor).always_shown)
    return [one.name for one in descriptor.fields if one.name not in shown and not rules_of(one).output_only]


def hide(answer: Any, rights: FieldRights) -> None:
    """Takes what the role hides out of a message, wherever in it a record stands."""
    clear = _hider(answer.DESCRIPTOR, rights.hidden)
    if clear is not None:
        clear(answer)


def shown_names(names: Iterable[str], descriptor: Descriptor, rights: FieldRights) -> list[str]:
    """Those names of changed fields, in an event with this payload, that the role does not hide."""
    kind = record_of(descriptor).object
    told = {field.name: _told_by(descriptor, field) for field in descriptor.fields}
    return [name for name in names if rights.hidden.isdisjoint(told.get(name) or [f"{kind}.{name}"])]


def hidden_details(details: Iterable[Any], rights: FieldRights) -> list[Any]:
    """As `hide`, for the details of an error; packed ones come from another service, which hid them itself."""
    kept = list(details)
    for detail in kept:
        if not isinstance(detail, AnyMessage):
            hide(detail, rights)
    return kept


def refuse_forbidden(request: Message, rights: FieldRights, *, read_only: bool) -> None:
    """Raises PermissionDenied naming each field that the request asks for or writes and the role forbids.

    A request that only reads may name what is locked, but nothing that is hidden: it would answer by what it finds.
    """
    forbidden = rights.hidden if read_only else rights.unwritable
    named: list[tuple[str, str]] = []
    _looker(cast(Any, request.DESCRIPTOR))(request, "", named)
    refuse_named(((path, field) for path, field in named if field in forbidden), rights)


def refuse_named(named: Iterable[tuple[str, str]], rights: FieldRights) -> None:
    """Raises PermissionDenied where there is any: pairs of a place in the request and the field it names."""
    violations = [_violation(path, field, rights) for path, field in named]
    if violations:
        first = violations[0]
        raise PermissionDenied(
            f"{first.field}: {first.message}",
            reason=first.reason,
            violations=violations,
            metadata={"fields": " ".join(one.field for one in violations)},
        )


def _violation(path: str, field: str, rights: FieldRights) -> Violation:
    if field in rights.hidden:
        return Violation(path, f"Your role does not show {field}. Leave it out.", "FIELD_HIDDEN")
    return Violation(path, f"Your role does not let you change {field}. Leave it out.", "FIELD_READ_ONLY")


@lru_cache(_KEPT_MASKS)
def _hider(descriptor: Descriptor, hidden: frozenset[str]) -> Hide | None:
    """What clears a message of the type; None where there is nothing of a record in it."""
    if not _tells(descriptor):
        return None
    record = record_of(descriptor)
    steps: list[Hide] = []
    for field in descriptor.fields:
        if any(one in hidden for one in _told_by(descriptor, field)):
            steps.append(_clear(field.name))
        elif record.object and field.name == CUSTOM:
            prefix = f"{record.object}.{CUSTOM}."
            keys = sorted(one.removeprefix(prefix) for one in hidden if one.startswith(prefix))
            if keys:
                steps.append(_drop_keys(keys))
        elif field.message_type is not None and _tells(field.message_type):
            steps.append(_within(field, hidden))
    if any(f"{record.object}.{one}" in hidden for one in record.name_falls_back_to):
        steps.append(_clear_stand_in(record))
    return _each(steps)


def _each(steps: list[Hide]) -> Hide:
    def hide_all(message: Any) -> None:
        for step in steps:
            step(message)

    return hide_all


def _clear(name: str) -> Hide:
    return lambda message: message.ClearField(name)


def _drop_keys(keys: list[str]) -> Hide:
    def drop(message: Any) -> None:
        if message.HasField(CUSTOM):
            for key in keys:
                message.custom.fields.pop(key, None)
            if not message.custom.fields:
                message.ClearField(CUSTOM)

    return drop


def _clear_stand_in(record: options_pb2.Record) -> Hide:
    """A record without a name is shown by something that the role hides."""
    names, shown = tuple(record.always_shown), record.shown_name

    def clear(message: Any) -> None:
        if not any(getattr(message, name) for name in names):
            message.ClearField(shown)

    return clear


def _within(field: FieldDescriptor, hidden: frozenset[str]) -> Hide:
    name, inner = field.name, field.message_type
    assert inner is not None

    def into_list(message: Any) -> None:
        clear = _hider(inner, hidden)
        if clear is not None:
            for item in getattr(message, name):
                clear(item)

    def into_one(message: Any) -> None:
        clear = _hider(inner, hidden)
        if clear is not None and message.HasField(name):
            clear(getattr(message, name))

    return into_list if field.is_repeated else into_one


def _told_by(descriptor: Descriptor, field: FieldDescriptor) -> list[str]:
    """Fields of records that a value tells."""
    revealed = list(rules_of(field).reveals)
    if revealed:
        return revealed
    record = record_of(descriptor)
    return [f"{record.object}.{field.name}"] if record.object and field.name not in record.always_shown else []


@cache
def _tells(descriptor: Descriptor) -> bool:
    """Whether a message holds anything of a record. Types that hold themselves tell nothing of their own accord."""
    return _tells_below(descriptor, frozenset())


def _tells_below(descriptor: Descriptor, above: frozenset[str]) -> bool:
    if descriptor.full_name in above:
        return False
    if record_of(descriptor).object or any(rules_of(field).reveals for field in descriptor.fields):
        return True
    inside = above | {descriptor.full_name}
    return any(
        field.message_type is not None
        and not field.message_type.full_name.startswith("google.protobuf.")
        and _tells_below(field.message_type, inside)
        for field in descriptor.fields
    )


@cache
def _looker(descriptor: Descriptor) -> Look:
    """What gathers the fields of records that a request names, each with its place in the request."""
    record = record_of(descriptor)
    resources = [
        field
        for field in descriptor.fields
        if field.message_type is not None and not field.is_repeated and record_of(field.message_type).object
    ]
    asked = [(field.name, list(rules_of(field).reveals)) for field in descriptor.fields if rules_of(field).reveals]
    masked = is_update(descriptor)

    def look(request: Any, prefix: str, named: list[tuple[str, str]]) -> None:
        for name, reveals in asked:
            if getattr(request, name):
                named += [(prefix + name, one) for one in reveals]
        if record.object:
            _look_at_record(request, record.object, prefix, (), named)
        for field in resources:
            if request.HasField(field.name):
                inner = cast(Descriptor, field.message_type)
                paths = tuple(request.update_mask.paths) if masked else ()
                resource = getattr(request, field.name)
                _look_at_record(resource, record_of(inner).object, f"{prefix}{field.name}.", paths, named)

    return look


def _look_at_record(
    resource: Any, kind: str, prefix: str, paths: tuple[str, ...], named: list[tuple[str, str]]
) -> None:
    """What a record in a request sets: what the mask names, else every field with a value."""
    names = {path.partition(".")[0] for path in paths} or {field.name for field, _ in resource.ListFields()}
    if "*" in names:
        names = {field.name for field in resource.DESCRIPTOR.fields if not rules_of(field).output_only}
    named += [(prefix + name, f"{kind}.{name}") for name in sorted(names - _NEVER_GOVERNED)]
    if CUSTOM in names:
        keys = {path.partition(".")[2] for path in paths if path.startswith(f"{CUSTOM}.")}
        if not keys and resource.HasField(CUSTOM):
            keys = set(resource.custom.fields)
        named += [(f"{prefix}{CUSTOM}.{key}", f"{kind}.{CUSTOM}.{key}") for key in sorted(keys)]
