"""Share one deal or lead by hand with a person or a team, and end that again."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from chassis.errors import Conflict, NotFound
from chassis.record_sharing import RecordSharing, Sharable
from chassis.records import RecordStore
from chassis.work import Work

from sales import events
from sales.records import DEALS, LEADS


def _bump(store: RecordStore) -> Callable[[Work, UUID], int]:
    def bump(work: Work, record_id: UUID) -> int:
        return int(store.update(work, record_id, {}).version)

    return bump


def missing(record_id: UUID) -> NotFound:
    """No such deal or lead, or none the caller may see."""
    return NotFound(f"There is no deal or lead {record_id} that you may see.", reason="RECORD_NOT_FOUND")


def _in_the_bin(said: str) -> Conflict:
    return Conflict(f"This {said} is in the bin. Take it out of the bin first.", reason="DELETED")


SHARING = RecordSharing(
    kinds=(
        Sharable("deal", "deal", DEALS.get, _bump(DEALS)),
        Sharable("lead", "lead", LEADS.get, _bump(LEADS)),
    ),
    told=events.record_shared,
    missing=missing,
    in_the_bin=_in_the_bin,
)
