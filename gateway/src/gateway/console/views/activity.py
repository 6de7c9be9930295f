"""Notes, tasks, meetings and calls that people add to a record."""

from __future__ import annotations

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request
from funia.contacts.v1.activity_pb2 import Activity, CompleteActivityRequest, CreateActivityRequest

from gateway.console.backend import call, form_key, session, stubs
from gateway.console.formats import moment_of
from gateway.console.guard import needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS, with_toast
from gateway.console.views.timeline import first_timeline, timeline_context
from gateway.console.words import say, violations

KINDS = ("note", "task", "meeting", "call")


def add(blueprint: Blueprint) -> None:
    record = "/<any(people, companies):plural>/<uuid:record_id>"
    blueprint.add_url_rule(f"{record}/activities", "activity_create", activity_create, methods=["POST"])
    blueprint.add_url_rule(
        f"{record}/activities/<uuid:activity_id>/complete", "activity_complete", activity_complete, methods=["POST"]
    )


@needs("contacts.write")
def activity_create(plural: str, record_id: object) -> Response:
    kind = request.form.get("kind", "note")
    body = request.form.get("body", "").strip()
    title = request.form.get("title", "").strip()
    if not body and not title:
        return composer(plural, str(record_id), 400, gettext("Write something first."))
    activity = Activity(kind=kind if kind in KINDS else "note", subject_id=str(record_id), title=title[:200], body=body)
    if kind in {"task", "meeting"}:
        activity.assignee_id = session().user_id
    due = moment_of(request.form.get("due_at", ""))
    if due is not None:
        activity.due_at.FromDatetime(due)
    try:
        call(stubs().activities.CreateActivity, CreateActivityRequest(activity=activity), idempotency_key=form_key())
    except FuniaError as error:
        if error.kind not in {ErrorKind.INVALID_ARGUMENT, ErrorKind.FAILED_PRECONDITION}:
            raise
        return composer(
            plural, str(record_id), HTTP_STATUS[error.kind], " ".join(violations(error).values()) or say(error)
        )
    return composer(plural, str(record_id), 200, "")


def composer(plural: str, record_id: str, status: int, problem: str) -> Response:
    """The composer again, empty after a save and as it was after a refusal, and the timeline beside it."""
    page = render_template(
        "console/composer_saved.html",
        record_id=record_id,
        problem=problem,
        form=request.form if problem else {},
        **timeline_context(plural, None if problem else first_timeline(record_id)),
    )
    return make_response(page, status)


@needs("contacts.write")
def activity_complete(plural: str, record_id: object, activity_id: object) -> Response:
    call(stubs().activities.CompleteActivity, CompleteActivityRequest(id=str(activity_id)))
    page = render_template("console/timeline.html", **timeline_context(plural, first_timeline(str(record_id))))
    return with_toast(make_response(page), gettext("Done."))
