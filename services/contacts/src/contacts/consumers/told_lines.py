"""Lines of the timeline that tell of what other services did with a customer, and how they are added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chassis.subscriptions import Received
from chassis.work import Work
from psycopg.types.json import Jsonb

from contacts.queries import activity as queries
from contacts.queries import customers


@dataclass(frozen=True, slots=True)
class Line:
    """What a line tells, and of whom. `id` and `at` stand where they are not those of the event."""

    type: str
    about: Sequence[str]
    details: dict[str, str]
    id: UUID | None = None
    at: datetime | None = None


def add_told(work: Work, lines: Sequence[tuple[Received, Line]]) -> None:
    """Adds lines with the events they come from: of a merged person to who stayed, of an erased one none."""
    ids = {UUID(one) for _, line in lines for one in line.about if one}
    if not ids:
        return
    living = customers.living(work, sorted(ids))
    entries = [
        _entry(event, line, subject_id)
        for event, line in lines
        for subject_id in dict.fromkeys(living[UUID(one)] for one in line.about if one and UUID(one) in living)
    ]
    if entries:
        queries.add_entries(work, entries)


def _entry(event: Received, line: Line, subject_id: UUID) -> dict[str, Any]:
    actor = event.envelope.actor
    return {
        "subject_id": subject_id,
        "id": line.id or event.id,
        "type": line.type,
        "occurred_at": line.at or event.envelope.occurred_at.ToDatetime(tzinfo=UTC),
        "actor_type": actor.type,
        "actor_id": actor.id,
        "changed_fields": [],
        "details": Jsonb({name: value for name, value in line.details.items() if value}),
        "activity_id": None,
    }
