"""Sharing a record by hand with a person or a team, and ending that: what every service of records does alike.

A service names its kinds of record and the event that tells of a share; the edge reads messages, whose fields have
the same names everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chassis import record_shares
from chassis.envelope import Event
from chassis.errors import FailedPrecondition, FuniaError, NotFound, invalid_field
from chassis.record_shares import check_holds
from chassis.tables import HOLDS, READS, WRITES
from chassis.work import Row, Work

LEVELS = {READS: "read", WRITES: "write", HOLDS: "hold"}
"""What a caller may do with a record, by its `access_level`."""


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


@dataclass(frozen=True, slots=True)
class Sharable:
    """A kind of record that can be shared. `said` is what people call it; `get` takes the work, the id and `lock`, and
    gives the row as the caller sees it, with its `access_level`; `bump` gives it its next version.
    """

    kind: str
    said: str
    get: Callable[..., Row | None]
    bump: Callable[[Work, UUID], int]


@dataclass(frozen=True, slots=True)
class RecordSharing:
    """Shares of a service's records. `told` makes the event: verb, kind, record, version, share."""

    kinds: Sequence[Sharable]
    told: Callable[[str, str, UUID, int, Share], Event]
    missing: Callable[[UUID], NotFound]
    in_the_bin: Callable[[str], FuniaError]

    def every(self, work: Work, record_id: UUID) -> tuple[list[Row], str]:
        """Shares of a record that the caller sees, and what the caller may do with it."""
        _, row = self._record(work, record_id, lock=False)
        return record_shares.of_record(work, record_id), LEVELS[row.access_level]

    def share(self, work: Work, record_id: UUID, wanted: Share, bounds: ShareBounds) -> Row:
        """Shares a record, or changes how it is shared. The same share again changes nothing.

        Raises PermissionDenied where the record is only shared with the caller, FailedPrecondition beyond the bounds.
        """
        kind, row = self._record(work, record_id, lock=True)
        check_holds(row, kind.said)
        if row.deleted_at is not None:
            raise self.in_the_bin(kind.said)
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
            kind.kind,
            record_id,
            grantee_kind=wanted.grantee_kind,
            grantee_id=wanted.grantee_id,
            level=wanted.level,
            until=wanted.until,
        )
        work.record(self.told("shared", kind.kind, record_id, kind.bump(work, record_id), wanted))
        return next(one for one in record_shares.of_record(work, record_id) if one.grantee_id == wanted.grantee_id)

    def unshare(self, work: Work, record_id: UUID, grantee_id: UUID) -> None:
        """Ends a share; none is no error."""
        kind, row = self._record(work, record_id, lock=True)
        check_holds(row, kind.said)
        gone = record_shares.drop(work, record_id, grantee_id)
        if gone is not None:
            ended = Share(gone.grantee_kind, grantee_id, gone.level, None)
            work.record(self.told("unshared", kind.kind, record_id, kind.bump(work, record_id), ended))

    def _record(self, work: Work, record_id: UUID, *, lock: bool) -> tuple[Sharable, Row]:
        for kind in self.kinds:
            row = kind.get(work, record_id, lock=lock)
            if row is not None:
                return kind, row
        raise self.missing(record_id)


def asked(message: Any) -> Share:
    """A share as a message asks for it."""
    until = message.until.ToDatetime(tzinfo=UTC) if message.HasField("until") else None
    return Share(message.grantee_kind, UUID(message.grantee_id), message.level, until)


def values(row: Row) -> dict[str, Any]:
    """A share's values, by the names that its message has for them."""
    return {
        "grantee_kind": row.grantee_kind,
        "grantee_id": str(row.grantee_id),
        "level": row.level,
        "until": row.until,
        "created_at": row.created_at,
        "created_by": str(row.created_by),
    }


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
