"""The forecast: what is won and what may come, by month and by owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from chassis.errors import invalid_field
from chassis.work import Work

from sales.queries import company
from sales.queries import funnel as queries

MONTHS = 3
MONTHS_MAX = 36


@dataclass(slots=True)
class Sums:
    """Sums in minor units of the company's currency, and numbers of deals."""

    won_minor: int = 0
    commit_minor: int = 0
    best_case_minor: int = 0
    pipeline_minor: int = 0
    weighted_minor: int = 0
    open_count: int = 0
    won_count: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast; every month asked for is in it."""

    currency: str
    months: Mapping[str, Sums]
    owners: Mapping[UUID | None, Sums]


def forecast(work: Work, first_month: str, months: int, *, pipeline_id: UUID | None, owner_id: UUID | None) -> Forecast:
    """The forecast of some months. Raises InvalidArgument where the first is none."""
    names = _months(first_month, months or MONTHS)
    own = company.company(work)
    first, last = (date.fromisoformat(f"{names[index]}-01") for index in (0, -1))
    rows = queries.forecast(
        work, pipeline_id=pipeline_id, owner_id=owner_id, first=first, last=last, zone=own.time_zone
    )
    by_month = {name: Sums() for name in names[:-1]}
    by_owner: dict[UUID | None, Sums] = {}
    for row in rows:
        for sums in (by_month[row.month], by_owner.setdefault(row.owner_id, Sums())):
            for one in fields(Sums):
                setattr(sums, one.name, getattr(sums, one.name) + getattr(row, one.name))
    return Forecast(own.currency_code, by_month, by_owner)


def _months(first: str, count: int) -> Sequence[str]:
    """Names of the months, and of the one after them."""
    year, month = (int(part) for part in first.split("-"))
    if not 1 <= month <= 12 or year < 1:
        raise invalid_field("first_month", "give a month such as 2026-11", reason="INVALID_MONTH")
    return [f"{year + (month - 1 + step) // 12:04}-{(month - 1 + step) % 12 + 1:02}" for step in range(count + 1)]
