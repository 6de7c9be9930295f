"""Statements on the programme, members, lots of points, and the ledger of points and gift cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_PROGRAM = text(
    """
    SELECT coalesce(own.version, 0) AS version, coalesce(own.active, false) AS active,
           coalesce(nullif(own.currency_code, ''), profile.currency_code, '') AS currency_code,
           coalesce(own.earn_milli, 0) AS earn_milli, coalesce(own.earn_rules, '[]') AS earn_rules,
           coalesce(own.rounding, 'down') AS rounding, coalesce(own.point_value_minor, 0) AS point_value_minor,
           coalesce(own.pending_days, 0) AS pending_days, coalesce(own.expiry_months, 0) AS expiry_months
      FROM (SELECT) AS one
      LEFT JOIN sales_profile AS profile ON profile.tenant_id = %(tenant_id)s
      LEFT JOIN loyalty_program AS own ON own.tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)
_KEEP_PROGRAM = text(
    """
    INSERT INTO loyalty_program (tenant_id, version, active, currency_code, earn_milli, earn_rules, rounding,
           point_value_minor, pending_days, expiry_months)
    VALUES (%(tenant_id)s, 1, %(active)s, %(currency_code)s, %(earn_milli)s, %(earn_rules)s, %(rounding)s,
            %(point_value_minor)s, %(pending_days)s, %(expiry_months)s)
    ON CONFLICT (tenant_id) DO UPDATE SET version = loyalty_program.version + 1, active = excluded.active,
           currency_code = excluded.currency_code, earn_milli = excluded.earn_milli, earn_rules = excluded.earn_rules,
           rounding = excluded.rounding, point_value_minor = excluded.point_value_minor,
           pending_days = excluded.pending_days, expiry_months = excluded.expiry_months
     WHERE loyalty_program.version = %(version)s
    RETURNING version
    """,
    "tenant_id",
)
PROGRAM_COLUMNS = (
    "active",
    "currency_code",
    "earn_milli",
    "earn_rules",
    "rounding",
    "point_value_minor",
    "pending_days",
    "expiry_months",
)
_MEMBER_OF = text(
    """
    SELECT id FROM loyalty_member
     WHERE tenant_id = %(tenant_id)s AND status <> 'closed'
       AND (id = %(member_id)s OR contact_id = %(contact_id)s OR account_id = %(account_id)s
            OR card_number = %(card_number)s OR phone = nullif(%(phone)s, ''))
     ORDER BY id = %(member_id)s DESC, card_number = %(card_number)s DESC, contact_id = %(contact_id)s DESC NULLS LAST,
           phone = %(phone)s DESC LIMIT 1
    """,
    "tenant_id",
)
_FIND = text(
    """
    SELECT id, 1 AS rank FROM loyalty_member WHERE tenant_id = %(tenant_id)s AND card_number = %(card_number)s
    UNION ALL
    SELECT id, 2 FROM loyalty_member WHERE tenant_id = %(tenant_id)s AND phone = %(phone)s AND phone <> ''
    UNION ALL
    SELECT id, 3 FROM loyalty_member WHERE tenant_id = %(tenant_id)s AND email = %(email)s AND email <> ''
     ORDER BY rank, id LIMIT 1
    """,
    "tenant_id",
)
_CREDITS = text(
    """
    SELECT currency_code, sum(balance_amount_minor)::bigint AS minor FROM gift_card
     WHERE tenant_id = %(tenant_id)s AND status = 'active' AND balance_amount_minor > 0
       AND (member_id = %(member_id)s OR contact_id = %(contact_id)s)
       AND (expires_on IS NULL OR expires_on >= %(day)s)
     GROUP BY currency_code ORDER BY currency_code
    """,
    "tenant_id",
)
_TIERS = text(
    """
    SELECT id, name, threshold_points, earn_percent, segment FROM loyalty_tier
     WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL ORDER BY threshold_points, id LIMIT 100
    """,
    "tenant_id",
)
_SEGMENT = text(
    """
    SELECT tier.segment FROM loyalty_member AS member JOIN loyalty_tier AS tier
        ON tier.tenant_id = member.tenant_id AND tier.id = member.tier_id AND tier.deleted_at IS NULL
     WHERE member.tenant_id = %(tenant_id)s AND member.status = 'active' AND tier.segment <> ''
       AND (member.id = %(member_id)s OR member.contact_id = %(contact_id)s OR member.account_id = %(account_id)s)
     ORDER BY member.id = %(member_id)s DESC, member.contact_id = %(contact_id)s DESC NULLS LAST LIMIT 1
    """,
    "tenant_id",
)
_FORGET = {
    column: text(
        f"""
        UPDATE loyalty_member SET contact_id = NULL, name = '', name_key = '', phone = '', email = '',
               status = 'closed', version = version + 1, updated_at = now()
         WHERE tenant_id = %(tenant_id)s AND {column} = ANY(%(ids)b::uuid[])
        """,
        "tenant_id",
    )
    for column in ("contact_id", "id")
}
_FORGET_NUMBERS = text(
    """
    UPDATE loyalty_member SET phone = '', version = version + 1, updated_at = now()
     WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)b::uuid[])
    """,
    "tenant_id",
)
_FORGET_CARDS = text(
    "UPDATE gift_card SET contact_id = NULL WHERE tenant_id = %(tenant_id)s AND contact_id = ANY(%(ids)b::uuid[])",
    "tenant_id",
)
_LOTS = text(
    """
    SELECT id, order_id, left_points, usable, usable_at, expires_at FROM point_lot
     WHERE tenant_id = %(tenant_id)s AND member_id = %(member_id)s AND left_points > 0
     ORDER BY expires_at NULLS LAST, id
    """,
    "tenant_id",
)
_ADD_LOT = text(
    """
    INSERT INTO point_lot (tenant_id, member_id, id, order_id, points, left_points, usable, usable_at, expires_at)
    VALUES (%(tenant_id)s, %(member_id)s, %(id)s, %(order_id)s, %(points)s, %(points)s, %(usable)s, %(usable_at)s,
            %(expires_at)s)
    """,
    "tenant_id",
)
_TAKE = text(
    """
    UPDATE point_lot SET left_points = left_points - taken.points
      FROM unnest(%(ids)b::uuid[], %(points)b::bigint[]) AS taken(id, points)
     WHERE point_lot.tenant_id = %(tenant_id)s AND point_lot.member_id = %(member_id)s AND point_lot.id = taken.id
    """,
    "tenant_id",
)
_RELEASE = text(
    """
    UPDATE point_lot SET usable = true
     WHERE tenant_id = %(tenant_id)s AND member_id = %(member_id)s AND id = ANY(%(ids)b::uuid[])
    """,
    "tenant_id",
)
_POSTED = text(
    """
    SELECT posting.id, posting.holder_id,
           (SELECT coalesce(sum(amount), 0)::bigint FROM ledger_transfer AS transfer
             WHERE transfer.tenant_id = posting.tenant_id AND transfer.posting_id = posting.id) AS amount
      FROM ledger_posting AS posting
     WHERE posting.tenant_id = %(tenant_id)s AND posting.source_id = %(source_id)s
       AND posting.source_step = %(step)s AND posting.kind = %(kind)s
    """,
    "tenant_id",
)
_POST = text(
    """
    WITH posting AS (
        INSERT INTO ledger_posting (tenant_id, id, holder_id, unit, kind, source_id, source_step, order_id, reason,
               posted_at, posted_by)
        VALUES (%(tenant_id)s, %(id)s, %(holder_id)s, %(unit)s, %(kind)s, %(source_id)s, %(step)s, %(order_id)s,
                %(reason)s, %(now)s, %(actor_id)s)
        RETURNING id
    )
    INSERT INTO ledger_transfer (tenant_id, posting_id, source, target, amount, unit, month)
    SELECT %(tenant_id)s, posting.id, moved.source, moved.target, moved.amount, %(unit)s, %(month)s
      FROM posting, unnest(%(sources)s::text[], %(targets)s::text[], %(amounts)b::bigint[])
           AS moved(source, target, amount)
    """,
    "tenant_id",
)
_POSTINGS = text(
    """
    SELECT id, kind, order_id, reason, posted_by, posted_at FROM ledger_posting
     WHERE tenant_id = %(tenant_id)s AND holder_id = %(holder_id)s AND (posted_at, id) < (%(at)s, %(after_id)s)
     ORDER BY posted_at DESC, id DESC LIMIT %(limit)s
    """,
    "tenant_id",
)
_TRANSFERS = text(
    """
    SELECT posting_id, source, target, amount FROM ledger_transfer
     WHERE tenant_id = %(tenant_id)s AND posting_id = ANY(%(ids)b::uuid[])
    """,
    "tenant_id",
)
_EARNED = text(
    """
    SELECT coalesce(sum(CASE WHEN transfer.source = 'issued' THEN transfer.amount ELSE -transfer.amount END),
                    0)::bigint AS points,
           min(posting.posted_at) FILTER (WHERE posting.kind = 'earn') AS first_at
      FROM ledger_posting AS posting JOIN ledger_transfer AS transfer
        ON transfer.tenant_id = posting.tenant_id AND transfer.posting_id = posting.id
     WHERE posting.tenant_id = %(tenant_id)s AND posting.holder_id = %(member_id)s AND posting.posted_at > %(since)s
       AND posting.kind IN ('earn', 'reverse')
    """,
    "tenant_id",
)
_MONTHS = text(
    """
    SELECT month, unit, source, target, sum(amount)::bigint AS amount FROM ledger_transfer
     WHERE tenant_id = %(tenant_id)s AND month <= %(until)s
     GROUP BY month, unit, source, target ORDER BY month
    """,
    "tenant_id",
)


