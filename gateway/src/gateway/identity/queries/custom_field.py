"""Statements on custom fields."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped
from chassis.work import Row, Work
from sqlalchemy import bindparam, insert, or_
from sqlalchemy import literal_column as sql

from gateway.identity.model.custom_field import KEPT_MAX, CustomField

_GET = prepare(scoped(CustomField).where(CustomField.id == bindparam("id")).with_for_update())
_READ = prepare(scoped(CustomField).where(CustomField.id == bindparam("id")))
_LIST = prepare(
    scoped(CustomField)
    .where(
        or_(bindparam("every", type_=CustomField.archived.type), CustomField.object == bindparam("object")),
        or_(bindparam("archived_too", type_=CustomField.archived.type), CustomField.archived.is_(False)),
    )
    .order_by(CustomField.object, CustomField.position, CustomField.id)
    .limit(sql(str(KEPT_MAX * 4)))
)
_INSERT = prepare(insert(CustomField))
_UPDATE = text(
    """
    UPDATE custom_field SET label = %(label)s, options = %(options)s, required = %(required)s,
        searchable = %(searchable)s, position = %(position)s, archived = %(archived)s, version = version + 1,
        updated_at = %(now)s, updated_by = %(actor_id)s
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """,
    "tenant_id",
    "actor_id",
)


def get(work: Work, field_id: UUID, *, lock: bool = False) -> Row | None:
    """A field of the company."""
    return work.row(_GET if lock else _READ, id=field_id)


def listed(work: Work, kind: str, *, archived: bool) -> list[Row]:
    """Fields of an object, of all where it is empty, in the order shown."""
    return work.rows(_LIST, every=not kind, object=kind, archived_too=archived)


def add(work: Work, **values: Any) -> None:
    """Writes a new field."""
    work.execute(_INSERT, **values)


def change(work: Work, field_id: UUID, values: dict[str, Any]) -> None:
    """Writes what may change of a field."""
    work.execute(_UPDATE, id=field_id, now=work.now, **values)
