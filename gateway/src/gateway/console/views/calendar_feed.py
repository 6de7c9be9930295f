"""The address of the person's calendar: shown once when it is made, made anew, taken away; and the calendar behind it.

The calendar itself is read by other programs, without a log-in: its secret address is enough.
"""

from __future__ import annotations

from uuid import UUID

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for

from gateway.console.backend import services, session
from gateway.console.guard import go
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS, with_toast
from gateway.console.ports import CalendarPages
from gateway.console.views.links import SECRET_MAX_LENGTH, without_referrer
from gateway.console.views.quote_page import address, hidden
from gateway.console.words import say


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/calendar/<uuid:tenant_id>/<secret>.ics", "calendar", calendar)
    rule("/account/calendar", "account_calendar", account_calendar)
    rule("/account/calendar", "account_calendar_reset", account_calendar_reset, methods=["POST"])
    rule("/account/calendar/remove", "account_calendar_remove", account_calendar_remove, methods=["POST"])


@without_referrer
def calendar(tenant_id: UUID, secret: str) -> Response:
    """The calendar of whoever made this address."""
    try:
        content = pages().read(tenant_id, secret[:SECRET_MAX_LENGTH], address=address())
    except FuniaError as error:
        return hidden(make_response(say(error), HTTP_STATUS[error.kind], {"Content-Type": "text/plain; charset=utf-8"}))
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="funia.ics"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return hidden(response)


def account_calendar() -> Response:
    """The page of the address."""
    return page()


def account_calendar_reset() -> Response:
    """Makes an address, or another one; it is shown this once."""
    return page(pages().reset(UUID(session().tenant_id), UUID(session().user_id)))


def account_calendar_remove() -> Response:
    pages().drop(UUID(session().tenant_id), UUID(session().user_id))
    return with_toast(go(url_for("console.account_calendar")), gettext("The address leads nowhere from now on."))


def page(made: str = "") -> Response:
    made_at = pages().made_at(UUID(session().tenant_id), UUID(session().user_id))
    return make_response(render_template("console/account_calendar.html", made=made, made_at=made_at))


def pages() -> CalendarPages:
    found = services().calendars
    assert found is not None, "the console was composed without calendars"
    return found
