"""Share one contact or account by hand with a person or a team, and end that again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis import record_shares
from chassis.errors import FailedPrecondition, NotFound, invalid_field
from chassis.record_shares import check_holds
from chassis.tables import HOLDS, READS, WRITES
from chassis.work import Row, Work

from contacts import events
from contacts.errors import in_the_bin
from contacts.model.tables import RecordKind
from contacts.queries import account as account_queries
from contacts.queries import contact as contact_queries

LEVELS = {READS: "read", WRITES: "write", HOLDS: "hold"}
_WORDS: dict[RecordKind, str] = {"contact": "contact", "account": "company"}


@dataclass(frozen=True, slots=True)
class ShareBounds:
    """How many shares a record, and how many shared records a person or team may have."""

    of_record: int
    of_grantee: int


@dataclass(frozen=True, slots=True)
class Share:
    """With whom a record is shared, how, and until when; None for until further notice."""

    grantee_kind: str
    grantee_id: UUID
    level: str
    until: datetime | None


def every(work: Work, record_id: UUID) -> tuple[list[Row], str]:
    """Shares of a record that the caller sees, and what the caller may do with it."""
    _, row = _record(work, record_id, lock=False)
    return record_shares.of_record(work, record_id), LEVELS[row.access_level]


def share(work: Work, record_id: UUID, wanted: Share, bounds: ShareBounds) -> Row:
    """Shares a record, or changes how it is shared. The same share again changes nothing.

    Raises PermissionDenied where the record is only shared with the caller, FailedPrecondition beyond the bounds.
    """
    kind, row = _record(work, record_id, lock=True)
    check_holds(row, _WORDS[kind])
    if row.deleted_at is not None:
        raise in_the_bin(_WORDS[kind])
    if wanted.until is not None and wanted.until <= work.now:
        raise invalid_field("share.until", "name a time to come, or none", reason="IN_THE_PAST")
    known = {one.grantee_id: one for one in record_shares.of_record(work, record_id)}
    before = known.get(wanted.grantee_id)
    if before is not None and (before.level, before.until) == (wanted.level, wanted.until):
        return before
    if before is None:
        _check_bounds(work, wanted.grantee_id, len(known), bounds)
    record_shares.put(
        work,
        kind,
        record_id,
        grantee_kind=wanted.grantee_kind,
        grantee_id=wanted.grantee_id,
        level=wanted.level,
        until=wanted.until,
    )
    version = _bumped(work, kind, record_id)
    work.record(
        events.record_shared(
            "shared", kind, record_id, version, wanted.grantee_kind, wanted.grantee_id, wanted.level, wanted.until
        )
    )
    return next(one for one in record_shares.of_record(work, record_id) if one.grantee_id == wanted.grantee_id)


def unshare(work: Work, record_id: UUID, grantee_id: UUID) -> None:
    """Ends a share; none is no error."""
    kind, row = _record(work, record_id, lock=True)
    check_holds(row, _WORDS[kind])
    gone = record_shares.drop(work, record_id, grantee_id)
    if gone is not None:
        version = _bumped(work, kind, record_id)
        work.record(
            events.record_shared("unshared", kind, record_id, version, gone.grantee_kind, grantee_id, gone.level, None)
        )


def _record(work: Work, record_id: UUID, *, lock: bool) -> tuple[RecordKind, Row]:
    row = contact_queries.get(work, record_id, lock=lock)
    if row is not None:
        return "contact", row
    row = account_queries.get(work, record_id, lock=lock)
    if row is not None:
        return "account", row
    raise NotFound(f"There is no contact or account {record_id} that you may see.", reason="CUSTOMER_NOT_FOUND")


def _bumped(work: Work, kind: RecordKind, record_id: UUID) -> int:
    return contact_queries.bump(work, record_id) if kind == "contact" else account_queries.bump(work, record_id)


def _check_bounds(work: Work, grantee_id: UUID, shares: int, bounds: ShareBounds) -> None:
    if shares >= bounds.of_record:
        raise FailedPrecondition(
            f"A record is shared with {bounds.of_record} people and teams at most. Share it with a team instead.",
            reason="TOO_MANY_SHARES",
        )
    if record_shares.count_of_grantee(work, grantee_id) >= bounds.of_grantee:
        raise FailedPrecondition(
            f"A person or team has {bounds.of_grantee} records shared by hand at most. Ask an administrator for a "
            "sharing rule instead.",
            reason="TOO_MANY_SHARED_RECORDS",
        )
