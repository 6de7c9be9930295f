"""HeldService at the edge: what support holds about one person."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work
from funia.support.v1 import held_pb2 as pb

from support.queries import held


class HeldServicer:
    """What is held about one person. `most` is how many rows of a table are shown."""

    service = pb.DESCRIPTOR.services_by_name["HeldService"]

    def __init__(self, *, most: int) -> None:
        self._most = most

    def ListHeldRows(self, work: Work, request: pb.ListHeldRowsRequest) -> pb.ListHeldRowsResponse:
        answer = pb.ListHeldRowsResponse()
        people = [UUID(one) for one in request.contact_ids]
        for name in held.TABLES:
            rows = held.rows(work, name, people, limit=self._most + 1)
            if rows:
                table = answer.tables.add(name=name, service="support", more=len(rows) > self._most)
                for row in rows[: self._most]:
                    table.rows.add().update(row)
        return answer
