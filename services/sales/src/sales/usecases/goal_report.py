"""The report of goals: targets and what was reached of them, of people and teams, by the times that goals run.

A figure opens the deals or activities that any goal of its row counts; goals that count the same deals twice, such as
those of a month and of its quarter, are both summed, and their deals are listed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.work import Row, Work

from sales.queries import goals_reached
from sales.usecases.report_answers import ROWS_MAX, Line, Question, check_size
from sales.usecases.report_catalogue import Group
from sales.usecases.report_drills import both, within

METRICS = ("amount_won", "deals_won", "activities_done")
DRILL_MAX = 3_500
"""Characters of a filter that still fits into an address beside the rest of it."""


def count(work: Work, question: Question) -> tuple[list[Line], list[Line]]:
    """Lines in no order, and the line of all goals."""
    first, before = question.span
    goals = goals_reached.reached(
        work,
        condition=question.report.condition(work, question.filter),
        first=first,
        before=before,
        zone=question.zone,
        limit=ROWS_MAX + 1,
    )
    check_size(len(goals))
    found: dict[tuple[str, ...], list[Row]] = {}
    for one in goals:
        found.setdefault(tuple(_key(group, one) for group in question.groups), []).append(one)
    hidden = work.caller.fields.hidden_in("deal")
    lines = [_line(question, keys, rows, hidden) for keys, rows in found.items()]
    return lines, [_line(question, (), goals, hidden)] if goals else []


def _key(group: Group, goal: Row) -> str:
    match group.key:
        case "owner":
            return str(goal.user_id or "")
        case "team":
            return str(goal.team_id or "")
        case "pipeline":
            return str(goal.pipeline_id or "")
        case "month":
            return f"{goal.starts_on:%Y-%m}"
    if goal.period == "quarter":
        return f"{goal.starts_on.year}-Q{(goal.starts_on.month + 2) // 3}"
    return f"{goal.starts_on:%Y-%m}"


def _line(question: Question, keys: Sequence[str], goals: Sequence[Row], hidden: frozenset[str]) -> Line:
    values: dict[str, Any] = {}
    drills: dict[str, str] = {}
    for metric in METRICS:
        of_metric = [one for one in goals if one.metric == metric]
        target, reached = sum(one.target for one in of_metric), sum(one.achieved for one in of_metric)
        if not of_metric:
            continue
        noun = metric.partition("_")[0]
        values |= {f"target_{noun}": target, metric: reached, f"{noun}_reached": round(reached * 10_000 / target)}
        drills[metric] = drills[f"{noun}_reached"] = _drill(of_metric, question.zone)
    figures = question.report.figures
    return Line(
        list(keys),
        [],
        question.currency,
        [None if one.hidden_with in hidden else values.get(one.key) for one in figures],
        "",
        [drills.get(one.key, "") for one in figures],
    )


def _drill(goals: Sequence[Row], zone: str) -> str:
    """What any of these goals counts; empty where that cannot be said in a filter of sensible length."""
    parts = list(dict.fromkeys(_of_goal(one, zone) for one in goals))
    text = parts[0] if len(parts) == 1 else " OR ".join(f"({one})" for one in parts)
    return text if len(text) <= DRILL_MAX else ""


def _of_goal(goal: Row, zone: str) -> str:
    activities = goal.metric == "activities_done"
    return both(
        "" if activities else 'status = "won"',
        f'owner_id = "{goal.user_id}"' if goal.user_id else "",
        f'team_id = "{goal.team_id}"' if goal.team_id else "",
        f'pipeline_id = "{goal.pipeline_id}"' if goal.pipeline_id else "",
        within("completed_at" if activities else "closed_at", goal.starts_on, goal.ends_before, zone),
    )
