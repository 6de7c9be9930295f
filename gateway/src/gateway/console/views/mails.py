"""A mail to one person, written from a record: by hand or from a template, seen before it is sent."""

from __future__ import annotations

from collections.abc import Mapping

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.sales.v1 import mail_template_pb2, mail_template_pb2_grpc, record_mail_pb2, record_mail_pb2_grpc
from funia.sales.v1 import quote_pb2 as quotes
from funia.sales.v1.quote_pb2_grpc import QuoteServiceStub

from gateway.console import values
from gateway.console.backend import call, form_key, stubs, try_call
from gateway.console.guard import go, needs
from gateway.console.i18n import Lazy, gettext, lazy
from gateway.console.kinds import KINDS
from gateway.console.page import HTTP_STATUS, with_toast
from gateway.console.views.documents import sendable
from gateway.console.views.roles import TOLD
from gateway.console.words import say, violations

SELLS = "sales.write"
PLURALS: Mapping[str, str] = {"contact": "people", "deal": "deals", "lead": "leads", "quote": "quotes"}
"""Lists of the records that mails are written from, by the kind that the API names."""
PROBLEMS: Mapping[str, Lazy] = {
    "NO_RECIPIENT": lazy("This record names nobody to write to. Add a person to it first."),
    "NO_ADDRESS": lazy("There is no e-mail address of this person. Add one first."),
    "DO_NOT_CONTACT": lazy("This person asked not to be contacted."),
}
TEMPLATES_SHOWN = 200
QUOTES_SHOWN = 20


def add(blueprint: Blueprint) -> None:
    address = "/mail/<any(contact, deal, lead, quote):kind>/<uuid:record_id>"
    blueprint.add_url_rule("/mail/new", "mail_new", mail_new)
    blueprint.add_url_rule(address, "mail_write", mail_write)
    blueprint.add_url_rule(address, "mail_send", mail_send, methods=["POST"])


@needs(SELLS)
def mail_new() -> Response:
    """To the page of the record's mail."""
    return go(url_for("console.mail_write", kind=request.args.get("kind", ""), record_id=request.args.get("id", "")))


@needs(SELLS)
def mail_write(kind: str, record_id: object) -> Response:
    """The form, filled from a template where one is chosen."""
    return _page(kind, str(record_id), _draft(kind, str(record_id), request.args.get("template", "")))


@needs(SELLS)
def mail_send(kind: str, record_id: object) -> Response:
    """Sends it, and goes back to the record."""
    form = request.form
    asked = record_mail_pb2.SendRecordMailRequest(
        record_kind=kind,
        record_id=str(record_id),
        contact_id=form.get("contact_id", ""),
        subject=form.get("subject", "").strip(),
        body=form.get("body", "").strip(),
        quote_ids=form.getlist("quote_ids"),
        document_ids=form.getlist("document_ids"),
    )
    try:
        call(_service().SendRecordMail, asked, idempotency_key=form_key())
    except FuniaError as error:
        if error.kind not in TOLD:
            raise
        draft = _draft(kind, str(record_id), "")
        draft.subject, draft.body = asked.subject, asked.body
        return _page(kind, str(record_id), draft, error=error)
    target = url_for("console.record_page", plural=PLURALS[kind], record_id=record_id)
    return with_toast(go(target), gettext("The mail is on its way."))


def _service() -> record_mail_pb2_grpc.RecordMailServiceStub:
    return stubs().sales(record_mail_pb2_grpc.RecordMailServiceStub)


def _draft(kind: str, record_id: str, template_id: str) -> record_mail_pb2.RecordMailDraft:
    asked = record_mail_pb2.DraftRecordMailRequest(record_kind=kind, record_id=record_id, template_id=template_id)
    return call(_service().DraftRecordMail, asked)


def _quotes(kind: str, record_id: str) -> list[quotes.Quote]:
    """Quotes whose papers can go along: the record itself, or those of its deal."""
    service = stubs().sales(QuoteServiceStub)
    if kind == "quote":
        found = [call(service.GetQuote, quotes.GetQuoteRequest(id=record_id))]
    elif kind == "deal":
        message = quotes.ListQuotesRequest(filter=f'deal_id = "{record_id}"', page_size=QUOTES_SHOWN)
        listed = try_call(service.ListQuotes, message)
        found = [] if listed is None else list(listed.quotes)
    else:
        found = []
    return [one for one in found if one.sent_at.seconds]


def _page(
    kind: str, record_id: str, draft: record_mail_pb2.RecordMailDraft, *, error: FuniaError | None = None
) -> Response:
    stub = stubs().sales(mail_template_pb2_grpc.MailTemplateServiceStub)
    templates = call(stub.ListMailTemplates, mail_template_pb2.ListMailTemplatesRequest(page_size=TEMPLATES_SHOWN))
    said = {} if error is None else violations(error)
    record = KINDS[PLURALS[kind]].get(record_id)
    page = render_template(
        "console/mail_write.html",
        kind=kind,
        plural=PLURALS[kind],
        record=record,
        name=values.record_name(record),
        draft=draft,
        templates=templates.mail_templates,
        chosen=request.args.get("template", ""),
        quotes=_quotes(kind, record_id),
        documents=sendable(),
        sent_along=request.values.getlist("document_ids"),
        attached=request.form.getlist("quote_ids") or ([record_id] if kind == "quote" else []),
        missing=", ".join(dict.fromkeys(draft.missing)),
        stopped=str(PROBLEMS[draft.problem]) if draft.problem in PROBLEMS else "",
        problem="" if error is None or (said and set(said) <= {"subject", "body"}) else say(error),
        errors=said,
    )
    return make_response(page, 200 if error is None else HTTP_STATUS[error.kind])
