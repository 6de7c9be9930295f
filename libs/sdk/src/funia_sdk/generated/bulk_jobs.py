"""Methods of bulk jobs. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.files import Download
from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("bulk_jobs.list", "GET", "/v1/bulk-jobs")
_CREATE = Operation("bulk_jobs.create", "POST", "/v1/bulk-jobs", keyed=True)
_GET = Operation("bulk_jobs.get", "GET", "/v1/bulk-jobs/{id}")
_UPLOAD = Operation("bulk_jobs.upload", "PUT", "/v1/bulk-jobs/{id}/content")
_DOWNLOAD_RESULTS = Operation("bulk_jobs.download_results", "GET", "/v1/bulk-jobs/{id}/results.jsonl")
_CANCEL = Operation("bulk_jobs.cancel", "POST", "/v1/bulk-jobs/{id}:cancel", keyed=True)
_PAUSE = Operation("bulk_jobs.pause", "POST", "/v1/bulk-jobs/{id}:pause", keyed=True)
_RUN = Operation("bulk_jobs.run", "POST", "/v1/bulk-jobs/{id}:run", keyed=True)


class BulkJobsApi:
    """Bulk jobs: created, uploaded, run, paused or cancelled, and read item by item."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.BulkJob, models.ListBulkJobsResponse]:
        """Lists jobs, newest first.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListBulkJobsResponse:
            return self._transport.call(
                _LIST,
                models.ListBulkJobsResponse,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.bulk_jobs, page_token or "")

    def create(
        self, body: inputs.BulkJobInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.BulkJob:
        """Creates a job that waits for its file."""
        return self._transport.call(
            _CREATE, models.BulkJob, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.BulkJob:
        """Returns one job with its progress.

        id: Job.
        """
        return self._transport.call(_GET, models.BulkJob, {"id": id}, Sent(timeout_s=timeout_s))

    def upload(
        self, id: str, content: bytes, *, content_type: str = "application/jsonl", timeout_s: float | None = None
    ) -> models.BulkJob:
        """The file itself is the body: JSON lines or CSV in UTF-8, 536870912 bytes at most."""
        return self._transport.call(
            _UPLOAD, models.BulkJob, {"id": id}, Sent(content=content, content_type=content_type, timeout_s=timeout_s)
        )

    def download_results(self, id: str, *, timeout_s: float | None = None) -> Download:
        """What became of the items so far, one BatchResult a line, in the order of the file."""
        return self._transport.download(_DOWNLOAD_RESULTS, {"id": id}, Sent(timeout_s=timeout_s))

    def cancel(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.BulkJob:
        """Stops after the batch at hand, for good. What was written stays.

        id: Job.
        """
        return self._transport.call(
            _CANCEL,
            models.BulkJob,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def pause(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.BulkJob:
        """Stops after the batch at hand; RunBulkJob goes on from there.

        id: Job.
        """
        return self._transport.call(
            _PAUSE,
            models.BulkJob,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def run(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.BulkJob:
        """Starts a job, or goes on with a paused or failed one, under the rights of the caller.

        id: Job.
        """
        return self._transport.call(
            _RUN, models.BulkJob, {"id": id}, Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s)
        )
