"""What the servicers share: pages of lists, and the fields that an update names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from chassis.masks import read_mask, set_fields
from chassis.paging import KeyPart, Pager
from chassis.work import Row, Work
from google.protobuf.descriptor import Descriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message


def read_key(pager: Pager, work: Work, binding: Sequence[str], token: str, kind: type) -> tuple[Any, UUID] | None:
    """The keyset position inside a page token, its first part as `kind`; None without a token."""
    if not token:
        return None
    value, row_id = pager.key(work.tenant_id, binding, token)
    return (datetime.fromisoformat(str(value)) if kind is datetime else value), UUID(str(row_id))


def cut(
    pager: Pager, work: Work, binding: Sequence[str], rows: list[Row], size: int, column: str
) -> tuple[list[Row], str]:
    """The rows of the page and the token of the next; `rows` holds one more than the page where there is a next."""
    if len(rows) <= size:
        return rows, ""
    last = rows[size - 1]
    key: list[KeyPart] = [getattr(last, column), last.id]
    return rows[:size], pager.token(work.tenant_id, binding, key)


def changed_fields(mask: FieldMask, resource: Message) -> list[str]:
    """Fields an update changes: those of the mask, else those that are set. Raises InvalidArgument on a bad path."""
    descriptor = cast(Descriptor, resource.DESCRIPTOR)
    read = read_mask(mask, descriptor) if mask.paths else set_fields(resource)
    return sorted(read.names)
