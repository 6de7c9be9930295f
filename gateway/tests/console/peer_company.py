"""The peer's report and its company: users and API clients."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import TYPE_CHECKING, Any

from chassis.errors import Conflict, InvalidArgument, Violation
from funia.analytics.v1 import activity_pb2 as report_pb
from funia.analytics.v1 import activity_pb2_grpc as report_grpc
from funia.identity.v1 import custom_field_pb2 as field_pb
from funia.identity.v1 import (
    custom_field_pb2_grpc,
    former_colleague_pb2_grpc,
    invitation_pb2_grpc,
    sandbox_pb2_grpc,
    tenant_pb2_grpc,
)
from funia.identity.v1 import invitation_pb2 as invitation_pb
from funia.identity.v1 import sandbox_pb2 as sandbox_pb
from funia.identity.v1 import tenant_pb2 as tenant_pb
from peer_paging import page

if TYPE_CHECKING:
    from peer import Peer


class ReportPeer(report_grpc.ActivityReportServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def GetActivityReport(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        seed = random.Random(5)
        report = report_pb.ActivityReport()
        steps = {"hour": 24, "day": 30, "week": 13, "month": 12}[request.step or "day"]
        length = {"hour": 1, "day": 24, "week": 168, "month": 730}[request.step or "day"]
        for index in range(steps):
            report.steps.add().FromDatetime(company.now - dt.timedelta(hours=length * (steps - 1 - index)))
        if not company.contacts:
            return report
        kinds = {"contacts.contact.created": 14, "contacts.contact.updated": 25, "contacts.account.created": 3,
                 "contacts.activity.created": 9, "contacts.import.completed": 1}  # fmt: skip
        for event_type, most in kinds.items():
            counts = [seed.randint(0, most) for _ in range(steps)]
            if event_type == "contacts.contact.created":
                counts[-1] = len(company.contacts)
            report.series.append(report_pb.ActivitySeries(type=event_type, counts=counts, total=sum(counts)))
        report.total = sum(series.total for series in report.series)
        report.as_of.GetCurrentTime()
        return report

    def ListActivityEvents(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        events = [
            report_pb.ActivityEvent(id=e.id, type=e.type, subject_id=e.subject_id, occurred_at=e.occurred_at,
                                    actor_type=e.actor_type, actor_id=e.actor_id)
            for entries in company.timeline.values() for e in entries
        ]  # fmt: skip
        events.sort(key=lambda e: e.occurred_at.ToNanoseconds(), reverse=True)
        found, token = page(events, request)
        return report_pb.ListActivityEventsResponse(events=found, next_page_token=token)


class InvitationPeer(invitation_pb2_grpc.InvitationServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def ListInvitations(self, request: Any, context: Any) -> Any:
        return invitation_pb.ListInvitationsResponse(invitations=self.peer.company(context).invitations)


class TenantPeer(tenant_pb2_grpc.TenantServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def GetTenant(self, request: Any, context: Any) -> Any:
        return self.peer.company(context).tenant

    def UpdateTenant(self, request: Any, context: Any) -> Any:
        tenant = self.peer.company(context).tenant
        if request.etag and request.etag != tenant.etag:
            raise Conflict("stale", reason="STALE_ETAG")
        request.update_mask.MergeMessage(request.tenant, tenant, True, True)
        tenant.etag = str(int(tenant.etag) + 1)
        return tenant

    def GetUser(self, request: Any, context: Any) -> Any:
        return next(one for one in self.peer.company(context).users if one.id == request.id)

    def ListUsers(self, request: Any, context: Any) -> Any:
        return tenant_pb.ListUsersResponse(users=self.peer.company(context).users)

    def CreateUser(self, request: Any, context: Any) -> Any:
        users = self.peer.company(context).users
        if any(user.email == request.email for user in users):
            raise Conflict(
                "there", reason="ALREADY_MEMBER", violations=[Violation("email", "is a member already", "TAKEN")]
            )
        user = tenant_pb.User(
            id=str(uuid.uuid4()), email=request.email, full_name=request.full_name, role=request.role, status="active"
        )
        user.created_at.GetCurrentTime()
        users.append(user)
        return user

    def UpdateUser(self, request: Any, context: Any) -> Any:
        user = next(u for u in self.peer.company(context).users if u.id == request.user.id)
        request.update_mask.MergeMessage(request.user, user)
        return user

    def ListRoles(self, request: Any, context: Any) -> Any:
        return tenant_pb.ListRolesResponse(roles=self.peer.company(context).roles.values())

    def ListOAuthClients(self, request: Any, context: Any) -> Any:
        return tenant_pb.ListOAuthClientsResponse(oauth_clients=self.peer.company(context).clients.values())

    def CreateOAuthClient(self, request: Any, context: Any) -> Any:
        client = tenant_pb.OAuthClient()
        client.CopyFrom(request.oauth_client)
        client.id, client.client_id = str(uuid.uuid4()), f"fc_{uuid.uuid4().hex[:20]}"
        client.created_at.GetCurrentTime()
        self.peer.company(context).clients[client.id] = client
        answer = tenant_pb.OAuthClient()
        answer.CopyFrom(client)
        answer.client_secret = uuid.uuid4().hex + uuid.uuid4().hex
        return answer

    def DeleteOAuthClient(self, request: Any, context: Any) -> Any:
        self.peer.company(context).clients.pop(request.id, None)
        return tenant_pb.DeleteOAuthClientResponse()


class SandboxPeer(sandbox_pb2_grpc.SandboxServiceServicer):
    """One sandbox that is ready, and another one where it is asked for."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer

    def ListSandboxes(self, request: Any, context: Any) -> Any:
        return sandbox_pb.ListSandboxesResponse(sandboxes=[_sandbox()])

    def CreateSandbox(self, request: Any, context: Any) -> Any:
        sandbox = _sandbox()
        sandbox.client_id, sandbox.client_secret = "c-sandbox", "s3cret"
        return sandbox


