"""The peer's roles and teams."""

from __future__ import annotations

import uuid
from typing import Any

from chassis.errors import Conflict, FailedPrecondition
from funia.identity.v1 import role_pb2 as role_pb
from funia.identity.v1 import role_pb2_grpc, team_pb2_grpc
from funia.identity.v1 import team_pb2 as team_pb
from funia.identity.v1 import tenant_pb2 as tenant_pb

_SCOPES = ("contacts.read", "contacts.write", "contacts.import", "contacts.export", "analytics.read", "identity.read")


def built_in_roles() -> dict[str, tenant_pb.Role]:
    """Three roles that every company has."""
    roles = (
        tenant_pb.Role(name="owner", scopes=[*_SCOPES, "identity.admin"], visibility="all", built_in=True),
        tenant_pb.Role(name="seller", scopes=_SCOPES[:2], visibility="own", built_in=True),
        tenant_pb.Role(name="manager", scopes=_SCOPES, visibility="team", built_in=True),
    )
    return {role.name: role for role in roles}


def serve_rights(peer: Any) -> None:
    """Adds both services to the peer's server."""
    role_pb2_grpc.add_RoleServiceServicer_to_server(peer.wrap(RolePeer(peer)), peer.server)
    team_pb2_grpc.add_TeamServiceServicer_to_server(peer.wrap(TeamPeer(peer)), peer.server)


class RolePeer(role_pb2_grpc.RoleServiceServicer):
    """Roles of the company: three built-in ones, and those that it made."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer

    def GetRole(self, request: Any, context: Any) -> Any:
        return self.peer.company(context).roles[request.name]

    def CreateRole(self, request: Any, context: Any) -> Any:
        roles = self.peer.company(context).roles
        if request.role.name in roles:
            raise Conflict("there", reason="ROLE_EXISTS")
        role = roles[request.role.name] = tenant_pb.Role(etag="1")
        role.MergeFrom(request.role)
        return role

    def UpdateRole(self, request: Any, context: Any) -> Any:
        role = self.peer.company(context).roles[request.role.name]
        request.update_mask.MergeMessage(request.role, role, True, True)
        return role

    def DeleteRole(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        holders = [user for user in company.users if user.role == request.name]
        if holders and not request.replacement:
            raise FailedPrecondition("in use", reason="ROLE_IN_USE")
        for user in holders:
            user.role = request.replacement
        del company.roles[request.name]
        return role_pb.DeleteRoleResponse()


class TeamPeer(team_pb2_grpc.TeamServiceServicer):
    """Teams of the company."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer

    def ListTeams(self, request: Any, context: Any) -> Any:
        return team_pb.ListTeamsResponse(teams=self.peer.company(context).teams.values())

    def GetTeam(self, request: Any, context: Any) -> Any:
        return self.peer.company(context).teams[request.id]

    def CreateTeam(self, request: Any, context: Any) -> Any:
        teams = self.peer.company(context).teams
        if request.team.name in {team.name for team in teams.values()}:
            raise Conflict("there", reason="TEAM_EXISTS")
        team = team_pb.Team(id=str(uuid.uuid4()), etag="1")
        team.MergeFrom(request.team)
        return teams.setdefault(team.id, team)

    def UpdateTeam(self, request: Any, context: Any) -> Any:
        team = self.peer.company(context).teams[request.team.id]
        request.update_mask.MergeMessage(request.team, team, True, True)
        return team

    def DeleteTeam(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        gone = company.teams.pop(request.id)
        for user in company.users:
            user.team_id = gone.parent_id if user.team_id == gone.id else user.team_id
        return team_pb.DeleteTeamResponse()
