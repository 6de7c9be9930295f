"""Imports files as a person does, through the API, and as the worker does, batch by batch."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.importing.limits import ImportLimits
from chassis.jobs import Control, Outcome
from chassis.testing.people import Person
from funia.sales.v1 import sales_import_pb2 as pb
from sales.imports.running import ImportRunner

LIMITS = ImportLimits(batch_rows=4, undo_batch_records=5)


@dataclass(frozen=True)
class Desk:
    """The worker."""

    runner: ImportRunner

    def upload(self, person: Person, kind: str, content: str | bytes, name: str = "file.csv") -> pb.SalesImport:
        whole = content.encode() if isinstance(content, str) else content

        def pieces() -> Iterator[pb.UploadSalesImportRequest]:
            yield pb.UploadSalesImportRequest(kind=kind, file_name=name)
            for at in range(0, len(whole), 64 * 1024):
                yield pb.UploadSalesImportRequest(chunk=whole[at : at + 64 * 1024])

        job: pb.SalesImport = person.call("SalesImportService.UploadSalesImport", pieces())
        return job

    def check(self, person: Person, job: pb.SalesImport, **options: str) -> pb.SalesImport:
        """Maps as proposed and waits for the check."""
        fields = {column.heading: column.field for column in job.columns if column.field}
        request = pb.MapSalesImportRequest(id=job.id, fields=fields, options=pb.SalesImportOptions(**options))
        person.call("SalesImportService.MapSalesImport", request)
        return self.work_off(person, job.id)

    def choose(self, person: Person, job: pb.SalesImport, choices: Mapping[tuple[str, str], str]) -> None:
        """Decides upon these values, and takes what is suggested for the rest."""
        given = [pb.SalesImportChoice(field=one[0], value=one[1], choice=choice) for one, choice in choices.items()]
        request = pb.ChooseSalesImportValuesRequest(id=job.id, choices=given, accept_suggestions=True)
        person.call("SalesImportService.ChooseSalesImportValues", request)

    def run(self, person: Person, job: pb.SalesImport) -> pb.SalesImport:
        person.call("SalesImportService.RunSalesImport", pb.RunSalesImportRequest(id=job.id))
        return self.work_off(person, job.id)

    def undo(self, person: Person, job: pb.SalesImport) -> pb.SalesImport:
        person.call("SalesImportService.RevertSalesImport", pb.RevertSalesImportRequest(id=job.id))
        return self.work_off(person, job.id)

    def load(self, person: Person, kind: str, content: str | bytes, name: str = "file.csv", **options: str) -> Any:
        """Uploads, maps as proposed, checks and runs in one go."""
        return self.run(person, self.check(person, self.upload(person, kind, content, name), **options))

    def work_off(self, person: Person, import_id: str, *, batches: int | None = None) -> pb.SalesImport:
        """Does what the worker would do until nothing is left; or only so many batches, and is gone then."""
        control = _Counted(batches) if batches is not None else _whole()
        while self.runner.handle(person.tenant_id, UUID(import_id), control) is Outcome.AGAIN and batches is None:
            pass
        request = pb.GetSalesImportRequest(id=import_id)
        job: pb.SalesImport = person.call("SalesImportService.GetSalesImport", request)
        return job

    def findings(self, person: Person, job: pb.SalesImport) -> list[tuple[int, str]]:
        request = pb.ListSalesImportErrorsRequest(id=job.id, page_size=200)
        answer = person.call("SalesImportService.ListSalesImportErrors", request)
        return [(one.row, one.reason) for one in answer.errors]

    def values(self, person: Person, job: pb.SalesImport, field: str = "") -> dict[str, pb.SalesImportValue]:
        request = pb.ListSalesImportValuesRequest(import_id=job.id, field=field, page_size=200)
        answer = person.call("SalesImportService.ListSalesImportValues", request)
        return {one.value: one for one in answer.values}


class _Counted(Control):
    """Lets so many batches through."""

    def __init__(self, batches: int) -> None:
        super().__init__(threading.Event(), slice_s=3600, attempt=0, last_attempt=False)
        self._left = batches

    def should_stop(self) -> bool:
        self._left -= 1
        return self._left <= 0


def _whole() -> Control:
    return Control(threading.Event(), slice_s=3600, attempt=0, last_attempt=False)
