"""Funnels: deals through the stages of their pipeline as one cohort, and any events in an order within a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from analytics.queries.activity import microseconds
from analytics.queries.people import one_person
from analytics.queries.sight import Sight
from analytics.store.port import Parameter

_STAGES = """
SELECT stage_id, name FROM stage_fact
 WHERE pipeline_id = {pipeline:UUID} AND category = 'open' AND deleted = 0
 ORDER BY position, stage_id"""

_BUSIEST = """
SELECT pipeline_id FROM deal_fact WHERE SEEN
 GROUP BY pipeline_id ORDER BY uniqExact(deal_id) DESC, pipeline_id LIMIT 1"""

# A deal came as far as the furthest stage that it ever was in; what was won came all the way.
_DEALS = """
        SELECT deal_id, last.1 AS stage_id, last.2 AS status, last.3 AS lost_reason, last.5 AS owner_id,
               last.6 AS team_id, last.7 AS begun_at, last.8 AS closed_at,
               if(status = 'won', length({stages:Array(UUID)}) + 1,
                  greatest(1, arrayMax(one -> indexOf({stages:Array(UUID)}, one), visited))) AS furthest,
               if(status = 'open', greatest(1, indexOf({stages:Array(UUID)}, stage_id)), 0) AS standing
          FROM (SELECT deal_id,
                       argMax((stage_id, status, lost_reason, deleted, owner_id, team_id, begun_at, closed_at,
                               pipeline_id, source), version) AS last,
                       groupUniqArrayArray([stage_id, from_stage_id]) AS visited
                  FROM deal_fact GROUP BY deal_id)
         WHERE last.9 = {pipeline:UUID} AND last.4 = 0 AND SEEN
               AND toDate32(begun_at) BETWEEN toDate32({first:String}) AND toDate32({last_day:String})
               AND ({source:String} = '' OR last.10 = {source:String})
               AND ({owner:String} = '' OR toString(owner_id) = {owner:String})"""

_REACHED = f"""
SELECT furthest, standing, status, lost_reason, count(),
       sumIf(dateDiff('second', begun_at, closed_at), status = 'won')
  FROM ({_DEALS})
 GROUP BY furthest, standing, status, lost_reason"""

_STAYS = f"""
SELECT from_stage_id, toInt64(quantileExact(0.5)(seconds_in_stage))
  FROM deal_fact
 WHERE from_stage_id != toUUID('00000000-0000-0000-0000-000000000000')
       AND deal_id IN (SELECT deal_id FROM ({_DEALS}))
 GROUP BY from_stage_id"""

_DEAL_IDS = f"""
SELECT deal_id, toUnixTimestamp64Micro(begun_at) AS begun
  FROM ({_DEALS})
 WHERE %s AND (begun, deal_id) < ({{after:Int64}}, {{after_id:UUID}})
 ORDER BY begun DESC, deal_id DESC
 LIMIT {{limit:UInt32}}"""

_FIGURES = {
    "reached": "furthest >= {place:Int64}",
    "standing": "status = 'open' AND standing = {place:Int64}",
    "lost": "status = 'lost' AND furthest = {place:Int64}",
}

_EVENT_FUNNEL = """
SELECT level, count() FROM (
    SELECT windowFunnel({window:UInt64}%s)(toUInt64(greatest(0, toUnixTimestamp64Micro(occurred_at))), %s) AS level
      FROM %s
     WHERE occurred_at >= fromUnixTimestamp64Micro({start:Int64}, 'UTC')
           AND occurred_at < fromUnixTimestamp64Micro({end:Int64}, 'UTC')
           AND (%s) AND %s
     GROUP BY %s)
 WHERE level > 0
 GROUP BY level"""

_KEYS = {"subject": ("subject_id", "1"), "actor": ("actor_id", "actor_id != ''")}

NEWEST = (2**62, UUID(int=2**128 - 1))
"""Comes before every deal of a list."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Deals of a pipeline that began in a period."""

    pipeline_id: UUID
    first: date
    last: date
    source: str
    owner_id: str


@dataclass(slots=True)
class Place:
    """A stage of the funnel; the last, without an id, is what was won."""

    stage_id: str
    name: str
    reached: int = 0
    standing: int = 0
    lost: int = 0
    median_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Leak:
    """Deals lost at a place for a reason."""

    stage_id: str
    reason: str
    deals: int


@dataclass(frozen=True, slots=True)
class SalesFunnel:
    """The whole funnel."""

    deals: int
    open: int
    won: int
    lost: int
    places: Sequence[Place]
    leaks: Sequence[Leak]
    cycle_s: float