def _sandbox() -> Any:
    made = sandbox_pb.Sandbox(id=str(uuid.UUID(int=77)), name="Aurora Sandbox", state="ready", seed=1)
    made.created_at.FromSeconds(1_795_000_000)
    made.expires_at.FromSeconds(1_802_776_000)
    return made


class CustomFieldPeer(custom_field_pb2_grpc.CustomFieldServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def ListCustomFields(self, request: Any, context: Any) -> Any:
        known = self.peer.company(context).custom_fields.values()
        return field_pb.ListCustomFieldsResponse(
            custom_fields=[one for one in known if request.archived or not one.archived]
        )

    def GetCustomField(self, request: Any, context: Any) -> Any:
        return self.peer.company(context).custom_fields[request.id]

    def CreateCustomField(self, request: Any, context: Any) -> Any:
        known = self.peer.company(context).custom_fields
        field = field_pb.CustomField()
        field.CopyFrom(request.custom_field)
        if any(one.key == field.key for one in known.values()):
            raise Conflict("There is a field of this key already.", reason="KEY_TAKEN")
        if field.type == "choice" and not field.options:
            raise InvalidArgument(
                "options", violations=[Violation("custom_field.options", "A choice needs options.", "REQUIRED")]
            )
        field.id, field.etag = str(uuid.uuid4()), "1"
        known[field.id] = field
        return field

    def UpdateCustomField(self, request: Any, context: Any) -> Any:
        field = self.peer.company(context).custom_fields[request.custom_field.id]
        request.update_mask.MergeMessage(request.custom_field, field, True, True)
        field.etag = str(int(field.etag) + 1)
        return field


class FormerColleaguePeer(former_colleague_pb2_grpc.FormerColleagueServiceServicer):
    """Names of colleagues who left."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def PseudonymizeUser(self, request: Any, context: Any) -> Any:
        user = next(u for u in self.peer.company(context).users if u.id == request.id)
        user.full_name, user.email = "Former colleague 1", f"{user.id}@former.invalid"
        return user
