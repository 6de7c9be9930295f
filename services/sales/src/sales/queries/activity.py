"""Statements on activities beyond those that every record has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped
from chassis.work import Row, Work
from sqlalchemy import bindparam

from sales.model.activity import SalesActivity

DATED_SHOWN = 100
UNDATED_SHOWN = 50
_COLUMNS = tuple(one for one in SalesActivity.__table__.columns if one.name != "tenant_id")
_MINE = scoped(SalesActivity, *_COLUMNS).where(
    SalesActivity.owner_id == bindparam("owner"), SalesActivity.open.is_(True), SalesActivity.deleted_at.is_(None)
)
_DATED = prepare(
    _MINE.where(SalesActivity.due_at >= bindparam("since"), SalesActivity.due_at < bindparam("until"))
    .order_by(SalesActivity.due_at, SalesActivity.id)
    .limit(DATED_SHOWN)
)
_UNDATED = prepare(_MINE.where(SalesActivity.due_at.is_(None)).order_by(SalesActivity.id.desc()).limit(UNDATED_SHOWN))
_TOUCH = text(
    "UPDATE deal SET last_activity_at = %(now)s WHERE tenant_id = %(tenant_id)s AND id = %(deal_id)s", "tenant_id"
)
_NEXT = text(
    """
    SELECT deal_id, min(due_at) AS due_at FROM sales_activity
     WHERE tenant_id = %(tenant_id)s AND deal_id = ANY(%(deal_ids)b::uuid[]) AND open AND deleted_at IS NULL
     GROUP BY deal_id
    """,
    "tenant_id",
)
_ABOUT = text(
    """
    SELECT id FROM sales_activity WHERE tenant_id = %(tenant_id)s AND contact_id = ANY(%(contact_ids)b::uuid[])
    UNION
    SELECT id FROM sales_activity WHERE tenant_id = %(tenant_id)s AND lead_id = ANY(%(lead_ids)b::uuid[])
    """,
    "tenant_id",
)
_CUSTOMERS = text(
    """
    SELECT id FROM (
        SELECT %(contact_id)s::uuid AS id
        UNION SELECT %(account_id)s::uuid
        UNION SELECT account_id FROM deal WHERE tenant_id = %(tenant_id)s AND id = %(deal_id)s
        UNION SELECT contact_id FROM deal_contact
               WHERE tenant_id = %(tenant_id)s AND deal_id = %(deal_id)s AND %(contact_id)s::uuid IS NULL
        UNION SELECT unnest(ARRAY[contact_id, account_id]) FROM lead
               WHERE tenant_id = %(tenant_id)s AND id = %(lead_id)s
    ) AS customer WHERE id IS NOT NULL ORDER BY id
    """,
    "tenant_id",
)
_FORGET = text(
    """
    UPDATE sales_activity SET title = '', body = '', outcome = '', version = version + 1, updated_at = %(now)s
     WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)b::uuid[])
    """,
    "tenant_id",
)


def dated(work: Work, *, since: datetime, until: datetime) -> list[Row]:
    """What the caller has to do in a time, in its order."""
    return work.rows(_DATED, owner=work.caller.actor_id, since=since, until=until)


def undated(work: Work) -> list[Row]:
    """What the caller has to do at no time, the newest first."""
    return work.rows(_UNDATED, owner=work.caller.actor_id)


def touch_deal(work: Work, deal_id: UUID) -> None:
    """Writes that something happened with a deal."""
    work.execute(_TOUCH, deal_id=deal_id, now=work.now)


def next_of(work: Work, deal_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When the next thing is due of each of these deals that has one."""
    return {row.deal_id: row.due_at for row in work.rows(_NEXT, deal_ids=list(deal_ids)) if row.due_at is not None}


def about_people(work: Work, contact_ids: Sequence[UUID], lead_ids: Sequence[UUID]) -> list[UUID]:
    """Activities with these people, and of these leads."""
    return [row.id for row in work.rows(_ABOUT, contact_ids=list(contact_ids), lead_ids=list(lead_ids))]


def customers(work: Work, activity: Row) -> list[UUID]:
    """People and companies that an activity is with, and of its deal or lead. Where it is with one person, not with the
    others of the deal.
    """
    named = {name: getattr(activity, name) for name in ("contact_id", "account_id", "deal_id", "lead_id")}
    return [row.id for row in work.rows(_CUSTOMERS, **named)]


def forget(work: Work, ids: Sequence[UUID]) -> None:
    """Empties what activities say."""
    work.execute(_FORGET, ids=list(ids), now=work.now)
