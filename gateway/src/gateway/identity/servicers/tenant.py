"""TenantService: the company, its people and OAuth clients."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.paging import Pager
from chassis.work import Row, Work
from funia.identity.v1 import tenant_pb2 as pb

from gateway.errors import user_not_found
from gateway.identity import wire
from gateway.identity.passwords import Passwords
from gateway.identity.queries import client as client_queries
from gateway.identity.queries import tenant as tenant_queries
from gateway.identity.queries import user as user_queries
from gateway.identity.servicers.masking import masked
from gateway.identity.usecases import clients, custom_roles, people
from gateway.identity.usecases.email_addresses import check_confirmed


class TenantServicer:
    """Carries the RPCs out, each inside the work the frame opened."""

    def __init__(self, passwords: Passwords, pager: Pager) -> None:
        self._passwords = passwords
        self._pager = pager

    def GetTenant(self, work: Work, _request: pb.GetTenantRequest) -> pb.Tenant:
        return wire.tenant(tenant_queries.get(work))

    def UpdateTenant(self, work: Work, request: pb.UpdateTenantRequest) -> pb.Tenant:
        values = masked(request.tenant, request.update_mask, people.TENANT_FIELDS)
        return wire.tenant(people.change_tenant(work, values, etag=request.etag))

    def ListUsers(self, work: Work, request: pb.ListUsersRequest) -> pb.ListUsersResponse:
        size = self._pager.size(request.page_size)
        rows = user_queries.page(work, limit=size + 1, after=self._after(work, "users", request.page_token))
        return pb.ListUsersResponse(
            users=[wire.user(row) for row in rows[:size]],
            next_page_token=self._next(work, "users", rows, size, "user_id"),
        )

    def GetUser(self, work: Work, request: pb.GetUserRequest) -> pb.User:
        row = user_queries.get(work, UUID(request.id))
        if row is None:
            raise user_not_found(request.id)
        return wire.user(row)

    def CreateUser(self, work: Work, request: pb.CreateUserRequest) -> pb.User:
        check_confirmed(work)
        new = people.NewUser(request.email, request.full_name, request.role, request.password, request.locale)
        return wire.user(people.add_user(work, new, self._passwords))

    def UpdateUser(self, work: Work, request: pb.UpdateUserRequest) -> pb.User:
        values = masked(request.user, request.update_mask, people.USER_FIELDS)
        return wire.user(people.change_user(work, UUID(request.user.id), values, etag=request.etag))

    def ListRoles(self, work: Work, _request: pb.ListRolesRequest) -> pb.ListRolesResponse:
        return pb.ListRolesResponse(roles=[wire.role(role) for role in custom_roles.every(work)])

    def ListOAuthClients(self, work: Work, request: pb.ListOAuthClientsRequest) -> pb.ListOAuthClientsResponse:
        size = self._pager.size(request.page_size)
        rows = client_queries.page(work, limit=size + 1, after=self._after(work, "clients", request.page_token))
        return pb.ListOAuthClientsResponse(
            oauth_clients=[wire.client(row) for row in rows[:size]],
            next_page_token=self._next(work, "clients", rows, size, "id"),
        )

    def CreateOAuthClient(self, work: Work, request: pb.CreateOAuthClientRequest) -> pb.OAuthClient:
        check_confirmed(work)
        asked = request.oauth_client
        draft = clients.ClientDraft(
            asked.name,
            asked.redirect_uris,
            asked.scopes,
            asked.grant_types,
            asked.public,
            jwks=asked.jwks,
            requires_pushed=asked.require_pushed_requests,
            binds_tokens=asked.dpop_bound_access_tokens,
            description=asked.description,
            homepage_url=asked.homepage_url,
            visibility=asked.visibility,
        )
        registered = clients.register(work, draft)
        return wire.client(registered.row, secret=registered.secret)

    def DeleteOAuthClient(self, work: Work, request: pb.DeleteOAuthClientRequest) -> pb.DeleteOAuthClientResponse:
        clients.remove(work, UUID(request.id))
        return pb.DeleteOAuthClientResponse()

    def _after(self, work: Work, kind: str, token: str) -> tuple[datetime, UUID] | None:
        if not token:
            return None
        created_at, record_id = self._pager.key(work.tenant_id, ("identity", kind), token)
        return datetime.fromisoformat(str(created_at)), UUID(str(record_id))

    def _next(self, work: Work, kind: str, rows: list[Row], size: int, id_name: str) -> str:
        if len(rows) <= size:
            return ""
        last: Any = rows[size - 1]
        return self._pager.token(work.tenant_id, ("identity", kind), (last.created_at, getattr(last, id_name)))
