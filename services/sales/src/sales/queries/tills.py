"""Statements on tills: what holds at a register, what a session has taken, cash and Z reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work
from psycopg.types.json import Jsonb

_REGISTER = """
    SELECT register.id, register.name, register.active, register.deleted_at, register.last_sequence,
           register.last_z_number, register.receipt_prefix, register.store_id, store.name AS store_name,
           store.currency_code, store.time_zone, store.channel, store.active AND store.deleted_at IS NULL AS store_open
      FROM register JOIN store ON store.tenant_id = register.tenant_id AND store.id = register.store_id
     WHERE register.tenant_id = %(tenant_id)s AND register.id = %(id)s
"""
_REGISTER_READ = text(_REGISTER, "tenant_id")
_REGISTER_LOCKED = text(_REGISTER + "FOR UPDATE OF register", "tenant_id")
_SESSION_OF = text(
    """
    SELECT id, status FROM pos_session
     WHERE tenant_id = %(tenant_id)s AND register_id = %(register_id)s AND status <> 'closed'
    """,
    "tenant_id",
)
_CODE = text(
    """
    SELECT 1 AS found FROM store WHERE tenant_id = %(tenant_id)s AND code_key = %(code)s AND deleted_at IS NULL
       AND id IS DISTINCT FROM %(id)s
    """,
    "tenant_id",
)
_STORE = text(
    "SELECT 1 AS found FROM store WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND deleted_at IS NULL", "tenant_id"
)
_SESSIONS_GO_ON = text(
    """
    SELECT 1 AS found FROM pos_session
     WHERE tenant_id = %(tenant_id)s AND (store_id = %(id)s OR register_id = %(id)s) AND status <> 'closed' LIMIT 1
    """,
    "tenant_id",
)
_LOCK_SESSION = text(
    "SELECT * FROM pos_session WHERE tenant_id = %(tenant_id)s AND id = %(id)s FOR UPDATE", "tenant_id"
)
_PREFIXES = text(
    """
    SELECT store.code, array_agg(register.receipt_prefix) AS taken
      FROM store LEFT JOIN register ON register.tenant_id = store.tenant_id AND register.receipt_prefix <> ''
     WHERE store.tenant_id = %(tenant_id)s AND store.id = %(store_id)s GROUP BY store.code
    """,
    "tenant_id",
)
_PREFIX_TAKEN = text(
    "SELECT 1 AS found FROM register WHERE tenant_id = %(tenant_id)s AND receipt_prefix = %(prefix)s", "tenant_id"
)
_TAKE_Z = text(
    """
    UPDATE register SET last_z_number = last_z_number + 1 WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    RETURNING last_z_number
    """,
    "tenant_id",
)
_ADD_CASH = text(
    """
    INSERT INTO cash_movement (tenant_id, session_id, id, kind, amount_minor, reason, moved_at, moved_by)
    VALUES (%(tenant_id)s, %(session_id)s, %(id)s, %(kind)s, %(amount_minor)s, %(reason)s, %(moved_at)s, %(actor_id)s)
    ON CONFLICT (tenant_id, session_id, id) DO NOTHING
    """,
    "tenant_id",
)
_CASH_MOVEMENT = text(
    "SELECT * FROM cash_movement WHERE tenant_id = %(tenant_id)s AND session_id = %(session_id)s AND id = %(id)s",
    "tenant_id",
)
_CASH_MOVEMENTS = text(
    """
    SELECT * FROM cash_movement
     WHERE tenant_id = %(tenant_id)s AND session_id = %(session_id)s
       AND (moved_at, id) > (%(after_time)s, %(after_id)s)
     ORDER BY moved_at, id LIMIT %(limit)s
    """,
    "tenant_id",
)
_CASH_SUMS = text(
    """
    SELECT coalesce(sum(amount_minor) FILTER (WHERE kind = 'in'), 0)::bigint AS paid_in,
           coalesce(sum(amount_minor) FILTER (WHERE kind = 'out'), 0)::bigint AS paid_out
      FROM cash_movement WHERE tenant_id = %(tenant_id)s AND session_id = %(session_id)s
    """,
    "tenant_id",
)
_TAKINGS = text(
    """
    SELECT coalesce(min(sequence), 0) AS first_sequence, coalesce(max(sequence), 0) AS last_sequence,
           count(*) FILTER (WHERE kind = 'sale') AS sale_count,
           count(*) FILTER (WHERE kind = 'return') AS return_count,
           coalesce(sum(gross_minor) FILTER (WHERE kind = 'sale'), 0)::bigint AS sales_minor,
           coalesce(sum(gross_minor) FILTER (WHERE kind = 'return'), 0)::bigint AS returns_minor,
           coalesce(sum(discount_minor) FILTER (WHERE kind = 'sale'), 0)::bigint AS discount_minor
      FROM till_receipt WHERE tenant_id = %(tenant_id)s AND session_id = %(session_id)s
    """,
    "tenant_id",
)
_TAXES = text(
    """
    SELECT tax.rate_basis_points, sum(CASE kind WHEN 'sale' THEN tax.net_minor ELSE -tax.net_minor END)::bigint AS net,
           sum(CASE kind WHEN 'sale' THEN tax.tax_minor ELSE -tax.tax_minor END)::bigint AS tax
      FROM till_receipt
      CROSS JOIN LATERAL jsonb_to_recordset(taxes) AS tax (rate_basis_points int, net_minor bigint, tax_minor bigint)
     WHERE tenant_id = %(tenant_id)s AND session_id = %(session_id)s GROUP BY 1 ORDER BY 1
    """,
    "tenant_id",
)
_PAYMENTS = text(
    """
    SELECT paid.method, count(*) AS number,
           sum(CASE kind WHEN 'sale' THEN paid.amount_minor ELSE -paid.amount_minor END)::bigint AS amount
      FROM till_receipt CROSS JOIN LATERAL jsonb_to_recordset(payments) AS paid (method text, amount_minor bigint)
     WHERE tenant_id = %(tenant_id)s AND session_id = %(session_id)s GROUP BY 1 ORDER BY 1
    """,
    "tenant_id",
)
_ADD_Z = text(
    """
    INSERT INTO z_report (tenant_id, register_id, number, session_id, store_id, figures, counted_minor,
           difference_minor, note, closed_at, closed_by)
    VALUES (%(tenant_id)s, %(register_id)s, %(number)s, %(session_id)s, %(store_id)s, %(figures)s, %(counted_minor)s,
           %(difference_minor)s, %(note)s, %(closed_at)s, %(actor_id)s)
    RETURNING *
    """,
    "tenant_id",
)
_Z = text("SELECT * FROM z_report WHERE tenant_id = %(tenant_id)s AND session_id = %(session_id)s", "tenant_id")
_ZS = text(
    """
    SELECT * FROM z_report
     WHERE tenant_id = %(tenant_id)s AND register_id = %(register_id)s AND number < %(before)s
     ORDER BY number DESC LIMIT %(limit)s
    """,
    "tenant_id",
)


def register(work: Work, register_id: UUID, *, lock: bool = False) -> Row | None:
    """A register and what of its store counts at the till."""
    return work.row(_REGISTER_LOCKED if lock else _REGISTER_READ, id=register_id)


def session_of(work: Work, register_id: UUID) -> Row | None:
    """The session of a register that is not closed."""
    return work.row(_SESSION_OF, register_id=register_id)


def code_taken(work: Work, code: str, store_id: UUID | None) -> bool:
    """Whether another store has this code, in lower case."""
    return work.row(_CODE, code=code, id=store_id) is not None


def has_store(work: Work, store_id: UUID) -> bool:
    """Whether there is such a store."""
    return work.row(_STORE, id=store_id) is not None


def sells(work: Work, record_id: UUID) -> bool:
    """Whether a session of this store, or at this register, is not closed."""
    return work.row(_SESSIONS_GO_ON, id=record_id) is not None


def lock_session(work: Work, session_id: UUID) -> Row | None:
    """A session, locked."""
    return work.row(_LOCK_SESSION, id=session_id)


def prefixes(work: Work, store_id: UUID) -> tuple[str, set[str]]:
    """The code of a store, and all prefixes of receipts that are taken."""
    row = work.row(_PREFIXES, store_id=store_id)
    assert row is not None, "the caller has looked for the store"
    return row.code, set(row.taken)


def prefix_taken(work: Work, prefix: str) -> bool:
    """Whether a register has this prefix."""
    return work.row(_PREFIX_TAKEN, prefix=prefix) is not None


def take_z_number(work: Work, register_id: UUID) -> int:
    """The next number of a register's Z reports; its row stays locked until the end."""
    row = work.row(_TAKE_Z, id=register_id)
    assert row is not None, "the session names its register"
    return int(row.last_z_number)


