"""What was sold in each week or month: revenue and number of orders, without gaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.queries.catalogue import ORDERS
from analytics.queries.prices import Span
from analytics.queries.purchases import moved, span, start_of
from analytics.queries.sight import Sight

_STARTS = {"week": "toMonday(ordered_on)", "month": "toStartOfMonth(ordered_on)"}
_STEPS = f"""
SELECT toString(%s) AS start, toString(min(ordered_on)), sum(home_minor), count()
  FROM order_fact
 WHERE {ORDERS.where} AND SEEN AND home_currency_code = {{currency:String}}
       AND ordered_on BETWEEN toDate32({{first:String}}) AND toDate32({{last:String}})
 GROUP BY start
 ORDER BY start"""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step of time by its first day: revenue without tax in minor units, and orders."""

    starts_on: date
    revenue: int
    orders: int


def by_step(sight: Sight, asked: Span, step: str) -> list[Taken]:
    """Every step that is over on the last day, the oldest first, from the first with a sale.

    That one is left out where nothing was sold on its first day, for the company may have begun within it.
    """
    rows = sight.query(_STEPS % _STARTS[step], **span(asked.currency, asked.first, asked.last))
    if not rows:
        return []
    sold = {date.fromisoformat(str(row[0])): (int(row[2]), int(row[3])) for row in rows}
    start, earliest = (date.fromisoformat(str(each)) for each in rows[0][:2])
    if earliest > start:
        start = moved(start, step, 1)
    unfinished = start_of(asked.last + timedelta(days=1), step)
    found = []
    while start < unfinished:
        found.append(Taken(start, *sold.get(start, (0, 0))))
        start = moved(start, step, 1)
    return found
