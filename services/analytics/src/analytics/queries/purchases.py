"""Purchases: orders that count in reports of customers, and what becomes of customers after their first.

A purchase was placed, not canceled, has a customer and is worth more than nothing in the company's currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from analytics.errors import invalid_field
from analytics.queries.catalogue import UNSOLD
from analytics.queries.people import NOBODY, STAYING
from analytics.queries.sight import Sight
from analytics.store.port import Parameter

PURCHASES = f"""SELECT if(staying.stays = {NOBODY}, known_as, staying.stays) AS customer_id, known_as, account_id,
               ordered_on, home_minor
          FROM (SELECT customer_id AS known_as, account_id, ordered_on, home_minor
                  FROM order_fact
                 WHERE status NOT IN {UNSOLD} AND SEEN
                       AND home_minor > 0 AND home_currency_code = {{currency:String}}
                       AND customer_id != {NOBODY}
                       AND ordered_on BETWEEN toDate32({{first:String}}) AND toDate32({{last:String}})) AS bought
               LEFT ANY JOIN {STAYING} AS staying ON staying.person = bought.known_as"""
"""People who were merged are the one who stays; `known_as` is the id that the order has."""

_CURRENCY = """
SELECT argMax(home_currency_code, (ordered_on, order_id)) FROM order_fact WHERE home_currency_code != ''"""

_LEFT_OUT = f"""
SELECT count() FROM order_fact
 WHERE status NOT IN {UNSOLD} AND SEEN AND home_currency_code != {{currency:String}}
       AND ordered_on BETWEEN toDate32({{first:String}}) AND toDate32({{last:String}})"""

_STARTS = {
    "week": "toMonday(ordered_on)",
    "month": "toStartOfMonth(ordered_on)",
    "quarter": "toStartOfQuarter(ordered_on)",
}

_STEPS_OF_CUSTOMERS = f"""
SELECT customer_id, groupUniqArray(%s) AS steps, arrayMin(steps) AS cohort
          FROM ({PURCHASES})
         GROUP BY customer_id"""

_COHORTS = f"""
SELECT toString(cohort), dateDiff('%s', cohort, arrayJoin(steps)) AS age, count()
  FROM ({_STEPS_OF_CUSTOMERS})
 WHERE cohort >= toDate({{shown:String}})
 GROUP BY cohort, age
 ORDER BY cohort, age"""

_COHORT_CUSTOMERS = f"""
SELECT customer_id
  FROM ({_STEPS_OF_CUSTOMERS})
 WHERE cohort = toDate({{cohort:String}}) AND has(steps, toDate({{step:String}}))
       AND customer_id > {{after:UUID}}
 ORDER BY customer_id
 LIMIT {{limit:UInt32}}"""

GAP_STARTS = (0, 1, 8, 15, 31, 61, 91, 181, 366)
"""Days at which the steps of the time between two purchases begin."""

_REPEATS = f"""
SELECT count(), countIf(length(days) > 1), sum(length(days) - 1)
  FROM (SELECT groupArray(ordered_on) AS days FROM ({PURCHASES}) GROUP BY customer_id)"""

_GAPS = f"""
SELECT avg(gap), quantilesExactInclusive(0.25, 0.5, 0.75)(gap),
       sumMap([roundDown(gap, {{starts:Array(Int64)}})], [toUInt64(1)])
  FROM (SELECT arrayJoin(arrayPopFront(arrayDifference(arraySort(groupArray(toInt64(toInt32(ordered_on))))))) AS gap
          FROM ({PURCHASES}) GROUP BY customer_id)"""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers who bought first in the same step, and how many of them did in each from then on."""

    starts_on: date
    customers: int
    active: list[int]


@dataclass(frozen=True, slots=True)
class Repeats:
    """Who comes back. Quantiles are None where nobody does."""

    customers: int
    repeat_customers: int
    purchases: int
    mean_days: float
    quantiles: Sequence[float]
    gaps: Sequence[int]


def currency_of(sight: Sight) -> str:
    """The company's own currency, as its newest order has it; empty where there is none."""
    return str(sight.query(_CURRENCY)[0][0])


