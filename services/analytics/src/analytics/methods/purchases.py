"""From single purchases to what models of repeat buying read: how often, how lately, how long known, how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.methods.findings import Floats, Integers, all_finite, refuse_unless, same_length


@dataclass(frozen=True)
class RepeatBuying:
    """One row a customer, in one unit of time for all columns.

    `frequency`: repeat purchases (n,); `recency`: from the first to the last purchase (n,), 0 without repeats; `age`:
    from the first purchase to the end (n,). Raises Refused: EMPTY, LENGTHS_DIFFER, NOT_FINITE, NEGATIVE_FIGURE,
    RECENCY_BEYOND_AGE, RECENCY_WITHOUT_REPEATS.
    """

    frequency: Floats
    recency: Floats
    age: Floats

    def __post_init__(self) -> None:
        same_length(self.frequency, self.recency, self.age)
        refuse_unless(self.frequency.size > 0, "EMPTY")
        all_finite(frequency=self.frequency, recency=self.recency, age=self.age)
        smallest = min(self.frequency.min(), self.recency.min(), self.age.min())
        refuse_unless(smallest >= 0, "NEGATIVE_FIGURE", smallest=float(smallest))
        refuse_unless(bool((self.recency <= self.age).all()), "RECENCY_BEYOND_AGE")
        refuse_unless(bool(((self.frequency > 0) | (self.recency == 0)).all()), "RECENCY_WITHOUT_REPEATS")

    def refuse_unless_telling(self) -> None:
        """Raises Refused where no model can be fitted: ONE_CUSTOMER, NO_TIME_PASSED, NO_REPEAT_PURCHASE."""
        refuse_unless(self.frequency.size > 1, "ONE_CUSTOMER")
        refuse_unless(float(self.age.max()) > 0, "NO_TIME_PASSED")
        refuse_unless(float(self.frequency.max()) > 0, "NO_REPEAT_PURCHASE", customers=self.frequency.size)


@dataclass(frozen=True)
class Histories:
    """`customers` (n,) sorted, their `buying`, and `spend` (n,): the mean of the repeat purchases, 0 without any.

    `first_spend` is of the first purchase, which a model of spending leaves out.
    """

    customers: Integers
    buying: RepeatBuying
    spend: Floats
    first_spend: Floats


def histories(
    customers: Integers, days: Integers, amounts: Floats, *, until: int, days_a_unit: float = 7.0
) -> Histories:
    """Customers' histories to the day `until` (inclusive) from purchases (m,): customer, day and amount.

    Purchases of one customer on one day are one purchase, as the models ask for; later ones are left out. Raises
    Refused as RepeatBuying does.
    """
    same_length(customers, days, amounts)
    all_finite(amounts=amounts)
    known = days <= until
    customers, days, amounts = customers[known], days[known], amounts[known]
    refuse_unless(customers.size > 0, "EMPTY")
    order = np.lexsort((days, customers))
    customers, days, amounts = customers[order], days[order], amounts[order]
    fresh = np.ones(customers.size, dtype=np.bool_)
    fresh[1:] = (customers[1:] != customers[:-1]) | (days[1:] != days[:-1])
    sums = np.add.reduceat(amounts, np.flatnonzero(fresh))
    customers, days = customers[fresh], days[fresh]
    who, begins, visits = np.unique(customers, return_index=True, return_counts=True)
    first, last = days[begins], days[begins + visits - 1]
    frequency = (visits - 1).astype(np.float64)
    first_spend = sums[begins]
    rest = np.add.reduceat(sums, begins) - first_spend
    buying = RepeatBuying(frequency, (last - first) / days_a_unit, (until - first) / days_a_unit)
    spend = np.where(frequency > 0, rest / np.maximum(frequency, 1.0), 0.0)
    return Histories(who.astype(np.int64), buying, spend, first_spend)


def purchases_between(customers: Integers, days: Integers, of: Integers, *, after: int, until: int) -> Floats:
    """How many days with a purchase each customer of `of` (n,) sorted had after `after`, to `until` inclusive: (n,)."""
    same_length(customers, days)
    inside = (days > after) & (days <= until) & np.isin(customers, of)
    pairs = np.unique(np.stack((customers[inside], days[inside])), axis=1)
    counts = np.zeros(of.size)
    np.add.at(counts, np.searchsorted(of, pairs[0]), 1.0)
    return counts
