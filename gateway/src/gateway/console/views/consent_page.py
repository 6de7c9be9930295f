"""Preference centre and confirmation of consent: no log-in, the signed link is enough. Nothing of the company shows.

Opening a page changes nothing, since scanners of mail open links; what is chosen is posted.
"""

from __future__ import annotations

from uuid import UUID

from chassis.errors import FuniaError
from flask import Blueprint, Response, g, make_response, render_template, request, url_for
from funia.marketing.v1.consent_link_pb2 import Choice, LinkedConsentRequest, Preferences

from gateway.console.backend import services
from gateway.console.guard import go
from gateway.console.i18n import LOCALES, Lazy, lazy
from gateway.console.page import HTTP_STATUS
from gateway.console.ports import ConsentPages
from gateway.console.views.links import without_referrer
from gateway.console.views.quote_page import address, hidden
from gateway.console.words import say

CHANNELS: dict[str, Lazy] = {
    "email": lazy("By e-mail"),
    "sms": lazy("By SMS"),
    "phone": lazy("By phone"),
    "messenger": lazy("By messenger"),
    "post": lazy("By post"),
}


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/preferences/<uuid:tenant_id>/<secret>", "preference_page", preference_page, methods=["GET"])
    rule("/preferences/<uuid:tenant_id>/<secret>", "preference_page_saved", preference_page_saved, methods=["POST"])
    rule("/confirm/<uuid:tenant_id>/<secret>", "confirm_page", confirm_page, methods=["GET"])
    rule("/confirm/<uuid:tenant_id>/<secret>", "confirm_page_confirmed", confirm_page_confirmed, methods=["POST"])


@without_referrer
def preference_page(tenant_id: UUID, secret: str) -> Response:
    """What the person gets, and what can be chosen."""
    try:
        found = pages().preferences(tenant_id, secret, address=address())
    except FuniaError as error:
        return page(tenant_id, secret, refused=error)
    return page(tenant_id, secret, preferences=found)


@without_referrer
def preference_page_saved(tenant_id: UUID, secret: str) -> Response:
    """Keeps what was chosen; a box that is not ticked is not wanted."""
    nothing = request.form.get("nothing") == "1"
    ticked = set(request.form.getlist("wanted"))
    offered = request.form.getlist("offered")
    choices = [] if nothing else [choice(place, wanted=place in ticked) for place in offered]
    try:
        agent = request.headers.get("User-Agent", "")
        pages().save(tenant_id, secret, choices, nothing=nothing, address=address(), user_agent=agent)
    except FuniaError as error:
        return page(tenant_id, secret, refused=error)
    return go(url_for("console.preference_page", tenant_id=tenant_id, secret=secret, saved=1))


@without_referrer
def confirm_page(tenant_id: UUID, secret: str) -> Response:
    """What is to be confirmed."""
    try:
        found = pages().request(tenant_id, secret, address=address())
    except FuniaError as error:
        return page(tenant_id, secret, refused=error)
    return page(tenant_id, secret, asked=found)


@without_referrer
def confirm_page_confirmed(tenant_id: UUID, secret: str) -> Response:
    """Confirms it."""
    try:
        agent = request.headers.get("User-Agent", "")
        pages().confirm(tenant_id, secret, address=address(), user_agent=agent)
    except FuniaError as error:
        return page(tenant_id, secret, refused=error)
    return go(url_for("console.confirm_page", tenant_id=tenant_id, secret=secret))


def choice(place: str, *, wanted: bool) -> Choice:
    """A box of the form: purpose and channel."""
    purpose_id, _, channel = place.partition(":")
    return Choice(purpose_id=purpose_id, channel=channel, wanted=wanted)


def page(
    tenant_id: UUID,
    secret: str,
    *,
    preferences: Preferences | None = None,
    asked: LinkedConsentRequest | None = None,
    refused: FuniaError | None = None,
) -> Response:
    language = (preferences or asked or Preferences()).language
    if language in LOCALES:
        g.console_locale = language
    answer = make_response(
        render_template(
            "console/consent_page.html",
            preferences=preferences,
            asked=asked,
            channels=CHANNELS,
            refusal="" if refused is None else say(refused),
            tenant_id=tenant_id,
            secret=secret,
        ),
        HTTP_STATUS[refused.kind] if refused is not None else 200,
    )
    return hidden(answer)


def pages() -> ConsentPages:
    found = services().consent_pages
    assert found is not None, "the console was composed without consent"
    return found
