"""The wizard for files of leads, products, deals and orders: match columns, decide what values mean, import."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.sales.v1 import sales_import_pb2 as pb
from funia.sales.v1 import sales_import_pb2_grpc

from gateway.console import references
from gateway.console.backend import call, download, form_key, session, stubs, upload
from gateway.console.colleagues import colleagues
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.kind import ListQuery
from gateway.console.kinds import KINDS
from gateway.console.page import HTTP_STATUS
from gateway.console.sales_import_words import (
    CHANNELS,
    DATE_ORDERS,
    LISTS,
    MEANINGS,
    NOTED,
    STATES,
    UNDOING,
    VALUE_FIELDS,
    can_be_undone,
    outcome_sentences,
    say_row,
    step_of,
    target_fields,
    undo_promises,
)
from gateway.console.views.deals import stages_of
from gateway.console.words import say

SCOPE = "sales.import"
PIECE_BYTES = 256 * 1024
ERRORS_SIZE = 50
VALUES_MAX = 200
RUNNING = frozenset({"validating", "running", "reverting"})
_MENDABLE = frozenset({ErrorKind.INVALID_ARGUMENT, ErrorKind.FAILED_PRECONDITION, ErrorKind.CONFLICT})


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    one = "/imports/sales/<uuid:import_id>"
    rule(one, "sales_import_page", sales_import_page)
    rule(f"{one}/progress", "sales_import_progress", sales_import_progress)
    rule(f"{one}/map", "sales_import_map", sales_import_map, methods=["POST"])
    rule(f"{one}/values", "sales_import_values", sales_import_values, methods=["POST"])
    rule(f"{one}/run", "sales_import_run", sales_import_run, methods=["POST"])
    rule(f"{one}/pause", "sales_import_pause", sales_import_pause, methods=["POST"])
    rule(f"{one}/undo", "sales_import_undo", sales_import_undo)
    rule(f"{one}/revert", "sales_import_revert", sales_import_revert, methods=["POST"])
    rule(f"{one}/errors", "sales_import_errors", sales_import_errors)
    rule(f"{one}/errors.csv", "sales_import_errors_file", sales_import_errors_file)


def service() -> sales_import_pb2_grpc.SalesImportServiceStub:
    return stubs().sales(sales_import_pb2_grpc.SalesImportServiceStub)


def take_in(kind: str, file_name: str, stream: IO[bytes]) -> Response:
    """Uploads a file; leads to its page. Raises `FuniaError`."""
    job = upload(service().UploadSalesImport, _pieces(kind, file_name, stream))
    return go(url_for("console.sales_import_page", import_id=job.id))


def _pieces(kind: str, file_name: str, stream: IO[bytes]) -> Iterator[pb.UploadSalesImportRequest]:
    yield pb.UploadSalesImportRequest(kind=kind, file_name=file_name[-200:])
    while piece := stream.read(PIECE_BYTES):
        yield pb.UploadSalesImportRequest(chunk=piece)


@needs(SCOPE)
def sales_import_page(import_id: object) -> Response:
    """The step at which the import stands; the columns may be gone back to until it has begun."""
    job = _get(import_id)
    back = request.args.get("step") == "mapping" and job.status == "ready"
    return _page(job, "mapping" if back else step_of(job))


@needs(SCOPE)
def sales_import_progress(import_id: object) -> Response:
    """Asked for every second while it runs; when it has ended the page is loaded whole."""
    job = _get(import_id)
    if job.status not in RUNNING:
        return go(url_for("console.sales_import_page", import_id=job.id))
    return make_response(render_template("console/sales_import_progress.html", job=job, **_progress(job)))


@needs(SCOPE)
def sales_import_map(import_id: object) -> Response:
    """Takes the mapping; the check begins at once."""
    job = _get(import_id)
    form = request.form
    chosen = {column.heading: form.get(f"field_{at}", "") for at, column in enumerate(job.columns)}
    fields = {heading: field for heading, field in chosen.items() if field}
    if not fields:
        return _page(job, "mapping", gettext("Match at least one column with a field."), 400)
    names = ("currency_code", "pipeline_id", "channel", "date_order")
    options = pb.SalesImportOptions(system=job.options.system, **{name: form.get(name, "") for name in names})
    message = pb.MapSalesImportRequest(id=job.id, fields=fields, options=options)
    return _done(import_id, "mapping", lambda: call(service().MapSalesImport, message, idempotency_key=form_key()))


@needs(SCOPE)
def sales_import_values(import_id: object) -> Response:
    """Keeps what values of the file mean."""
    form = request.form
    rows = zip(form.getlist("field"), form.getlist("value"), form.getlist("choice"), strict=False)
    message = pb.ChooseSalesImportValuesRequest(
        id=str(import_id),
        choices=[pb.SalesImportChoice(field=one, value=value, choice=choice) for one, value, choice in rows if choice],
        accept_suggestions=form.get("accept") == "1",
    )
    return _done(import_id, "checked", lambda: call(service().ChooseSalesImportValues, message))


@needs(SCOPE)
def sales_import_run(import_id: object) -> Response:
    # With the patience of an upload: companies that the file names are found or made before the answer.
    message = pb.RunSalesImportRequest(id=str(import_id))
    return _done(import_id, "checked", lambda: upload(service().RunSalesImport, message))


@needs(SCOPE)
def sales_import_pause(import_id: object) -> Response:
    call(service().PauseSalesImport, pb.PauseSalesImportRequest(id=str(import_id)))
    return go(url_for("console.sales_import_page", import_id=import_id))


@needs(SCOPE)
def sales_import_undo(import_id: object) -> Response:
    """What undoing would do, in words, before it is asked for."""
    job = _get(import_id)
    if not can_be_undone(job):
        return go(url_for("console.sales_import_page", import_id=job.id))
    page = render_template("console/sales_import_undo.html", job=job, promises=undo_promises(job))
    return make_response(page)


@needs(SCOPE)
def sales_import_revert(import_id: object) -> Response:
    message = pb.RevertSalesImportRequest(id=str(import_id))
    return _done(import_id, "finished", lambda: call(service().RevertSalesImport, message, idempotency_key=form_key()))


@needs(SCOPE)
def sales_import_errors(import_id: object) -> Response:
    job = _get(import_id)
    page = render_template(
        "console/sales_import_rows.html", job=job, errors=_errors(job, request.args.get("token", "")), say_row=say_row
    )
    return make_response(page)


@needs(SCOPE)
def sales_import_errors_file(import_id: object) -> Response:
    job = _get(import_id)
    pieces = download(service().DownloadSalesImportErrors, pb.DownloadSalesImportErrorsRequest(id=job.id))
    return Response(
        (piece.chunk for piece in pieces),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="rows-to-mend.csv"'},
    )


def _done(import_id: object, step: str, act: Callable[[], object]) -> Response:
    """The page after an act; what was refused is said on the step it was refused at."""
    try:
        act()
    except FuniaError as error:
        if error.kind not in _MENDABLE:
            raise
        return _page(_get(import_id), step, say(error), HTTP_STATUS[error.kind])
    return go(url_for("console.sales_import_page", import_id=import_id))


def _page(job: pb.SalesImport, step: str, problem: str = "", status: int = 200) -> Response:
    page = render_template(
        "console/sales_import_page.html",
        job=job,
        step=step,
        problem=problem,
        errors=_errors(job) if step in {"checked", "finished"} and _has_findings(job) else None,
        fields=target_fields(job),
        **_progress(job),
        undoable=can_be_undone(job),
        values=_values(job) if step == "checked" else (),
        value_fields=VALUE_FIELDS,
        choices=_Choices(job),
        pipelines=references.options("pipelines"),
        channels=CHANNELS,
        date_orders=DATE_ORDERS,
        currency=job.options.currency_code or session().currency_code,
        list_of=LISTS[job.kind],
        say_row=say_row,
        states=STATES,
    )
    return make_response(page, status)


def _progress(job: pb.SalesImport) -> dict[str, Any]:
    """What was done so far of how much, and what came of it, in sentences."""
    if job.status in UNDOING:
        done, total = sum(job.undone.values()) + job.undo_left, job.undo_total
    else:
        done, total = job.rows_read, job.rows_total
    return {"done": done, "total": total, "sentences": outcome_sentences(job)}


def _has_findings(job: pb.SalesImport) -> bool:
    return bool(job.undo_left) if job.status == "reverted" else bool(job.rows_failed or job.rows_noted)


def _values(job: pb.SalesImport) -> list[pb.SalesImportValue]:
    """The values that somebody may want to decide about. Companies are found by their names or made, without asking."""
    found: list[pb.SalesImportValue] = []
    for field in VALUE_FIELDS:
        asked = pb.ListSalesImportValuesRequest(import_id=job.id, field=field, page_size=VALUES_MAX)
        found += call(service().ListSalesImportValues, asked).values
    return found


class _Choices:
    """What a value may mean, by the field it stands in; lists are read once a page."""

    def __init__(self, job: pb.SalesImport) -> None:
        self._job = job
        self._known: dict[str, list[tuple[str, str]]] = {}

    def of(self, value: pb.SalesImportValue) -> list[tuple[str, str]]:
        """Pairs of choice and words: the suggestion first."""
        if value.field not in self._known:
            self._known[value.field] = self._records(value.field)
        of_order = self._job.kind == "order" and value.field == "owner"
        meanings = NOTED if of_order else MEANINGS.get(value.field, {})
        meant = [(code, str(label)) for code, label in meanings.items()]
        known = dict(self._known[value.field])
        called = known.get(value.suggestion, value.suggestion_name)
        first = [(value.suggestion, called)] if value.suggestion else []
        rest = [pair for pair in self._known[value.field] if pair[0] != value.suggestion]
        return [*first, *meant, *rest]

    def _records(self, field: str) -> list[tuple[str, str]]:
        if field == "stage":
            return [(one.id, one.name) for one in stages_of(self._job.options.pipeline_id)]
        if field == "owner":
            return list(colleagues().items())
        listed = KINDS["products"].list(ListQuery(order_by="name", page_size=references.FEW_MAX))
        return [(one.id, references.called(one)) for one in listed.records]


def _errors(job: pb.SalesImport, token: str = "") -> pb.ListSalesImportErrorsResponse:
    asked = pb.ListSalesImportErrorsRequest(id=job.id, page_size=ERRORS_SIZE, page_token=token)
    return call(service().ListSalesImportErrors, asked)


def _get(import_id: object) -> pb.SalesImport:
    return call(service().GetSalesImport, pb.GetSalesImportRequest(id=str(import_id)))
