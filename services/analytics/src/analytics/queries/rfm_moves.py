"""Movement between groups of RFM: where each customer stood at the end of one day, and where at the end of a later one.

Orders only ever add up, so nobody who had bought by the first day is missing on the second; who had not is in no group
on the first (`NONE`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from analytics.queries import rfm
from analytics.queries.periods import FIRST_DAY
from analytics.queries.purchases import PURCHASES, span
from analytics.queries.sight import Sight
from analytics.store.port import Parameter

NONE = "none"
"""In place of a group: had not bought yet."""
DIRECTIONS = ("improved", "worsened", "stayed", "came")

_BEFORE = "ordered_on <= toDate32({begin:String})"

_CUSTOMERS = f"""
        SELECT customer_id, any(account_id) = customer_id AS is_account,
               toInt64(dateDiff('day', max(ordered_on), toDate32({{last:String}}))) AS recency,
               toInt64(count()) AS frequency, sum(home_minor) AS monetary,
               toInt64(dateDiff('day', maxIf(ordered_on, {_BEFORE}), toDate32({{begin:String}}))) AS recency_before,
               toInt64(countIf({_BEFORE})) AS frequency_before, sumIf(home_minor, {_BEFORE}) AS monetary_before
          FROM ({PURCHASES})
         GROUP BY customer_id"""


def _scores(which: str, suffix: str) -> str:
    return f"""5 - arrayCount(cut -> recency{suffix} > cut, {{recency{suffix}:Array(Int64)}}) AS r{which},
               1 + arrayCount(cut -> frequency{suffix} > cut, {{frequency{suffix}:Array(Int64)}}) AS f{which},
               1 + arrayCount(cut -> monetary{suffix} > cut, {{monetary{suffix}:Array(Int64)}}) AS m{which},
               intDiv(f{which} + m{which} + 1, 2) AS v{which}"""


_SCORED = f"""
        SELECT customer_id, is_account, recency, frequency - frequency_before AS orders,
               monetary - monetary_before AS spent, frequency_before,
               {_scores("_now", "")},
               {_scores("_then", "_before")}
          FROM ({_CUSTOMERS})"""

_MOVED = f"""
        SELECT customer_id, is_account, recency, orders, spent,
               if(frequency_before = 0, '{NONE}', {rfm.group_of("r_then", "v_then")}) AS was_in,
               {rfm.group_of("r_now", "v_now")} AS is_in,
               indexOf({{groups:Array(String)}}, is_in) - indexOf({{groups:Array(String)}}, was_in) AS down,
               multiIf(was_in = '{NONE}', 'came', down = 0, 'stayed', down < 0, 'improved', 'worsened') AS direction
          FROM ({_SCORED})"""

_MOVES = f"""
SELECT was_in, is_in, any(direction), count(), sum(orders), sum(spent)
  FROM ({_MOVED})
 GROUP BY was_in, is_in"""

_LIST = f"""
SELECT customer_id, is_account, was_in, is_in, recency, orders, spent
  FROM ({_MOVED})
 WHERE customer_id > {{after:UUID}}
       AND ({{was:String}} = '' OR was_in = {{was:String}})
       AND ({{now:String}} = '' OR is_in = {{now:String}})
       AND ({{direction:String}} = '' OR direction = {{direction:String}})
 ORDER BY customer_id
 LIMIT {{limit:UInt32}}"""


@dataclass(frozen=True, slots=True)
class Between:
    """Two days, at whose ends customers are looked at, and what tells one group from another on each."""

    currency: str
    first: date
    second: date
    cuts_then: rfm.Cuts
    cuts_now: rfm.Cuts
    cuts_of: str
    """"first" where the first day's are used on both, else "each"."""

    @property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters of all statements."""
        then, now = self.cuts_then, self.cuts_now
        return {
            **span(self.currency, FIRST_DAY, self.second),
            "begin": self.first.isoformat(),
            "groups": list(rfm.GROUPS),
            "recency": list(now.recency),
            "frequency": list(now.frequency),
            "monetary": list(now.monetary),
            "recency_before": list(then.recency),
            "frequency_before": list(then.frequency),
            "monetary_before": list(then.monetary),
        }


@dataclass(frozen=True, slots=True)
class Move:
    """Customers from one group (or `NONE`) to another; their orders since, and what those were worth."""

    was: str
    now: str
    direction: str
    customers: int
    orders: int
    spent: int


def between(sight: Sight, currency: str, first: date, second: date, *, cuts_of_first: bool) -> Between:
    """The question. Groups of a day are those of its own report, or those that the first day's quintiles make.

    Where nobody had bought by the first day it has no quintiles, so the second day's own are used.
    """
    then = rfm.spreads(sight, currency, FIRST_DAY, first)
    if cuts_of_first and then.customers:
        return Between(currency, first, second, then.quintiles, then.quintiles, "first")
    now = rfm.spreads(sight, currency, FIRST_DAY, second)
    return Between(currency, first, second, then.quintiles, now.quintiles, "each")


def moves(sight: Sight, asked: Between) -> list[Move]:
    """Every movement that anybody made, by the place of the first group, then of the second; `NONE` comes last."""
    places = {name: at for at, name in enumerate((*rfm.GROUPS, NONE))}
    rows: Sequence[Sequence[Any]] = sight.query(_MOVES, **asked.parameters)
    found = [Move(str(row[0]), str(row[1]), str(row[2]), *(int(one) for one in row[3:])) for row in rows]
    return sorted(found, key=lambda one: (places[one.was], places[one.now]))


def customers(
    sight: Sight, asked: Between, *, was: str, now: str, direction: str, after: UUID, limit: int
) -> Sequence[Sequence[Any]]:
    """Id, whether it is a company, both groups, recency, orders since the first day and their worth, by id."""
    return sight.query(
        _LIST, was=was, now=now, direction=direction, after=after, limit=limit, **asked.parameters
    )  # fmt: skip


def usual_first(second: date) -> date:
    """The first day where none is asked for."""
    return max(second - timedelta(days=90), FIRST_DAY)
