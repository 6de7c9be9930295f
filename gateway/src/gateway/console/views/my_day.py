"""What a seller has to do today and since before, and how far people and teams are with their goals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.sales.v1 import goal_pb2, goal_pb2_grpc, sales_activity_pb2, sales_activity_pb2_grpc
from funia.type.v1.money_pb2 import Money

from gateway.console import references
from gateway.console.backend import call, form_key, session, stubs
from gateway.console.colleagues import colleagues
from gateway.console.formats import format_money, format_number, moment_of, now
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS, with_toast
from gateway.console.planning_fields import ACTIVITY_KINDS, METRICS
from gateway.console.words import say, violations

READS = "sales.read"
SELLS = "sales.write"
DONE = {"task": "completed", "meeting": "held", "call": "held"}
"""The state that the tick on the page leads to, by kind."""
PLANNED_KINDS = ("task", "call", "meeting")


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/my-day", "my_day", my_day)
    blueprint.add_url_rule("/my-day", "my_day_plan", my_day_plan, methods=["POST"])
    blueprint.add_url_rule("/my-day/<uuid:activity_id>/done", "my_day_done", my_day_done, methods=["POST"])
    blueprint.add_url_rule("/goal-progress", "goal_progress", goal_progress)


def service() -> sales_activity_pb2_grpc.SalesActivityServiceStub:
    return stubs().sales(sales_activity_pb2_grpc.SalesActivityServiceStub)


@needs(READS)
def my_day() -> Response:
    return page()


@needs(SELLS)
def my_day_plan() -> Response:
    """Plans something for the person who is logged in."""
    form = request.form
    kind = form.get("kind", "")
    activity = sales_activity_pb2.SalesActivity(
        kind=kind if kind in PLANNED_KINDS else "task", title=form.get("title", "").strip(), owner_id=session().user_id
    )
    if (due := moment_of(form.get("due_at", ""))) is not None:
        activity.due_at.FromDatetime(due)
    message = sales_activity_pb2.CreateSalesActivityRequest(sales_activity=activity)
    try:
        call(service().CreateSalesActivity, message, idempotency_key=form_key())
    except FuniaError as error:
        if not error.violations:
            raise
        return page(" ".join(violations(error).values()) or say(error), HTTP_STATUS[error.kind])
    return with_toast(go(url_for("console.my_day")), gettext("Planned."))


@needs(SELLS)
def my_day_done(activity_id: object) -> Response:
    """Ticks something off."""
    status = DONE.get(request.form.get("kind", ""), "completed")
    message = sales_activity_pb2.MoveSalesActivityRequest(
        id=str(activity_id), status=status, etag=request.form.get("etag", "")
    )
    call(service().MoveSalesActivity, message, idempotency_key=form_key())
    return with_toast(go(url_for("console.my_day")), gettext("Done."))


def page(problem: str = "", status: int = 200) -> Response:
    day = call(service().GetMyDay, sales_activity_pb2.GetMyDayRequest())
    every = (*day.overdue, *day.planned, *day.undated)
    for plural, field in (("deals", "deal_id"), ("leads", "lead_id"), ("companies", "account_id")):
        references.prefetch(plural, [getattr(one, field) for one in every])
    shown = render_template(
        "console/my_day.html",
        day=day,
        kinds=ACTIVITY_KINDS,
        planned_kinds=PLANNED_KINDS,
        about=about,
        problem=problem,
        form=request.form if problem else {},
    )
    return make_response(shown, status)


def about(activity: sales_activity_pb2.SalesActivity) -> Sequence[tuple[str, str, str]]:
    """The records that an activity is about: kind, id and name of each that the person may see."""
    named = (
        ("deals", activity.deal_id),
        ("leads", activity.lead_id),
        ("people", activity.contact_id),
        ("companies", activity.account_id),
    )
    found = [(plural, one, references.name_of(plural, one)) for plural, one in named if one]
    return [each for each in found if each[2]]


@needs(READS)
def goal_progress() -> Response:
    """How far everybody is whose deals the person sees, on a day."""
    asked = request.args.get("day", "")
    day = asked if is_day(asked) else f"{now():%Y-%m-%d}"
    stub = stubs().sales(goal_pb2_grpc.GoalServiceStub)
    found = call(stub.ListGoalProgress, goal_pb2.ListGoalProgressRequest(day=day))
    shown = render_template(
        "console/goal_progress.html", goals=found.goals, day=day, metrics=METRICS, whose=whose, amount=amount
    )
    return make_response(shown)


def is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def whose(goal: goal_pb2.Goal) -> str:
    """Who is to reach it."""
    person = colleagues().get(goal.user_id, gettext("A colleague")) if goal.user_id else ""
    return person or references.name_of("teams", goal.team_id) or gettext("Everybody")


def amount(progress: goal_pb2.GoalProgress, number: int) -> str:
    """A number of the goal as words: money, or how many."""
    if progress.currency_code:
        return format_money(Money(currency_code=progress.currency_code, amount_minor=number), exact=True)
    return format_number(number)
