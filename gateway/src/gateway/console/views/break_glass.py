"""Break-glass: an owner opens what he does not see, for a while and for a reason, and others see what was done."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from chassis.errors import FuniaError, InvalidArgument
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1.audit_pb2 import ListAuditEntriesRequest
from funia.identity.v1.break_glass_pb2 import (
    BreakGlass,
    EndBreakGlassRequest,
    GetBreakGlassRequest,
    ListBreakGlassesRequest,
)
from werkzeug.exceptions import NotFound

from gateway.console.audit_words import act_name
from gateway.console.backend import call, form_key, parts, services, session, stubs
from gateway.console.colleagues import colleagues
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS
from gateway.console.views.account import present, proved
from gateway.console.views.entry import NOTHING_REFUSED, Refusal, refusal
from gateway.console.words import say
from gateway.identity.caller import caller_of
from gateway.identity.roles import OWNER
from gateway.identity.usecases.break_glass import Asked

PAGE_SIZE = 50
REASON_LENGTH_MIN, REASON_LENGTH_MAX = 10, 500
MINUTES = (15, 30, 60, 120, 240)


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/break-glass", "break_glass", break_glass)
    rule("/settings/break-glass", "break_glass_open", open_glass, methods=["POST"])
    rule("/settings/break-glass/<uuid:glass_id>", "break_glass_one", one)
    rule("/settings/break-glass/<uuid:glass_id>/end", "break_glass_end", end, methods=["POST"])


@needs("identity.audit")
def break_glass() -> Response:
    return list_page()


def list_page(status: int = 200, *, refused: Refusal = NOTHING_REFUSED, problem: str = "") -> Response:
    """Openings, and the form for an owner who does not see everything."""
    token = request.args.get("token", "")
    answer = call(stubs().break_glass.ListBreakGlasses, ListBreakGlassesRequest(page_size=PAGE_SIZE, page_token=token))
    longest = parts().settings.break_glass_minutes_max
    page = render_template(
        "console/settings_break_glass.html",
        answer=answer,
        people=colleagues(),
        is_owner=session().role == OWNER,
        sees_all=present().role.visibility == "all",
        asked=asked_of_form(),
        record_id=request.values.get("record_id", "")[:36],
        minutes=[one for one in MINUTES if one < longest] + [longest],
        refused=refused,
        problem=problem,
        reason_lengths=(REASON_LENGTH_MIN, REASON_LENGTH_MAX),
        is_over=is_over,
    )
    return make_response(page, status)


def is_over(glass: BreakGlass) -> bool:
    return bool(glass.ended_at.seconds) or glass.expires_at.ToDatetime(tzinfo=UTC) <= datetime.now(UTC)


@needs("identity.admin")
def open_glass() -> Response:
    """First asks who it is, once more; with the proof it opens."""
    asked = asked_of_form()
    if not REASON_LENGTH_MIN <= len(asked.reason) <= REASON_LENGTH_MAX:
        sentence = gettext("Say in a sentence why: the other owners read it.")
        return list_page(400, refused=Refusal("", {"reason": sentence}))
    if request.form.get("step") != "prove":
        return prove_page(asked)
    try:
        amr = services().identity.prove(
            session(),
            request.form.get("password", ""),
            request.form.get("code", ""),
            request.form.get("credential", ""),
        )
    except FuniaError as error:
        return prove_page(asked, HTTP_STATUS[error.kind], refusal(error))
    try:
        with parts().database.open_work(caller_of(present())) as work:
            parts().glasses.open(work, asked)
    except InvalidArgument as error:
        return list_page(400, refused=refusal(error))
    except FuniaError as error:
        return list_page(HTTP_STATUS[error.kind], problem=say(error))
    return proved(amr, go(url_for("console.break_glass")))


def asked_of_form() -> Asked:
    """What the form says; a record that is none asks for nothing that anybody has."""
    minutes, record = request.form.get("minutes", ""), request.values.get("record_id", "").strip()
    try:
        record_id = UUID(record) if record else None
    except ValueError:
        raise NotFound from None
    return Asked(
        " ".join(request.form.get("reason", "").split()), int(minutes) if minutes.isdecimal() else 0, record_id
    )


def prove_page(asked: Asked, status: int = 200, refused: Refusal = NOTHING_REFUSED) -> Response:
    carried = {
        "step": "prove",
        "reason": asked.reason,
        "minutes": str(asked.minutes),
        "record_id": str(asked.record_id or ""),
    }
    rendered = render_template(
        "console/prove.html",
        target="/",
        action=url_for("console.break_glass_open"),
        back=url_for("console.break_glass"),
        carried=carried,
        factors=parts().second_factors.of(UUID(session().user_id)),
        refused=refused,
    )
    return make_response(rendered, status)


@needs("identity.audit")
def one(glass_id: UUID) -> Response:
    """One opening, and what was done under it."""
    token = request.args.get("token", "")
    glass = call(stubs().break_glass.GetBreakGlass, GetBreakGlassRequest(id=str(glass_id)))
    message = ListAuditEntriesRequest(page_size=PAGE_SIZE, page_token=token, target_id=str(glass_id))
    page = render_template(
        "console/break_glass.html",
        glass=glass,
        entries=call(stubs().audit.ListAuditEntries, message),
        people=colleagues(),
        act_name=act_name,
        is_owner=session().role == OWNER,
        is_over=is_over,
    )
    return make_response(page)


@needs("identity.admin")
def end(glass_id: UUID) -> Response:
    """Ends it; what has ended meanwhile is ended as well."""
    try:
        call(stubs().break_glass.EndBreakGlass, EndBreakGlassRequest(id=str(glass_id)), idempotency_key=form_key())
    except FuniaError as error:
        if error.reason != "BREAK_GLASS_ENDED":
            raise
    return go(url_for("console.break_glass_one", glass_id=glass_id))
