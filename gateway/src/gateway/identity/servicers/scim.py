"""ScimService: tokens of the company's directory, and what its groups give."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Row, Work
from funia.identity.v1 import scim_pb2 as pb

from gateway.identity.queries import scim_group as groups
from gateway.identity.queries import scim_token as tokens
from gateway.identity.usecases import scim_groups
from gateway.identity.usecases.scim_tokens import ScimTokens


class ScimServicer:
    """Carries the RPCs out, each inside the work the frame opened."""

    def __init__(self, scim_tokens: ScimTokens) -> None:
        self._tokens = scim_tokens

    def ListScimTokens(self, work: Work, _request: pb.ListScimTokensRequest) -> pb.ListScimTokensResponse:
        known = [_token(row) for row in tokens.every(work)]
        return pb.ListScimTokensResponse(tokens=known, base_url=self._tokens.base_url)

    def CreateScimToken(self, work: Work, _request: pb.CreateScimTokenRequest) -> pb.ScimToken:
        token_id, token = self._tokens.create(work)
        made = next(_token(row) for row in tokens.every(work) if row.id == token_id)
        made.token = token
        return made

    def DeleteScimToken(self, work: Work, request: pb.DeleteScimTokenRequest) -> pb.DeleteScimTokenResponse:
        self._tokens.revoke(work, UUID(request.id))
        return pb.DeleteScimTokenResponse()

    def ListScimGroups(self, work: Work, _request: pb.ListScimGroupsRequest) -> pb.ListScimGroupsResponse:
        sizes = groups.sizes(work)
        return pb.ListScimGroupsResponse(groups=[_group(row, sizes.get(row.id, 0)) for row in groups.every(work)])

    def MapScimGroup(self, work: Work, request: pb.MapScimGroupRequest) -> pb.ScimGroup:
        team_id = UUID(request.team_id) if request.team_id else None
        row = scim_groups.map_group(work, UUID(request.id), role=request.role, team_id=team_id)
        return _group(row, groups.sizes(work).get(row.id, 0))


def _token(row: Row) -> pb.ScimToken:
    message = pb.ScimToken(id=str(row.id))
    message.created_at.FromDatetime(row.created_at)
    message.expires_at.FromDatetime(row.expires_at)
    if row.last_used_at is not None:
        message.last_used_at.FromDatetime(row.last_used_at)
    return message


def _group(row: Row, people: int) -> pb.ScimGroup:
    return pb.ScimGroup(
        id=str(row.id),
        etag=str(row.version),
        display_name=row.display_name,
        role=row.role,
        team_id="" if row.team_id is None else str(row.team_id),
        member_count=people,
    )
