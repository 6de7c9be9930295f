"""RecordShareService at the edge."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from uuid import UUID

from chassis.work import Work
from funia.contacts.v1 import record_share_pb2 as pb

from contacts.usecases import record_sharing
from contacts.usecases.record_sharing import Share, ShareBounds


class RecordShareServicer:
    """Contacts and accounts shared by hand."""

    def __init__(self, bounds: ShareBounds) -> None:
        self._bounds = bounds

    def ListRecordShares(self, work: Work, request: pb.ListRecordSharesRequest) -> pb.ListRecordSharesResponse:
        rows, level = record_sharing.every(work, UUID(request.record_id))
        return pb.ListRecordSharesResponse(shares=[_share(row) for row in rows], level=level)

    def ShareRecord(self, work: Work, request: pb.ShareRecordRequest) -> pb.RecordShare:
        asked = request.share
        until = asked.until.ToDatetime(tzinfo=UTC) if asked.HasField("until") else None
        wanted = Share(asked.grantee_kind, UUID(asked.grantee_id), asked.level, until)
        return _share(record_sharing.share(work, UUID(request.record_id), wanted, self._bounds))

    def UnshareRecord(self, work: Work, request: pb.UnshareRecordRequest) -> pb.UnshareRecordResponse:
        record_sharing.unshare(work, UUID(request.record_id), UUID(request.grantee_id))
        return pb.UnshareRecordResponse()


def _share(row: Any) -> pb.RecordShare:
    return pb.RecordShare(
        grantee_kind=row.grantee_kind,
        grantee_id=str(row.grantee_id),
        level=row.level,
        until=row.until,
        created_at=row.created_at,
        created_by=str(row.created_by),
    )
