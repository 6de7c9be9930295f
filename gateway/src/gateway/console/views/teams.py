"""Teams of the company as a tree: making, renaming, moving and deleting them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1.team_pb2 import (
    CreateTeamRequest,
    DeleteTeamRequest,
    GetTeamRequest,
    ListTeamsRequest,
    Team,
    UpdateTeamRequest,
)
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console.backend import call, form_key, stubs
from gateway.console.colleagues import colleagues
from gateway.console.guard import go, needs
from gateway.console.page import HTTP_STATUS
from gateway.console.views.roles import TOLD
from gateway.console.words import say, violations

FIELDS = ("name", "parent_id", "lead_id")


@dataclass(frozen=True, slots=True)
class Branch:
    """A team and how deep it lies."""

    team: Team
    depth: int

    @property
    def indented(self) -> str:
        """The name as a select shows the tree."""
        return "\u2003" * self.depth + self.team.name


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/teams", "team_list", team_list)
    rule("/settings/teams", "team_create", team_create, methods=["POST"])
    rule("/settings/teams/<uuid:team_id>", "team_page", team_page, methods=["GET", "POST"])
    rule("/settings/teams/<uuid:team_id>/delete", "team_delete", team_delete, methods=["POST"])


def branches() -> list[Branch]:
    """Every team of the company, each below the one it belongs to."""
    return list(_grown(call(stubs().teams.ListTeams, ListTeamsRequest()).teams, "", 0))


@needs("identity.read")
def team_list() -> Response:
    return list_page(Team())


@needs("identity.admin")
def team_create() -> Response:
    team = _from_form()
    try:
        call(stubs().teams.CreateTeam, CreateTeamRequest(team=team), idempotency_key=form_key())
    except FuniaError as error:
        return list_page(team, error)
    return go(url_for("console.team_list", saved=1))


@needs("identity.admin")
def team_page(team_id: object) -> Response:
    known = _known(str(team_id))
    if request.method == "GET":
        return form_page(known, known)
    team = _from_form()
    team.id, team.etag = known.id, request.form.get("etag", "")
    message = UpdateTeamRequest(team=team, update_mask=FieldMask(paths=FIELDS), etag=team.etag)
    try:
        call(stubs().teams.UpdateTeam, message, idempotency_key=form_key())
    except FuniaError as error:
        return form_page(team, known, error)
    return go(url_for("console.team_list", saved=1))


@needs("identity.admin")
def team_delete(team_id: object) -> Response:
    call(stubs().teams.DeleteTeam, DeleteTeamRequest(id=str(team_id)))
    return go(url_for("console.team_list", saved=1))


def list_page(draft: Team, error: FuniaError | None = None) -> Response:
    """The tree, and the form of a new team."""
    return _page("console/settings_teams.html", error, team=draft, branches=branches())


def form_page(team: Team, known: Team, error: FuniaError | None = None) -> Response:
    """The form of a team that is there."""
    return _page("console/settings_team.html", error, team=team, known=known, branches=branches())


def _page(template: str, error: FuniaError | None, **values: object) -> Response:
    if error is not None and error.kind not in TOLD:
        raise error
    errors = {} if error is None else violations(error)
    page = render_template(
        template,
        people=sorted(colleagues().items(), key=lambda one: one[1].casefold()),
        names=colleagues(),
        problem="" if error is None or errors else say(error),
        errors=errors,
        **values,
    )
    return make_response(page, 200 if error is None else HTTP_STATUS[error.kind])


def _from_form() -> Team:
    given = {name: request.form.get(name, "").strip() for name in FIELDS}
    return Team(name=given["name"], parent_id=given["parent_id"], lead_id=given["lead_id"])


def _known(team_id: str) -> Team:
    return call(stubs().teams.GetTeam, GetTeamRequest(id=team_id))


def _grown(teams: Sequence[Team], parent_id: str, depth: int) -> Iterator[Branch]:
    for team in teams:
        if team.parent_id == parent_id:
            yield Branch(team, depth)
            yield from _grown(teams, team.id, depth + 1)
