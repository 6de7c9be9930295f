"""The activity report: what happened, day by day, and the events behind every figure."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from funia.analytics.v1.activity_pb2 import ActivityReport, GetActivityReportRequest, ListActivityEventsRequest
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.console import formats, words
from gateway.console.backend import call, session, stubs, try_call
from gateway.console.colleagues import colleagues
from gateway.console.guard import needs
from gateway.console.i18n import Lazy, gettext, lazy, ngettext
from gateway.console.words import REPORT_GROUPS

PERIODS: tuple[tuple[str, Lazy, int, str], ...] = (
    ("day", lazy("24 hours"), 1, "hour"),
    ("week", lazy("7 days"), 7, "day"),
    ("month", lazy("30 days"), 30, "day"),
    ("quarter", lazy("90 days"), 90, "week"),
    ("year", lazy("12 months"), 365, "month"),
)
EVENTS_SIZE = 50


@dataclass(frozen=True, slots=True)
class Group:
    """One figure of the report: events of like kind, step by step."""

    key: str
    label: str
    counts: Sequence[int]
    total: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The report as a page shows it; `missing` where analytics did not answer."""

    groups: Sequence[Group]
    labels: Sequence[str]
    total: int
    period: str
    as_of: Timestamp | None = None
    missing: bool = False

    @property
    def chart(self) -> str:
        """Data of the plot as JSON for a data block."""
        series = [{"key": g.key, "name": g.label, "counts": list(g.counts)} for g in self.groups if g.total]
        text = json.dumps({"labels": list(self.labels), "series": series}, ensure_ascii=False)
        return text.replace("<", "\\u003c")

    @property
    def answer(self) -> str:
        """The sentence that answers the report's question."""
        if not self.total:
            return gettext("Nothing has happened in this time.")
        busiest = max(range(len(self.labels)), key=lambda step: sum(group.counts[step] for group in self.groups))
        count = ngettext(
            "%(num)s thing happened", "%(num)s things happened", self.total, num=formats.format_number(self.total)
        )
        return gettext("%(count)s; the busiest was %(when)s.", count=count, when=self.labels[busiest])


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/reports/activity", "activity_report", activity_report)
    blueprint.add_url_rule("/reports/activity/figures", "activity_figures", activity_figures)
    blueprint.add_url_rule("/reports/activity/events", "activity_events", activity_events)


def summary_of(period: str) -> Summary:
    """The report of a period that ends now; days begin in the company's time zone."""
    key, _, days, step = next((p for p in PERIODS if p[0] == period), PERIODS[2])
    start = formats.now() - dt.timedelta(days=days)
    message = GetActivityReportRequest(step=step, time_zone=session().time_zone or "UTC")
    getattr(message, "from").FromDatetime(start.astimezone(dt.UTC))
    report = try_call(stubs().report.GetActivityReport, message)
    if report is None:
        return Summary((), (), 0, key, missing=True)
    as_of = report.as_of if report.HasField("as_of") else None
    return Summary(groups_of(report), step_labels(report, step), report.total, key, as_of)


def groups_of(report: ActivityReport) -> list[Group]:
    """Every series goes into the first group whose prefix it has, so that the groups add up to the total."""
    counts = {key: [0] * len(report.steps) for key, _, _ in REPORT_GROUPS}
    for series in report.series:
        key = next(key for key, _, prefixes in REPORT_GROUPS if series.type.startswith(prefixes))
        counts[key] = [sum(pair) for pair in zip(counts[key], series.counts, strict=True)]
    return [Group(key, str(label), counts[key], sum(counts[key])) for key, label, _ in REPORT_GROUPS]


def step_labels(report: ActivityReport, step: str) -> list[str]:
    if step in {"hour", "minute"}:
        return [formats.format_clock(moment) for moment in report.steps]
    if step == "month":
        return [formats.format_month(moment) for moment in report.steps]
    return [formats.format_day(moment) for moment in report.steps]


@needs("analytics.read")
def activity_report() -> Response:
    return figures_page("console/activity_report.html")


@needs("analytics.read")
def activity_figures() -> Response:
    """Only the figures, for a page that is already open."""
    return figures_page("console/activity_figures.html")


def figures_page(template: str) -> Response:
    summary = summary_of(request.args.get("period", "month"))
    return make_response(render_template(template, summary=summary, periods=PERIODS))


@needs("analytics.read")
def activity_events() -> Response:
    """The newest events behind the report."""
    start = formats.now() - dt.timedelta(days=next((p[2] for p in PERIODS if p[0] == request.args.get("period")), 30))
    message = ListActivityEventsRequest(page_size=EVENTS_SIZE, page_token=request.args.get("token", ""))
    getattr(message, "from").FromDatetime(start.astimezone(dt.UTC))
    answer = call(stubs().report.ListActivityEvents, message)
    page = render_template(
        "console/activity_events.html",
        answer=answer,
        owners=colleagues(),
        words=words,
        period=request.args.get("period", "month"),
    )
    return make_response(page)
