"""ImportService at the edge."""

from __future__ import annotations

from collections.abc import Collection, Iterator
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
from funia.contacts.v1 import import_pb2 as pb

from contacts.imports.proposals import proposer
from contacts.queries.import_job import IMPORTS
from contacts.usecases import import_job

_LIST = ("ListImports",)


class ImportServicer:
    """Imports of the tenant."""

    def __init__(self, pager: Pager, files: FileStore, limits: ImportLimits) -> None:
        self._pager = pager
        self._files = files
        self._limits = limits

    def UploadImport(self, call: Call, requests: Iterator[pb.UploadImportRequest]) -> pb.ImportJob:
        first = next(requests, None)
        if first is None or not first.kind:
            raise invalid_field("kind", 'say what the file holds: "contact" or "account"', reason="REQUIRED")
        name = PurePosixPath(first.file_name.replace("\\", "/")).name or "file"
        row = take_in(
            call.database,
            self._files,
            self._limits,
            call.caller,
            _chunks(first, requests),
            proposer(first.kind),
            lambda work, taken: import_job.add(work, taken, kind=first.kind, file_name=name),
        )
        # Whoever uploaded the file knows what stands in it.
        return _job(None, row)

    def GetImport(self, work: Work, request: pb.GetImportRequest) -> pb.ImportJob:
        return _job(work, IMPORTS.found(work, UUID(request.id)))

    def ListImports(self, work: Work, request: pb.ListImportsRequest) -> pb.ListImportsResponse:
        size = self._pager.size(request.page_size)
        before_id = None
        if request.page_token:
            before_id = UUID(str(self._pager.key(work.tenant_id, _LIST, request.page_token)[0]))
        rows = IMPORTS.page(work, limit=size + 1, before_id=before_id)
        token = self._pager.token(work.tenant_id, _LIST, [rows[size - 1].id]) if len(rows) > size else ""
        return pb.ListImportsResponse(imports=[_job(work, row) for row in rows[:size]], next_page_token=token)

    def MapImport(self, work: Work, request: pb.MapImportRequest) -> pb.ImportJob:
        return _job(
            work,
            import_job.map_columns(
                work,
                UUID(request.id),
                dict(request.fields),
                mode=request.mode,
                match_by=request.match_by,
                on_duplicate=request.on_duplicate,
                default_country=request.default_country,
            ),
        )

    def RunImport(self, work: Work, request: pb.RunImportRequest) -> pb.ImportJob:
        return _job(work, import_job.run(work, UUID(request.id), dry_run=request.dry_run))

    def PauseImport(self, work: Work, request: pb.PauseImportRequest) -> pb.ImportJob:
        return _job(work, IMPORTS.pause(work, UUID(request.id)))

    def RevertImport(self, work: Work, request: pb.RevertImportRequest) -> pb.ImportJob:
        return _job(work, import_job.revert(work, UUID(request.id)))

    def ListImportErrors(self, work: Work, request: pb.ListImportErrorsRequest) -> pb.ListImportErrorsResponse:
        size = self._pager.size(request.page_size)
        binding = ("ListImportErrors", request.id)
        after_row = 0
        if request.page_token:
            after_row = int(str(self._pager.key(work.tenant_id, binding, request.page_token)[0]))
        hidden = import_job.hidden_columns(work, IMPORTS.found(work, UUID(request.id)))
        rows = IMPORTS.errors(work, UUID(request.id), after_row=after_row, limit=size + 1)
        token = self._pager.token(work.tenant_id, binding, [rows[size - 1].row]) if len(rows) > size else ""
        return pb.ListImportErrorsResponse(errors=[_error(row, hidden) for row in rows[:size]], next_page_token=token)

    def DownloadImportErrors(
        self, call: Call, request: pb.DownloadImportErrorsRequest
    ) -> Iterator[pb.DownloadImportErrorsResponse]:
        for chunk in refused_rows(
            call.database, IMPORTS, self._limits, call.caller, UUID(request.id), import_job.hidden_columns
        ):
            yield pb.DownloadImportErrorsResponse(chunk=chunk)


def _chunks(first: pb.UploadImportRequest, rest: Iterator[pb.UploadImportRequest]) -> Iterator[bytes]:
    yield first.chunk
    for request in rest:
        yield request.chunk


def _job(work: Work | None, row: Row) -> pb.ImportJob:
    message = pb.ImportJob(
        mode=row.mode, match_by=row.match_by, on_duplicate=row.on_duplicate, default_country=row.default_country
    )
    fill_job(message, row, () if work is None else import_job.hidden_columns(work, row))
    return message


def _error(row: Row, hidden: Collection[int]) -> pb.ImportRowError:
    message = pb.ImportRowError()
    fill_error(message, row, hidden)
    return message
