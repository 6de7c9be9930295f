"""Who can see a record, and why one colleague can or cannot: a panel on the pages of customers, deals and leads."""

from __future__ import annotations

from collections.abc import Mapping

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request
from funia.identity.v1.access_pb2 import (
    AccessExplanation,
    AccessStep,
    ExplainAccessRequest,
    ListRecordViewersRequest,
)
from funia.identity.v1.sharing_rule_pb2 import ListSharingRulesRequest
from funia.identity.v1.team_pb2 import ListTeamsRequest

from gateway.console.backend import call, stubs, try_call
from gateway.console.colleagues import colleagues, colleagues_now
from gateway.console.guard import needs
from gateway.console.i18n import Lazy, gettext, lazy
from gateway.console.views.roles import ROLE_NAMES
from gateway.console.words import say

SHOWN = 100
HOLDS: Mapping[str, Lazy] = {
    "member": lazy("Works in the company"),
    "read": lazy("The role “%(role)s” lets people see contacts and companies"),
    "write": lazy("The role “%(role)s” lets people change contacts and companies"),
    "all": lazy("The role “%(role)s” shows the records of the whole company"),
    "owner": lazy("Owns the record"),
    "team": lazy("The record belongs to a team in sight: %(teams)s"),
    "break_glass": lazy("Opened by break-glass for a while. Reason: %(reason)s"),
    "rule": lazy("A sharing rule of the company shows the record: %(rules)s"),
    "share": lazy("The record was shared by hand with the person or a team the person is in"),
}
LACKS: Mapping[str, Lazy] = {
    "member": lazy("Does not work in the company any more, or is suspended"),
    "read": lazy("The role “%(role)s” does not let people see contacts and companies"),
    "write": lazy("The role “%(role)s” does not let people change contacts and companies"),
    "out_of_sight": lazy("The record is neither the person's own nor that of a team in sight"),
    "only_read": lazy("What shows the record is for looking at only"),
}

OF_SALES: Mapping[tuple[str, bool], Lazy] = {
    ("sales.read", True): lazy("The role “%(role)s” lets people see sales"),
    ("sales.write", True): lazy("The role “%(role)s” lets people sell"),
    ("sales.read", False): lazy("The role “%(role)s” does not let people see sales"),
    ("sales.write", False): lazy("The role “%(role)s” does not let people sell"),
}
"""The steps of a role on records of sales, by scope, and whether the role has it."""


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/records/<uuid:record_id>/viewers", "record_viewers", record_viewers)
    blueprint.add_url_rule("/records/<uuid:record_id>/access", "record_access", record_access)


@needs("identity.admin")
def record_viewers(record_id: object) -> Response:
    """Everybody who sees the record, as far as one look goes."""
    message = ListRecordViewersRequest(
        record_id=str(record_id), page_size=SHOWN, page_token=request.args.get("token", "")
    )
    answer = call(stubs().access.ListRecordViewers, message)
    page = render_template(
        "console/record_viewers.html",
        viewers=answer.viewers,
        names=colleagues_now(),
        reason=reason,
        next_token=answer.next_page_token,
        record_id=record_id,
        first="token" not in request.args,
    )
    return make_response(page)


@needs("identity.admin")
def record_access(record_id: object) -> Response:
    """Why one colleague sees the record, or what is missing."""
    message = ExplainAccessRequest(record_id=str(record_id), user_id=request.args.get("user_id", ""))
    explained, problem = None, ""
    try:
        explained = call(stubs().access.ExplainAccess, message)
    except FuniaError as error:
        problem = say(error)
    page = render_template(
        "console/record_access.html", explained=explained, problem=problem, sentence=sentence, names=colleagues()
    )
    return make_response(page)


def reason(viewer: AccessExplanation) -> str:
    """Why somebody sees the record, in a few words."""
    ways = [step for step in viewer.steps if step.code in ("all", "owner", "team", "break_glass", "rule", "share")]
    return "; ".join(sentence(step) for step in ways)


def sentence(step: AccessStep) -> str:
    """A step as people read it."""
    words = OF_SALES.get((step.scope, step.holds)) or (HOLDS if step.holds else LACKS).get(step.code)
    if words is None:
        return step.code
    role = str(ROLE_NAMES.get(step.role, step.role))
    if "%(reason)s" in words.key:
        return gettext(words.key, reason=step.break_glass_reason)
    if "%(rules)s" in words.key:
        return gettext(words.key, rules=_rules(step))
    return gettext(words.key, role=role, teams=_path(step)) if "%(" in words.key else str(words)


def _rules(step: AccessStep) -> str:
    answer = try_call(stubs().sharing_rules.ListSharingRules, ListSharingRulesRequest())
    names = {rule.id: rule.name for rule in answer.sharing_rules} if answer is not None else {}
    return ", ".join(names.get(one, gettext("a former rule")) for one in step.sharing_rule_ids)


def _path(step: AccessStep) -> str:
    answer = try_call(stubs().teams.ListTeams, ListTeamsRequest())
    names = {team.id: team.name for team in answer.teams} if answer is not None else {}
    return " › ".join(names.get(one, gettext("A former team")) for one in reversed(step.team_path))
