"""Statements on sharing rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import and_, bindparam, delete, insert, or_, update

from gateway.identity.model.sharing_rule import SharingRule

_ALL = prepare(scoped(SharingRule).order_by(SharingRule.name, SharingRule.id))
_GET = prepare(scoped(SharingRule).where(SharingRule.id == bindparam("id")))
_INSERT = prepare(insert(SharingRule))
_UPDATE = prepare(
    update(SharingRule)
    .where(SharingRule.tenant_id == tenant_parameter(), SharingRule.id == bindparam("which"))
    .values(name=bindparam("new_name"), level=bindparam("new_level"), version=SharingRule.version + 1)
)
_DELETE = prepare(
    delete(SharingRule).where(SharingRule.tenant_id == tenant_parameter(), SharingRule.id == bindparam("id"))
)
_DELETE_NAMING = prepare(
    delete(SharingRule)
    .where(
        SharingRule.tenant_id == tenant_parameter(),
        or_(
            and_(SharingRule.grantee_kind == bindparam("kind"), SharingRule.grantee_id == bindparam("named")),
            and_(SharingRule.source_kind == bindparam("kind"), SharingRule.source_id == bindparam("named_id")),
        ),
    )
    .returning(*SharingRule.__table__.columns)
)
_NEXT_VERSION = text(
    """
    UPDATE tenant SET rules_version = rules_version + 1 WHERE tenant_id = %(tenant_id)s RETURNING rules_version
    """,
    "tenant_id",
)


def all_rules(work: Work) -> list[Row]:
    """Every rule, by name. A company has at most `sharing_rules_max`."""
    return work.rows(_ALL)


def get(work: Work, rule_id: UUID) -> Row | None:
    """A rule."""
    return work.row(_GET, id=rule_id)


def add(work: Work, **values: Any) -> None:
    """Writes a new rule."""
    work.execute(_INSERT, **values)


def change(work: Work, rule_id: UUID, *, name: str, level: str) -> None:
    """Writes the changeable fields of a rule."""
    work.execute(_UPDATE, which=rule_id, new_name=name, new_level=level)


def remove(work: Work, rule_id: UUID) -> None:
    """Deletes a rule."""
    work.execute(_DELETE, id=rule_id)


def remove_naming(work: Work, kind: str, name: str, party_id: UUID | None) -> list[Row]:
    """Deletes every rule that a team or a role is a party of, and returns them."""
    return work.rows(_DELETE_NAMING, kind=kind, named=name, named_id=party_id)


def next_version(work: Work) -> int:
    """A new version of the rules; whoever changes them waits here for whoever did so before."""
    row = work.row(_NEXT_VERSION)
    assert row is not None
    return int(row.rules_version)
