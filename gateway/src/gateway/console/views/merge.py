"""Merging two people: which one stays, and which field is taken from the other."""

from __future__ import annotations

from chassis.errors import Conflict, FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.contacts.v1.contact_pb2 import MergeContactsRequest
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console import values
from gateway.console.backend import call, form_key, stubs
from gateway.console.colleagues import colleagues
from gateway.console.custom_fields import is_custom
from gateway.console.fields import Field
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.kinds import KINDS, all_fields, may_change
from gateway.console.page import HTTP_STATUS
from gateway.console.words import say

UNITED = frozenset({"emails", "phones", "addresses", "tags"})


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/people/<uuid:record_id>/merge", "merge", merge, methods=["GET", "POST"])


@needs("contacts.write")
def merge(record_id: object) -> Response:
    if request.method == "GET":
        return dialog(str(record_id), request.args.get("other_id", ""))
    other_id = request.form.get("other_id", "")
    names = [field.name for field in choosable() if request.form.get(f"choice_{field.name}") == "other"]
    message = MergeContactsRequest(
        id=str(record_id), other_id=other_id, take_from_other=FieldMask(paths=names), etag=request.form.get("etag", "")
    )
    try:
        call(stubs().contacts.MergeContacts, message, idempotency_key=form_key())
    except Conflict:
        problem = gettext("One of the two was changed in the meantime. Look again, then merge.")
        return dialog(str(record_id), other_id, problem, 409)
    except FuniaError as error:
        return dialog(str(record_id), other_id, say(error), HTTP_STATUS[error.kind])
    return go(url_for("console.record_page", plural="people", record_id=record_id))


def dialog(record_id: str, other_id: str, problem: str = "", status: int = 200) -> Response:
    """First the question with whom, then the fields in which the two differ."""
    kept = KINDS["people"].get(record_id)
    other = KINDS["people"].get(other_id) if other_id and other_id != record_id else None
    page = render_template(
        "console/merge.html",
        kept=kept,
        other=other,
        differing=[field for field in choosable() if other is not None and differs(kept, other, field)],
        owners=colleagues(),
        problem=problem,
        v=values,
    )
    return make_response(page, status)


def choosable() -> list[Field]:
    kind = KINDS["people"]
    known = [field for field in all_fields(kind) if may_change(kind, field)]
    return [field for field in known if field.name not in UNITED and not is_custom(field)]


def differs(kept: values.Record, other: values.Record, field: Field) -> bool:
    return values.raw(kept, field) != values.raw(other, field)