def program(work: Work) -> Row:
    """The programme; one that is not active where the company has set none."""
    row = work.row(_PROGRAM)
    assert row is not None, "it selects from one row"
    return row


def keep_program(work: Work, version: int, values: Mapping[str, Any]) -> bool:
    """Writes the programme over this version of it; whether it still was that one."""
    return work.row(_KEEP_PROGRAM, version=version, **values) is not None


def member_of(
    work: Work,
    *,
    member_id: UUID | None = None,
    contact_id: UUID | None = None,
    account_id: UUID | None = None,
    card_number: str = "",
    phone: str = "",
) -> UUID | None:
    """The member that one of these leads to, whose membership is not closed."""
    row = work.row(
        _MEMBER_OF,
        member_id=member_id,
        contact_id=contact_id,
        account_id=account_id,
        card_number=card_number,
        phone=phone,
    )
    return None if row is None else row.id


def find(work: Work, *, card_number: str, phone: str, email: str) -> UUID | None:
    """The member whose card, phone or e-mail address this is."""
    row = work.row(_FIND, card_number=card_number, phone=phone, email=email)
    return None if row is None else row.id


def credits_of(work: Work, day: date, *, member_id: UUID | None, contact_id: UUID | None) -> list[Row]:
    """What is left on the cards that somebody holds, by currency."""
    return work.rows(_CREDITS, day=day, member_id=member_id, contact_id=contact_id)


