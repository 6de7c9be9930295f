"""SuppressionService at the edge."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.paging import Pager
from chassis.records.mapping import timestamp
from chassis.work import Work
from funia.marketing.v1 import suppression_pb2 as pb

from marketing.queries import suppression as queries
from marketing.usecases import suppressions

_BINDING = ("ListSuppressions",)


class SuppressionServicer:
    """Suppressed addresses."""

    service = pb.DESCRIPTOR.services_by_name["SuppressionService"]

    def __init__(self, pager: Pager) -> None:
        self._pager = pager

    def SuppressAddresses(self, work: Work, request: pb.SuppressAddressesRequest) -> pb.SuppressAddressesResponse:
        added = suppressions.suppress(work, request.channel, request.addresses, request.reason)
        return pb.SuppressAddressesResponse(added_count=added)

    def UnsuppressAddress(self, work: Work, request: pb.UnsuppressAddressRequest) -> pb.UnsuppressAddressResponse:
        suppressions.unsuppress(work, request.channel, request.address)
        return pb.UnsuppressAddressResponse()

    def ListSuppressions(self, work: Work, request: pb.ListSuppressionsRequest) -> pb.ListSuppressionsResponse:
        size = self._pager.size(request.page_size)
        before: datetime | None = None
        before_id: UUID | None = None
        if request.page_token:
            moment, last_id = self._pager.key(work.tenant_id, _BINDING, request.page_token)
            before, before_id = datetime.fromisoformat(str(moment)), UUID(str(last_id))
        rows = queries.page(work, before=before, before_id=before_id, limit=size + 1)
        answer = pb.ListSuppressionsResponse()
        if len(rows) > size:
            rows = rows[:size]
            last = rows[-1]
            answer.next_page_token = self._pager.token(
                work.tenant_id, _BINDING, [last.created_at.isoformat(), str(last.id)]
            )
        for row in rows:
            answer.suppressions.add(
                id=str(row.id),
                channel=row.channel,
                reason=row.reason,
                created_by=str(row.created_by),
                created_at=timestamp(row.created_at),
            )
        return answer
