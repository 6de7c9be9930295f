"""InvitationService: invitations into a company that nobody has accepted yet."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.paging import Pager
from chassis.work import Work
from funia.identity.v1 import invitation_pb2 as pb

from gateway.identity import wire
from gateway.identity.queries import invitation as queries
from gateway.identity.usecases.email_addresses import check_confirmed
from gateway.identity.usecases.invitations import InvitationDraft, Invitations

_LIST = ("identity", "invitations")


class InvitationServicer:
    """Carries the RPCs out, each inside the work the frame opened."""

    def __init__(self, invitations: Invitations, pager: Pager) -> None:
        self._invitations = invitations
        self._pager = pager

    def ListInvitations(self, work: Work, request: pb.ListInvitationsRequest) -> pb.ListInvitationsResponse:
        size = self._pager.size(request.page_size)
        after = None
        if request.page_token:
            created_at, record_id = self._pager.key(work.tenant_id, _LIST, request.page_token)
            after = datetime.fromisoformat(str(created_at)), UUID(str(record_id))
        rows = queries.page(work, limit=size + 1, after=after)
        token = ""
        if len(rows) > size:
            token = self._pager.token(work.tenant_id, _LIST, (rows[size - 1].created_at, rows[size - 1].id))
        return pb.ListInvitationsResponse(
            invitations=[wire.invitation(row) for row in rows[:size]], next_page_token=token
        )

    def CreateInvitation(self, work: Work, request: pb.CreateInvitationRequest) -> pb.Invitation:
        check_confirmed(work)
        asked = request.invitation
        draft = InvitationDraft(asked.email, asked.role, asked.team_id, asked.locale)
        return wire.invitation(self._invitations.invite(work, draft))

    def ResendInvitation(self, work: Work, request: pb.ResendInvitationRequest) -> pb.Invitation:
        return wire.invitation(self._invitations.resend(work, UUID(request.id)))

    def DeleteInvitation(self, work: Work, request: pb.DeleteInvitationRequest) -> pb.DeleteInvitationResponse:
        self._invitations.revoke(work, UUID(request.id))
        return pb.DeleteInvitationResponse()
