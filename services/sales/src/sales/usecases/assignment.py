"""Who gets a lead: the first rule that fits chooses among its people, in turn or by how much each has to do.

Two leads that come at the same moment meet at the turn of their rule, so that they never go to one person by chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.filtering import Schema, matches, parse
from chassis.work import Row, Work

from sales.queries import lead as queries
from sales.usecases.leads import WORKED_ON


@dataclass(frozen=True, slots=True)
class Assigned:
    """Whom a lead goes to, and why."""

    owner_id: UUID
    team_id: UUID | None
    rule_id: UUID
    reason: str


def choose(work: Work, lead: Mapping[str, Any], schema: Schema) -> Assigned | None:
    """Whom the rules give a lead to; None where none fits or nobody of its people is at work."""
    for rule in queries.rules(work):
        if not matches(parse(rule.condition, schema), lead):
            continue
        people = queries.of_team(work, rule.team_id) if rule.team_id else queries.among(work, rule.user_ids)
        if people:
            return _given(work, rule, people)
    return None


def _given(work: Work, rule: Row, people: Sequence[Row]) -> Assigned:
    turn = queries.turn(work, rule.id)
    after_last = _after(people, turn.last_user_id)
    if rule.method == "round_robin":
        chosen = after_last[0]
        why = f"in turn among {len(people)}"
    else:
        busy = queries.open_leads(work, [one.id for one in people], WORKED_ON)
        chosen = min(after_last, key=lambda one: busy.get(one.id, 0))
        why = f"{busy.get(chosen.id, 0)} open leads, the fewest among {len(people)}"
    queries.take_turn(work, rule.id, chosen.id)
    return Assigned(chosen.id, chosen.team_id or rule.team_id, rule.id, f'Rule "{rule.name}": {why}.')


def _after(people: Sequence[Row], last: UUID | None) -> list[Row]:
    """The people, beginning behind who came last, so that equals take turns."""
    later = [one for one in people if last is not None and one.id > last]
    return [*later, *(one for one in people if last is None or one.id <= last)]
