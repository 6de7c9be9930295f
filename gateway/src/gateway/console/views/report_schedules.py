"""Reports that are sent regularly by e-mail: what goes to whom and when, and how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from babel.dates import get_day_names
from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1 import report_schedule_pb2 as pb
from funia.identity.v1.report_schedule_pb2_grpc import ReportScheduleServiceStub
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console.analysis_words import PAGES
from gateway.console.backend import allowed, call, form_key, session, stubs
from gateway.console.colleagues import colleagues, colleagues_now
from gateway.console.guard import go, needs
from gateway.console.i18n import Lazy, current_locale, gettext, lazy
from gateway.console.page import HTTP_STATUS
from gateway.console.report_words import REPORTS
from gateway.console.views.roles import TOLD
from gateway.console.words import say, violations

SCOPE = "identity.reports"
RHYTHMS: Mapping[str, Lazy] = {"day": lazy("Every day"), "week": lazy("Every week"), "month": lazy("Every month")}
FORMATS = (("xlsx", "Excel"), ("pdf", "PDF"), ("csv", "CSV"))
STATES: Mapping[str, Lazy] = {
    "waiting": lazy("Being sent"),
    "sent": lazy("Sent"),
    "failed": lazy("Could not be sent"),
    "paused": lazy("Paused"),
}
REASONS: Mapping[str, Lazy] = {
    "OWNER_GONE": lazy("Whoever set it up is not at work any more."),
    "MISSING_SCOPE": lazy("The role of whoever set it up does not show this report any more."),
    "REPORT_REFUSED": lazy("The report cannot be made as it is asked for. Look at its page."),
    "TOO_LARGE": lazy("Its file is too large for a mail. Ask for less time or fewer rows."),
    "NOBODY_LEFT": lazy("Nobody of those who got it is at work any more."),
}
CHANGED = ("name", "report", "format", "every", "weekday", "month_day", "hour", "time_zone", "recipient_ids")
RUNS_SHOWN = 20


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    one = "/settings/reports/<uuid:schedule_id>"
    rule("/settings/reports", "report_schedule_list", report_schedule_list)
    rule("/settings/reports", "report_schedule_create", report_schedule_create, methods=["POST"])
    rule("/settings/reports/new", "report_schedule_new", report_schedule_new)
    rule(one, "report_schedule_one", report_schedule_one)
    rule(one, "report_schedule_change", report_schedule_change, methods=["POST"])
    rule(f"{one}/pause", "report_schedule_pause", report_schedule_pause, methods=["POST"])
    rule(f"{one}/send", "report_schedule_send", report_schedule_send, methods=["POST"])
    rule(f"{one}/delete", "report_schedule_delete", report_schedule_delete, methods=["POST"])


def service() -> ReportScheduleServiceStub:
    return stubs().identity(ReportScheduleServiceStub)


@needs(SCOPE)
def report_schedule_list() -> Response:
    """The person's schedules; those of everybody for administrators."""
    asked = pb.ListReportSchedulesRequest(
        of_everybody=allowed("identity.admin"), page_token=request.args.get("token", "")
    )
    answer = call(service().ListReportSchedules, asked)
    done = {"saved": gettext("Saved."), "sent": gettext("It is made now and goes out within a minute.")}
    page = render_template(
        "console/report_schedules.html",
        schedules=answer.report_schedules,
        next_page_token=answer.next_page_token,
        people=colleagues(),
        me=session().user_id,
        when_sent=when_sent,
        states=STATES,
        reasons=REASONS,
        said=done.get(request.args.get("done", ""), ""),
    )
    return make_response(page)


@needs(SCOPE)
def report_schedule_new() -> Response:
    """The form, for the report at an address."""
    me, report = session(), request.args.get("report", "")
    draft = pb.ReportSchedule(
        name=_title(report),
        report=report,
        format="xlsx",
        every="week",
        weekday=1,
        month_day=1,
        hour=8,
        time_zone=me.time_zone,
        recipient_ids=[me.user_id],
    )
    return _form(draft)


def _title(report: str) -> str:
    """What the page at an address is called; empty where it is no report."""
    folder, _, name = report.partition("?")[0].rpartition("/")
    if folder == "/reports/sales" and name in REPORTS:
        return str(REPORTS[name].title)
    if folder == "/analysis" and name in PAGES:
        return str(PAGES[name])
    return str(PAGES["overview"]) if name == "analysis" else ""


@needs(SCOPE)
def report_schedule_one(schedule_id: object) -> Response:
    """The form of one schedule, with its runs."""
    return _form(_get(schedule_id))


