"""Runs of models: asked for, begun, ended with scores or with the reason why there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from chassis import jobs
from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.work import Row, Work
from psycopg.types.json import Jsonb

from analytics import events
from analytics.model.model_run import UNFINISHED
from analytics.queries import basket_rules
from analytics.queries import model_runs as queries

JOB = "analytics.model_run"
Written = tuple[UUID, str, str, int, str]
"""Customer, its kind, band, score, figures as JSON."""
_WORSE = {"low": 0, "medium": 1, "high": 2}
_ROWS_A_STATEMENT = 5_000
OF_A_PART = ("store_id", "group")
"""Parameters of runs that look at a part of the company: their rules are shown, and suggest nothing to anybody."""


def request(work: Work, kind: str, parameters: Mapping[str, Any]) -> Row:
    """A run of this kind: the one that is not finished yet, or a new one."""
    known = queries.unfinished(work, kind)
    if known is not None:
        return known
    run_id = uuid7()
    queries.add(
        work,
        id=run_id,
        kind=kind,
        state="scheduled",
        parameters=Jsonb(dict(parameters)),
        as_of=_day(work, parameters),
        reason="",
        figures=Jsonb({}),
        result=b"",
        requested_by=work.caller.actor_id,
        requested_at=work.now,
        started_at=None,
        finished_at=None,
    )
    jobs.enqueue(work, JOB, run_id, lane="bulk")
    return get(work, run_id)


def get(work: Work, run_id: UUID) -> Row:
    """The run. Raises NotFound."""
    run = queries.get(work, run_id)
    if run is None:
        raise NotFound(f"There is no model run {run_id}.", reason="MODEL_RUN_NOT_FOUND")
    return run


def begin(work: Work, run_id: UUID) -> Row | None:
    """Begins a run, or begins it again after it was killed; None where it has ended."""
    run = queries.get(work, run_id, lock=True)
    if run is None or run.state not in UNFINISHED:
        return None
    queries.update(work, run, state="training", as_of=_day(work, run.parameters), started_at=work.now)
    return queries.get(work, run_id)


def refuse(work: Work, run_id: UUID, reason: str, figures: Mapping[str, float]) -> None:
    """Ends a run that has no honest result; the active one stays, and stays what the customers are told by."""
    run = queries.get(work, run_id, lock=True)
    if run is not None and run.state in UNFINISHED:
        queries.update(work, run, state="failed", reason=reason, figures=dict(figures), finished_at=work.now)


def activate(
    work: Work,
    run_id: UUID,
    result: bytes,
    scores: Sequence[Written],
    rules: Sequence[dict[str, Any]] = (),
    *,
    baskets: int = 0,
    keep: timedelta,
) -> None:
    """Makes the scores of a run those of the customers, and tells whose band changed, all in this transaction.

    Of a run of baskets it keeps the rules (by the names of their columns) and tells all of them, found in so many
    baskets, if they are of the whole company.
    """
    run = queries.get(work, run_id, lock=True)
    if run is None or run.state not in UNFINISHED:
        return
    former = queries.active(work, run.kind)
    before: dict[UUID, str] = {}
    if former is not None:
        before = queries.bands(work, former.id)
        queries.forget_scores(work, former.id)
        basket_rules.forget(work, former.id)
        queries.update(work, former, state="superseded")
    for start in range(0, len(scores), _ROWS_A_STATEMENT):
        queries.add_scores(work, run_id, scores[start : start + _ROWS_A_STATEMENT])
    for start in range(0, len(rules), _ROWS_A_STATEMENT):
        basket_rules.add(work, run_id, rules[start : start + _ROWS_A_STATEMENT])
    queries.update(work, run, state="active", result=result, finished_at=work.now)
    queries.forget_runs(work, before=work.now - keep)
    if run.kind == "baskets":
        if not any(run.parameters.get(name) for name in OF_A_PART):
            first = run.parameters.get("first_day", "")
            found = events.Discovered(run_id, work.now, first, run.as_of, baskets)
            work.record_all(events.rules_discovered(found, [one for one in rules if one["lift"] > 1]))
        return
    changes = [
        (customer, kind, before.get(customer, ""), band, score)
        for customer, kind, band, score, _ in scores
        if _tells(run.kind, before.get(customer, ""), band)
    ]
    work.record_all(events.scores_changed(run_id, run.kind, changes))


def _tells(kind: str, before: str, now: str) -> bool:
    """Whether others hear of it: of another band, and of churn only where the risk has risen."""
    if kind == "churn":
        return _WORSE[now] > _WORSE.get(before, 0)
    return before != now


def _day(work: Work, parameters: Mapping[str, Any]) -> date:
    asked = parameters.get("as_of", "")
    return date.fromisoformat(asked) if asked else work.now.date()
