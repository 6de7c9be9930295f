"""Events of reports that are sent regularly: never what they are called, nor what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.envelope import Event
from funia.identity.v1.report_events_pb2 import ReportRunEnded, ReportScheduleChanged

from gateway.identity.reports import page_of
from gateway.identity.wire import timestamp


def schedule_changed(verb: str, row: Any, *, changed_fields: tuple[str, ...] = ()) -> Event:
    """``identity.report_schedule.<verb>``, from the schedule's row after it."""
    payload = ReportScheduleChanged(
        schedule_id=str(row.id),
        owner_id=str(row.owner_id),
        report=page_of(row.report),
        format=row.format,
        every=row.every,
        paused_reason=row.paused_reason,
        recipient_ids=row.recipient_ids,
    )
    return Event(f"identity.report_schedule.{verb}", row.id, row.version, payload, changed_fields)


def run_ended(
    verb: str, schedule: Any, run: Any, *, reason: str = "", recipient_ids: Sequence[str] = (), size_bytes: int = 0
) -> Event:
    """``identity.report.<verb>``, from the rows of the schedule and of its run."""
    payload = ReportRunEnded(
        schedule_id=str(schedule.id),
        owner_id=str(schedule.owner_id),
        due_at=timestamp(run.due_at),
        report=page_of(schedule.report),
        reason=reason,
        recipient_ids=recipient_ids,
        size_bytes=size_bytes,
    )
    return Event(f"identity.report.{verb}", schedule.id, schedule.version, payload)
