"""RecordShareService at the edge."""

from __future__ import annotations

from uuid import UUID

from chassis.record_sharing import ShareBounds, asked, values
from chassis.work import Work
from funia.contacts.v1 import record_share_pb2 as pb

from contacts.usecases.record_sharing import SHARING


class RecordShareServicer:
    """Contacts and accounts shared by hand."""

    def __init__(self, bounds: ShareBounds) -> None:
        self._bounds = bounds

    def ListRecordShares(self, work: Work, request: pb.ListRecordSharesRequest) -> pb.ListRecordSharesResponse:
        rows, level = SHARING.every(work, UUID(request.record_id))
        return pb.ListRecordSharesResponse(shares=[pb.RecordShare(**values(row)) for row in rows], level=level)

    def ShareRecord(self, work: Work, request: pb.ShareRecordRequest) -> pb.RecordShare:
        row = SHARING.share(work, UUID(request.record_id), asked(request.share), self._bounds)
        return pb.RecordShare(**values(row))

    def UnshareRecord(self, work: Work, request: pb.UnshareRecordRequest) -> pb.UnshareRecordResponse:
        SHARING.unshare(work, UUID(request.record_id), UUID(request.grantee_id))
        return pb.UnshareRecordResponse()
