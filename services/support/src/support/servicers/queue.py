"""QueueService at the edge."""

from __future__ import annotations

from typing import Any, ClassVar

from chassis.errors import Conflict
from chassis.records import Order, RecordServicer, Resource
from chassis.work import Row, Work
from funia.support.v1 import queue_pb2 as pb
from funia.support.v1.events_pb2 import QueueChanged

from support.model.ticket import Queue
from support.queries import ticket as queries

Values = dict[str, Any]


class QueueServicer(RecordServicer):
    """Queues."""

    service = pb.DESCRIPTOR.services_by_name["QueueService"]
    resource = Resource("support", "queue", Queue, pb.Queue, order=Order("position"), lowered={"name": "name_key"})
    defaults: ClassVar[Values] = {"custom": {}, "external_ids": {}}

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        after["name_key"] = after["name"].lower()
        after["priority"] = after["priority"] or "normal"

    def deletable(self, work: Work, row: Row) -> None:
        if queries.queue_is_used(work, row.id):
            raise Conflict("Tickets wait in this queue. Move them to another one first.", reason="IN_USE")

    def payload(self, row: Row) -> QueueChanged:
        return QueueChanged(
            queue_id=str(row.id),
            team_id=str(row.team_id or ""),
            priority=row.priority,
            deleted=row.deleted_at is not None,
        )
