"""Lists, side panels, pages and the bin of every kind of record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from chassis.errors import Conflict, FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1.tenant_pb2 import GetUserRequest

from gateway.console import values
from gateway.console.backend import allowed, form_key, session, stubs, try_call
from gateway.console.colleagues import colleagues
from gateway.console.formats import now
from gateway.console.guard import check_scope, go
from gateway.console.i18n import gettext, ngettext
from gateway.console.kind import Kind, Listed, ListQuery, View
from gateway.console.kinds import KINDS, PLURALS, all_columns, all_fields, may_change, prefetch_names, shows_all_names
from gateway.console.page import HTTP_STATUS, error_response, is_fragment, toast_only, with_toast
from gateway.console.values import Record, raw, record_name
from gateway.console.views.duplicates import candidates_of
from gateway.console.views.field_saving import save_field
from gateway.console.views.preferences import chosen_columns
from gateway.console.views.related import related_of
from gateway.console.views.sales_pages import sales_around
from gateway.console.views.ticket_changes import mass_changes
from gateway.console.views.tickets import ticket_around
from gateway.console.views.timeline import first_timeline, timeline_context
from gateway.console.words import say, violations

PLURAL = f"/<any({PLURALS}):plural>"
# One call a record until the API takes a batch; more than this belongs to a job with progress.
SELECTED_MAX = 50
FILTER_SIGNS = re.compile(r"[=<>:\"()]|\b(AND|OR|NOT)\b")


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule(PLURAL, "record_list", record_list)
    rule(f"{PLURAL}/new", "record_new", record_new)
    rule(PLURAL, "record_create", record_create, methods=["POST"])
    rule(f"{PLURAL}/delete", "record_delete_many", record_delete_many, methods=["POST"])
    rule(f"{PLURAL}/undelete", "record_undelete_many", record_undelete_many, methods=["POST"])
    rule(f"{PLURAL}/<uuid:record_id>", "record_page", record_page)
    rule(f"{PLURAL}/<uuid:record_id>/panel", "record_panel", record_panel)
    rule(f"{PLURAL}/<uuid:record_id>/fields/<name>", "record_field", record_field, methods=["GET", "POST"])


def record_list(plural: str) -> Response:
    """The page of the list, or only the rows that follow a page token."""
    kind = readable(plural)
    text = request.args.get("q", "").strip()
    columns = chosen_columns(kind)
    query = ListQuery(
        filter=text,
        order_by=sort_order(kind, request.args.get("order", "")),
        page_token=request.args.get("token", ""),
        full=any(column.full for column in columns),
        deleted=request.args.get("bin") == "1",
    )
    problem = ""
    try:
        listed = kind.find(text, query) if text and not FILTER_SIGNS.search(text) else kind.list(query)
    except FuniaError as error:
        if error.kind is not ErrorKind.INVALID_ARGUMENT:
            raise
        listed, problem = Listed((), ""), error.message
    prefetch_names(kind, listed.records, columns)
    rows_only = bool(query.page_token) and is_fragment()
    page = render_template(
        "console/record_rows.html" if rows_only else "console/record_list.html",
        kind=kind,
        listed=listed,
        columns=columns,
        owners=colleagues(),
        text=text,
        order=query.order_by,
        deleted=query.deleted,
        problem=problem,
        v=values,
        arguments={name: request.args[name] for name in ("q", "order", "bin") if request.args.get(name)},
        views=[(view.label, wanted) for view in kind.views if (wanted := _filter_of(view))],
        mass_changes=mass_changes(kind),
    )
    return make_response(page)


def _filter_of(view: View) -> str:
    """The filter of a view as it stands in the list today; empty where it names a team and there is none."""
    month = now().date().replace(day=1).isoformat()
    team_id = _own_team() if "{team}" in view.filter else ""
    if "{team}" in view.filter and not team_id:
        return ""
    return view.filter.replace("{month}", month).replace("{me}", session().user_id).replace("{team}", team_id)


def _own_team() -> str:
    """The team of who looks; empty where there is none or it cannot be told."""
    if not allowed("identity.read"):
        return ""
    user = try_call(stubs().tenant.GetUser, GetUserRequest(id=session().user_id))
    return user.team_id if user is not None else ""


def readable(plural: str) -> Kind:
    """The kind, for people who may see its records."""
    kind = KINDS[plural]
    check_scope(kind.reads)
    return kind


def writable(plural: str) -> Kind:
    """The kind, for people who may change its records."""
    kind = KINDS[plural]
    check_scope(kind.writes)
    return kind


def sort_order(kind: Kind, wanted: str) -> str:
    name, _, direction = wanted.partition(" ")
    sortable = {column.sort for column in all_columns(kind) if column.sort}
    if kind.name_sort and shows_all_names(kind):
        sortable.add(kind.name_sort)
    if name not in sortable:
        return ""
    return f"{name} desc" if direction == "desc" else name


def record_page(plural: str, record_id: object) -> Response:
    kind = readable(plural)
    record = kind.get(str(record_id))
    around = {"kind": kind, "record": record, "owners": colleagues(), "v": values, **surroundings(kind, record)}
    return make_response(render_template(kind.page, **around))


def surroundings(kind: Kind, record: Record) -> dict[str, Any]:
    """What stands around the facts of a record: of customers their timeline and whom they belong with."""
    if kind.plural == "tickets":
        return ticket_around(record)
    if kind.reads != "contacts.read":
        return sales_around(kind, record)
    return {"related": related_of(record), **timeline_context(kind.plural, first_timeline(record.id))}


def record_panel(plural: str, record_id: object) -> Response:
    kind = readable(plural)
    record = kind.get(str(record_id))
    page = render_template(
        "console/record_panel.html", kind=kind, record=record, owners=colleagues(), related=related_of(record), v=values
    )
    return make_response(page)


def record_field(plural: str, record_id: object, name: str) -> Response:
    """Saves one field, and answers with the field as it now is."""
    kind = writable(plural)
    field = next((field for field in all_fields(kind) if field.name == name), None)
    if field is None:
        return error_response(404)
    shown = {"kind": kind, "field": field, "owners": colleagues(), "v": values}
    if request.method == "GET":
        return make_response(render_template("console/field.html", record=kind.get(str(record_id)), **shown))
    saved = save_field(kind, str(record_id), field, request.form)
    page = render_template("console/field_saved.html", record=saved.record, saved=saved, **shown)
    return make_response(page, saved.status)


def record_new(plural: str) -> Response:
    kind = writable(plural)
    record = kind.new()
    put_name(record, request.args.get("name", "").strip())
    if "active" in record.DESCRIPTOR.fields_by_name:
        record.active = True
    if "time_zone" in record.DESCRIPTOR.fields_by_name:
        record.time_zone = session().time_zone
    for field in all_fields(kind):
        if field.in_form and field.name in request.args:
            values.put(record, field, request.args)
    return form_page(kind, record, 200)


def put_name(record: Record, name: str) -> None:
    """A name that was searched for becomes that of the new record."""
    fields = record.DESCRIPTOR.fields_by_name
    if "given_name" in fields:
        record.given_name, _, record.family_name = name.partition(" ")
    elif name and "name" in fields:
        record.name = name


def record_create(plural: str) -> Response:
    kind = writable(plural)
    record = kind.new()
    allow = request.form.get("allow_duplicate") == "1"
    try:
        for field in all_fields(kind):
            if field.in_form and may_change(kind, field):
                values.put(record, field, request.form)
        company_id = request.form.get("company_id", "")
        created = kind.create(record, allow_duplicate=allow, company_id=company_id, key=form_key())
    except Conflict as error:
        candidates = candidates_of(error)
        return form_page(kind, record, 409, problem="" if candidates else say(error), candidates=candidates)
    except FuniaError as error:
        if error.kind not in {ErrorKind.INVALID_ARGUMENT, ErrorKind.FAILED_PRECONDITION}:
            raise
        return form_page(kind, record, HTTP_STATUS[error.kind], problem=say(error), errors=violations(error))
    return go(url_for("console.record_page", plural=plural, record_id=created.id))


def form_page(
    kind: Kind,
    record: Record,
    status: int,
    *,
    problem: str = "",
    errors: dict[str, str] | None = None,
    candidates: Sequence[object] = (),
) -> Response:
    known = {field.name for field in all_fields(kind) if field.in_form}
    page = render_template(
        "console/record_form.html" if is_fragment() else "console/record_form_page.html",
        heading="h2" if is_fragment() and request.form.get("heading") != "h1" else "h1",
        kind=kind,
        record=record,
        owners=colleagues(),
        problem="" if errors and set(errors) <= known else problem,
        errors=errors or {},
        candidates=candidates,
        v=values,
        raw=raw,
    )
    return make_response(page, status)


def record_delete_many(plural: str) -> Response:
    """Moves the chosen records to the bin; the toast takes them back out."""
    kind = writable(plural)
    ids = request.form.getlist("id")[:SELECTED_MAX]
    name = ""
    for record_id in ids:
        if len(ids) == 1:
            name = record_name(kind.get(record_id))
        kind.delete(record_id, "")
    undo = url_for("console.record_undelete_many", plural=plural, id=ids) if kind.bins else ""
    sentence = deleted_sentence(kind, name, len(ids))
    response = with_toast(Response(status=200), sentence, undo=undo)
    if request.form.get("back") == "list":
        response.headers["HX-Reswap"] = "none"
    return response


def deleted_sentence(kind: Kind, name: str, count: int) -> str:
    """What became of the records, in words."""
    if not kind.bins:
        return ngettext("%(num)s record is deleted.", "%(num)s records are deleted.", count)
    if name:
        return gettext("%(name)s is in the bin.", name=name)
    return ngettext("%(num)s record is in the bin.", "%(num)s records are in the bin.", count)


def record_undelete_many(plural: str) -> Response:
    kind = writable(plural)
    ids = request.args.getlist("id")[:SELECTED_MAX] or request.form.getlist("id")[:SELECTED_MAX]
    for record_id in ids:
        kind.undelete(record_id)
    return toast_only(ngettext("%(num)s record is back.", "%(num)s records are back.", len(ids)))
