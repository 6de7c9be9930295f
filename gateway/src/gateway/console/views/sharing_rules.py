"""Sharing rules of the company: whose records are shown to whom beyond what roles show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1.sharing_rule_pb2 import (
    CreateSharingRuleRequest,
    DeleteSharingRuleRequest,
    ListSharingRulesRequest,
    SharingRule,
    UpdateSharingRuleRequest,
)
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console.backend import call, form_key, stubs
from gateway.console.colleagues import colleagues_now
from gateway.console.guard import go, needs
from gateway.console.i18n import Lazy, gettext, lazy
from gateway.console.page import HTTP_STATUS, toast_only
from gateway.console.views.roles import TOLD, every_role, role_title
from gateway.console.views.teams import branches
from gateway.console.words import say, violations

LEVELS: Mapping[str, Lazy] = {"read": lazy("to look at"), "write": lazy("to change")}


@dataclass(frozen=True, slots=True)
class Parties:
    """Who can be named, by "kind:id": teams in their tree, people and roles by name."""

    teams: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]
    roles: Sequence[tuple[str, str]] = ()

    def name(self, kind: str, party_id: str) -> str:
        """What a party is called."""
        known = dict((*self.teams, *self.people, *self.roles))
        return known.get(f"{kind}:{party_id}", gettext("somebody who is gone")).strip("\u2003")


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/sharing", "sharing_rules", sharing_rules)
    rule("/settings/sharing", "sharing_rule_create", sharing_rule_create, methods=["POST"])
    rule("/settings/sharing/<uuid:rule_id>", "sharing_rule_change", sharing_rule_change, methods=["POST"])
    rule("/settings/sharing/<uuid:rule_id>/delete", "sharing_rule_delete", sharing_rule_delete, methods=["POST"])


def parties(*, with_roles: bool) -> Parties:
    """Teams and people of the company, and its roles where a rule may name them."""
    return Parties(
        [(f"team:{one.team.id}", one.indented) for one in branches()],
        [(f"user:{one}", name) for one, name in sorted(colleagues_now().items(), key=lambda one: one[1].casefold())],
        [(f"role:{one.name}", role_title(one)) for one in every_role()] if with_roles else (),
    )


@needs("identity.admin")
def sharing_rules() -> Response:
    return _page(SharingRule(level="read"))


@needs("identity.admin")
def sharing_rule_create() -> Response:
    source_kind, _, source_id = request.form.get("source_id", "").partition(":")
    grantee_kind, _, grantee_id = request.form.get("grantee_id", "").partition(":")
    rule = SharingRule(
        name=request.form.get("name", "").strip(),
        source_kind=source_kind,
        source_id=source_id,
        grantee_kind=grantee_kind,
        grantee_id=grantee_id,
        level=request.form.get("level", ""),
    )
    missing = [name for name in ("name", "source_id", "grantee_id") if not getattr(rule, name)]
    if missing:
        return _page(rule, errors={name: gettext("This cannot be empty.") for name in missing}, status=400)
    try:
        call(
            stubs().sharing_rules.CreateSharingRule,
            CreateSharingRuleRequest(sharing_rule=rule),
            idempotency_key=form_key(),
        )
    except FuniaError as error:
        return _told(rule, error)
    return go(url_for("console.sharing_rules", saved=1))


@needs("identity.admin")
def sharing_rule_change(rule_id: object) -> Response:
    """Changes what a rule allows, from its line in the table."""
    rule = SharingRule(id=str(rule_id), level=request.form.get("level", ""))
    message = UpdateSharingRuleRequest(sharing_rule=rule, update_mask=FieldMask(paths=["level"]))
    call(stubs().sharing_rules.UpdateSharingRule, message)
    return toast_only(gettext("Saved. It takes effect within ten seconds."))


@needs("identity.admin")
def sharing_rule_delete(rule_id: object) -> Response:
    call(stubs().sharing_rules.DeleteSharingRule, DeleteSharingRuleRequest(id=str(rule_id)))
    return go(url_for("console.sharing_rules", saved=1))


def _told(rule: SharingRule, error: FuniaError) -> Response:
    if error.kind not in TOLD:
        raise error
    return _page(rule, problem=say(error), errors=violations(error), status=HTTP_STATUS[error.kind])


def _page(
    draft: SharingRule, *, problem: str = "", errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    page = render_template(
        "console/settings_sharing.html",
        rules=call(stubs().sharing_rules.ListSharingRules, ListSharingRulesRequest()).sharing_rules,
        draft=draft,
        parties=parties(with_roles=True),
        levels=LEVELS,
        problem="" if errors else problem,
        errors=errors or {},
    )
    return make_response(page, status)
