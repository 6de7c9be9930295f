"""ImportService at the edge."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from chassis.errors import invalid_field
from chassis.files import FileStore
from chassis.paging import Pager
from chassis.server import Call
from chassis.work import Row, Work
from funia.contacts.v1 import import_pb2 as pb

from contacts import wire
from contacts.imports.limits import ImportLimits
from contacts.queries import import_job as queries
from contacts.usecases import import_file, import_job

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
        row = import_file.take_in(
            call.database,
            self._files,
            self._limits,
            call.caller,
            _chunks(first, requests),
            kind=first.kind,
            file_name=PurePosixPath(first.file_name.replace("\\", "/")).name or "file",
        )
        # Whoever uploaded the file knows what stands in it.
        return _job(None, row)

    def GetImport(self, work: Work, request: pb.GetImportRequest) -> pb.ImportJob:
        return _job(work, import_job.get(work, UUID(request.id)))

    def ListImports(self, work: Work, request: pb.ListImportsRequest) -> pb.ListImportsResponse:
        size = self._pager.size(request.page_size)
        before_id = None
        if request.page_token:
            before_id = UUID(str(self._pager.key(work.tenant_id, _LIST, request.page_token)[0]))
        rows = queries.page(work, limit=size + 1, before_id=before_id)
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
        return _job(work, import_job.pause(work, UUID(request.id)))

    def RevertImport(self, work: Work, request: pb.RevertImportRequest) -> pb.ImportJob:
        return _job(work, import_job.revert(work, UUID(request.id)))

    def ListImportErrors(self, work: Work, request: pb.ListImportErrorsRequest) -> pb.ListImportErrorsResponse:
        size = self._pager.size(request.page_size)
        binding = ("ListImportErrors", request.id)
        after_row = 0
        if request.page_token:
            after_row = int(str(self._pager.key(work.tenant_id, binding, request.page_token)[0]))
        hidden = import_job.hidden_columns(work, import_job.get(work, UUID(request.id)))
        rows = import_job.errors(work, UUID(request.id), after_row=after_row, limit=size + 1)
        token = self._pager.token(work.tenant_id, binding, [rows[size - 1].row]) if len(rows) > size else ""
        return pb.ListImportErrorsResponse(errors=[_error(row, hidden) for row in rows[:size]], next_page_token=token)

    def DownloadImportErrors(
        self, call: Call, request: pb.DownloadImportErrorsRequest
    ) -> Iterator[pb.DownloadImportErrorsResponse]:
        for chunk in import_file.refused_rows(call.database, self._limits, call.caller, UUID(request.id)):
            yield pb.DownloadImportErrorsResponse(chunk=chunk)


def _chunks(first: pb.UploadImportRequest, rest: Iterator[pb.UploadImportRequest]) -> Iterator[bytes]:
    yield first.chunk
    for request in rest:
        yield request.chunk


def _job(work: Work | None, row: Row) -> pb.ImportJob:
    hidden = import_job.hidden_columns(work, row) if work is not None else ()
    columns = [{**column, "samples": []} if place in hidden else column for place, column in enumerate(row.columns)]
    message = pb.ImportJob(
        id=str(row.id),
        kind=row.kind,
        file_name=row.file_name,
        file_bytes=row.file_bytes,
        status=row.status,
        encoding=row.encoding,
        delimiter=row.delimiter,
        columns=[pb.ImportColumn(**column) for column in columns],
        mode=row.mode,
        match_by=row.match_by,
        on_duplicate=row.on_duplicate,
        dry_run=row.dry_run,
        rows_read=row.rows_read,
        rows_total=row.rows_total,
        rows_created=row.rows_created,
        rows_updated=row.rows_updated,
        rows_skipped=row.rows_skipped,
        rows_failed=row.rows_failed,
        failure=row.failure,
        created_by=str(row.created_by),
        created_at=wire.timestamp(row.created_at),
        default_country=row.default_country,
    )
    if row.started_at is not None:
        message.started_at.CopyFrom(wire.timestamp(row.started_at))
    if row.finished_at is not None:
        message.finished_at.CopyFrom(wire.timestamp(row.finished_at))
    return message


def _error(row: Any, hidden: Collection[int]) -> pb.ImportRowError:
    values = ["" if place in hidden else value for place, value in enumerate(row.values)]
    return pb.ImportRowError(row=row.row, column=row.column, reason=row.reason, message=row.message, values=values)
