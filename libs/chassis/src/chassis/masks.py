"""Update masks: which fields of a resource a request changes (AIP-134, AIP-161).

A subset of AIP-161: names, dotted names into single messages, keys of maps, and "*". Repeated fields change as a
whole. Knows which fields a caller may not write; knows no storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from google.protobuf.descriptor import Descriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from chassis.errors import InvalidArgument, Violation
from chassis.rules import rules_of

MAX_PATHS = 100
_CACHED_MASKS = 1024
_NEVER_WRITTEN = frozenset({"id", "etag"})


@dataclass(frozen=True, slots=True)
class UpdateMask:
    """A checked mask. `paths` are the fields to change, each as its parts, in the order of the fields."""

    paths: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> frozenset[str]:
        """Top-level fields that change."""
        return frozenset(path[0] for path in self.paths)

    def __contains__(self, name: object) -> bool:
        return any(path[0] == name for path in self.paths)

    def __bool__(self) -> bool:
        return bool(self.paths)

    def apply(self, source: Message, target: Message) -> None:
        """Copy the named fields from source to target; what is unset in source is cleared in target."""
        for path in self.paths:
            _copy(source, target, path)


def read_mask(mask: FieldMask, descriptor: Descriptor, *, field: str = "update_mask") -> UpdateMask:
    """Check a mask against the resource it speaks of.

    Output-only fields, id and etag are left out without a word (AIP-203). Raises InvalidArgument, reason
    INVALID_MASK, naming each path that does not exist.
    """
    return _read(tuple(mask.paths), descriptor, field)


def set_fields(resource: Message) -> UpdateMask:
    """The mask of a request that has none: every field with a value (AIP-134)."""
    return _read(tuple(field.name for field, _ in resource.ListFields()), resource.DESCRIPTOR, "update_mask")


@lru_cache(_CACHED_MASKS)
def _read(paths: tuple[str, ...], descriptor: Descriptor, field: str) -> UpdateMask:
    if len(paths) > MAX_PATHS:
        raise InvalidArgument(f"{field} names {len(paths)} fields: {MAX_PATHS} at most.", reason="INVALID_MASK")
    if "*" in paths:
        if len(paths) > 1:
            _refuse(field, [Violation(field, '"*" stands alone: name fields, or everything.', "INVALID_MASK")])
        paths = tuple(known.name for known in descriptor.fields)
    violations: list[Violation] = []
    chosen: dict[tuple[str, ...], None] = {}
    for path in paths:
        parts = tuple(path.split("."))
        problem = _problem(parts, descriptor)
        if problem:
            violations.append(Violation(field, problem, "INVALID_MASK"))
        elif parts[0] not in _NEVER_WRITTEN and not _is_output_only(parts, descriptor):
            chosen[parts] = None
    _refuse(field, violations)
    kept = [parts for parts in chosen if not any(parts[:depth] in chosen for depth in range(1, len(parts)))]
    order = {known.name: known.number for known in descriptor.fields}
    return UpdateMask(tuple(sorted(kept, key=lambda parts: (order[parts[0]], parts))))


def _refuse(field: str, violations: list[Violation]) -> None:
    if violations:
        raise InvalidArgument(f"{field}: {violations[0].message}", reason="INVALID_MASK", violations=violations)


def _problem(parts: tuple[str, ...], descriptor: Descriptor) -> str:
    """Why the path leads nowhere, or "" where it leads to a field."""
    name, rest = parts[0], parts[1:]
    known = descriptor.fields_by_name.get(name)
    if known is None:
        names = [one.name for one in descriptor.fields]
        near = get_close_matches(name, names, n=1, cutoff=0.7)
        hint = f'did you mean "{near[0]}"?' if near else f"known are: {', '.join(names)}."
        return f'There is no field "{name[:120]}" in {descriptor.name}; {hint}'
    if not rest:
        return ""
    nested = known.message_type
    if nested is not None and nested.GetOptions().map_entry:
        one_key = len(rest) == 1 and rest[0] and nested.fields_by_name["key"].type == known.TYPE_STRING
        return "" if one_key else f'"{".".join(parts)[:120]}" does not name one key of "{name}".'
    if known.is_repeated:
        return f'"{".".join(parts)[:120]}" reaches into a list; name "{name}" to change it as a whole.'
    if nested is None or nested.full_name.startswith("google.protobuf."):
        return f'"{name}" has no fields of its own.'
    return _problem(rest, nested)


def _is_output_only(parts: tuple[str, ...], descriptor: Descriptor) -> bool:
    inside: Descriptor | None = descriptor
    for name in parts:
        known = inside.fields_by_name.get(name) if inside is not None else None
        if known is None:
            return False
        if rules_of(known).output_only:
            return True
        inside = known.message_type
    return False


def _copy(source: Any, target: Any, path: tuple[str, ...]) -> None:
    name = path[0]
    known = source.DESCRIPTOR.fields_by_name[name]
    nested = known.message_type
    if len(path) == 1:
        _copy_field(source, target, name, repeated=known.is_repeated, presence=known.has_presence)
    elif nested.GetOptions().map_entry:
        _copy_key(
            getattr(source, name), getattr(target, name), path[1], nested=nested.fields_by_name["value"].message_type
        )
    elif source.HasField(name) or target.HasField(name):
        _copy(getattr(source, name), getattr(target, name), path[1:])


def _copy_field(source: Any, target: Any, name: str, *, repeated: bool, presence: bool) -> None:
    target.ClearField(name)
    if repeated:
        getattr(target, name).MergeFrom(getattr(source, name))
    elif not presence:
        setattr(target, name, getattr(source, name))
    elif source.HasField(name):
        value = getattr(source, name)
        if isinstance(value, Message):
            getattr(target, name).CopyFrom(value)
        else:
            setattr(target, name, value)


def _copy_key(source: Any, target: Any, key: str, *, nested: Descriptor | None) -> None:
    if key not in source:
        target.pop(key, None)
    elif nested is None:
        target[key] = source[key]
    else:
        target[key].CopyFrom(source[key])
