"""Bulk jobs from end to end: file up, run, wait, results."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from funia_sdk.decoding import decode, encode
from funia_sdk.generated import models
from funia_sdk.generated.bulk_jobs import BulkJobsApi

_ENDED = frozenset({"completed", "cancelled", "failed"})
_FIRST_LOOK_S = 0.2
_SELDOM_S = 5.0
Operation = Literal["create", "update", "upsert", "delete"]


class BulkJobs(BulkJobsApi):
    """Bulk jobs: more records than requests are made for, worked off in the background."""

    def submit(
        self,
        items: Iterable[Mapping[str, Any]] | Path,
        *,
        object: Literal["contact", "account"],  # noqa: A002 - the API's own word
        operation: Operation,
        system: str = "",
    ) -> models.BulkJob:
        """Makes a job of the items, as the batch methods take them, or of a file (.csv or .jsonl), and starts it."""
        is_csv = isinstance(items, Path) and items.suffix.lower() == ".csv"
        form: Literal["csv", "jsonl"] = "csv" if is_csv else "jsonl"
        content = items.read_bytes() if isinstance(items, Path) else b"\n".join(encode(one) for one in items)
        job = self.create({"object": object, "operation": operation, "format": form, "system": system})
        self.upload(job.id, content, content_type="text/csv" if is_csv else "application/jsonl")
        return self.run(job.id)

    def wait(self, job_id: str, *, timeout_s: float = 3600.0) -> models.BulkJob:
        """The job once it has ended: look at its `status` and `failed`. Raises TimeoutError."""
        deadline = time.monotonic() + timeout_s
        pause = _FIRST_LOOK_S
        while True:
            job = self.get(job_id)
            if job.status in _ENDED:
                return job
            if time.monotonic() + pause > deadline:
                raise TimeoutError(f"The bulk job {job_id} is {job.status} after {timeout_s:.0f} s.")
            self._transport.retries.sleep(pause)
            pause = min(_SELDOM_S, pause * 1.5)

    def results(self, job_id: str) -> Iterator[models.BatchResult]:
        """What became of each item so far, in the order of the file."""
        for line in self.download_results(job_id).json_lines():
            yield decode(models.BatchResult, line)
