"""The peer's timelines, notes and tasks, and its erasing of people."""

from __future__ import annotations

import uuid
from typing import Any

from chassis.errors import Conflict, NotFound
from funia.contacts.v1 import activity_pb2 as activity_pb
from funia.contacts.v1 import activity_pb2_grpc, person_pb2_grpc
from funia.contacts.v1 import person_pb2 as person_pb
from google.protobuf.struct_pb2 import Struct
from peer_paging import page
from peer_rows import new_id


def serve_activities_and_persons(peer: Any) -> None:
    """Adds both services to the peer's server."""
    activities, persons = peer.wrap(ActivityPeer(peer)), peer.wrap(PersonPeer(peer))
    activity_pb2_grpc.add_ActivityServiceServicer_to_server(activities, peer.server)
    person_pb2_grpc.add_PersonServiceServicer_to_server(persons, peer.server)


class ActivityPeer(activity_pb2_grpc.ActivityServiceServicer):
    def __init__(self, peer: Any) -> None:
        self.peer = peer

    def ListTimeline(self, request: Any, context: Any) -> Any:
        entries = self.peer.company(context).timeline.get(request.subject_id, [])
        found, token = page([e for e in entries if e.type.startswith(request.type_prefix)], request)
        return activity_pb.ListTimelineResponse(entries=found, next_page_token=token)

    def CreateActivity(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        entry = activity_pb.TimelineEntry(
            id=new_id(company.seed),
            subject_id=request.activity.subject_id,
            type="contacts.activity.created",
            actor_type="user",
            actor_id=company.users[0].id,
            activity=request.activity,
        )
        entry.activity.id = str(uuid.uuid4())
        entry.occurred_at.GetCurrentTime()
        company.timeline.setdefault(request.activity.subject_id, []).insert(0, entry)
        return entry.activity

    def CompleteActivity(self, request: Any, context: Any) -> Any:
        for entries in self.peer.company(context).timeline.values():
            for entry in entries:
                if entry.activity.id == request.id:
                    entry.activity.completed_at.GetCurrentTime()
                    return entry.activity
        raise NotFound("There is no such activity.", reason="ACTIVITY_NOT_FOUND")


class PersonPeer(person_pb2_grpc.PersonServiceServicer):
    """One person as a whole."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer

    def GetPersonalData(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        if request.id not in company.contacts:
            raise NotFound("There is no such person.", reason="CONTACT_NOT_FOUND")
        row = Struct()
        row.update({"display_name": company.contacts[request.id].display_name})
        lines = [Struct() for _ in company.timeline.get(request.id, [])]
        tables = [person_pb.PersonalTable(name="contact", rows=[row])]
        tables += [person_pb.PersonalTable(name="timeline_entry", rows=lines)] if lines else []
        return person_pb.PersonalData(contact_id=request.id, tables=tables)

    def EraseContact(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        if request.etag and request.etag != company.contacts[request.id].etag:
            raise Conflict("changed", reason="STALE_ETAG")
        del company.contacts[request.id]
        company.timeline.pop(request.id, None)
        erasure = person_pb.PersonErasure(id=str(uuid.uuid4()), contact_digest="0" * 64, identities_kept_away=2)
        erasure.erased_by = company.users[0].id
        erasure.erased_at.GetCurrentTime()
        company.erasures.insert(0, erasure)
        return erasure

    def ListPersonErasures(self, request: Any, context: Any) -> Any:
        found, token = page(self.peer.company(context).erasures, request)
        return person_pb.ListPersonErasuresResponse(person_erasures=found, next_page_token=token)

    def LiftPersonErasure(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        for erasure in company.erasures:
            if erasure.id == request.id:
                erasure.lifted_by, erasure.lift_reason = company.users[0].id, request.reason
                erasure.identities_kept_away = 0
                erasure.lifted_at.GetCurrentTime()
                return erasure
        raise NotFound("There is no such erasure.", reason="ERASURE_NOT_FOUND")