@needs(SCOPE)
def report_schedule_create() -> Response:
    draft = _draft()
    try:
        message = pb.CreateReportScheduleRequest(report_schedule=draft)
        call(service().CreateReportSchedule, message, idempotency_key=form_key())
    except FuniaError as error:
        return _told(draft, error)
    return go(url_for("console.report_schedule_list", done="saved"))


@needs(SCOPE)
def report_schedule_change(schedule_id: object) -> Response:
    draft = _draft(str(schedule_id))
    message = pb.UpdateReportScheduleRequest(report_schedule=draft, update_mask=FieldMask(paths=CHANGED))
    message.etag = request.form.get("etag", "")
    try:
        call(service().UpdateReportSchedule, message)
    except FuniaError as error:
        return _told(draft, error)
    return go(url_for("console.report_schedule_list", done="saved"))


@needs(SCOPE)
def report_schedule_pause(schedule_id: object) -> Response:
    """Pauses a schedule, or lets it go on."""
    schedule = pb.ReportSchedule(id=str(schedule_id), paused=request.form.get("paused") == "1")
    message = pb.UpdateReportScheduleRequest(report_schedule=schedule, update_mask=FieldMask(paths=["paused"]))
    call(service().UpdateReportSchedule, message)
    return go(url_for("console.report_schedule_list", done="saved"))


@needs(SCOPE)
def report_schedule_send(schedule_id: object) -> Response:
    call(service().SendReportNow, pb.SendReportNowRequest(id=str(schedule_id)), idempotency_key=form_key())
    return go(url_for("console.report_schedule_list", done="sent"))


@needs(SCOPE)
def report_schedule_delete(schedule_id: object) -> Response:
    call(service().DeleteReportSchedule, pb.DeleteReportScheduleRequest(id=str(schedule_id)))
    return go(url_for("console.report_schedule_list", done="saved"))


def when_sent(schedule: pb.ReportSchedule) -> str:
    """When a schedule sends, in words."""
    clock = f"{schedule.hour:02}:00 ({schedule.time_zone})"
    match schedule.every:
        case "week":
            return gettext("Every week on %(day)s at %(clock)s", day=dict(weekdays())[schedule.weekday], clock=clock)
        case "month":
            return gettext("Every month on day %(day)s at %(clock)s", day=schedule.month_day, clock=clock)
    return gettext("Every day at %(clock)s", clock=clock)


def weekdays() -> list[tuple[int, str]]:
    """Days of the week by their number, Monday first."""
    locale = current_locale()
    names = get_day_names("wide", "stand-alone", locale=locale if locale != "xl" else "en")
    return [(number, names[number - 1]) for number in range(1, 8)]


def _get(schedule_id: object) -> pb.ReportSchedule:
    return call(service().GetReportSchedule, pb.GetReportScheduleRequest(id=str(schedule_id)))


def _draft(schedule_id: str = "") -> pb.ReportSchedule:
    form = request.form
    return pb.ReportSchedule(
        id=schedule_id,
        name=form.get("name", "").strip(),
        report=form.get("report", "").strip(),
        format=form.get("format", ""),
        every=form.get("every", ""),
        weekday=_number("weekday"),
        month_day=_number("month_day"),
        hour=_number("hour"),
        time_zone=form.get("time_zone", "").strip(),
        recipient_ids=form.getlist("recipient_ids"),
    )


def _number(name: str) -> int:
    text = request.form.get(name, "").strip()
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _told(draft: pb.ReportSchedule, error: FuniaError) -> Response:
    if error.kind not in TOLD:
        raise error
    said = {field.removeprefix("report_schedule."): text for field, text in violations(error).items()}
    problem = "" if said and set(said) <= set(CHANGED) else say(error)
    return _form(draft, problem=problem, errors=said, status=HTTP_STATUS[error.kind])


def _form(
    draft: pb.ReportSchedule, *, problem: str = "", errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    runs: Sequence[pb.ReportRun] = ()
    if draft.id:
        runs = call(service().ListReportRuns, pb.ListReportRunsRequest(id=draft.id, page_size=RUNS_SHOWN)).report_runs
    page = render_template(
        "console/report_schedule.html",
        draft=draft,
        rhythms=list(RHYTHMS.items()),
        formats=FORMATS,
        weekdays=weekdays(),
        hours=[(hour, f"{hour:02}:00") for hour in range(24)],
        people=sorted(colleagues_now().items(), key=lambda pair: pair[1]),
        mine=not draft.owner_id or draft.owner_id == session().user_id,
        runs=runs,
        states=STATES,
        reasons=REASONS,
        problem=problem,
        errors=errors or {},
    )
    return make_response(page, status)
