"""Credit limits: how much a company may owe by orders, and by how much an order goes beyond that."""

from __future__ import annotations

from uuid import UUID

from chassis.errors import Conflict
from chassis.work import Row, Work

from sales.queries import credit as queries


def keep(work: Work, account_id: UUID, *, amount: int, currency: str) -> Row:
    """Sets the limit of a company."""
    return queries.put(work, account_id, amount=amount, currency=currency)


def beyond(work: Work, order: Row) -> int:
    """Minor units by which a company would owe more than its limit with this order; 0 where it has none.

    Orders in another currency than the limit's are not counted, and cannot go beyond it.
    """
    limit = None if order.account_id is None else queries.get(work, order.account_id)
    if limit is None or limit.currency_code != order.currency_code:
        return 0
    owed = queries.owed(work, order.account_id, order.currency_code)
    return max(owed + int(order.gross_amount_minor) - int(limit.amount_minor), 0)


def check(over: int) -> None:
    """Raises Conflict where an order goes beyond the limit."""
    if over:
        raise Conflict(
            "With this order the company would owe more than its credit limit. Have it pay first, or raise the limit.",
            reason="CREDIT_LIMIT_REACHED",
            metadata={"over_minor": str(over)},
        )