def add_cash(work: Work, session_id: UUID, movement_id: UUID, kind: str, amount_minor: int, reason: str) -> bool:
    """Writes a movement of cash; whether it is new."""
    return bool(
        work.execute(
            _ADD_CASH,
            session_id=session_id,
            id=movement_id,
            kind=kind,
            amount_minor=amount_minor,
            reason=reason,
            moved_at=work.now,
        )
    )


def cash_movement(work: Work, session_id: UUID, movement_id: UUID) -> Row:
    """One movement of cash that is there."""
    row = work.row(_CASH_MOVEMENT, session_id=session_id, id=movement_id)
    assert row is not None, "it was written in this transaction, or before"
    return row


def cash_movements(work: Work, session_id: UUID, *, after: tuple[datetime, UUID], limit: int) -> list[Row]:
    """Movements of a session after one, the first first."""
    return work.rows(_CASH_MOVEMENTS, session_id=session_id, after_time=after[0], after_id=after[1], limit=limit)


def takings(work: Work, session_id: UUID) -> tuple[Row, Row, list[Row], list[Row]]:
    """What a session has taken: sums of its receipts, of its cash movements, its taxes and its payments."""
    sums, cash = work.row(_TAKINGS, session_id=session_id), work.row(_CASH_SUMS, session_id=session_id)
    assert sums is not None, "sums come without rows too"
    assert cash is not None, "sums come without rows too"
    return sums, cash, work.rows(_TAXES, session_id=session_id), work.rows(_PAYMENTS, session_id=session_id)


def add_z(work: Work, session: Row, figures: dict[str, Any], **values: Any) -> Row:
    """Writes the Z report of a session."""
    row = work.row(
        _ADD_Z,
        register_id=session.register_id,
        store_id=session.store_id,
        session_id=session.id,
        figures=Jsonb(figures),
        closed_at=work.now,
        **values,
    )
    assert row is not None, "an insert returns its row"
    return row


def z_report(work: Work, session_id: UUID) -> Row | None:
    """The Z report of a session, once it is closed."""
    return work.row(_Z, session_id=session_id)


def z_reports(work: Work, register_id: UUID, *, before: int, limit: int) -> list[Row]:
    """Z reports of a register below a number, the last first."""
    return work.rows(_ZS, register_id=register_id, before=before, limit=limit)
