"""Erasing one person for good, and everything that is held about one as a file."""

from __future__ import annotations

from chassis.errors import Conflict, FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.contacts.v1.person_pb2 import EraseContactRequest, GetPersonalDataRequest, PersonalData
from google.protobuf.json_format import MessageToJson

from gateway.console import values
from gateway.console.backend import call, form_key, stubs
from gateway.console.guard import go, needs
from gateway.console.i18n import Lazy, gettext, lazy
from gateway.console.kinds import KINDS
from gateway.console.page import HTTP_STATUS
from gateway.console.words import say

KINDS_OF_ROWS: dict[str, Lazy] = {
    "contact": lazy("The person, with everybody merged into it"),
    "activity": lazy("Notes and tasks"),
    "timeline_entry": lazy("Lines of the timeline"),
    "account_contact": lazy("Links to companies"),
    "identity_key": lazy("E-mail addresses, phone numbers and ids"),
    "import_change": lazy("What imports changed"),
    "import_row_error": lazy("Rows that imports refused"),
    "record_share": lazy("Shares"),
    "lead": lazy("Leads"),
    "need": lazy("Needs"),
    "sales_activity": lazy("Activities and mails of sellers"),
    "loyalty_member": lazy("Loyalty memberships"),
    "consent": lazy("Consents"),
}


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/people/<uuid:record_id>/erase", "erase_person", erase, methods=["GET", "POST"])
    blueprint.add_url_rule("/people/<uuid:record_id>/personal-data.json", "personal_data", personal_data)


@needs("identity.admin")
def erase(record_id: object) -> Response:
    if request.method == "GET":
        return dialog(str(record_id))
    if not request.form.get("sure"):
        return dialog(str(record_id), gettext("Tick the box: nothing brings the person back."), 400)
    message = EraseContactRequest(id=str(record_id), etag=request.form.get("etag", ""))
    try:
        call(stubs().persons.EraseContact, message, idempotency_key=form_key())
    except Conflict:
        return dialog(str(record_id), gettext("The person was changed in the meantime. Look again, then erase."), 409)
    except FuniaError as error:
        return dialog(str(record_id), say(error), HTTP_STATUS[error.kind])
    return go(url_for("console.record_list", plural="people"))


@needs("identity.admin")
def personal_data(record_id: object) -> Response:
    return Response(
        MessageToJson(_held(str(record_id)), preserving_proto_field_name=True, ensure_ascii=False),
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="personal-data.json"', "Cache-Control": "no-store"},
    )


def dialog(record_id: str, problem: str = "", status: int = 200) -> Response:
    """What would be gone, and the question."""
    held = _held(record_id)
    numbers = {table.name: f"{len(table.rows)}+" if table.more else len(table.rows) for table in held.tables}
    page = render_template(
        "console/erase_person.html",
        person=KINDS["people"].get(record_id),
        rows=[(label, numbers[name]) for name, label in KINDS_OF_ROWS.items() if name in numbers],
        problem=problem,
        whole=not held.missing_services,
        v=values,
    )
    return make_response(page, status)


def _held(record_id: str) -> PersonalData:
    held: PersonalData = call(stubs().persons.GetPersonalData, GetPersonalDataRequest(id=record_id))
    return held
