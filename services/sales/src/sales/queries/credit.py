"""Statements on credit limits, and on what companies owe."""

from __future__ import annotations

from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_GET = text("SELECT * FROM credit_limit WHERE tenant_id = %(tenant_id)s AND account_id = %(account_id)s", "tenant_id")
_PUT = text(
    """
    INSERT INTO credit_limit (tenant_id, account_id, amount_minor, currency_code, version, updated_at, updated_by)
    VALUES (%(tenant_id)s, %(account_id)s, %(amount)s, %(currency)s, 1, %(now)s, %(actor_id)s)
    ON CONFLICT (tenant_id, account_id) DO UPDATE SET amount_minor = excluded.amount_minor,
        currency_code = excluded.currency_code, version = credit_limit.version + 1, updated_at = excluded.updated_at,
        updated_by = excluded.updated_by
    RETURNING *
    """,
    "tenant_id",
    "actor_id",
)
_REMOVE = text("DELETE FROM credit_limit WHERE tenant_id = %(tenant_id)s AND account_id = %(account_id)s", "tenant_id")
_OWED = text(
    """
    SELECT coalesce(sum(gross_amount_minor - paid_amount_minor), 0)::bigint AS owed FROM sales_order
     WHERE tenant_id = %(tenant_id)s AND account_id = %(account_id)s AND currency_code = %(currency)s
       AND status IN ('confirmed', 'partially_fulfilled', 'fulfilled')
       AND payment_status IN ('unpaid', 'partially_paid')
    """,
    "tenant_id",
)


def get(work: Work, account_id: UUID) -> Row | None:
    """The limit of a company."""
    return work.row(_GET, account_id=account_id)


def put(work: Work, account_id: UUID, *, amount: int, currency: str) -> Row:
    """Writes the limit of a company."""
    row = work.row(_PUT, account_id=account_id, amount=amount, currency=currency, now=work.now)
    assert row is not None
    return row


def remove(work: Work, account_id: UUID) -> None:
    """Takes the limit of a company away."""
    work.execute(_REMOVE, account_id=account_id)


def owed(work: Work, account_id: UUID, currency: str) -> int:
    """What is still to be paid of a company's placed orders in a currency."""
    row = work.row(_OWED, account_id=account_id, currency=currency)
    assert row is not None
    return int(row.owed)
