"""Recency, frequency and money of customers (Hughes, Strategic Database Marketing, 1994), their scores and groups.

Scores run from 1 to 5. A value gets one more for each cut that it lies above (for recency, one less), so that equal
values always have equal scores; without given cuts they are the quintiles of the customers at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from analytics.queries.purchases import PURCHASES, span
from analytics.queries.sight import Sight
from analytics.store.port import Parameter

GROUPS = (
    "champions",
    "loyal",
    "potential_loyalists",
    "new",
    "promising",
    "need_attention",
    "about_to_sleep",
    "at_risk",
    "cannot_lose",
    "hibernating",
    "lost",
)
"""The best first; their rules are in `group_of`."""

_CUSTOMERS = f"""
        SELECT customer_id, any(account_id) = customer_id AS is_account,
               toInt64(dateDiff('day', max(ordered_on), toDate32({{last:String}}))) AS recency,
               toInt64(count()) AS frequency, sum(home_minor) AS monetary
          FROM ({PURCHASES})
         GROUP BY customer_id"""

_SPREADS = f"""
SELECT count(), sum(frequency), sum(monetary),
       avg(recency), quantileExactInclusive(0.5)(recency), quantilesExact(0.2, 0.4, 0.6, 0.8)(recency),
       avg(frequency), quantileExactInclusive(0.5)(frequency), quantilesExact(0.2, 0.4, 0.6, 0.8)(frequency),
       avg(monetary), quantileExactInclusive(0.5)(monetary), quantilesExact(0.2, 0.4, 0.6, 0.8)(monetary)
  FROM ({_CUSTOMERS})"""


def group_of(r: str, v: str) -> str:
    """The expression of a customer's group: `r` is the score of recency, `v` that of frequency and money together."""
    return f"""multiIf(
               {r} >= 4, multiIf({v} >= 4, 'champions', {v} >= 2, 'potential_loyalists', {r} = 5, 'new', 'promising'),
               {r} = 3, multiIf({v} >= 4, 'loyal', {v} = 3, 'need_attention', 'about_to_sleep'),
               {r} = 1 AND {v} >= 4, 'cannot_lose',
               {v} >= 3, 'at_risk',
               {r} = 2 OR {v} = 2, 'hibernating',
               'lost')"""


_SCORED = f"""
        SELECT *, 5 - arrayCount(cut -> recency > cut, {{recency:Array(Int64)}}) AS r,
               1 + arrayCount(cut -> frequency > cut, {{frequency:Array(Int64)}}) AS f,
               1 + arrayCount(cut -> monetary > cut, {{monetary:Array(Int64)}}) AS m,
               intDiv(f + m + 1, 2) AS v,
               {group_of("r", "v")} AS named
          FROM ({_CUSTOMERS})"""

_CELLS = f"""
SELECT named, r, v, count(), sum(frequency), sum(monetary), sum(recency)
  FROM ({_SCORED})
 GROUP BY named, r, v
 ORDER BY r DESC, v DESC"""

_LIST = f"""
SELECT customer_id, is_account, recency, frequency, monetary, r, f, m, named
  FROM ({_SCORED})
 WHERE customer_id > {{after:UUID}} AND ({{group:String}} = '' OR named = {{group:String}})
 ORDER BY customer_id
 LIMIT {{limit:UInt32}}"""


_IN_GROUP = f"""SELECT known_as FROM ({PURCHASES})
 WHERE customer_id IN (SELECT customer_id FROM ({_SCORED}) WHERE named = {{group:String}})"""


@dataclass(frozen=True, slots=True)
class Cuts:
    """Four ascending values each."""

    recency: Sequence[int]
    frequency: Sequence[int]
    monetary: Sequence[int]


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and median over customers; 0 where there are none."""

    mean: float
    median: float


@dataclass(frozen=True, slots=True)
class Spreads:
    """Customers altogether. The quintiles are empty where there are none."""

    customers: int
    orders: int
    monetary: int
    recency: Spread
    frequency: Spread
    money: Spread
    quintiles: Cuts


@dataclass(frozen=True, slots=True)
class Cell:
    """Customers of one group with the same scores."""

    group: str
    recency_score: int
    value_score: int
    customers: int
    orders: int
    monetary: int
    recency_sum: int


def spreads(sight: Sight, currency: str, first: date, as_of: date) -> Spreads:
    """All customers at once, with their quintiles."""
    row: Sequence[Any] = sight.query(_SPREADS, **span(currency, first, as_of))[0]
    if not row[0]:
        nothing = Spread(0.0, 0.0)
        return Spreads(0, 0, 0, nothing, nothing, nothing, Cuts((), (), ()))
    return Spreads(
        int(row[0]),
        int(row[1]),
        int(row[2]),
        Spread(float(row[3]), float(row[4])),
        Spread(float(row[6]), float(row[7])),
        Spread(float(row[9]), float(row[10])),
        Cuts(*([int(one) for one in row[at]] for at in (5, 8, 11))),
    )


def cells(sight: Sight, currency: str, first: date, as_of: date, cuts: Cuts) -> list[Cell]:
    """Customers by scores, the best first."""
    rows: Sequence[Sequence[Any]] = sight.query(_CELLS, **_scoring(cuts), **span(currency, first, as_of))
    return [Cell(str(row[0]), *(int(one) for one in row[1:])) for row in rows]


def customers(
    sight: Sight, currency: str, first: date, as_of: date, cuts: Cuts, *, group: str, after: UUID, limit: int
) -> Sequence[Sequence[Any]]:
    """Id, whether it is a company, recency, frequency, money, the three scores and the group, by id."""
    return sight.query(_LIST, group=group, after=after, limit=limit, **_scoring(cuts), **span(currency, first, as_of))


def in_group(sight: Sight, currency: str, first: date, as_of: date, group: str) -> tuple[str, dict[str, Parameter]]:
    """A SELECT of the customers of a group as their orders know them, for an IN, and its parameters beside `span`'s."""
    cuts = spreads(sight, currency, first, as_of).quintiles
    return _IN_GROUP, {"group": group, **_scoring(cuts)}


def _scoring(cuts: Cuts) -> dict[str, Sequence[int]]:
    return {"recency": list(cuts.recency), "frequency": list(cuts.frequency), "monetary": list(cuts.monetary)}
