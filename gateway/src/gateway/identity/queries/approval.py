"""Statements on approvals, on what was decided about them, and on whom they wait for."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from chassis.ids import uuid7
from chassis.statements import Prepared, prepare, text
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from psycopg.types.json import Jsonb
from sqlalchemy import ARRAY, String, any_, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from gateway.identity.model.approval import Approval, ApprovalDecision
from gateway.identity.platform import PlatformWork

View = Literal["waiting", "mine", "decided", "all"]
_LAST = UUID(int=2**128 - 1)
_GET = prepare(scoped(Approval).where(Approval.id == bindparam("id")))
_LOCK = prepare(scoped(Approval).where(Approval.id == bindparam("id")).with_for_update())
_INSERT = prepare(pg_insert(Approval).on_conflict_do_nothing().returning(*Approval.__table__.columns))
_FIELDS = ("step", "status", "approver", "escalate_at", "expires_at", "due_at", "failure", "approved_by", "ended_at")
_UPDATE = prepare(
    update(Approval)
    .where(Approval.tenant_id == tenant_parameter(), Approval.id == bindparam("which"))
    .values(
        {name: bindparam(f"new_{name}", type_=getattr(Approval, name).type) for name in _FIELDS}
        | {"version": Approval.version + 1}
    )
    .returning(*Approval.__table__.columns)
)
_PAGE = (
    scoped(Approval)
    .where(Approval.id < bindparam("before_id", type_=Approval.id.type))
    .order_by(Approval.id.desc())
    .limit(bindparam("limit"))
)
_ME = bindparam("me", type_=Approval.id.type)
_ABOUT = Approval.record_id == bindparam("record_id", type_=Approval.id.type)
_VIEWS = {
    "waiting": _PAGE.where(
        Approval.status == "waiting",
        Approval.approver == any_(bindparam("keys", type_=ARRAY(String()))),
        Approval.requester_id != _ME,
    ),
    "mine": _PAGE.where(Approval.requester_id == _ME),
    "decided": _PAGE.where(
        Approval.id.in_(
            select(ApprovalDecision.approval_id).where(
                ApprovalDecision.tenant_id == tenant_parameter(), ApprovalDecision.actor_id == _ME
            )
        )
    ),
    "all": _PAGE,
}
_LISTS: dict[tuple[str, bool], Prepared] = {
    (view, about): prepare(statement.where(_ABOUT) if about else statement)
    for view, statement in _VIEWS.items()
    for about in (False, True)
}
_DECIDE = prepare(insert(ApprovalDecision))
_DECISIONS = prepare(
    scoped(ApprovalDecision)
    .where(ApprovalDecision.approval_id == bindparam("approval_id"))
    .order_by(ApprovalDecision.id)
    .limit(bindparam("limit"))
)
_LED = text(
    "SELECT id FROM team WHERE tenant_id = %(tenant_id)s AND lead_id = %(user_id)s AND deleted_at IS NULL", "tenant_id"
)
_LEADS = text(
    """
    WITH RECURSIVE above AS (
        SELECT team.id, team.parent_id, team.lead_id, 1 AS depth FROM team
          JOIN membership ON membership.tenant_id = team.tenant_id AND membership.team_id = team.id
         WHERE team.tenant_id = %(tenant_id)s AND membership.user_id = %(user_id)s
        UNION ALL
        SELECT team.id, team.parent_id, team.lead_id, above.depth + 1 FROM team JOIN above ON team.id = above.parent_id
         WHERE team.tenant_id = %(tenant_id)s AND above.depth < 100
    )
    SELECT above.id FROM above
      JOIN membership ON membership.tenant_id = %(tenant_id)s AND membership.user_id = above.lead_id
     WHERE above.lead_id <> %(user_id)s AND membership.status = 'active'
     ORDER BY above.depth LIMIT 1
    """,
    "tenant_id",
)
_APPROVERS = text(
    """
    SELECT user_id, email, full_name, locale FROM membership
     WHERE tenant_id = %(tenant_id)s AND status = 'active' AND user_id <> %(requester_id)s
       AND (role = %(role)s OR user_id = %(user_id)s
            OR user_id = (SELECT lead_id FROM team WHERE tenant_id = %(tenant_id)s AND id = %(team_id)s))
     ORDER BY user_id LIMIT %(limit)s
    """,
    "tenant_id",
)
_DUE = text(
    "SELECT tenant_id, id FROM approval WHERE status = 'waiting' AND due_at <= %(at)s ORDER BY due_at LIMIT %(limit)s",
    "at",
    "limit",
)


def get(work: Work, approval_id: UUID, *, lock: bool = False) -> Row | None:
    """An approval."""
    return work.row(_LOCK if lock else _GET, id=approval_id)


def add(work: Work, **values: Any) -> Row | None:
    """Writes an approval that waits; None where it is there already."""
    values |= {name: Jsonb(values[name]) for name in ("facts", "steps")}
    return work.row(_INSERT, **values, status="waiting", failure="", approved_by=Jsonb([]), ended_at=None, version=1)


def change(work: Work, row: Row, **values: Any) -> Row:
    """Writes these fields of a locked approval."""
    kept = {name: getattr(row, name) for name in _FIELDS} | values
    kept["approved_by"] = Jsonb(kept["approved_by"])
    written = work.row(_UPDATE, which=row.id, **{f"new_{name}": value for name, value in kept.items()})
    assert written is not None
    return written


def page(
    work: Work,
    view: View,
    *,
    me: UUID,
    keys: list[str],
    record_id: UUID | None,
    before_id: UUID | None,
    limit: int,
) -> list[Row]:
    """Approvals of a view, newest first, before the given one."""
    parameters: dict[str, Any] = {"before_id": before_id or _LAST, "limit": limit}
    if view != "all":
        parameters["me"] = me
    if view == "waiting":
        parameters["keys"] = keys
    if record_id is not None:
        parameters["record_id"] = record_id
    return work.rows(_LISTS[view, record_id is not None], **parameters)


def decide(work: Work, row: Row, verdict: str, *, actor_id: UUID | None, reason: str = "", handed_to: str = "") -> None:
    """Writes down what was decided."""
    work.execute(
        _DECIDE,
        approval_id=row.id,
        id=uuid7(),
        verdict=verdict,
        step=row.step,
        actor_id=actor_id,
        reason=reason,
        handed_to=handed_to,
        decided_at=work.now,
    )


def decisions(work: Work, approval_id: UUID, *, limit: int) -> list[Row]:
    """What was decided, in order."""
    return work.rows(_DECISIONS, approval_id=approval_id, limit=limit)


def led_by(work: Work, user_id: UUID) -> list[UUID]:
    """Teams that a person leads."""
    return [row.id for row in work.rows(_LED, user_id=user_id)]


def team_above(work: Work, user_id: UUID) -> UUID | None:
    """The nearest team of a person, from the own one upwards, that somebody else at work leads."""
    row = work.row(_LEADS, user_id=user_id)
    return None if row is None else row.id


def approvers(work: Work, approver: str, requester_id: UUID, *, limit: int) -> list[Row]:
    """People whom an approval waits for, but for who asks."""
    kind, _, name = approver.partition(":")
    party = UUID(name) if kind != "role" else None
    return work.rows(
        _APPROVERS,
        role=name if kind == "role" else "",
        user_id=party if kind == "user" else None,
        team_id=party if kind == "lead" else None,
        requester_id=requester_id,
        limit=limit,
    )


def due(platform: PlatformWork, *, limit: int) -> list[Row]:
    """Approvals of all companies for which the time has come."""
    return platform.rows(_DUE, at=platform.now, limit=limit)
