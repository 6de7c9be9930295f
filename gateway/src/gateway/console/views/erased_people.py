"""Erasures of people: that they happened, who is to stay away by them, and letting somebody come back with a reason."""

from __future__ import annotations

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.contacts.v1.person_pb2 import LiftPersonErasureRequest, ListPersonErasuresRequest

from gateway.console.backend import call, form_key, stubs
from gateway.console.colleagues import colleagues
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS
from gateway.console.words import say

PAGE_SIZE = 50
REASON_MAX_LENGTH = 500


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/settings/erased-people", "erased_people", erased_people)
    blueprint.add_url_rule(
        "/settings/erased-people/<uuid:erasure_id>/lift", "erasure_lift", erasure_lift, methods=["POST"]
    )


@needs("identity.admin")
def erased_people() -> Response:
    return list_page()


@needs("identity.admin")
def erasure_lift(erasure_id: object) -> Response:
    """Lets the person of an erasure come back."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        return list_page(gettext("Say why the person may come back."), 400)
    message = LiftPersonErasureRequest(id=str(erasure_id), reason=reason)
    try:
        call(stubs().persons.LiftPersonErasure, message, idempotency_key=form_key())
    except FuniaError as error:
        return list_page(say(error), HTTP_STATUS[error.kind])
    return go(url_for("console.erased_people", lifted=1))


def list_page(problem: str = "", status: int = 200) -> Response:
    message = ListPersonErasuresRequest(page_size=PAGE_SIZE, page_token=request.args.get("token", ""))
    listed = call(stubs().persons.ListPersonErasures, message)
    page = render_template(
        "console/settings_erased_people.html",
        erasures=listed.person_erasures,
        next_token=listed.next_page_token,
        names=colleagues(),
        reason_length=REASON_MAX_LENGTH,
        problem=problem,
    )
    return make_response(page, status)
