"""The catalogue as one till sells it. A till keeps a cursor: first through everything, then through what has changed.

Prices are those of the price function's own tables, for anybody at the till's store on the store's day. Where they, the
branches of the catalogue or the day have changed, the till is told to forget everything and to begin anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.work import Row, Work

from sales.errors import not_there
from sales.pricing.conditions import Buyer
from sales.queries import shelf as queries
from sales.queries import tills
from sales.usecases.prices import ShelfPrice, pricing_state, shelf_prices

OVERLAP = timedelta(seconds=60)
"""How far a till looks back for changes, longer than a write may take: what was written before the last look but
committed after it is not missed, and what comes twice changes nothing."""
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a till stands: `since` is None while it goes through everything, `began` when it began this round."""

    state: str
    began: datetime
    since: datetime | None
    after: UUID


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page for a till. `cursor` is where it goes on."""

    register: Row
    buyer: Buyer
    reset: bool
    rows: Sequence[Row]
    prices: Mapping[UUID, Sequence[ShelfPrice]]
    branches: Sequence[Row]
    cursor: Cursor
    complete: bool


def read_shelf(work: Work, register_id: UUID, cursor: Cursor | None, *, limit: int) -> Shelf:
    """The next page of a till. Raises NotFound where there is no such register."""
    register = tills.register(work, register_id)
    if register is None or register.deleted_at is not None:
        raise not_there("register_id", "register")
    buyer = buyer_at(work, register)
    state = "|".join((pricing_state(work), str(queries.branches_changed_at(work)), buyer.on.isoformat()))
    reset = cursor is None or cursor.state != state
    if cursor is None or reset:
        cursor = Cursor(state, work.now, None, _FIRST)
    elif cursor.after == _FIRST:
        cursor = replace(cursor, began=work.now)
    if cursor.since is None:
        rows = queries.everything(work, after=cursor.after, limit=limit + 1)
    else:
        rows = queries.changed(work, cursor.since, after=cursor.after, limit=limit + 1)
    complete = len(rows) <= limit
    rows = rows[:limit]
    return Shelf(
        register,
        buyer,
        reset,
        rows,
        shelf_prices(work, buyer, [row.id for row in rows if row.sold]),
        queries.branches(work, list({row.category_id for row in rows if row.sold and row.category_id})),
        # What changed while the till read is among the changes since it began to.
        replace(cursor, since=cursor.began - OVERLAP, after=_FIRST) if complete else replace(cursor, after=rows[-1].id),
        complete,
    )


def buyer_at(work: Work, register: Row, on: date | None = None) -> Buyer:
    """Anybody who buys at a till, on a day at its place."""
    today = work.now.astimezone(ZoneInfo(register.time_zone)).date()
    return Buyer(on or today, register.currency_code, store_id=register.store_id, channel=register.channel)
