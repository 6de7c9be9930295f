"""Which values an update request changes."""

from __future__ import annotations

from typing import Any

from chassis.masks import read_mask, set_fields
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message


def masked(resource: Message, mask: FieldMask, fields: tuple[str, ...]) -> dict[str, Any]:
    """Values of the fields that a request changes."""
    descriptor: Any = resource.DESCRIPTOR  # the stubs know two classes of it
    chosen = read_mask(mask, descriptor) if mask.paths else set_fields(resource)
    return {name: getattr(resource, name) for name in fields if name in chosen}
