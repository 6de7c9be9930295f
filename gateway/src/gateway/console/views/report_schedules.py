"""Reports that are sent regularly by e-mail: what goes to whom and when, and how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from babel.dates import get_day_names
from chassis.errors import FuniaError, invalid_field
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.analytics.v1.metric_pb2 import MetricValue
from funia.identity.v1 import report_schedule_pb2 as pb
from funia.identity.v1.report_schedule_pb2_grpc import ReportScheduleServiceStub
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console import formats
from gateway.console.analysis_words import METRIC_UNITS, METRICS, MOVING_PERIODS, PAGES
from gateway.console.backend import allowed, call, form_key, session, stubs
from gateway.console.colleagues import colleagues, colleagues_now
from gateway.console.dashboard_tiles import metric_name
from gateway.console.figures import minor_units
from gateway.console.guard import go, needs
from gateway.console.i18n import Lazy, current_locale, gettext, lazy
from gateway.console.page import HTTP_STATUS
from gateway.console.report_words import REPORTS, figure
from gateway.console.section_files import number_in
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
    "quiet": lazy("Nothing to tell"),
}
REASONS: Mapping[str, Lazy] = {
    "OWNER_GONE": lazy("Whoever set it up is not at work any more."),
    "MISSING_SCOPE": lazy("The role of whoever set it up does not show this report any more."),
    "REPORT_REFUSED": lazy("The report cannot be made as it is asked for. Look at its page."),
    "TOO_LARGE": lazy("Its file is too large for a mail. Ask for less time or fewer rows."),
    "NOBODY_LEFT": lazy("Nobody of those who got it is at work any more."),
    "ASKED": lazy("Somebody asked for it now."),
    "NOT_SO": lazy("The figure was on the other side."),
    "STILL_SO": lazy("It was told before and has not changed back."),
}
CHANGED = (
    "name", "report", "format", "every", "weekday", "month_day", "hour", "time_zone", "recipient_ids", "condition",
)  # fmt: skip
FIGURES = "analytics.read"
SIDES: Mapping[str, Lazy] = {"above": lazy("Above"), "below": lazy("Below")}
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
        alert_said=alert_said,
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
    draft = pb.ReportSchedule()
    try:
        draft = _draft()
        message = pb.CreateReportScheduleRequest(report_schedule=draft)
        call(service().CreateReportSchedule, message, idempotency_key=form_key())
    except FuniaError as error:
        return _told(draft, error)
    return go(url_for("console.report_schedule_list", done="saved"))


@needs(SCOPE)
def report_schedule_change(schedule_id: object) -> Response:
    draft = _get(schedule_id)
    try:
        draft = _draft(str(schedule_id))
        message = pb.UpdateReportScheduleRequest(report_schedule=draft, update_mask=FieldMask(paths=CHANGED))
        message.etag = request.form.get("etag", "")
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


def alert_said(schedule: pb.ReportSchedule) -> str:
    """What an alert waits for, in words; empty for a report that is sent every time."""
    if not schedule.HasField("condition"):
        return ""
    one = schedule.condition
    unit = METRIC_UNITS.get(one.metric, "number")
    shown = figure(MetricValue(value=one.value), unit, session().currency_code)
    words = {"figure": metric_name(one.metric), "period": MOVING_PERIODS[one.period], "value": shown}
    if one.comparison == "above":
        return gettext("Only when: %(figure)s, %(period)s, is above %(value)s", **words)
    return gettext("Only when: %(figure)s, %(period)s, is below %(value)s", **words)


def weekdays() -> list[tuple[int, str]]:
    """Days of the week by their number, Monday first."""
    locale = current_locale()
    names = get_day_names("wide", "stand-alone", locale=locale if locale != "xl" else "en")
    return [(number, names[number - 1]) for number in range(1, 8)]


def _shown_value(draft: pb.ReportSchedule) -> str:
    if request.form.get("alert_value"):
        return request.form["alert_value"]
    if not draft.HasField("condition"):
        return ""
    return formats.format_plain(Decimal(draft.condition.value) / _scale(draft.condition.metric))


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
        condition=_condition(),
    )


def _condition() -> pb.ReportCondition | None:
    """What makes it an alert. Raises InvalidArgument where its value is no number."""
    form = request.form
    metric = form.get("alert_metric", "")
    if not metric:
        return None
    bare = number_in(form.get("alert_value", "").strip())
    if bare is None:
        raise invalid_field("report_schedule.alert_value", gettext("Write a number."), reason="NOT_A_NUMBER")
    return pb.ReportCondition(
        metric=metric,
        period=form.get("alert_period", ""),
        comparison=form.get("alert_side", ""),
        value=int(bare * _scale(metric)),
    )


def _scale(metric: str) -> int:
    """How many of what a figure is kept in make one of what people write."""
    unit = METRIC_UNITS.get(metric, "number")
    return {"percent": 100, "quantity": 1_000}.get(unit, minor_units(unit, session().currency_code))


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
        figures=list(METRICS.items()) if allowed(FIGURES) else [],
        moving=list(MOVING_PERIODS.items()),
        sides=list(SIDES.items()),
        alert_value=_shown_value(draft),
        mine=not draft.owner_id or draft.owner_id == session().user_id,
        runs=runs,
        states=STATES,
        reasons=REASONS,
        problem=problem,
        errors=errors or {},
    )
    return make_response(page, status)
