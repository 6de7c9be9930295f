"""Clocks of service levels: pure functions of a promise, a calendar and what happened to a ticket.

A clock runs while the company is the one to act, rests while somebody else is, and ends met or breached. What it has
counted when it rests is kept in seconds of working time, so that a new target or calendar only moves what is left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from support.working_time import Calendar, due, elapsed

Kind = Literal["first_response", "next_response", "resolution"]
KINDS: tuple[Kind, ...] = ("first_response", "next_response", "resolution")
Demand = Literal["run", "rest", "done", "none"]
"""What a ticket asks of a clock; `none` where there is nothing to promise any more, or not yet."""
_ENDED = frozenset({"solved", "closed"})
_GONE = frozenset({"merged", "spam"})
_STATES = {"run": "running", "rest": "paused"}


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised: so many seconds of working time, and from which share of it on to warn."""

    target_s: int
    warn_percent: int
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of a ticket. `elapsed_s` is what it had counted when it began to run at `running_since`."""

    kind: Kind
    state: Literal["running", "paused", "met", "breached"]
    target_s: int
    elapsed_s: int = 0
    running_since: datetime | None = None
    warn_at: datetime | None = None
    due_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    met_at: datetime | None = None

    @property
    def live(self) -> bool:
        """It runs or rests, and may still be breached."""
        return self.state in ("running", "paused")

    @property
    def wakes_at(self) -> datetime | None:
        """When there is something to tell of it."""
        if self.state != "running":
            return None
        return self.due_at if self.warned_at is not None else self.warn_at


@dataclass(frozen=True, slots=True)
class Told:
    """Something to tell of a clock: ``warning``, ``breached`` or ``met``."""

    verb: str
    policy_id: UUID
    clock: Clock


def demand(kind: Kind, ticket: Any) -> Demand:
    """What a ticket (its row) asks of its clock of a kind."""
    if ticket.status in _GONE or ticket.deleted_at is not None:
        return "none"
    if kind == "next_response":
        if ticket.agent_replied_at is None:
            return "none"
        if ticket.status in _ENDED or ticket.customer_wrote_at <= ticket.agent_replied_at:
            return "done"
    elif ticket.status in _ENDED or (kind == "first_response" and ticket.first_replied_at is not None):
        return "done"
    resting = ("pending", "on_hold") if kind == "resolution" else ("on_hold",)
    return "rest" if ticket.status in resting else "run"


def followed(
    clock: Clock | None,
    kind: Kind,
    asked: Demand,
    promise: Promise | None,
    *,
    since: datetime,
    now: datetime,
    recount: bool,
) -> Clock | None:
    """The clock after what happened; None where there is none any more.

    A new one counts from `since`. `recount` says that what is promised may have changed.
    """
    if clock is not None and clock.live:
        clock = fired(clock, now)
    if clock is None or _begins_again(clock, asked, since):
        if promise is None or asked not in ("run", "rest"):
            return clock
        new = Clock(kind, "paused", promise.target_s)
        return _running(new, promise, since) if asked == "run" else new
    if clock.state == "breached":
        ended = asked == "done"
        return clock if ended == (clock.met_at is not None) else replace(clock, met_at=now if ended else None)
    if clock.state == "met":
        if kind != "resolution" or asked not in ("run", "rest") or promise is None:
            return clock
        clock = replace(clock, state="paused", met_at=None)
    if promise is None or asked == "none":
        return None
    if asked == "done":
        return replace(_rested(clock, promise.calendar, now), state="met", met_at=now)
    if not recount and clock.target_s == promise.target_s and clock.state == _STATES[asked]:
        return clock
    clock = replace(_rested(clock, promise.calendar, now), target_s=promise.target_s)
    if asked == "rest":
        return clock
    clock = _running(clock, promise, now)
    if clock.warn_at is not None and clock.warn_at > now:
        clock = replace(clock, warned_at=None)
    return fired(clock, now)


def fired(clock: Clock, now: datetime) -> Clock:
    """The clock with what it has come to by now: a warning, a breach, or neither."""
    due_at = clock.due_at
    if clock.state != "running" or due_at is None or clock.warn_at is None:
        return clock
    if clock.warned_at is None and clock.warn_at <= now:
        clock = replace(clock, warned_at=now)
    if due_at <= now:
        clock = replace(clock, state="breached", breached_at=due_at, running_since=None)
    return clock


def _begins_again(clock: Clock, asked: Demand, since: datetime) -> bool:
    """Each time that a customer writes after an answer, the next answer is promised anew."""
    if clock.kind != "next_response" or asked not in ("run", "rest") or clock.met_at is None:
        return False
    return since >= clock.met_at


def _running(clock: Clock, promise: Promise, since: datetime) -> Clock:
    left = timedelta(seconds=max(clock.target_s - clock.elapsed_s, 0))
    unwarned = timedelta(seconds=max(clock.target_s * promise.warn_percent // 100 - clock.elapsed_s, 0))
    return replace(
        clock,
        state="running",
        running_since=since,
        due_at=due(promise.calendar, since, left),
        warn_at=due(promise.calendar, since, unwarned),
    )


def _rested(clock: Clock, calendar: Calendar, now: datetime) -> Clock:
    if clock.running_since is None:
        return replace(clock, state="paused", due_at=None, warn_at=None)
    counted = round(elapsed(calendar, clock.running_since, now).total_seconds())
    return replace(
        clock, state="paused", elapsed_s=clock.elapsed_s + counted, running_since=None, due_at=None, warn_at=None
    )
