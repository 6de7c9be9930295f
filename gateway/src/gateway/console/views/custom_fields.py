"""Settings: the fields that the company adds to people and companies."""

from __future__ import annotations

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1.custom_field_pb2 import (
    CreateCustomFieldRequest,
    CustomField,
    GetCustomFieldRequest,
    ListCustomFieldsRequest,
    UpdateCustomFieldRequest,
)
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console.backend import call, form_key, stubs
from gateway.console.custom_fields import OBJECTS, TYPES
from gateway.console.guard import go, needs
from gateway.console.page import HTTP_STATUS
from gateway.console.words import say, violations

CHANGEABLE = ("label", "options", "required", "searchable", "position")
REFUSED = {ErrorKind.INVALID_ARGUMENT, ErrorKind.CONFLICT, ErrorKind.FAILED_PRECONDITION}


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/custom-fields", "custom_field_list", custom_field_list)
    rule("/settings/custom-fields", "custom_field_create", custom_field_create, methods=["POST"])
    rule("/settings/custom-fields/<uuid:field_id>", "custom_field", custom_field, methods=["GET", "POST"])
    rule(
        "/settings/custom-fields/<uuid:field_id>/archive",
        "custom_field_archive",
        custom_field_archive,
        methods=["POST"],
    )


@needs("identity.admin")
def custom_field_list() -> Response:
    return list_page(CustomField(object=request.args.get("object", "contact"), type="text"))


def list_page(
    draft: CustomField, problem: str = "", errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    fields = call(stubs().custom_fields.ListCustomFields, ListCustomFieldsRequest(archived=True)).custom_fields
    page = render_template(
        "console/settings_custom_fields.html",
        groups=[(label, [one for one in fields if one.object == kind]) for kind, label in OBJECTS.items()],
        empty_list=not fields,
        field=draft,
        problem="" if errors else problem,
        errors=errors or {},
        types=list(TYPES.items()),
        type_names=TYPES,
        objects=list(OBJECTS.items()),
    )
    return make_response(page, status)


@needs("identity.admin")
def custom_field_create() -> Response:
    draft = drafted(CustomField())
    for name in ("object", "key", "type", "references"):
        setattr(draft, name, request.form.get(name, "").strip())
    if draft.type != "reference":
        draft.references = ""
    try:
        call(
            stubs().custom_fields.CreateCustomField,
            CreateCustomFieldRequest(custom_field=draft),
            idempotency_key=form_key(),
        )
    except FuniaError as error:
        if error.kind not in REFUSED:
            raise
        return list_page(draft, say(error), violations(error), HTTP_STATUS[error.kind])
    return go(url_for("console.custom_field_list", object=draft.object, added=1))


@needs("identity.admin")
def custom_field(field_id: object) -> Response:
    """The page of one field, and saving it."""
    stored = call(stubs().custom_fields.GetCustomField, GetCustomFieldRequest(id=str(field_id)))
    if request.method == "GET":
        return field_page(stored)
    changed = CustomField()
    changed.CopyFrom(stored)
    drafted(changed)
    try:
        change(changed, CHANGEABLE, request.form.get("etag", ""))
    except FuniaError as error:
        if error.kind not in REFUSED:
            raise
        return field_page(changed, say(error), violations(error), HTTP_STATUS[error.kind])
    return go(url_for("console.custom_field_list", saved=1))


def field_page(
    field: CustomField, problem: str = "", errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    page = render_template(
        "console/settings_custom_field.html",
        field=field,
        problem="" if errors else problem,
        errors=errors or {},
        type_name=TYPES[field.type],
        object_name=OBJECTS[field.object],
    )
    return make_response(page, status)


@needs("identity.admin")
def custom_field_archive(field_id: object) -> Response:
    """Archives a field, or brings it back."""
    archived = request.form.get("archived") == "1"
    try:
        change(CustomField(id=str(field_id), archived=archived), ("archived",), "")
    except FuniaError as error:
        if error.kind not in REFUSED:
            raise
        return list_page(CustomField(object="contact", type="text"), say(error), None, HTTP_STATUS[error.kind])
    return go(url_for("console.custom_field_list", saved=1))


def change(field: CustomField, names: tuple[str, ...], etag: str) -> None:
    message = UpdateCustomFieldRequest(custom_field=field, update_mask=FieldMask(paths=names), etag=etag)
    call(stubs().custom_fields.UpdateCustomField, message, idempotency_key=form_key())


def drafted(field: CustomField) -> CustomField:
    """The field with what the form says of it; options stand one a line."""
    form = request.form
    field.label = form.get("label", "").strip()
    del field.options[:]
    field.options.extend(dict.fromkeys(line.strip() for line in form.get("options", "").splitlines() if line.strip()))
    field.required = form.get("required") == "1"
    field.searchable = form.get("searchable") == "1"
    position = form.get("position", "").strip()
    if position.isdecimal() and len(position) <= 5:
        field.position = int(position)
    return field
