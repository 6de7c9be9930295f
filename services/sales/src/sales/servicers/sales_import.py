"""SalesImportService at the edge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from uuid import UUID

from chassis.errors import invalid_field
from chassis.files import FileStore
from chassis.importing.limits import ImportLimits
from chassis.importing.messages import fill_error, fill_job
from chassis.importing.uploads import refused_rows, take_in
from chassis.paging import Pager
from chassis.server import Call
from chassis.work import Row, Work
from funia.sales.v1 import sales_import_pb2 as pb

from sales.imports import steps
from sales.imports.fields import proposer
from sales.queries import imports
from sales.queries.imports import IMPORTS
from sales.references import Colleagues, Customers, FileCompany

_LIST = ("ListSalesImports",)
_OPTIONS = ("system", "currency_code", "pipeline_id", "channel", "date_order")
_NAMING = {"deal": "account", "order": "customer"}
"""The field by which rows of a kind name companies."""
_COMPANIES_AT_ONCE = 500


class SalesImportServicer:
    """Imports of the tenant."""

    service = pb.DESCRIPTOR.services_by_name["SalesImportService"]

    def __init__(
        self, pager: Pager, files: FileStore, limits: ImportLimits, customers: Customers, colleagues: Colleagues
    ) -> None:
        self._pager = pager
        self._files = files
        self._limits = limits
        self._customers = customers
        self._colleagues = colleagues

    def UploadSalesImport(self, call: Call, requests: Iterator[pb.UploadSalesImportRequest]) -> pb.SalesImport:
        first = next(requests, None)
        if first is None or not first.kind:
            raise invalid_field(
                "kind", 'say what the file holds: "lead", "product", "deal" or "order"', reason="REQUIRED"
            )
        name = PurePosixPath(first.file_name.replace("\\", "/")).name or "file"
        row = take_in(
            call.database,
            self._files,
            self._limits,
            call.caller,
            _chunks(first, requests),
            proposer(first.kind),
            lambda work, taken: steps.add(work, taken, kind=first.kind, file_name=name),
        )
        return _job(None, row)

    def GetSalesImport(self, work: Work, request: pb.GetSalesImportRequest) -> pb.SalesImport:
        return _job(work, IMPORTS.found(work, UUID(request.id)))

    def ListSalesImports(self, work: Work, request: pb.ListSalesImportsRequest) -> pb.ListSalesImportsResponse:
        size = self._pager.size(request.page_size)
        before_id = None
        if request.page_token:
            before_id = UUID(str(self._pager.key(work.tenant_id, _LIST, request.page_token)[0]))
        rows = IMPORTS.page(work, limit=size + 1, before_id=before_id)
        token = self._pager.token(work.tenant_id, _LIST, [rows[size - 1].id]) if len(rows) > size else ""
        return pb.ListSalesImportsResponse(imports=[_job(None, row) for row in rows[:size]], next_page_token=token)

    def MapSalesImport(self, call: Call, request: pb.MapSalesImportRequest) -> pb.SalesImport:
        import_id = UUID(request.id)
        options = {name: getattr(request.options, name) for name in _OPTIONS}
        with call.database.open_work(call.caller, read_only=True) as work:
            IMPORTS.found(work, import_id)
        # Outside of a transaction: identity is asked over the network, and only for a file that names people.
        owners = self._colleagues.by_label(call.caller) if "owner" in request.fields.values() else {}
        with call.database.open_work(call.caller) as work:
            return _job(work, steps.map_columns(work, import_id, dict(request.fields), options, owners))

    def ListSalesImportValues(
        self, work: Work, request: pb.ListSalesImportValuesRequest
    ) -> pb.ListSalesImportValuesResponse:
        import_id = UUID(request.import_id)
        IMPORTS.found(work, import_id)
        size = self._pager.size(request.page_size)
        binding = ("ListSalesImportValues", request.import_id, request.field)
        after = None
        if request.page_token:
            field, value = self._pager.key(work.tenant_id, binding, request.page_token)
            after = (str(field), str(value))
        rows = imports.values(work, import_id, field=request.field, after=after, limit=size + 1)
        token = ""
        if len(rows) > size:
            token = self._pager.token(work.tenant_id, binding, [rows[size - 1].field, rows[size - 1].value])
        return pb.ListSalesImportValuesResponse(values=[_value(row) for row in rows[:size]], next_page_token=token)

    def ChooseSalesImportValues(self, work: Work, request: pb.ChooseSalesImportValuesRequest) -> pb.SalesImport:
        choices = [(one.field, one.value, one.choice) for one in request.choices]
        row = steps.choose(work, UUID(request.id), choices, accept_suggestions=request.accept_suggestions)
        return _job(work, row)

    def RunSalesImport(self, call: Call, request: pb.RunSalesImportRequest) -> pb.SalesImport:
        import_id = UUID(request.id)
        with call.database.open_work(call.caller) as work:
            row = steps.may_run(work, import_id)
        # Outside of a transaction: contacts is asked over the network, with the rights of whoever runs the import.
        # What it has found or made is kept at once, so that a run that broke off goes on where it did.
        if row.kind in _NAMING and row.status != "running":
            self._find_companies(call, row, _NAMING[row.kind])
        with call.database.open_work(call.caller) as work:
            return _job(work, steps.run(work, import_id))

    def PauseSalesImport(self, work: Work, request: pb.PauseSalesImportRequest) -> pb.SalesImport:
        return _job(work, IMPORTS.pause(work, UUID(request.id)))

    def RevertSalesImport(self, work: Work, request: pb.RevertSalesImportRequest) -> pb.SalesImport:
        return _job(work, steps.revert(work, UUID(request.id)))

    def ListSalesImportErrors(
        self, work: Work, request: pb.ListSalesImportErrorsRequest
    ) -> pb.ListSalesImportErrorsResponse:
        size = self._pager.size(request.page_size)
        binding = ("ListSalesImportErrors", request.id)
        after_row = 0
        if request.page_token:
            after_row = int(str(self._pager.key(work.tenant_id, binding, request.page_token)[0]))
        row = IMPORTS.found(work, UUID(request.id))
        rows = IMPORTS.errors(work, row.id, after_row=after_row, limit=size + 1)
        token = self._pager.token(work.tenant_id, binding, [rows[size - 1].row]) if len(rows) > size else ""
        return pb.ListSalesImportErrorsResponse(errors=[_error(one) for one in rows[:size]], next_page_token=token)

    def DownloadSalesImportErrors(
        self, call: Call, request: pb.DownloadSalesImportErrorsRequest
    ) -> Iterator[pb.DownloadSalesImportErrorsResponse]:
        import_id = UUID(request.id)
        for chunk in refused_rows(call.database, IMPORTS, self._limits, call.caller, import_id, lambda _work, _row: ()):
            yield pb.DownloadSalesImportErrorsResponse(chunk=chunk)

    def _find_companies(self, call: Call, row: Row, field: str) -> None:
        system, after = row.options["system"], ""
        while True:
            with call.database.open_work(call.caller, read_only=True) as work:
                open_values = imports.to_find(work, row.id, field, system, after=after, limit=_COMPANIES_AT_ONCE)
            if not open_values:
                return
            after = open_values[-1].value
            wanted = [_company(field, one) for one in open_values]
            found = self._customers.find_or_make(call.caller, system, wanted)
            with call.database.open_work(call.caller) as work:
                imports.keep(work, "account", system, row.id, found)


def _company(field: str, value: Row) -> FileCompany:
    """Companies of deals go by their names, customers of orders by codes."""
    name = value.value if field == "account" else value.detail.get("name") or f"Customer {value.value}"
    return FileCompany(value.value, name[:200], value.detail.get("country", ""))


def _chunks(first: pb.UploadSalesImportRequest, rest: Iterator[pb.UploadSalesImportRequest]) -> Iterator[bytes]:
    yield first.chunk
    for request in rest:
        yield request.chunk


def _job(work: Work | None, row: Row) -> pb.SalesImport:
    message = pb.SalesImport(
        rows_noted=row.rows_noted,
        made=row.made,
        options=pb.SalesImportOptions(**row.options),
        undo_total=row.undo_total,
        undo_left=row.undo_left,
        undone=row.undone,
    )
    fill_job(message, row)
    if work is not None and row.status == "ready":
        message.values_undecided = imports.undecided(work, row.id)
    return message


def _value(row: Row) -> pb.SalesImportValue:
    return pb.SalesImportValue(
        field=row.field,
        value=row.value,
        rows=row.rows,
        choice=row.choice,
        suggestion=str(row.suggestion or ""),
        suggestion_name=row.suggestion_name,
    )


def _error(row: Row) -> pb.SalesImportRowError:
    message = pb.SalesImportRowError()
    fill_error(message, row)
    return message
