"""TeamService: the tree of teams."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work
from funia.identity.v1 import team_pb2 as pb

from gateway.identity import wire
from gateway.identity.servicers.masking import masked
from gateway.identity.usecases import teams
from gateway.identity.usecases.sharing_rules import SharingBounds


class TeamServicer:
    """Carries the RPCs out, each inside the work the frame opened. `most` and `deepest` bound a company's tree."""

    def __init__(self, bounds: SharingBounds, *, most: int, deepest: int) -> None:
        self._bounds = bounds
        self._most = most
        self._deepest = deepest

    def ListTeams(self, work: Work, _request: pb.ListTeamsRequest) -> pb.ListTeamsResponse:
        return pb.ListTeamsResponse(teams=[wire.team(row) for row in teams.every(work)])

    def GetTeam(self, work: Work, request: pb.GetTeamRequest) -> pb.Team:
        return wire.team(teams.get(work, UUID(request.id)))

    def CreateTeam(self, work: Work, request: pb.CreateTeamRequest) -> pb.Team:
        values = {name: getattr(request.team, name) for name in teams.TEAM_FIELDS}
        return wire.team(teams.create(work, values, most=self._most, deepest=self._deepest, bounds=self._bounds))

    def UpdateTeam(self, work: Work, request: pb.UpdateTeamRequest) -> pb.Team:
        values = masked(request.team, request.update_mask, teams.TEAM_FIELDS)
        team_id = UUID(request.team.id)
        row = teams.change(work, team_id, values, etag=request.etag, deepest=self._deepest, bounds=self._bounds)
        return wire.team(row)

    def DeleteTeam(self, work: Work, request: pb.DeleteTeamRequest) -> pb.DeleteTeamResponse:
        teams.delete(work, UUID(request.id))
        return pb.DeleteTeamResponse()
