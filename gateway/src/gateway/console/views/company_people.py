"""Putting people into companies and taking them out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from funia.contacts.v1.account_pb2 import LinkContactRequest, UnlinkContactRequest

from gateway.console import values
from gateway.console.backend import call, form_key, stubs
from gateway.console.guard import needs
from gateway.console.i18n import gettext
from gateway.console.kinds import KINDS
from gateway.console.page import with_toast
from gateway.console.views.related import related_of


def add(blueprint: Blueprint) -> None:
    record = "/<any(people, companies):plural>/<uuid:record_id>"
    blueprint.add_url_rule(f"{record}/links", "link", link, methods=["POST"])
    blueprint.add_url_rule(f"{record}/links/<uuid:other_id>/remove", "unlink", unlink, methods=["POST"])


@needs("contacts.write")
def link(plural: str, record_id: object) -> Response:
    other_id = request.form.get("other_id", "")
    if not other_id:
        return relations(plural, str(record_id), gettext("Choose one from the list first."))
    message = LinkContactRequest(
        account_id=str(record_id) if plural == "companies" else other_id,
        contact_id=other_id if plural == "companies" else str(record_id),
        role=request.form.get("role", "").strip()[:80],
    )
    call(stubs().accounts.LinkContact, message, idempotency_key=form_key())
    return relations(plural, str(record_id))


@needs("contacts.write")
def unlink(plural: str, record_id: object, other_id: object) -> Response:
    first, second = (record_id, other_id) if plural == "companies" else (other_id, record_id)
    call(stubs().accounts.UnlinkContact, UnlinkContactRequest(account_id=str(first), contact_id=str(second)))
    return with_toast(relations(plural, str(record_id)), gettext("Taken out."))


def relations(plural: str, record_id: str, problem: str = "") -> Response:
    kind = KINDS[plural]
    record = kind.get(record_id)
    page = render_template(
        "console/related.html", kind=kind, record=record, related=related_of(record), problem=problem, v=values
    )
    return make_response(page, 400 if problem else 200)
