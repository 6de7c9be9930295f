"""HeldService at the edge: what sales holds about one person, whoever of the company looks after it."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work
from funia.sales.v1 import held_pb2 as pb

from sales.usecases.people import held, marks_of


class HeldServicer:
    """What is held about one person. `most` is how many rows of a table are shown."""

    service = pb.DESCRIPTOR.services_by_name["HeldService"]

    def __init__(self, *, most: int) -> None:
        self._most = most

    def ListHeldRows(self, work: Work, request: pb.ListHeldRowsRequest) -> pb.ListHeldRowsResponse:
        marks = marks_of(work, emails=request.emails, phones=request.phones, family_names=request.family_names)
        answer = pb.ListHeldRowsResponse()
        people = [UUID(one) for one in request.contact_ids]
        for name, rows in held(work, people, marks, limit=self._most + 1).items():
            table = answer.tables.add(name=name, service="sales", more=len(rows) > self._most)
            for row in rows[: self._most]:
                table.rows.add().update(row)
        return answer
