"""SalesRecordShareService at the edge."""

from __future__ import annotations

from uuid import UUID

from chassis.record_sharing import ShareBounds, asked, values
from chassis.work import Work
from funia.contacts.v1.record_share_pb2 import RecordShare
from funia.sales.v1 import record_share_pb2 as pb

from sales.usecases.record_sharing import SHARING


class SalesRecordShareServicer:
    """Deals and leads shared by hand."""

    service = pb.DESCRIPTOR.services_by_name["SalesRecordShareService"]

    def __init__(self, bounds: ShareBounds) -> None:
        self._bounds = bounds

    def ListSalesRecordShares(
        self, work: Work, request: pb.ListSalesRecordSharesRequest
    ) -> pb.ListSalesRecordSharesResponse:
        rows, level = SHARING.every(work, UUID(request.record_id))
        return pb.ListSalesRecordSharesResponse(shares=[RecordShare(**values(row)) for row in rows], level=level)

    def ShareSalesRecord(self, work: Work, request: pb.ShareSalesRecordRequest) -> pb.ShareSalesRecordResponse:
        row = SHARING.share(work, UUID(request.record_id), asked(request.share), self._bounds)
        return pb.ShareSalesRecordResponse(share=RecordShare(**values(row)))

    def UnshareSalesRecord(self, work: Work, request: pb.UnshareSalesRecordRequest) -> pb.UnshareSalesRecordResponse:
        SHARING.unshare(work, UUID(request.record_id), UUID(request.grantee_id))
        return pb.UnshareSalesRecordResponse()
