"""Questions about what happened: counts by type and step, and the events behind them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from analytics.store.port import Parameter, TenantReader

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_PERIOD = """occurred_at >= fromUnixTimestamp64Micro({start:Int64}, 'UTC')
       AND occurred_at < fromUnixTimestamp64Micro({end:Int64}, 'UTC')"""

_COUNTS = f"""
SELECT type,
       roundDown(toUnixTimestamp64Micro(occurred_at), {{steps:Array(Int64)}}) AS step,
       count() AS events,
       toUnixTimestamp64Micro(max(recorded_at)) AS newest
  FROM event_fact
 WHERE {_PERIOD}
       AND startsWith(type, {{prefix:String}})
 GROUP BY type, step
 ORDER BY type, step"""

# Repeats of an event lie side by side in this order, so the page removes them itself and reads no more than a page.
_EVENTS = f"""
SELECT event_id, type, subject_id, toUnixTimestamp64Micro(occurred_at) AS at, actor_type, actor_id
  FROM event_fact
 WHERE {_PERIOD}
       %s
 ORDER BY occurred_at DESC, event_id DESC
 LIMIT 1 BY event_id
 LIMIT {{limit:UInt32}}"""

_OF_TYPE = "AND type = {type:String}"
_AFTER = """AND occurred_at <= fromUnixTimestamp64Micro({after:Int64}, 'UTC')
       AND (occurred_at < fromUnixTimestamp64Micro({after:Int64}, 'UTC') OR event_id < {after_id:UUID})"""


@dataclass(frozen=True, slots=True)
class Series:
    """Counts of one type, one for each step."""

    type: str
    counts: list[int]
    total: int


@dataclass(frozen=True, slots=True)
class Activity:
    """The report: series by total, largest first. `newest` is None where nothing was counted."""

    series: list[Series]
    total: int
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class ActivityEvent:
    """One event as the report counted it."""

    id: str
    type: str
    subject_id: str
    occurred_at: datetime
    actor_type: str
    actor_id: str

    @property
    def position(self) -> tuple[int, str]:
        """Key of the row in the list: microseconds and id."""
        return microseconds(self.occurred_at), self.id


def counts(
    reader: TenantReader, start: datetime, end: datetime, steps: Sequence[datetime], *, type_prefix: str = ""
) -> Activity:
    """Events in [start, end) by type and step, every step of every series present."""
    if not steps:
        return Activity([], 0, None)
    starts = [microseconds(step) for step in steps]
    rows = reader.query(_COUNTS, start=microseconds(start), end=microseconds(end), steps=starts, prefix=type_prefix)
    by_type: dict[str, list[int]] = {}
    newest = None
    for event_type, step, events, recorded in rows:
        by_type.setdefault(event_type, [0] * len(starts))[bisect_left(starts, step)] += events
        newest = recorded if newest is None else max(newest, recorded)
    series = [Series(event_type, found, sum(found)) for event_type, found in by_type.items()]
    series.sort(key=lambda one: (-one.total, one.type))
    total = sum(one.total for one in series)
    return Activity(series, total, None if newest is None else moment(newest))


def events(
    reader: TenantReader,
    start: datetime,
    end: datetime,
    *,
    limit: int,
    event_type: str = "",
    after: tuple[int, UUID] | None = None,
) -> list[ActivityEvent]:
    """Events in [start, end), newest first, each once; after that position where one is given."""
    parameters: dict[str, Parameter] = {"start": microseconds(start), "end": microseconds(end), "limit": limit}
    conditions = []
    if event_type:
        conditions.append(_OF_TYPE)
        parameters["type"] = event_type
    if after:
        conditions.append(_AFTER)
        parameters["after"], parameters["after_id"] = after
    rows = reader.query(_EVENTS % "\n       ".join(conditions), repeats=True, **parameters)
    return [ActivityEvent(row[0], row[1], row[2], moment(row[3]), row[4], row[5]) for row in rows]


def microseconds(value: datetime) -> int:
    """Whole microseconds since 1970."""
    return (value - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """The moment of these microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=value)
