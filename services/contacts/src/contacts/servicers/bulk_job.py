"""BulkJobService at the edge."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from chassis.errors import invalid_field
from chassis.files import FileStore
from chassis.paging import Pager
from chassis.server import Call
from chassis.work import Row, Work
from funia.contacts.v1 import bulk_job_pb2 as pb

from contacts import wire
from contacts.queries import bulk_job as queries
from contacts.usecases import bulk_job
from contacts.usecases.bulk_job import BulkJobDraft

_LIST = ("ListBulkJobs",)


class BulkJobServicer:
    """Bulk jobs of the tenant."""

    def __init__(self, pager: Pager, files: FileStore, *, file_max_bytes: int) -> None:
        self._pager = pager
        self._files = files
        self._file_max_bytes = file_max_bytes

    def CreateBulkJob(self, work: Work, request: pb.CreateBulkJobRequest) -> pb.BulkJob:
        asked = request.bulk_job
        draft = BulkJobDraft(asked.object, asked.operation, asked.format, asked.system, asked.allow_duplicate)
        return _job(bulk_job.create(work, draft))

    def UploadBulkJob(self, call: Call, requests: Iterator[pb.UploadBulkJobRequest]) -> pb.BulkJob:
        first = next(requests, None)
        try:
            job_id = UUID(first.id if first is not None else "")
        except ValueError:
            raise invalid_field("id", "say which job the file is of", reason="REQUIRED") from None
        assert first is not None
        row = bulk_job.take_in(
            call.database,
            self._files,
            call.caller,
            job_id,
            _chunks(first, requests),
            max_bytes=self._file_max_bytes,
        )
        return _job(row)

    def GetBulkJob(self, work: Work, request: pb.GetBulkJobRequest) -> pb.BulkJob:
        return _job(bulk_job.get(work, UUID(request.id)))

    def ListBulkJobs(self, work: Work, request: pb.ListBulkJobsRequest) -> pb.ListBulkJobsResponse:
        size = self._pager.size(request.page_size)
        before_id = None
        if request.page_token:
            before_id = UUID(str(self._pager.key(work.tenant_id, _LIST, request.page_token)[0]))
        rows = queries.page(work, limit=size + 1, before_id=before_id)
        token = self._pager.token(work.tenant_id, _LIST, [rows[size - 1].id]) if len(rows) > size else ""
        return pb.ListBulkJobsResponse(bulk_jobs=[_job(row) for row in rows[:size]], next_page_token=token)

    def RunBulkJob(self, work: Work, request: pb.RunBulkJobRequest) -> pb.BulkJob:
        return _job(bulk_job.run(work, UUID(request.id)))

    def PauseBulkJob(self, work: Work, request: pb.PauseBulkJobRequest) -> pb.BulkJob:
        return _job(bulk_job.pause(work, UUID(request.id)))

    def CancelBulkJob(self, work: Work, request: pb.CancelBulkJobRequest) -> pb.BulkJob:
        return _job(bulk_job.cancel(work, UUID(request.id)))

    def DownloadBulkResults(
        self, call: Call, request: pb.DownloadBulkResultsRequest
    ) -> Iterator[pb.DownloadBulkResultsResponse]:
        for chunk in bulk_job.results(call.database, call.caller, UUID(request.id)):
            yield pb.DownloadBulkResultsResponse(chunk=chunk)


def _chunks(first: pb.UploadBulkJobRequest, rest: Iterator[pb.UploadBulkJobRequest]) -> Iterator[bytes]:
    yield first.chunk
    for request in rest:
        yield request.chunk


def _job(row: Row) -> pb.BulkJob:
    message = pb.BulkJob(
        id=str(row.id),
        object=row.object,
        operation=row.operation,
        format=row.format,
        system=row.system,
        allow_duplicate=row.allow_duplicate,
        status=row.status,
        file_bytes=row.file_bytes,
        items_done=row.items_done,
        items_total=row.items_total,
        created=row.created,
        updated=row.updated,
        unchanged=row.unchanged,
        deleted=row.deleted,
        failed=row.failed,
        failure=row.failure,
        created_by=str(row.created_by),
        created_at=wire.timestamp(row.created_at),
    )
    if row.finished_at is not None:
        message.finished_at.CopyFrom(wire.timestamp(row.finished_at))
    return message
