"""The first page: what happened lately, who is new, and the first steps of a company that has just begun."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template
from funia.contacts.v1.contact_pb2 import VIEW_SUMMARY, ListContactsRequest

from gateway.console import formats, values
from gateway.console.backend import allowed, session, stubs, try_call
from gateway.console.colleagues import colleagues
from gateway.console.i18n import gettext
from gateway.console.views.report import PERIODS, summary_of

RECENT = 8


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/", "home", home)


def home() -> Response:
    recent = None
    if allowed("contacts.read"):
        message = ListContactsRequest(page_size=RECENT, order_by="updated_at desc", view=VIEW_SUMMARY)
        recent = try_call(stubs().contacts.ListContacts, message)
    steps_done = {"people": bool(recent and recent.contacts), "colleagues": len(colleagues()) > 1}
    page = render_template(
        "console/home.html",
        greeting=greeting(),
        summary=summary_of("month") if allowed("analytics.read") else None,
        periods=PERIODS,
        recent=recent.contacts if recent else None,
        steps_done=steps_done,
        is_new=recent is not None and not recent.contacts,
        v=values,
    )
    return make_response(page)


def greeting() -> str:
    """By the hour where the company is."""
    name = session().user_name.split(" ")[0] if session().user_name else session().email
    hour = formats.now().hour
    if 5 <= hour < 12:
        return gettext("Good morning, %(name)s", name=name)
    if 12 <= hour < 18:
        return gettext("Good afternoon, %(name)s", name=name)
    return gettext("Good evening, %(name)s", name=name)
