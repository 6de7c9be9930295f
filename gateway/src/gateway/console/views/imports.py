"""The import wizard: upload, match columns, check, import; then the rows that did not go in, and undo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.contacts.v1.import_pb2 import (
    DownloadImportErrorsRequest,
    GetImportRequest,
    ImportJob,
    ListImportErrorsRequest,
    ListImportsRequest,
    MapImportRequest,
    PauseImportRequest,
    RevertImportRequest,
    RunImportRequest,
    UploadImportRequest,
)
from funia.sales.v1.sales_import_pb2 import ListSalesImportsRequest

from gateway.console.backend import allowed, call, download, form_key, session, stubs, try_call, upload
from gateway.console.colleagues import colleagues
from gateway.console.guard import check_scope, go, needs
from gateway.console.i18n import gettext
from gateway.console.import_words import (
    CUSTOMER_KINDS,
    DUPLICATE_RULES,
    MATCH_FIELDS,
    MODES,
    RUNNING,
    STATES,
    outcome_sentences,
    run_label,
    say_row,
    stage_of,
    target_fields,
)
from gateway.console.page import HTTP_STATUS
from gateway.console.sales_import_words import KINDS as SALES_KINDS
from gateway.console.views import sales_imports
from gateway.console.words import say

PIECE_BYTES = 256 * 1024
ERRORS_SIZE = 50
LIST_SIZE = 30


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/imports", "import_list", import_list)
    rule("/imports/new", "import_new", import_new)
    rule("/imports", "import_upload", import_upload, methods=["POST"])
    rule("/imports/<uuid:import_id>", "import_page", import_page)
    rule("/imports/<uuid:import_id>/progress", "import_progress", import_progress)
    rule("/imports/<uuid:import_id>/map", "import_map", import_map, methods=["POST"])
    rule("/imports/<uuid:import_id>/run", "import_run", import_run, methods=["POST"])
    rule("/imports/<uuid:import_id>/pause", "import_pause", import_pause, methods=["POST"])
    rule("/imports/<uuid:import_id>/revert", "import_revert", import_revert, methods=["POST"])
    rule("/imports/<uuid:import_id>/errors", "import_errors", import_errors)
    rule("/imports/<uuid:import_id>/errors.csv", "import_errors_file", import_errors_file)


@needs("contacts.import")
def import_list() -> Response:
    message = ListImportsRequest(page_size=LIST_SIZE, page_token=request.args.get("token", ""))
    listed = call(stubs().imports.ListImports, message)
    of_sales = None
    if allowed(sales_imports.SCOPE):
        asked = ListSalesImportsRequest(page_size=LIST_SIZE, page_token=request.args.get("sales", ""))
        of_sales = try_call(sales_imports.service().ListSalesImports, asked)
    page = render_template(
        "console/import_list.html",
        listed=listed,
        of_sales=of_sales,
        sales_kinds=SALES_KINDS,
        states=STATES,
        owners=colleagues(),
    )
    return make_response(page)


@needs("contacts.import")
def import_new() -> Response:
    return upload_page(request.args.get("kind", ""))


def upload_page(kind: str, problem: str = "", status: int = 200) -> Response:
    kinds = [(code, *words) for code, words in CUSTOMER_KINDS.items()]
    if allowed(sales_imports.SCOPE):
        kinds += [(code, *words) for code, words in SALES_KINDS.items()]
    chosen = kind if kind in {one[0] for one in kinds} else "contact"
    page = render_template("console/import_upload.html", kind=chosen, kinds=kinds, problem=problem)
    return make_response(page, status)


@needs("contacts.import")
def import_upload() -> Response:
    kind = request.form.get("kind", "")
    file = request.files.get("file")
    if file is None or not file.filename:
        return upload_page(kind, gettext("Choose a file first."), 400)
    try:
        if kind in SALES_KINDS:
            check_scope(sales_imports.SCOPE)
            return sales_imports.take_in(kind, file.filename, file.stream)
        kind = "account" if kind == "account" else "contact"
        job = upload(stubs().imports.UploadImport, pieces_of(kind, file.filename, file.stream))
    except FuniaError as error:
        return upload_page(kind, say(error), HTTP_STATUS[error.kind])
    return go(url_for("console.import_page", import_id=job.id))


def pieces_of(kind: str, file_name: str, stream: IO[bytes]) -> Iterator[UploadImportRequest]:
    """The file in pieces; the first carries only the names."""
    yield UploadImportRequest(kind=kind, file_name=file_name[-200:])
    while piece := stream.read(PIECE_BYTES):
        yield UploadImportRequest(chunk=piece)


@needs("contacts.import")
def import_page(import_id: object) -> Response:
    """The step at which the import stands; a mapping may be gone back to until the import has begun."""
    job = get(import_id)
    step = "mapping" if request.args.get("step") == "mapping" and job.status in {"mapped", "ready"} else stage_of(job)
    return step_page(job, step)


def step_page(job: ImportJob, step: str, problem: str = "", status: int = 200) -> Response:
    errors = None
    if step in {"checked", "finished"} and job.rows_failed:
        errors = call(stubs().imports.ListImportErrors, ListImportErrorsRequest(id=job.id, page_size=ERRORS_SIZE))
    page = render_template(
        "console/import_page.html",
        job=job,
        step=step,
        problem=problem,
        errors=errors,
        fields=target_fields(job),
        modes=MODES,
        match_fields=MATCH_FIELDS[job.kind] if job.kind in MATCH_FIELDS else MATCH_FIELDS["contact"],
        duplicate_rules=DUPLICATE_RULES,
        sentences=outcome_sentences(job),
        run_label=run_label(job),
        say_row=say_row,
        country=job.default_country or session().country_code,
        states=STATES,
    )
    return make_response(page, status)


@needs("contacts.import")
def import_progress(import_id: object) -> Response:
    """Asked for every second while the import runs; when it has ended the page is loaded whole."""
    job = get(import_id)
    if job.status not in RUNNING:
        return go(url_for("console.import_page", import_id=job.id))
    page = render_template("console/import_progress.html", job=job, sentences=outcome_sentences(job))
    return make_response(page)


@needs("contacts.import")
def import_map(import_id: object) -> Response:
    """Takes the mapping and begins the check at once, for that is what everybody wants next."""
    job = get(import_id)
    fields = {}
    for index, column in enumerate(job.columns):
        field = request.form.get(f"field_{index}", "")
        if field:
            fields[column.heading] = field
    if not fields:
        return step_page(job, "mapping", gettext("Match at least one column with a field."), 400)
    message = MapImportRequest(
        id=job.id,
        fields=fields,
        mode=request.form.get("mode", ""),
        match_by=request.form.get("match_by", ""),
        on_duplicate=request.form.get("on_duplicate", ""),
        default_country=request.form.get("default_country", ""),
    )
    try:
        call(stubs().imports.MapImport, message, idempotency_key=form_key())
        call(stubs().imports.RunImport, RunImportRequest(id=job.id, dry_run=True))
    except FuniaError as error:
        if error.kind not in {ErrorKind.INVALID_ARGUMENT, ErrorKind.FAILED_PRECONDITION, ErrorKind.CONFLICT}:
            raise
        return step_page(get(import_id), "mapping", say(error), HTTP_STATUS[error.kind])
    return go(url_for("console.import_page", import_id=job.id))


@needs("contacts.import")
def import_run(import_id: object) -> Response:
    call(stubs().imports.RunImport, RunImportRequest(id=str(import_id)), idempotency_key=form_key())
    return go(url_for("console.import_page", import_id=import_id))


@needs("contacts.import")
def import_pause(import_id: object) -> Response:
    call(stubs().imports.PauseImport, PauseImportRequest(id=str(import_id)))
    return go(url_for("console.import_page", import_id=import_id))


@needs("contacts.import")
def import_revert(import_id: object) -> Response:
    call(stubs().imports.RevertImport, RevertImportRequest(id=str(import_id)), idempotency_key=form_key())
    return go(url_for("console.import_page", import_id=import_id))


@needs("contacts.import")
def import_errors(import_id: object) -> Response:
    job = get(import_id)
    message = ListImportErrorsRequest(id=job.id, page_size=ERRORS_SIZE, page_token=request.args.get("token", ""))
    errors = call(stubs().imports.ListImportErrors, message)
    return make_response(render_template("console/import_error_rows.html", job=job, errors=errors, say_row=say_row))


@needs("contacts.import")
def import_errors_file(import_id: object) -> Response:
    job = get(import_id)
    pieces = download(stubs().imports.DownloadImportErrors, DownloadImportErrorsRequest(id=job.id))
    return Response(
        (piece.chunk for piece in pieces),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="rows-to-mend.csv"'},
    )


def get(import_id: object) -> ImportJob:
    return call(stubs().imports.GetImport, GetImportRequest(id=str(import_id)))
