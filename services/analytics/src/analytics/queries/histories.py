"""Purchases of each customer in one row, up to a day and from then on: what models of buying read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np

from analytics.methods.findings import Floats
from analytics.queries.purchases import PURCHASES, span
from analytics.queries.sight import Sight

_VISITS = PURCHASES.replace("home_minor > 0", "home_minor >= 0")
"""Orders of nothing are visits, too: models of buying count how often customers come."""

_BY_CUSTOMER = f"""
SELECT customer_id, max(is_account), sum(visits),
       toInt32(min(day)), toInt32(max(day)), count(), toFloat64(sum(minor)), toFloat64(argMin(minor, day)),
       toInt32(maxIf(day, day <= toDate32({{cut:String}}))), countIf(day <= toDate32({{cut:String}})),
       toFloat64(sumIf(minor, day <= toDate32({{cut:String}})))
  FROM (SELECT customer_id, any(account_id) = customer_id AS is_account, ordered_on AS day, count() AS visits,
               sum(home_minor) AS minor
          FROM ({_VISITS}) GROUP BY customer_id, ordered_on)
 GROUP BY customer_id
 ORDER BY customer_id"""

_BOUNDS = f"SELECT count(), toInt32(min(ordered_on)), toInt32(max(ordered_on)) FROM ({_VISITS})"


@dataclass(frozen=True)
class CustomerHistories:
    """Columns of one value a customer (n,), by id; days count from 1970. Purchases of one day are one `visit`.

    What ends in `_before` is of the days up to the cut; customers who came later have no visits before.
    """

    customers: Sequence[UUID]
    is_account: Sequence[bool]
    orders: Floats
    first: Floats
    last: Floats
    visits: Floats
    spend: Floats
    first_spend: Floats
    last_before: Floats
    visits_before: Floats
    spend_before: Floats


def by_customer(sight: Sight, currency: str, first: date, as_of: date, *, cut: date) -> CustomerHistories:
    """Histories of all customers who bought by `as_of`. Raises ResourceExhausted where they are too many."""
    rows = sight.query(_BY_CUSTOMER, cut=cut.isoformat(), **span(currency, first, as_of))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 11
    numbers = [np.array(each, dtype=np.float64) for each in columns[2:]]
    return CustomerHistories([UUID(one) for one in columns[0]], [bool(one) for one in columns[1]], *numbers)


def bounds(sight: Sight, currency: str, first: date, as_of: date) -> tuple[int, int, int]:
    """Purchases, and their first and last day since 1970."""
    count, begins, ends = sight.query(_BOUNDS, **span(currency, first, as_of))[0]
    return int(count), int(begins), int(ends)
