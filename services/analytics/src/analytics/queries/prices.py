"""Lines of orders with their prices: turnover of products in a period, and discounts beyond what is usual.

A line counts whose order was placed and not canceled. What people take off are discounts on lines and orders and
coupons; what price rules take off is decided by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from analytics.methods.bridge import Sold
from analytics.queries.catalogue import CANCELED
from analytics.queries.people import one_person, staying_for
from analytics.queries.purchases import span
from analytics.queries.sight import Sight
from analytics.store.port import Parameter

FEW_LINES = 5
"""A product with fewer lines has no usual discount of its own."""
KEYS: Mapping[str, str] = {
    "seller": "owner_id", "product": "product_id", "variant": "product_variant_id", "customer": "customer_id",
    "store": "store_id", "channel": "channel",
}  # fmt: skip
_NOBODY = UUID(int=0)

_COUNTED = f"""
         WHERE order_id NOT IN (SELECT order_id FROM order_fact WHERE status IN {CANCELED}) AND SEEN
               AND currency_code = {{currency:String}}
               AND ordered_on BETWEEN toDate32({{first:String}}) AND toDate32({{last:String}})"""

LINES = f"FROM order_line_fact {_COUNTED}"

_SOLD = f"""
SELECT toString(%s) AS named, sum(quantity_milli), sum(net_minor) {LINES}
       AND ({{store:UUID}} = toUUID('{_NOBODY}') OR store_id = {{store:UUID}})
 GROUP BY named"""

_LEFT_OUT = """
SELECT uniqExact(order_id) FROM order_line_fact
 WHERE SEEN AND currency_code != {currency:String}
       AND ordered_on BETWEEN toDate32({first:String}) AND toDate32({last:String})"""

_PRICED = f"""SELECT order_id, product_id, toString(%s) AS named, list_minor - rule_minor AS base,
               discount_minor + coupon_minor + document_discount_minor AS given FROM %s {_COUNTED} AND base > 0"""

_BEYOND = f"""SELECT order_id, named, base, given,
               if({{allowed:Int32}} >= 0, {{allowed:Int32}} / 1000,
                  if(many >= {FEW_LINES}, product_rate, (SELECT quantileExactInclusive(0.5)(given / base)
                                                         FROM ({_PRICED})))) AS rate,
               greatest(0, given - toInt64(round(base * rate))) AS beyond
          FROM ({_PRICED}) AS line
               INNER JOIN (SELECT product_id, count() AS many, quantileExactInclusive(0.5)(given / base) AS product_rate
                             FROM ({_PRICED}) GROUP BY product_id) AS usual USING (product_id)"""

_LEAKAGE = f"""
SELECT named, uniqExact(order_id), uniqExactIf(order_id, beyond > 0), sum(base), sum(given), sum(beyond) AS lost
  FROM ({_BEYOND})
 GROUP BY named
 ORDER BY lost DESC, sum(given) DESC, named"""

_LEAKING = f"""
SELECT order_id AS id, sum(base), sum(given), sum(beyond) AS lost
  FROM ({_BEYOND})
 WHERE {{any_key:UInt8}} OR named = {{key:String}}
 GROUP BY order_id
HAVING lost > 0 %s
 ORDER BY lost DESC, id DESC
 LIMIT {{limit:UInt32}}"""


@dataclass(frozen=True)
class Span:
    """Days and currency."""

    currency: str
    first: date
    last: date


@dataclass(frozen=True)
class Leak:
    """What was taken off in a group of lines: orders, those beyond, base, given and beyond in minor units."""

    key: str
    orders: int
    beyond_orders: int
    base: int
    given: int
    beyond: int


def sold(sight: Sight, asked: Span, by: str, store_id: UUID | None) -> dict[str, Sold]:
    """Quantity and turnover of each product or variant."""
    rows = sight.query(_SOLD % KEYS[by], store=store_id or _NOBODY, **_span(asked))
    return {str(row[0]): Sold(int(row[1]), int(row[2])) for row in rows}


def left_out(sight: Sight, asked: Span) -> int:
    """Orders of these days in another currency."""
    return int(sight.query(_LEFT_OUT, **_span(asked))[0][0])


def leakage(sight: Sight, asked: Span, by: str, allowed: int | None) -> list[Leak]:
    """Groups of lines, the one with the most beyond first. `allowed` is in thousandths; None for what is usual."""
    rows = sight.query(_LEAKAGE % (_priced(by) * 3), allowed=-1 if allowed is None else allowed, **_span(asked))
    return [Leak(_plain(row[0]), *(int(one) for one in row[1:])) for row in rows]


def leaking(
    sight: Sight,
    asked: Span,
    by: str,
    allowed: int | None,
    key: str | None,
    *,
    after: tuple[int, UUID] | None,
    limit: int,
) -> list[tuple[UUID, int, int, int]]:
    """Orders with lines beyond: id, base, given and beyond, the most first."""
    given: dict[str, Parameter] = {
        "allowed": -1 if allowed is None else allowed,
        "any_key": int(key is None),
        "key": _by_now(sight, by, key) or ("" if by == "channel" else str(_NOBODY)),
        "limit": limit,
    }
    on = ""
    if after is not None:
        on = "AND (lost, id) < ({after_lost:Int64}, {after_id:UUID})"
        given |= {"after_lost": after[0], "after_id": after[1]}
    rows = sight.query(_LEAKING % (*_priced(by) * 3, on), **given, **_span(asked))
    return [(UUID(row[0]), int(row[1]), int(row[2]), int(row[3])) for row in rows]


def _priced(by: str) -> tuple[str, str]:
    """Column of the groups, and the source of the lines."""
    return KEYS[by], one_person("order_line_fact") if by == "customer" else "order_line_fact"


def _by_now(sight: Sight, by: str, key: str | None) -> str | None:
    return staying_for(sight, key) if key and by == "customer" else key


def _span(asked: Span) -> dict[str, Parameter]:
    return span(asked.currency, asked.first, asked.last)


def _plain(key: object) -> str:
    return "" if key == str(_NOBODY) else str(key)
