"""What is done with a record by a button: what it asks, and where it leads."""

from __future__ import annotations

from typing import Any

from chassis.approvals import PENDING
from chassis.errors import FuniaError, NotFound
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.sales.v1 import quote_pb2, quote_pb2_grpc

from gateway.console import values
from gateway.console.acts import Action
from gateway.console.backend import call, form_key, stubs
from gateway.console.colleagues import colleagues
from gateway.console.guard import check_scope, go, needs
from gateway.console.kind import Kind
from gateway.console.kinds import KINDS
from gateway.console.page import HTTP_STATUS
from gateway.console.values import Record
from gateway.console.words import say, violations

WITH_ACTS = ", ".join(f'"{kind.plural}"' for kind in KINDS.values() if kind.acts)
LEADS_TO = {"Order": "orders", "Invoice": "invoices", "Quote": "quotes"}
"""Pages of what an act makes."""


def add(blueprint: Blueprint) -> None:
    address = f"/<any({WITH_ACTS}):plural>/<uuid:record_id>/do/<key>"
    blueprint.add_url_rule(address, "record_act", record_act)
    blueprint.add_url_rule(address, "record_act_done", record_act_done, methods=["POST"])
    blueprint.add_url_rule("/quotes/<uuid:record_id>/paper", "quote_paper", quote_paper)


def record_act(plural: str, record_id: object, key: str) -> Response:
    """The dialog before an act."""
    kind, act = act_of(plural, key)
    record = kind.get(str(record_id))
    asked = act.request()
    if act.key == "pay":
        asked.amount.CopyFrom(record.open_amount)
    return page(kind, act, record, asked)


def record_act_done(plural: str, record_id: object, key: str) -> Response:
    """Does it. What the service refuses is said in the dialog, with what was written."""
    kind, act = act_of(plural, key)
    asked = act.request(**{act.subject: str(record_id), **act.fixed})
    if "etag" in asked.DESCRIPTOR.fields_by_name:
        asked.etag = request.form.get("etag", "")
    try:
        for field in act.asks:
            values.put(asked, field, request.form)
        made = call(getattr(stubs().sales(act.stub), act.method), asked, idempotency_key=form_key())
    except FuniaError as error:
        if error.reason == PENDING:
            return go(url_for("console.record_page", plural=plural, record_id=record_id, waits=1))
        return page(kind, act, kind.get(str(record_id)), asked, error=error)
    if isinstance(made, quote_pb2.SendQuoteResponse):
        return page(kind, act, made.quote, asked, link=made.link)
    target = LEADS_TO.get(made.DESCRIPTOR.name)
    if target is None or target == plural:
        return go(url_for("console.record_page", plural=plural, record_id=made.id if target else record_id))
    return go(url_for("console.record_page", plural=target, record_id=made.id))


@needs("sales.read")
def quote_paper(record_id: object) -> Response:
    """The PDF of a quote."""
    service = stubs().sales(quote_pb2_grpc.QuoteServiceStub)
    paper = call(service.GetQuotePaper, quote_pb2.GetQuotePaperRequest(id=str(record_id)))
    answer = Response(paper.content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=paper.file_name)
    return answer


def act_of(plural: str, key: str) -> tuple[Kind, Action]:
    """Raises NotFound for an act that the kind does not have, PermissionDenied for people who may not."""
    kind = KINDS[plural]
    check_scope(kind.writes)
    act = next((one for one in kind.acts if one.key == key), None)
    if act is None:
        raise NotFound("There is no such act.", reason="NOT_FOUND")
    check_scope(act.scope or kind.writes)
    return kind, act


def page(
    kind: Kind, act: Action, record: Record, asked: Any, *, error: FuniaError | None = None, link: str = ""
) -> Response:
    said = violations(error) if error is not None else {}
    known = {field.name for field in act.asks}
    shown = render_template(
        "console/record_act.html",
        kind=kind,
        act=act,
        record=record,
        asked=asked,
        link=link,
        owners=colleagues(),
        errors=said,
        problem="" if error is None or (said and set(said) <= known) else say(error),
        v=values,
    )
    return make_response(shown, 200 if error is None else HTTP_STATUS[error.kind])