def tiers(work: Work) -> list[Row]:
    """Tiers, the lowest first."""
    return work.rows(_TIERS)


def segment(work: Work, member_id: UUID | None, contact_id: UUID | None, account_id: UUID | None) -> str:
    """The segment that the tier of this buyer gives; empty where it gives none."""
    row = work.row(_SEGMENT, member_id=member_id, contact_id=contact_id, account_id=account_id)
    return "" if row is None else row.segment


def forget_people(work: Work, ids: Sequence[UUID]) -> None:
    """Empties what members tell of people, and closes their membership."""
    work.execute(_FORGET["contact_id"], ids=list(ids))
    work.execute(_FORGET_CARDS, ids=list(ids))


def forget_members(work: Work, ids: Sequence[UUID]) -> None:
    """Empties what memberships tell of people who are in contacts no more, and closes them."""
    work.execute(_FORGET["id"], ids=list(ids))


def forget_numbers(work: Work, ids: Sequence[UUID]) -> None:
    """Takes the phone number out of memberships."""
    work.execute(_FORGET_NUMBERS, ids=list(ids))


def lots(work: Work, member_id: UUID) -> list[Row]:
    """Lots with points left, those that expire first before others."""
    return work.rows(_LOTS, member_id=member_id)


def add_lot(
    work: Work,
    member_id: UUID,
    lot_id: UUID,
    *,
    points: int,
    order_id: UUID | None,
    usable_at: datetime,
    expires_at: datetime | None,
) -> None:
    """Writes a lot."""
    work.execute(
        _ADD_LOT,
        member_id=member_id,
        id=lot_id,
        order_id=order_id,
        points=points,
        usable=usable_at <= work.now,
        usable_at=usable_at,
        expires_at=expires_at,
    )


def take(work: Work, member_id: UUID, taken: Mapping[UUID, int]) -> None:
    """Takes points out of lots."""
    work.execute(_TAKE, member_id=member_id, ids=list(taken), points=list(taken.values()))


def release(work: Work, member_id: UUID, lot_ids: Sequence[UUID]) -> None:
    """Makes lots usable."""
    work.execute(_RELEASE, member_id=member_id, ids=list(lot_ids))


def posted(work: Work, kind: str, source_id: UUID, step: int = 0) -> Row | None:
    """The posting of a source, with its holder and its amount."""
    return work.row(_POSTED, kind=kind, source_id=source_id, step=step)


def post(
    work: Work,
    posting_id: UUID,
    *,
    holder_id: UUID,
    unit: str,
    kind: str,
    source_id: UUID,
    step: int,
    order_id: UUID | None,
    reason: str,
    month: date,
    moves: Mapping[tuple[str, str], int],
) -> None:
    """Writes a posting and its transfers."""
    work.execute(
        _POST,
        id=posting_id,
        holder_id=holder_id,
        unit=unit,
        kind=kind,
        source_id=source_id,
        step=step,
        order_id=order_id,
        reason=reason,
        now=work.now,
        month=month,
        sources=[source for source, _ in moves],
        targets=[target for _, target in moves],
        amounts=list(moves.values()),
    )


def postings(work: Work, holder_id: UUID, *, before: tuple[datetime, UUID], limit: int) -> list[Row]:
    """Postings of a holder, the newest first."""
    return work.rows(_POSTINGS, holder_id=holder_id, at=before[0], after_id=before[1], limit=limit)


def transfers(work: Work, posting_ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """Transfers of these postings."""
    found: dict[UUID, list[Row]] = {one: [] for one in posting_ids}
    for row in work.rows(_TRANSFERS, ids=list(found)) if found else ():
        found[row.posting_id].append(row)
    return found


def earned(work: Work, member_id: UUID, since: datetime) -> Row:
    """What a member has earned since, less what was taken back, and when the first of it."""
    row = work.row(_EARNED, member_id=member_id, since=since)
    assert row is not None, "it is a sum"
    return row


def months(work: Work, until: date) -> list[Row]:
    """What moved between accounts, by month and unit, until a month."""
    return work.rows(_MONTHS, until=until)
