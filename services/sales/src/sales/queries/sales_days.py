"""Statements that keep the sums of days right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chassis.statements import text
from chassis.work import Work

NO_SALE = ("draft", "pending_approval", "canceled")
"""States of orders that are not counted as sold."""
_NO_SALE = ", ".join(f"'{one}'" for one in NO_SALE)
_SOLD = f"sold.tenant_id = %(tenant_id)s AND sold.status NOT IN ({_NO_SALE}) AND sold.gross_amount_minor > 0"
_ANY_MARK = text("SELECT 1 AS found FROM sales_mark WHERE tenant_id = %(tenant_id)s LIMIT 1", "tenant_id")
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('sales_day/' || %(tenant_id)s::text, 0))", "tenant_id")
_TAKE_MARKS = text("DELETE FROM sales_mark WHERE tenant_id = %(tenant_id)s RETURNING day", "tenant_id")
_MARK_ALL = text(
    """
    INSERT INTO sales_mark (tenant_id, id, day)
    SELECT %(tenant_id)s, uuidv7(), day FROM (
           SELECT DISTINCT ordered_on AS day FROM sales_order WHERE tenant_id = %(tenant_id)s
            UNION SELECT DISTINCT day FROM sales_day WHERE tenant_id = %(tenant_id)s
            UNION SELECT DISTINCT day FROM product_day WHERE tenant_id = %(tenant_id)s) AS known
    """,
    "tenant_id",
)
_SUMS = text(
    """
    SELECT coalesce(sum(orders), 0)::bigint AS orders, coalesce(sum(gross_minor), 0)::bigint AS gross_minor,
           coalesce(sum(refunded_minor), 0)::bigint AS refunded_minor
      FROM sales_day WHERE tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)
_EMPTY = [
    text(f"DELETE FROM {table} WHERE tenant_id = %(tenant_id)s AND day = ANY(%(days)b::date[])", "tenant_id")
    for table in ("sales_day", "product_day")
]
_FILL = text(
    f"""
    INSERT INTO sales_day (tenant_id, day, id, store_id, channel, owner_id, team_id, contact_id, account_id,
           currency_code, orders, lines, list_minor, rule_minor, discount_minor, net_minor, tax_minor, gross_minor,
           refunded_minor)
    SELECT %(tenant_id)s, sold.ordered_on, uuidv7(), sold.store_id, sold.channel, sold.owner_id, sold.team_id,
           sold.contact_id, sold.account_id, sold.currency_code, count(*), coalesce(sum(held.lines), 0),
           sum(sold.list_amount_minor), sum(sold.rule_amount_minor), sum(sold.discount_amount_minor),
           sum(sold.net_amount_minor), sum(sold.tax_amount_minor), sum(sold.gross_amount_minor),
           sum(sold.refunded_amount_minor)
      FROM sales_order AS sold
      LEFT JOIN (
           SELECT line.order_id, count(*) AS lines
             FROM order_line AS line
             JOIN sales_order AS whole ON whole.tenant_id = line.tenant_id AND whole.id = line.order_id
            WHERE whole.tenant_id = %(tenant_id)s AND whole.ordered_on = ANY(%(days)b::date[])
              AND line.tenant_id = %(tenant_id)s AND line.quantity_milli > 0 AND line.gross_minor > 0
            GROUP BY line.order_id
           ) AS held ON held.order_id = sold.id
     WHERE {_SOLD} AND sold.ordered_on = ANY(%(days)b::date[])
     GROUP BY sold.ordered_on, sold.store_id, sold.channel, sold.owner_id, sold.team_id, sold.contact_id,
           sold.account_id, sold.currency_code
    """,
    "tenant_id",
)
_FILL_PRODUCTS = text(
    f"""
    INSERT INTO product_day (tenant_id, day, id, product_id, store_id, channel, owner_id, team_id, currency_code,
           orders, lines, quantity_milli, list_minor, rule_minor, discount_minor, net_minor, gross_minor,
           suggested_lines, suggested_net_minor)
    SELECT %(tenant_id)s, sold.ordered_on, uuidv7(), line.product_id, sold.store_id, sold.channel, sold.owner_id,
           sold.team_id, sold.currency_code, count(DISTINCT sold.id), count(*), sum(line.quantity_milli),
           sum(line.list_minor), sum(line.rule_minor),
           sum(line.discounted_minor + line.coupon_minor + line.document_discount_minor),
           sum(line.net_minor), sum(line.gross_minor), count(line.suggestion_id),
           coalesce(sum(line.net_minor) FILTER (WHERE line.suggestion_id IS NOT NULL), 0)
      FROM sales_order AS sold
      JOIN order_line AS line ON line.tenant_id = sold.tenant_id AND line.order_id = sold.id
     WHERE {_SOLD} AND sold.ordered_on = ANY(%(days)b::date[]) AND line.tenant_id = %(tenant_id)s
     GROUP BY sold.ordered_on, line.product_id, sold.store_id, sold.channel, sold.owner_id, sold.team_id,
           sold.currency_code
    """,
    "tenant_id",
)


def fold(work: Work) -> int:
    """Makes the sums of marked days anew; how many days that were.

    A mark is seen only with what it is about, so what is committed later leaves its own for the next time.
    """
    if work.row(_ANY_MARK) is None:
        return 0
    work.rows(_ALONE)
    days = sorted({row.day for row in work.rows(_TAKE_MARKS)})
    if days:
        _fill(work, days)
    return len(days)


def recount(work: Work) -> bool:
    """Makes the sums of all days anew; whether they had been wrong."""
    fold(work)
    before = work.row(_SUMS)
    work.execute(_MARK_ALL)
    fold(work)
    return bool(before != work.row(_SUMS))


def _fill(work: Work, days: Sequence[date]) -> None:
    for statement in _EMPTY:
        work.execute(statement, days=list(days))
    work.execute(_FILL, days=list(days))
    work.execute(_FILL_PRODUCTS, days=list(days))
