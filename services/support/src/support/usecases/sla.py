"""Service levels: which policy a ticket is under, its clocks, and the timer that tells of warnings and breaches.

One timer a ticket stands at the next moment at which there is something to tell. Whatever wakes it, once or twice, it
tells only what the clocks do not say yet, in the commit that lets them say it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.errors import invalid_field
from chassis.jobs import enqueue, set_timer
from chassis.work import Row, Work

from support.queries import sla as queries
from support.sla_clocks import KINDS, Clock, Kind, Promise, Told, demand, fired, followed
from support.usecases.calendars import calendar_of
from support.working_time import ALWAYS

Values = dict[str, Any]
TIMER = "sla"
"""The timer of a ticket's clocks."""
RECOUNT = "sla_recount"
"""The job that counts the clocks of a policy again."""
PRIORITIES = ("low", "normal", "high", "urgent")
WARN_PERCENT = 80
"""Share of a promise after which is warned, where the policy says nothing."""
_MINUTES: Mapping[Kind, str] = {
    "first_response": "first_response_minutes",
    "next_response": "next_response_minutes",
    "resolution": "resolution_minutes",
}


def check(after: Values) -> None:
    """Brings a policy to its normal form. Raises InvalidArgument where it promises nothing, or the same twice."""
    after["name_key"] = after["name"].lower()
    after["warn_percent"] = after["warn_percent"] or WARN_PERCENT
    seen = set()
    for index, one in enumerate(after["targets"]):
        if one["priority"] in seen:
            raise invalid_field(f"sla_policy.targets[{index}].priority", "it is named twice", reason="DUPLICATE")
        if not any(one.get(name) for name in _MINUTES.values()):
            raise invalid_field(f"sla_policy.targets[{index}]", "promise at least one time", reason="REQUIRED")
        seen.add(one["priority"])
    if not seen:
        raise invalid_field("sla_policy.targets", "promise something for one priority", reason="REQUIRED")
    after["targets"] = sorted(after["targets"], key=lambda one: PRIORITIES.index(one["priority"]))


def follow(work: Work, ticket: Row, *, recount: bool = False) -> list[Told]:
    """Brings the clocks of a locked ticket to what it is now; what there is to tell of them."""
    kept = {row.kind: row for row in queries.clocks(work, [ticket.id])}
    live = any(row.state in ("running", "paused") for row in kept.values())
    policy = _policy(queries.policies(work), ticket) if live or ticket.active else None
    if policy is None and not kept:
        return []
    told: list[Told] = []
    clocks: list[Clock] = []
    for kind in KINDS:
        row = kept.get(kind)
        before = None if row is None else _clock(row)
        moved = recount or (row is not None and policy is not None and row.sla_policy_id != policy.id)
        after = followed(
            before,
            kind,
            demand(kind, ticket),
            _promise(policy, ticket, kind),
            since=_since(kind, ticket),
            now=work.now,
            recount=moved,
        )
        if after is None:
            if row is not None:
                queries.drop(work, ticket.id, kind)
            continue
        clocks.append(after)
        policy_id = _under(policy, row, after)
        if after != before or (moved and after.live):
            queries.put(work, ticket.id, policy_id, asdict(after))
        told += [Told(verb, policy_id, after) for verb in _news(before, after)]
    _mark(work, ticket.id, clocks)
    return told


def wake(work: Work, ticket: Row) -> list[Told]:
    """What a locked ticket's clocks have come to by now; sets the timer again for what is still to come."""
    told: list[Told] = []
    clocks = []
    for row in queries.clocks(work, [ticket.id]):
        before = _clock(row)
        after = fired(before, work.now)
        if after != before:
            queries.put(work, ticket.id, row.sla_policy_id, asdict(after))
            told += [Told(verb, row.sla_policy_id, after) for verb in _news(before, after)]
        clocks.append(after)
    _mark(work, ticket.id, clocks)
    return told


def recount(work: Work, policy_ids: Sequence[UUID]) -> None:
    """Lets the clocks of changed policies be counted again, beside the work of people."""
    for one in policy_ids:
        enqueue(work, RECOUNT, one, lane="bulk")


def _policy(policies: Sequence[Row], ticket: Row) -> Row | None:
    """The first policy that a ticket fits and that promises something for its priority."""
    for one in policies:
        fits = (
            (not one.queue_ids or ticket.queue_id in one.queue_ids)
            and (not one.types or ticket.type in one.types)
            and (not one.channels or ticket.channel in one.channels)
        )
        if fits and any(target["priority"] == ticket.priority for target in one.targets):
            return one
    return None


def _promise(policy: Row | None, ticket: Row, kind: Kind) -> Promise | None:
    if policy is None:
        return None
    target = next(one for one in policy.targets if one["priority"] == ticket.priority)
    minutes = target.get(_MINUTES[kind])
    if not minutes:
        return None
    calendar = ALWAYS if policy.time_zone is None else calendar_of(policy)
    return Promise(int(minutes) * 60, policy.warn_percent, calendar)


def _under(policy: Row | None, row: Row | None, clock: Clock) -> UUID:
    """The policy of a clock: that of today while it is live, and the one it ended under afterwards."""
    if policy is not None and (row is None or clock.live):
        policy_id: UUID = policy.id
        return policy_id
    assert row is not None, "a clock that nobody promised was there before"
    kept: UUID = row.sla_policy_id
    return kept


def _since(kind: Kind, ticket: Row) -> datetime:
    since: datetime = ticket.customer_wrote_at if kind == "next_response" else ticket.created_at
    return since


def _clock(row: Row) -> Clock:
    return Clock(
        row.kind,
        row.state,
        row.target_s,
        row.elapsed_s,
        row.running_since,
        row.warn_at,
        row.due_at,
        row.warned_at,
        row.breached_at,
        row.met_at,
    )


def _news(before: Clock | None, after: Clock) -> Iterator[str]:
    """What is said of a clock that it did not say before."""
    if after.warned_at is not None and (before is None or before.warned_at != after.warned_at) and after.state != "met":
        yield "warning"
    if after.state == "breached" and (before is None or before.state != "breached"):
        yield "breached"
    if after.state == "met" and (before is None or before.state != "met"):
        yield "met"


def _mark(work: Work, ticket_id: UUID, clocks: Sequence[Clock]) -> None:
    due = [one.due_at for one in clocks if one.state == "running" and one.due_at is not None]
    queries.mark(work, ticket_id, min(due) if due else None, state_of(clocks))
    wakes = [one.wakes_at for one in clocks if one.wakes_at is not None]
    if wakes:
        set_timer(work, TIMER, ticket_id, min(wakes))


def state_of(clocks: Sequence[Any]) -> str:
    """How a ticket stands with what was promised, from its clocks: the worst that is true of one of them."""
    if any(one.state == "breached" and one.met_at is None for one in clocks):
        return "breached"
    if any(one.state == "running" and one.warned_at is not None for one in clocks):
        return "warned"
    for state in ("running", "paused", "breached", "met"):
        if any(one.state == state for one in clocks):
            return state
    return ""
