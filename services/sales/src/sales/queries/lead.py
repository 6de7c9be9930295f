"""Statements on leads, the rules of assignment and colleagues beyond those that every record has."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from chassis.caller import Sight
from chassis.statements import Prepared, prepare, text
from chassis.tables import scoped, visible
from chassis.work import Row, Work
from sqlalchemy import bindparam, or_

from sales.model.lead import Lead, LeadRule

ALIKE_SHOWN = 10
_RULES = prepare(
    scoped(LeadRule, *(one for one in LeadRule.__table__.columns if one.name != "tenant_id"))
    .where(LeadRule.deleted_at.is_(None), LeadRule.active.is_(True))
    .order_by(LeadRule.position, LeadRule.id)
)
_TURN = text(
    """
    INSERT INTO lead_turn (tenant_id, rule_id, given, last_user_id) VALUES (%(tenant_id)s, %(rule_id)s, 0, NULL)
    ON CONFLICT (tenant_id, rule_id) DO UPDATE SET given = lead_turn.given
    RETURNING given, last_user_id
    """,
    "tenant_id",
)
_TAKE_TURN = text(
    """
    UPDATE lead_turn SET given = given + 1, last_user_id = %(user_id)s
     WHERE tenant_id = %(tenant_id)s AND rule_id = %(rule_id)s
    """,
    "tenant_id",
)
_GIVEN = text(
    """
    SELECT rule_id, given FROM lead_turn
     WHERE tenant_id = %(tenant_id)s AND rule_id = ANY(%(rule_ids)b::uuid[])
    """,
    "tenant_id",
)
_OF_TEAM = text(
    """
    SELECT id, team_id FROM colleague
     WHERE tenant_id = %(tenant_id)s AND team_id = %(team_id)s AND active ORDER BY id
    """,
    "tenant_id",
)
_AMONG = text(
    """
    SELECT asked.id, colleague.team_id FROM unnest(%(ids)b::uuid[]) AS asked(id)
      LEFT JOIN colleague ON colleague.tenant_id = %(tenant_id)s AND colleague.id = asked.id
     WHERE colleague.id IS NULL OR colleague.active ORDER BY asked.id
    """,
    "tenant_id",
)
_BUSY = text(
    """
    SELECT owner_id, count(*) AS open FROM lead
     WHERE tenant_id = %(tenant_id)s AND owner_id = ANY(%(ids)b::uuid[]) AND deleted_at IS NULL
       AND status = ANY(%(states)b::text[])
     GROUP BY owner_id
    """,
    "tenant_id",
)
_KEEP_COLLEAGUE = text(
    """
    INSERT INTO colleague (tenant_id, id, team_id, active, version)
    VALUES (%(tenant_id)s, %(id)s, %(team_id)s, %(active)s, %(version)s)
    ON CONFLICT (tenant_id, id) DO UPDATE SET team_id = excluded.team_id, active = excluded.active,
           version = excluded.version
     WHERE colleague.version < excluded.version
    """,
    "tenant_id",
)
_OF_PEOPLE = text(
    "SELECT id FROM lead WHERE tenant_id = %(tenant_id)s AND contact_id = ANY(%(contact_ids)b::uuid[])", "tenant_id"
)
_FORGET = text(
    """
    UPDATE lead SET given_name = '', family_name = '', email = '', email_key = '', phone = '', phone_key = '',
           job_title = '', description = '', need = '', disqualify_note = '', custom = '{}', external_ids = '{}',
           version = version + 1, updated_at = %(now)s
     WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)b::uuid[])
    """,
    "tenant_id",
)
_FORGET_NUMBERS = text(
    """
    UPDATE lead SET phone = '', phone_key = '', version = version + 1, updated_at = %(now)s
     WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)b::uuid[])
    """,
    "tenant_id",
)
_KEEP_PARTS = text(
    """
    UPDATE lead SET account_id = coalesce(%(account_id)s, account_id), contact_id = coalesce(%(contact_id)s, contact_id)
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """,
    "tenant_id",
)


def rules(work: Work) -> list[Row]:
    """The rules in use, in the order in which they decide."""
    return work.rows(_RULES)


def turn(work: Work, rule_id: UUID) -> Row:
    """How far a rule has come; nobody else gives by it until the transaction ends."""
    row = work.row(_TURN, rule_id=rule_id)
    assert row is not None, "it writes the row where there is none"
    return row


def take_turn(work: Work, rule_id: UUID, user_id: UUID) -> None:
    """Writes that a rule has given a lead to somebody."""
    work.execute(_TAKE_TURN, rule_id=rule_id, user_id=user_id)


def given(work: Work, rule_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many leads rules have given away."""
    return {row.rule_id: row.given for row in work.rows(_GIVEN, rule_ids=list(rule_ids))} if rule_ids else {}


def of_team(work: Work, team_id: UUID) -> list[Row]:
    """People at work in a team, by id."""
    return work.rows(_OF_TEAM, team_id=team_id)


def among(work: Work, ids: Sequence[UUID]) -> list[Row]:
    """Those of these people who are at work, or whom sales does not know yet, by id."""
    return work.rows(_AMONG, ids=list(ids))


def open_leads(work: Work, ids: Sequence[UUID], states: Sequence[str]) -> dict[UUID, int]:
    """How many leads of these states each of these people has."""
    return {row.owner_id: row.open for row in work.rows(_BUSY, ids=list(ids), states=list(states))}


def keep_colleague(work: Work, user_id: UUID, team_id: UUID | None, *, active: bool, version: int) -> None:
    """Keeps what identity says of a person, unless something newer is known."""
    work.execute(_KEEP_COLLEAGUE, id=user_id, team_id=team_id, active=active, version=version)


def of_people(work: Work, contact_ids: Sequence[UUID]) -> list[UUID]:
    """Leads that became these people."""
    return [row.id for row in work.rows(_OF_PEOPLE, contact_ids=list(contact_ids))]


def forget(work: Work, ids: Sequence[UUID]) -> None:
    """Empties what leads tell of people who were erased."""
    work.execute(_FORGET, ids=list(ids), now=work.now)


def forget_numbers(work: Work, ids: Sequence[UUID]) -> None:
    """Takes the phone number out of leads."""
    work.execute(_FORGET_NUMBERS, ids=list(ids), now=work.now)


def keep_parts(work: Work, lead_id: UUID, *, account_id: UUID | None, contact_id: UUID | None) -> None:
    """Writes what a conversion that is under way has made so far."""
    work.execute(_KEEP_PARTS, id=lead_id, account_id=account_id, contact_id=contact_id)


def alike(work: Work, lead: Row) -> list[Row]:
    """Other leads with the same address or number, that the caller sees, the newest first."""
    keys = {name: key for name in ("email_key", "phone_key") if (key := getattr(lead, name))}
    if not keys:
        return []
    return work.rows(_alike(work.caller.sight, tuple(keys)), id=lead.id, **keys)


@lru_cache(32)
def _alike(sight: Sight, names: tuple[str, ...]) -> Prepared:
    columns = (one for one in Lead.__table__.columns if one.name != "tenant_id")
    return prepare(
        scoped(Lead, *columns)
        .where(
            Lead.deleted_at.is_(None),
            Lead.id != bindparam("id"),
            or_(*(getattr(Lead, name) == bindparam(name) for name in names)),
            visible(Lead, sight, listing=True),
        )
        .order_by(Lead.id.desc())
        .limit(ALIKE_SHOWN)
    )
