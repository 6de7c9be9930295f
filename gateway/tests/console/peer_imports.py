"""Imports of the peer: reads the CSV it was sent, checks e-mails, moves on a little each time it is asked."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from chassis.errors import InvalidArgument, NotFound
from funia.contacts.v1 import import_pb2 as import_pb
from funia.contacts.v1 import import_pb2_grpc
from funia.contacts.v1.contact_pb2 import Contact, EmailAddress

if TYPE_CHECKING:
    from peer import Peer

GUESSES = {
    "first name": "given_name",
    "last name": "family_name",
    "e-mail": "emails",
    "email": "emails",
    "phone": "phones",
    "company": "account_name",
    "job": "job_title",
    "account": "name",
    "sector": "industry",
}
STEPS = 3


class ImportPeer(import_pb2_grpc.ImportServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.jobs: dict[str, tuple[str, import_pb.ImportJob, list[list[str]]]] = {}
        self.errors: dict[str, list[import_pb.ImportRowError]] = {}
        self.looks: dict[str, int] = {}

    def owned(self, request: Any, context: Any) -> tuple[import_pb.ImportJob, list[list[str]]]:
        tenant = self.peer.company(context).tenant.id
        found = self.jobs.get(request.id)
        if found is None or found[0] != tenant:
            raise NotFound("There is no such import.", reason="IMPORT_NOT_FOUND")
        return found[1], found[2]

    def UploadImport(self, pieces: Iterator[Any], context: Any) -> Any:
        first = next(pieces)
        content = b"".join(piece.chunk for piece in pieces)
        if not content:
            raise InvalidArgument("The file is empty. Choose another one.", reason="EMPTY_FILE")
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        company = self.peer.company(context)
        job = import_pb.ImportJob(
            id=str(uuid.uuid4()),
            kind=first.kind,
            file_name=first.file_name,
            file_bytes=len(content),
            status="uploaded",
            encoding="utf-8",
            delimiter=",",
            rows_total=len(rows) - 1,
            created_by=company.users[0].id,
            default_country="BG",
        )
        job.created_at.GetCurrentTime()
        for index, heading in enumerate(rows[0]):
            job.columns.append(
                import_pb.ImportColumn(
                    heading=heading,
                    field=GUESSES.get(heading.casefold(), ""),
                    samples=[row[index] for row in rows[1:6] if index < len(row)],
                )
            )
        self.jobs[job.id] = (company.tenant.id, job, rows[1:])
        return job

    def GetImport(self, request: Any, context: Any) -> Any:
        job, rows = self.owned(request, context)
        if job.status in {"validating", "running", "reverting"}:
            self.looks[job.id] = self.looks.get(job.id, 0) + 1
            job.rows_read = min(len(rows), len(rows) * self.looks[job.id] // STEPS)
            if self.looks[job.id] >= STEPS:
                self.finish(job, rows, context)
        return job

    def finish(self, job: import_pb.ImportJob, rows: list[list[str]], context: Any) -> None:
        if job.status == "reverting":
            job.status = "reverted"
            return
        emails = next((i for i, column in enumerate(job.columns) if column.field == "emails"), None)
        wrong = [
            import_pb.ImportRowError(row=at + 2, column=job.columns[emails].heading, reason="INVALID_EMAIL", values=row)
            for at, row in enumerate(rows)
            if emails is not None and "@" not in row[emails]
        ]
        self.errors[job.id] = wrong
        job.rows_failed, job.rows_created, job.rows_updated = len(wrong), len(rows) - len(wrong), 0
        job.rows_read = len(rows)
        if job.status == "validating":
            job.status = "ready"
            return
        job.status = "completed_with_errors" if wrong else "completed"
        company = self.peer.company(context)
        bad = {error.row - 2 for error in wrong}
        names = [column.field for column in job.columns]
        for at, row in enumerate(rows):
            if at in bad or job.kind == "account":
                continue
            values = dict(zip(names, row, strict=False))
            contact = Contact(
                id=str(uuid.uuid4()),
                etag="1",
                given_name=values.get("given_name", ""),
                family_name=values.get("family_name", ""),
            )
            contact.display_name = f"{contact.given_name} {contact.family_name}"
            if values.get("emails"):
                contact.emails.append(EmailAddress(address=values["emails"], primary=True))
            contact.created_at.GetCurrentTime()
            contact.updated_at.GetCurrentTime()
            company.contacts[contact.id] = contact

    def ListImports(self, request: Any, context: Any) -> Any:
        tenant = self.peer.company(context).tenant.id
        return import_pb.ListImportsResponse(
            imports=[job for owner, job, _ in reversed(self.jobs.values()) if owner == tenant]
        )

    def MapImport(self, request: Any, context: Any) -> Any:
        job, _ = self.owned(request, context)
        for column in job.columns:
            column.field = request.fields.get(column.heading, "")
        job.mode, job.match_by, job.on_duplicate, job.status = (
            request.mode,
            request.match_by,
            request.on_duplicate,
            "mapped",
        )
        return job

    def RunImport(self, request: Any, context: Any) -> Any:
        job, _ = self.owned(request, context)
        self.looks[job.id] = 0
        job.dry_run, job.status = request.dry_run, "validating" if request.dry_run else "running"
        job.rows_read = 0
        return job

    def PauseImport(self, request: Any, context: Any) -> Any:
        job, _ = self.owned(request, context)
        job.status = "paused"
        return job

    def RevertImport(self, request: Any, context: Any) -> Any:
        job, _ = self.owned(request, context)
        self.looks[job.id], job.status = 0, "reverting"
        return job

    def ListImportErrors(self, request: Any, context: Any) -> Any:
        self.owned(request, context)
        return import_pb.ListImportErrorsResponse(errors=self.errors.get(request.id, [])[: request.page_size or 50])

    def DownloadImportErrors(self, request: Any, context: Any) -> Iterator[Any]:
        self.owned(request, context)
        lines = [",".join([*error.values, error.reason]) for error in self.errors.get(request.id, [])]
        return iter([import_pb.DownloadImportErrorsResponse(chunk="\n".join(lines).encode())])
