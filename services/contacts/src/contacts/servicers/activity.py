"""ActivityService at the edge."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from chassis.caller import FieldRights
from chassis.paging import Pager
from chassis.work import Work
from funia.contacts.v1 import activity_pb2 as pb

from contacts import wire
from contacts.servicers.paged import cut, read_key
from contacts.usecases import activity


class ActivityServicer:
    """Timeline and activities of customers."""

    def __init__(self, pager: Pager) -> None:
        self._pager = pager

    def ListTimeline(self, work: Work, request: pb.ListTimelineRequest) -> pb.ListTimelineResponse:
        size = self._pager.size(request.page_size)
        binding = ("ListTimeline", request.subject_id, request.type_prefix)
        rows, activities = activity.timeline(
            work,
            UUID(request.subject_id),
            type_prefix=request.type_prefix,
            limit=size + 1,
            key=read_key(self._pager, work, binding, request.page_token, datetime),
        )
        rows, token = cut(self._pager, work, binding, rows, size, "occurred_at")
        known = {row.id: wire.activity(row) for row in activities}
        entries = [wire.timeline_entry(row, known) for row in rows]
        if work.caller.fields:
            for entry in entries:
                _hide(entry, work.caller.fields)
        return pb.ListTimelineResponse(entries=entries, next_page_token=token)

    def CreateActivity(self, work: Work, request: pb.CreateActivityRequest) -> pb.Activity:
        wanted = request.activity
        due_at = wanted.due_at.ToDatetime(tzinfo=UTC) if wanted.HasField("due_at") else None
        row = activity.create(
            work,
            kind=wanted.kind,
            subject_id=UUID(wanted.subject_id),
            title=wanted.title,
            body=wanted.body,
            due_at=due_at,
            assignee_id=wire.optional_id(wanted.assignee_id),
        )
        return wire.activity(row)

    def GetActivity(self, work: Work, request: pb.GetActivityRequest) -> pb.Activity:
        return wire.activity(activity.get(work, UUID(request.id)))

    def CompleteActivity(self, work: Work, request: pb.CompleteActivityRequest) -> pb.Activity:
        return wire.activity(activity.complete(work, UUID(request.id)))


def _hide(entry: pb.TimelineEntry, rights: FieldRights) -> None:
    """Takes the names of hidden fields out of a line, and what it tells of them."""
    kind = entry.type.split(".")[1]
    hidden = rights.hidden_in("contact" if kind == "lifecycle" else kind)
    columns = wire.account_columns(hidden) if kind == "account" else hidden
    kept = [name for name in entry.changed_fields if name not in columns]
    del entry.changed_fields[:]
    entry.changed_fields.extend(kept)
    if kind == "lifecycle" and "lifecycle_stage" in hidden:
        entry.details.clear()
