"""Baskets: orders that count with the different products in them, and the orders that hold given products.

An order counts that was placed and not canceled; a line counts whose quantity is more than nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np

from analytics.methods.baskets import least_baskets
from analytics.methods.findings import Integers
from analytics.queries import rfm
from analytics.queries.catalogue import UNSOLD
from analytics.queries.purchases import currency_of, span
from analytics.queries.sight import Sight
from analytics.store.port import Parameter

_ANY = UUID(int=0)

_ORDERS = f"""SELECT order_id FROM order_fact
         WHERE status NOT IN {UNSOLD} AND SEEN
               AND ordered_on BETWEEN toDate32({{first:String}}) AND toDate32({{last:String}})
               AND ({{store:UUID}} = toUUID('{_ANY}') OR store_id = {{store:UUID}}) %s"""

_HELD = f"""SELECT order_id, product_id FROM order_line_fact
         WHERE quantity_milli > 0 AND product_id != toUUID('{_ANY}') AND order_id IN ({_ORDERS})
         GROUP BY order_id, product_id"""

_COUNTED = f"""
SELECT count(), countIf(products = 1) FROM (SELECT order_id, count() AS products FROM ({_HELD}) GROUP BY order_id)"""

_PRODUCTS = f"""
SELECT product_id, count() AS orders FROM ({_HELD}) GROUP BY product_id ORDER BY orders DESC, product_id"""

_LINES = f"""
SELECT groupArray(sipHash64(product_id)) FROM ({_HELD})
 WHERE product_id IN (SELECT product_id FROM ({_HELD}) GROUP BY product_id HAVING count() >= {{least:Int64}})
 GROUP BY order_id"""

_HASHES = f"""
SELECT product_id, sipHash64(product_id) FROM ({_HELD}) GROUP BY product_id HAVING count() >= {{least:Int64}}"""

_HOLDING = f"""
SELECT ordered_on AS day, order_id AS id FROM order_fact
 WHERE order_id IN (SELECT order_id FROM ({_HELD})
                     WHERE product_id IN {{products:Array(UUID)}}
                     GROUP BY order_id HAVING count() = length({{products:Array(UUID)}}))
       %s
 ORDER BY day DESC, id DESC
 LIMIT {{limit:UInt32}}"""


@dataclass(frozen=True)
class Chosen:
    """Which orders are looked at: days, and a store or a group of customers where one is given."""

    first: date
    last: date
    store_id: str = ""
    group: str = ""


@dataclass(frozen=True)
class Baskets:
    """Orders and frequent products: `baskets` and `items` (m,) are the lines, items numbering `products`."""

    baskets: Integers
    items: Integers
    products: Sequence[UUID]
    orders: int
    single: int
    products_in_all: int


def frequent(sight: Sight, chosen: Chosen, *, support: str, least: int) -> Baskets:
    """Baskets with the products that are in a share of `support` and in `least` of them; all orders are counted.

    Raises ResourceExhausted where there are more orders than one question may answer.
    """
    condition, given = _cut(sight, chosen)
    orders, single = (int(one) for one in sight.query(_COUNTED % condition, **given)[0])
    counts = [int(row[1]) for row in sight.query(_PRODUCTS % condition, **given)] if orders else []
    nothing = np.zeros(0, dtype=np.int64)
    if not orders:
        return Baskets(nothing, nothing, (), 0, 0, 0)
    least = max(least, least_baskets(orders, support))
    named = sight.query(_HASHES % condition, least=least, **given)
    rows = sight.query(_LINES % (condition, condition), least=least, **given)
    hashes = np.array([int(row[1]) for row in named], dtype=np.uint64)
    order = np.argsort(hashes)
    held = [np.array(row[0], dtype=np.uint64) for row in rows]
    lines = np.concatenate(held) if held else np.zeros(0, dtype=np.uint64)
    items = order[np.searchsorted(hashes[order], lines)] if lines.size else nothing
    of = np.repeat(np.arange(len(held)), [one.size for one in held])
    return Baskets(of, items, [UUID(row[0]) for row in named], orders, single, len(counts))


def holding(
    sight: Sight, chosen: Chosen, products: Sequence[UUID], *, after: tuple[str, UUID] | None, limit: int
) -> list[tuple[str, UUID]]:
    """Days and ids of the orders that hold all of these products, the newest first."""
    condition, given = _cut(sight, chosen)
    on = ""
    if after is not None:
        on = "AND (day, id) < (toDate32({after_day:String}), {after_id:UUID})"
        given |= {"after_day": after[0], "after_id": after[1]}
    rows = sight.query(_HOLDING % (condition, on), products=list(products), limit=limit, **given)
    return [(str(row[0]), UUID(row[1])) for row in rows]


def _cut(sight: Sight, chosen: Chosen) -> tuple[str, dict[str, Parameter]]:
    """The condition on customers, and the parameters of _ORDERS."""
    given: dict[str, Parameter] = {
        "first": chosen.first.isoformat(),
        "last": chosen.last.isoformat(),
        "store": UUID(chosen.store_id) if chosen.store_id else _ANY,
    }
    if not chosen.group:
        return "", given
    currency = currency_of(sight)
    condition, cuts = rfm.in_group(sight, currency, chosen.first, chosen.last, chosen.group)
    return f"AND customer_id IN ({condition})", {**cuts, **span(currency, chosen.first, chosen.last), **given}
