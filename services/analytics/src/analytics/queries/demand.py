"""What was sold of products at which price: rows of a product, a store, a step of time and whether it was promoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from analytics.queries.prices import LINES, Span
from analytics.queries.purchases import span
from analytics.queries.sight import Sight
from analytics.store.port import Parameter

_NOBODY = UUID(int=0)
_STEPS = {"day": "ordered_on", "week": "toMonday(ordered_on)", "month": "toStartOfMonth(ordered_on)"}
_CHOSEN = f"""{LINES} AND product_id IN {{products:Array(UUID)}}
               AND ({{store:UUID}} = toUUID('{_NOBODY}') OR store_id = {{store:UUID}})"""

_ROWS = f"""
SELECT toString(product_id) AS product, toString(store_id) AS place, toInt32(%s) AS at,
       rule_minor > 0 OR coupon_minor > 0 AS promoted, sum(quantity_milli), sum(net_minor)
  {_CHOSEN} AND quantity_milli > 0 AND net_minor > 0
 GROUP BY product, place, at, promoted
 ORDER BY at, product, place, promoted"""

_BOUNDS = f"""
SELECT countIf(quantity_milli > 0 AND net_minor > 0), countIf(NOT (quantity_milli > 0 AND net_minor > 0)),
       toString(minIf(ordered_on, net_minor > 0)), toString(maxIf(ordered_on, net_minor > 0))
  {_CHOSEN}"""

_TODAY = f"""
SELECT toString(product_id) AS product, sum(quantity_milli), sum(net_minor),
       sumIf(quantity_milli, isNotNull(cost_minor)), ifNull(sum(cost_minor), 0)
  {_CHOSEN} AND quantity_milli > 0 AND net_minor > 0 AND ordered_on >= toDate32({{today:String}})
 GROUP BY product"""

TODAY_DAYS = 90
"""Days with sales that count as today."""


@dataclass(frozen=True)
class Bought:
    """A row: the step's first day in days since 1970, quantity in thousandths, amount in minor units."""

    product: str
    store: str
    at: int
    promoted: bool
    quantity: int
    amount: int


@dataclass(frozen=True)
class Now:
    """What was sold of a product lately; `costed` is the quantity whose `cost` is known."""

    quantity: int
    amount: int
    costed: int
    cost: int


@dataclass(frozen=True)
class Demand:
    """Rows of products, lines left out for their price or quantity, first and last day with sales, and what is now."""

    rows: Sequence[Bought]
    left_out: int
    first: date
    last: date
    today: date
    now: dict[str, Now]


def of_products(sight: Sight, asked: Span, products: Sequence[UUID], store_id: UUID | None, step: str) -> Demand:
    """What was sold of these products. Raises ResourceExhausted where there are too many rows."""
    given: dict[str, Parameter] = {
        "products": list(products), "store": store_id or _NOBODY, **span(asked.currency, asked.first, asked.last),
    }  # fmt: skip
    lines, left_out, first, last = sight.query(_BOUNDS, **given)[0]
    if not int(lines):
        return Demand((), int(left_out), asked.first, asked.last, asked.last, {})
    begins, ends = date.fromisoformat(str(first)), date.fromisoformat(str(last))
    today = max(begins, ends - timedelta(days=TODAY_DAYS - 1))
    rows = [
        Bought(str(row[0]), str(row[1]), int(row[2]), bool(row[3]), int(row[4]), int(row[5]))
        for row in sight.query(_ROWS % _STEPS[step], **given)
    ]
    now = {
        str(row[0]): Now(*(int(one) for one in row[1:]))
        for row in sight.query(_TODAY, today=today.isoformat(), **given)
    }
    return Demand(rows, int(left_out), begins, ends, today, now)
