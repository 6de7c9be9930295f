"""What a business calendar comes to: when work goes on next, and when promises given now would be due."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, make_response, render_template
from funia.support.v1 import business_calendar_pb2, business_calendar_pb2_grpc

from gateway.console.backend import call, stubs
from gateway.console.guard import needs
from gateway.console.support_kinds import READS

HOURS = (1, 4, 8, 24)
"""Promises in working hours that the page shows."""
_OPEN_WITHIN = dt.timedelta(seconds=90)
"""The end of the next working minute is at most so far away while work is done."""


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/business-calendars/<uuid:record_id>/preview", "calendar_preview", calendar_preview)


@needs(READS)
def calendar_preview(record_id: object) -> Response:
    """Whether work is done now, when it goes on, and what some promises come to."""
    service = stubs().support(business_calendar_pb2_grpc.BusinessCalendarServiceStub)
    moments = {}
    for minutes in (1, *(60 * hours for hours in HOURS)):
        asked = business_calendar_pb2.GetDueTimeRequest(id=str(record_id), minutes=minutes)
        moments[minutes] = call(service.GetDueTime, asked).due_at.ToDatetime(tzinfo=dt.UTC)
    first = moments[1]
    page = render_template(
        "console/calendar_preview.html",
        is_open=first - dt.datetime.now(tz=dt.UTC) <= _OPEN_WITHIN,
        opens_at=first - dt.timedelta(minutes=1),
        promises=[(hours, moments[60 * hours]) for hours in HOURS],
    )
    return make_response(page)