def busiest_pipeline(sight: Sight) -> UUID | None:
    """The pipeline with the most deals; None where there are none."""
    rows = sight.query(_BUSIEST)
    return UUID(rows[0][0]) if rows else None


def sales_funnel(sight: Sight, cohort: Cohort) -> SalesFunnel:
    """How far the deals of a cohort got."""
    stages = sight.query(_STAGES, pipeline=cohort.pipeline_id)
    places = [*(Place(str(stage_id), str(name)) for stage_id, name in stages), Place("", "")]
    bounds = _bounds(cohort, stages)
    by_status = dict.fromkeys(("open", "won", "lost"), 0)
    leaks: dict[tuple[str, str], int] = {}
    cycle = 0
    for furthest, standing, status, reason, deals, seconds in sight.query(_REACHED, **bounds):
        count = int(deals)
        by_status[status] += count
        cycle += int(seconds)
        for place in places[: int(furthest)]:
            place.reached += count
        if status == "open":
            places[int(standing) - 1].standing += count
        if status == "lost":
            at = places[int(furthest) - 1]
            at.lost += count
            leaks[at.stage_id, reason] = leaks.get((at.stage_id, reason), 0) + count
    stays = {str(stage_id): int(seconds) for stage_id, seconds in sight.query(_STAYS, **bounds)}
    for place in places:
        place.median_seconds = stays.get(place.stage_id, 0)
    ordered = sorted(leaks.items(), key=lambda one: (-one[1], one[0]))
    won = by_status["won"]
    return SalesFunnel(
        sum(by_status.values()), by_status["open"], won, by_status["lost"], places,
        [Leak(*key, deals) for key, deals in ordered], cycle / won if won else 0.0,
    )  # fmt: skip


def funnel_deals(
    sight: Sight, cohort: Cohort, *, stage_id: str, figure: str, after: tuple[int, UUID] | None, limit: int
) -> list[tuple[int, UUID]]:
    """Moments of beginning, and ids, of the deals behind a figure, the newest first."""
    stages = sight.query(_STAGES, pipeline=cohort.pipeline_id)
    ids = [str(row[0]) for row in stages]
    if stage_id and stage_id not in ids:
        return []
    begun, deal_id = after or NEWEST
    rows = sight.query(
        _DEAL_IDS % _FIGURES[figure or "reached"],
        place=ids.index(stage_id) + 1 if stage_id else len(ids) + 1,
        after=begun,
        after_id=deal_id,
        limit=limit,
        **_bounds(cohort, stages),
    )
    return [(int(row[1]), UUID(row[0])) for row in rows]


def event_funnel(
    sight: Sight, steps: Sequence[str], window_s: int, start: datetime, end: datetime, *, by: str
) -> list[int]:
    """How many came to each step or further: the longest run of the steps in their order within the window."""
    conditions = []
    parameters: dict[str, Parameter] = {
        "window": window_s * 1_000_000,
        "start": microseconds(start),
        "end": microseconds(end),
    }
    for index, step in enumerate(steps):
        wide = step.endswith(".*")
        conditions.append(f"startsWith(type, {{step_{index}:String}})" if wide else f"type = {{step_{index}:String}}")
        parameters[f"step_{index}"] = step.removesuffix("*")
    key, known = _KEYS[by or "subject"]
    # Where one event can pass for two steps, the next step must come later, and repeats are taken out first; otherwise
    # steps of one moment count in their order, as what one request does.
    overlap = len(set(steps)) < len(steps) or any(step.endswith(".*") for step in steps)
    mode = ", 'strict_increase'" if overlap else ""
    # Only events of contacts have people for their subjects.
    of_people = key == "subject_id" and any(step.startswith("contacts.") for step in steps)
    source = one_person("event_fact", key) if of_people else "event_fact"
    sql = _EVENT_FUNNEL % (mode, ", ".join(conditions), source, " OR ".join(conditions), known, key)
    reached = [0] * len(steps)
    # Of a merge that was undone only the newest row counts; a repeated event is no harm elsewhere.
    ask = sight.query if overlap or of_people else sight.query_repeated
    for level, count in ask(sql, **parameters):
        for place in range(int(level)):
            reached[place] += int(count)
    return reached


def _bounds(cohort: Cohort, stages: Sequence[Sequence[object]]) -> dict[str, Parameter]:
    return {
        "pipeline": cohort.pipeline_id,
        "first": cohort.first.isoformat(),
        "last_day": cohort.last.isoformat(),
        "source": cohort.source,
        "owner": cohort.owner_id,
        "stages": [UUID(str(row[0])) for row in stages],
    }
