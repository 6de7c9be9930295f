"""Events of break-glass. The reason stays here: it is a text."""

from __future__ import annotations

from typing import Any

from chassis.envelope import Event
from funia.identity.v1.break_glass_events_pb2 import BreakGlassChanged


def break_glass_changed(verb: str, row: Any) -> Event:
    """``identity.break_glass.opened`` or ``ended``, from the row of the opening."""
    payload = BreakGlassChanged(
        break_glass_id=str(row.id),
        user_id=str(row.user_id),
        record_id="" if row.record_id is None else str(row.record_id),
        ended_for=row.ended_for,
    )
    return Event(f"identity.break_glass.{verb}", row.id, 1 if verb == "opened" else 2, payload)
