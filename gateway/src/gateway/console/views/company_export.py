"""Export and close: everything the company has as one archive, and the end of the company by its owner."""

from __future__ import annotations

from collections.abc import Mapping

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1.company_pb2 import (
    CreateCompanyExportRequest,
    DeleteCompanyExportRequest,
    DownloadCompanyExportRequest,
    ListCompanyExportsRequest,
)

from gateway.console.backend import call, download, form_key, parts, session, stubs
from gateway.console.formats import format_day
from gateway.console.guard import go, needs
from gateway.console.i18n import Lazy, gettext, lazy
from gateway.console.page import HTTP_STATUS
from gateway.console.ports import SESSION_COOKIE
from gateway.console.views.account import freshly, present
from gateway.console.words import say
from gateway.identity.caller import caller_of
from gateway.identity.roles import OWNER

SCOPE = "identity.export"
STATES: Mapping[str, Lazy] = {
    "waiting": lazy("Being made"),
    "ready": lazy("Ready"),
    "failed": lazy("Failed"),
    "gone": lazy("Removed"),
}


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/export", "company_export", company_export)
    rule("/settings/export", "company_export_begin", company_export_begin, methods=["POST"])
    rule("/settings/export/<uuid:export_id>/archive.zip", "company_archive", company_archive)
    rule("/settings/export/<uuid:export_id>/remove", "company_export_remove", company_export_remove, methods=["POST"])
    rule("/settings/close", "company_close", company_close, methods=["GET", "POST"])


@needs(SCOPE)
def company_export() -> Response:
    return export_page()


def export_page(problem: str = "", status: int = 200) -> Response:
    token = request.args.get("token", "")
    listed = call(stubs().companies.ListCompanyExports, ListCompanyExportsRequest(page_size=20, page_token=token))
    page = render_template(
        "console/settings_export.html",
        exports=listed.company_exports,
        next_token=listed.next_page_token,
        states=STATES,
        is_making=any(one.state == "waiting" for one in listed.company_exports),
        keep_days=parts().settings.export_keep_days,
        is_owner=session().role == OWNER,
        problem=problem,
    )
    return make_response(page, status)


@needs(SCOPE)
def company_export_begin() -> Response:
    try:
        call(stubs().companies.CreateCompanyExport, CreateCompanyExportRequest(), idempotency_key=form_key())
    except FuniaError as error:
        if error.kind is not ErrorKind.FAILED_PRECONDITION:
            raise
        return export_page(say(error), HTTP_STATUS[error.kind])
    return go(url_for("console.company_export"))


@needs(SCOPE)
def company_archive(export_id: object) -> Response:
    pieces = download(stubs().companies.DownloadCompanyExport, DownloadCompanyExportRequest(id=str(export_id)))
    name = f"{session().tenant_slug}.zip"
    return Response(
        (piece.chunk for piece in pieces),
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@needs(SCOPE)
def company_export_remove(export_id: object) -> Response:
    message = DeleteCompanyExportRequest(id=str(export_id))
    call(stubs().companies.DeleteCompanyExport, message, idempotency_key=form_key())
    return go(url_for("console.company_export"))


@needs("identity.admin")
@freshly
def company_close() -> Response:
    """The page before the end; the company is closed once its name was written. The session is over then."""
    if request.method == "GET":
        return close_page()
    try:
        with parts().database.open_work(caller_of(present())) as work:
            due_at = parts().closing.close_own(work, request.form.get("confirm_name", ""))
    except FuniaError as error:
        return close_page(say(error), HTTP_STATUS[error.kind])
    page = render_template("console/company_closed.html", name=session().tenant_name, until=format_day(due_at))
    response = make_response(page)
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def close_page(problem: str = "", status: int = 200) -> Response:
    page = render_template(
        "console/settings_close.html",
        problem=problem,
        grace_days=parts().settings.closing_grace_days,
        is_owner=session().role == OWNER,
        hint=gettext("Write: %(name)s", name=session().tenant_name),
    )
    return make_response(page, status)