def span(currency: str, first: date, last: date) -> dict[str, Parameter]:
    """The parameters of PURCHASES."""
    return {"currency": currency, "first": first.isoformat(), "last": last.isoformat()}


def left_out(sight: Sight, currency: str, first: date, last: date) -> int:
    """Orders kept in another currency."""
    return int(sight.query(_LEFT_OUT, **span(currency, first, last))[0][0])


def cohorts(sight: Sight, currency: str, first: date, last: date, step: str, *, most: int) -> list[Cohort]:
    """Cohorts that began in the period, each with all its steps up to that of the last day.

    Purchases of all time tell which is the first. Raises InvalidArgument where there would be more than `most` steps.
    """
    starts = starts_between(first, last, step, most=most)
    places = {start: index for index, start in enumerate(starts)}
    sql = _COHORTS % (step, _STARTS[step])
    rows = sight.query(sql, shown=starts[0].isoformat(), **span(currency, date(1970, 1, 2), last))
    found: dict[date, Cohort] = {}
    for cohort, age, customers in rows:
        start = date.fromisoformat(cohort)
        known = found.setdefault(start, Cohort(start, 0, [0] * (len(starts) - places[start])))
        known.active[int(age)] = int(customers)
    return [Cohort(one.starts_on, one.active[0], one.active) for one in found.values()]


def cohort_customers(
    sight: Sight, currency: str, last: date, step: str, starts_on: date, age: int, *, after: UUID, limit: int
) -> list[UUID]:
    """Customers of a cell, by id."""
    at = moved(starts_on, step, age)
    rows = sight.query(
        _COHORT_CUSTOMERS % _STARTS[step],
        cohort=starts_on.isoformat(),
        step=at.isoformat(),
        after=after,
        limit=limit,
        **span(currency, date(1970, 1, 2), last),
    )
    return [UUID(row[0]) for row in rows]


def repeats(sight: Sight, currency: str, first: date, last: date) -> Repeats:
    """How many customers come back, and the days between two purchases of a customer."""
    bounds = span(currency, first, last)
    customers, again, purchases = (int(one) for one in sight.query(_REPEATS, **bounds)[0])
    if not purchases:
        return Repeats(customers, again, 0, 0.0, (), [0] * len(GAP_STARTS))
    mean, quantiles, counted = sight.query(_GAPS, starts=list(GAP_STARTS), **bounds)[0]
    keys, values = counted
    by_start = {int(key): int(value) for key, value in zip(keys, values, strict=True)}
    return Repeats(
        customers, again, purchases, float(mean), [float(one) for one in quantiles],
        [by_start.get(start, 0) for start in GAP_STARTS],
    )  # fmt: skip


def starts_between(first: date, last: date, step: str, *, most: int) -> list[date]:
    """First days of the steps from the one that holds `first` to the one that holds `last`."""
    start = start_of(first, step)
    found = [start]
    while (start := moved(start, step, 1)) <= last:
        found.append(start)
        if len(found) > most:
            message = f"ask for at most {most} steps: longer ones, or a shorter period"
            raise invalid_field("first_day", message, "TOO_MANY_STEPS")
    return found


def start_of(day: date, step: str) -> date:
    """First day of the step that holds this day."""
    if step == "week":
        return date.fromordinal(day.toordinal() - day.weekday())
    return day.replace(month=day.month if step == "month" else (day.month - 1) // 3 * 3 + 1, day=1)


def moved(start: date, step: str, steps: int) -> date:
    """First day of the step so many later. Raises InvalidArgument beyond the calendar."""
    try:
        if step == "week":
            return date.fromordinal(start.toordinal() + 7 * steps)
        months = start.year * 12 + start.month - 1 + steps * (1 if step == "month" else 3)
        return date(months // 12, months % 12 + 1, 1)
    except (ValueError, OverflowError) as error:
        raise invalid_field("age", "choose fewer steps", "DAY_OUT_OF_RANGE") from error


def gap_bounds() -> list[tuple[int, int]]:
    """First day, and first day beyond, of each step of the time between purchases; 0 for no end."""
    return [*pairwise(GAP_STARTS), (GAP_STARTS[-1], 0)]
