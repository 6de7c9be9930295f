"""AppService: the review of a company's apps, and what the company lets apps of others do."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.paging import Pager
from chassis.work import Work
from funia.identity.v1 import app_pb2 as pb
from funia.identity.v1.tenant_pb2 import OAuthClient

from gateway.identity import wire
from gateway.identity.usecases import app_grants, app_review

_LIST = ("identity", "app-grants")


class AppServicer:
    """Carries the RPCs out, each inside the work the frame opened."""

    def __init__(self, pager: Pager, *, registration_token_s: int) -> None:
        self._pager = pager
        self._registration_token_s = registration_token_s

    def SubmitApp(self, work: Work, request: pb.SubmitAppRequest) -> OAuthClient:
        return wire.client(app_review.submit(work, UUID(request.id)))

    def WithdrawApp(self, work: Work, request: pb.WithdrawAppRequest) -> OAuthClient:
        return wire.client(app_review.withdraw(work, UUID(request.id)))

    def ListGrants(self, work: Work, request: pb.ListGrantsRequest) -> pb.ListGrantsResponse:
        size = self._pager.size(request.page_size)
        rows = app_grants.page(work, limit=size + 1, after=self._after(work, request.page_token))
        next_token = ""
        if len(rows) > size:
            last = rows[size - 1][0]
            next_token = self._pager.token(work.tenant_id, _LIST, (last.created_at, last.id))
        return pb.ListGrantsResponse(
            grants=[wire.app_grant(row, app) for row, app in rows[:size]], next_page_token=next_token
        )

    def CreateGrant(self, work: Work, request: pb.CreateGrantRequest) -> pb.Grant:
        return wire.app_grant(*app_grants.let_in(work, request.client_id, request.scopes))

    def RevokeGrant(self, work: Work, request: pb.RevokeGrantRequest) -> pb.RevokeGrantResponse:
        app_grants.shut_out(work, UUID(request.id))
        return pb.RevokeGrantResponse()

    def CreateRegistrationToken(self, work: Work, _request: pb.CreateRegistrationTokenRequest) -> pb.RegistrationToken:
        made = app_grants.new_registration_token(work, lifetime_s=self._registration_token_s)
        return pb.RegistrationToken(token=made.token, expires_at=wire.timestamp(made.expires_at))

    def _after(self, work: Work, token: str) -> tuple[datetime, UUID] | None:
        if not token:
            return None
        created_at, record_id = self._pager.key(work.tenant_id, _LIST, token)
        return datetime.fromisoformat(str(created_at)), UUID(str(record_id))
