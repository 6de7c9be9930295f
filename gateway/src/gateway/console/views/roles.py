"""Roles of the company: the built-in ones to look at, and its own to make, change and delete."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1.role_pb2 import (
    CreateRoleRequest,
    DeleteRoleRequest,
    GetRoleRequest,
    UpdateRoleRequest,
)
from funia.identity.v1.tenant_pb2 import ListRolesRequest, Role
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console import custom_fields
from gateway.console.backend import call, form_key, stubs
from gateway.console.guard import go, needs
from gateway.console.i18n import Lazy, gettext, lazy
from gateway.console.kinds import KINDS
from gateway.console.page import HTTP_STATUS
from gateway.console.words import say, violations
from gateway.identity.record_fields import standard_fields
from gateway.identity.roles import SCOPES

ROLE_NAMES: Mapping[str, Lazy] = {
    "owner": lazy("Company owner"),
    "admin": lazy("Administrator"),
    "manager": lazy("Manager"),
    "seller": lazy("Seller"),
    "marketer": lazy("Marketer"),
    "support_agent": lazy("Support agent"),
    "clerk": lazy("Shop clerk"),
    "analyst": lazy("Analyst"),
    "viewer": lazy("Viewer"),
}
VISIBILITIES: Mapping[str, Lazy] = {
    "own": lazy("Their own records"),
    "team": lazy("Records of their team and the teams below it"),
    "all": lazy("Records of the whole company"),
}
SEES: Mapping[str, Lazy] = {"own": lazy("Own records"), "team": lazy("Team and below"), "all": lazy("Whole company")}
FIELDS = ("title", "description", "scopes", "visibility", "hidden_fields", "read_only_fields")
RIGHTS: Mapping[str, Lazy] = {
    "": lazy("Sees and changes"),
    "read_only": lazy("Only sees"),
    "hidden": lazy("Does not see"),
}
MORE_LABELS: Mapping[str, Lazy] = {
    "team_id": lazy("Team"),
    "parent_id": lazy("Parent company"),
    "external_ids": lazy("Ids in other systems"),
    "website": lazy("Web site"),
    "country_code": lazy("Country"),
    "language": lazy("Language"),
    "industry": lazy("Industry"),
    "score": lazy("Score"),
    "product_ids": lazy("Products"),
    "contacts": lazy("People"),
    "stage_id": lazy("Stage"),
    "lead_id": lazy("Lead"),
    "need_ids": lazy("Needs"),
    "form_id": lazy("Form"),
    "campaign_id": lazy("Campaign"),
    "watcher_ids": lazy("Followers"),
}
TOLD = {
    ErrorKind.INVALID_ARGUMENT,
    ErrorKind.CONFLICT,
    ErrorKind.FAILED_PRECONDITION,
    ErrorKind.PERMISSION_DENIED,
}
"""Refusals that the form itself tells of."""


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/roles", "role_list", role_list)
    rule("/settings/roles/new", "role_new", role_new, methods=["GET", "POST"])
    rule("/settings/roles/<name>", "role_page", role_page, methods=["GET", "POST"])
    rule("/settings/roles/<name>/delete", "role_delete", role_delete, methods=["POST"])


def every_role() -> Sequence[Role]:
    """All roles of the company, built-in ones first."""
    return call(stubs().tenant.ListRoles, ListRolesRequest()).roles


def role_title(role: Role) -> str:
    """What people read."""
    return role.title or str(ROLE_NAMES.get(role.name, role.name))


@needs("identity.read")
def role_list() -> Response:
    return make_response(
        render_template("console/settings_roles.html", roles=every_role(), title_of=role_title, sees=SEES)
    )


@needs("identity.admin")
def role_new() -> Response:
    if request.method == "GET":
        return form_page(Role(visibility="own"))
    role = _from_form()
    role.name = name_from(role.title, {one.name for one in every_role()})
    errors = _missing(role)
    if errors:
        return form_page(role, errors=errors, status=400)
    try:
        call(stubs().roles.CreateRole, CreateRoleRequest(role=role), idempotency_key=form_key())
    except FuniaError as error:
        return _told(role, error)
    return go(url_for("console.role_list", saved=1))


@needs("identity.admin")
def role_page(name: str) -> Response:
    known = call(stubs().roles.GetRole, GetRoleRequest(name=name))
    if request.method == "GET":
        return form_page(known, known=known)
    role = _from_form()
    role.name, role.etag = name, request.form.get("etag", "")
    errors = _missing(role)
    if errors:
        return form_page(role, known=known, errors=errors, status=400)
    message = UpdateRoleRequest(role=role, update_mask=FieldMask(paths=FIELDS), etag=role.etag)
    try:
        call(stubs().roles.UpdateRole, message, idempotency_key=form_key())
    except FuniaError as error:
        return _told(role, error, known=known)
    return go(url_for("console.role_list", saved=1))


@needs("identity.admin")
def role_delete(name: str) -> Response:
    known = call(stubs().roles.GetRole, GetRoleRequest(name=name))
    message = DeleteRoleRequest(name=name, replacement=request.form.get("replacement", ""))
    try:
        call(stubs().roles.DeleteRole, message)
    except FuniaError as error:
        return _told(known, error, known=known)
    return go(url_for("console.role_list", saved=1))


@dataclass(frozen=True, slots=True)
class FieldRight:
    """A field of a record on the role's form, and what the role may do with it."""

    name: str
    label: str
    right: str


