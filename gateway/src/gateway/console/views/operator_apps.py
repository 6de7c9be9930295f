"""The operator's desk for apps of partners: what waits for a review, what is published, what was stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from uuid import UUID

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound

from gateway.console.backend import services, session
from gateway.console.guard import go
from gateway.console.i18n import Lazy, gettext, lazy
from gateway.console.operator_guard import operators_only
from gateway.console.page import HTTP_STATUS
from gateway.console.words import say
from gateway.identity.roles import OPENID_SCOPES, SCOPES
from gateway.identity.usecases.app_review import NOTE_MAX_LENGTH, STATUSES, Verdict

PAGE_SIZE = 50
STATUS_NAMES: Mapping[str, Lazy] = {
    "draft": lazy("Draft"),
    "in_review": lazy("In review"),
    "published": lazy("Published"),
    "suspended": lazy("Suspended"),
    "revoked": lazy("Revoked"),
}
VERDICTS: Mapping[str, tuple[str, ...]] = {
    "in_review": ("publish", "send_back", "revoke"),
    "published": ("suspend", "revoke"),
    "suspended": ("publish", "revoke"),
    "revoked": (),
}
VERDICT_NAMES: Mapping[str, Lazy] = {
    "publish": lazy("Publish"),
    "send_back": lazy("Send back"),
    "suspend": lazy("Suspend"),
    "revoke": lazy("Revoke for good"),
}


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/operator/apps", "operator_apps", operator_apps)
    blueprint.add_url_rule("/operator/apps/<uuid:app_id>", "operator_app_decide", decide, methods=["POST"])


@operators_only
def operator_apps() -> Response:
    return list_page()


@operators_only
def decide(app_id: UUID) -> Response:
    """Carries a verdict out."""
    verdict = request.form.get("verdict", "")
    if verdict not in VERDICT_NAMES:
        raise NotFound
    note = request.form.get("note", "").strip()
    if verdict == "send_back" and not note:
        return list_page(gettext("Write what is missing before you send the app back."), 400)
    try:
        services().app_review.decide(
            app_id, cast(Verdict, verdict), operator=UUID(session().user_id), note=note[:NOTE_MAX_LENGTH]
        )
    except FuniaError as error:
        return list_page(say(error), HTTP_STATUS[error.kind])
    return go(url_for("console.operator_apps", status=request.form.get("from", "in_review")))


def list_page(problem: str = "", status_code: int = 200) -> Response:
    status = request.values.get("status") or request.form.get("from", "in_review")
    status = status if status in STATUSES else "in_review"
    rows = services().app_review.page(status, limit=PAGE_SIZE)
    page = render_template(
        "console/operator_apps.html",
        apps=rows,
        status=status,
        statuses=[(name, STATUS_NAMES[name]) for name in STATUSES],
        verdicts=[(name, VERDICT_NAMES[name]) for name in VERDICTS[status]],
        words={**SCOPES, **OPENID_SCOPES},
        note_length=NOTE_MAX_LENGTH,
        problem=problem,
        is_cut=len(rows) == PAGE_SIZE,
    )
    return make_response(page, status_code)