def field_rights(role: Role) -> list[tuple[str, list[FieldRight]]]:
    """Fields that a role may hide or lock, by kind of record."""
    hidden, locked = set(role.hidden_fields), set(role.read_only_fields)
    found = []
    for kind in KINDS.values():
        labels = {field.name: str(field.label) for field in (*kind.fields, *custom_fields.fields_of(kind.singular))}
        names = [one for one in standard_fields() if one.startswith(f"{kind.singular}.")]
        names += [f"{kind.singular}.{one}" for one in labels if one.startswith(custom_fields.PREFIX)]
        rows = []
        for name in names:
            plain = name.partition(".")[2]
            label = labels.get(plain) or str(MORE_LABELS.get(plain, plain))
            rows.append(FieldRight(name, label, "hidden" if name in hidden else "read_only" if name in locked else ""))
        if rows:
            found.append((str(kind.title), rows))
    return found


def form_page(
    role: Role,
    *,
    known: Role | None = None,
    problem: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The form; `known` is the role as it is stored, None for a new one."""
    page = render_template(
        "console/settings_role.html",
        role=role,
        known=known,
        title=role_title(known) if known else "",
        others=[(one.name, role_title(one)) for one in every_role() if one.name not in (role.name, "owner")],
        scopes=SCOPES,
        visibilities=VISIBILITIES,
        field_rights=field_rights(role),
        rights=RIGHTS,
        problem="" if errors else problem,
        errors=errors or {},
    )
    return make_response(page, status)


def name_from(title: str, taken: set[str]) -> str:
    """A name for programs, made from what people read: "Regional lead" is regional_lead."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50]
    stem = stem if re.match(r"[a-z].", stem) else f"role_{stem}".strip("_")
    number, name = 2, stem
    while name in taken:
        name, number = f"{stem}_{number}", number + 1
    return name


def _from_form() -> Role:
    return Role(
        title=request.form.get("title", "").strip(),
        description=request.form.get("description", "").strip(),
        scopes=request.form.getlist("scope"),
        visibility=request.form.get("visibility", ""),
        hidden_fields=_fields_with("hidden"),
        read_only_fields=_fields_with("read_only"),
    )


def _fields_with(right: str) -> list[str]:
    prefix = "right:"
    return [
        name.removeprefix(prefix) for name, value in request.form.items() if name.startswith(prefix) and value == right
    ]


def _missing(role: Role) -> dict[str, str]:
    errors = {}
    if not role.title:
        errors["title"] = gettext("This cannot be empty.")
    if not role.scopes:
        errors["scopes"] = gettext("Choose at least one thing that the role allows.")
    return errors


def _told(role: Role, error: FuniaError, *, known: Role | None = None) -> Response:
    if error.kind not in TOLD:
        raise error
    return form_page(role, known=known, problem=say(error), errors=violations(error), status=HTTP_STATUS[error.kind])
