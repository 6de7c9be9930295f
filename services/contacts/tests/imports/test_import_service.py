"""ImportService and the export over real gRPC: uploads in pieces, pages, the file of errors, and back again."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from chassis.client import channel
from chassis.errors import FuniaError, NotFound, PermissionDenied
from chassis.files import DiskFiles
from chassis.ids import uuid7
from chassis.importing.limits import ImportLimits
from chassis.jobs import Control
from chassis.paging import Pager
from chassis.server import Served, Server
from chassis.status import from_rpc_error
from chassis.testing.tokens import TokenIssuer
from chassis.work import Database
from contacts.imports.running import ImportRunner
from contacts.servicers.contact import ContactServicer
from contacts.servicers.import_job import ImportServicer
from contacts.settings import ContactsSettings
from funia.contacts.v1 import contact_pb2, contact_pb2_grpc, import_pb2, import_pb2_grpc

SECRET = "a secret of at least thirty-two bytes"
FILE = b"Name,E-mail,Phone\nAnna,anna@example.com,+359888123456\n=1+2,nope,\n+Ivan,ivan@example.com,\nMaria\n"


class Person:
    """A caller of the two services."""

    def __init__(self, address: grpc.Channel, token: str) -> None:
        self._metadata = [("authorization", f"Bearer {token}")]
        self._imports = import_pb2_grpc.ImportServiceStub(address)
        self._contacts = contact_pb2_grpc.ContactServiceStub(address)

    def call(self, method: str, request: Any) -> Any:
        stub = self._contacts if method == "ExportContacts" else self._imports
        try:
            answer = getattr(stub, method)(request, metadata=self._metadata, timeout=10)
            if method in ("ExportContacts", "DownloadImportErrors"):
                return b"".join(piece.chunk for piece in answer)
            return answer
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def upload(self, content: bytes, kind: str = "contact") -> Any:
        first = import_pb2.UploadImportRequest(kind=kind, file_name="C:\\lists\\people.csv", chunk=content[:20])
        rest = [import_pb2.UploadImportRequest(chunk=content[at : at + 7]) for at in range(20, len(content), 7)]
        return self.call("UploadImport", iter([first, *rest]))


@pytest.fixture
def files(tmp_path: Path) -> DiskFiles:
    return DiskFiles(tmp_path / "files")


@pytest.fixture
def address(database: Database, issuer: TokenIssuer, files: DiskFiles, tmp_path: Path) -> Iterator[grpc.Channel]:
    target = f"unix:{tmp_path}/s"
    pager = Pager(SECRET)
    server = Server(
        ContactsSettings(listen=target, secret=SECRET),
        database,
        issuer.verifier,
        [
            Served(
                import_pb2.DESCRIPTOR.services_by_name["ImportService"], ImportServicer(pager, files, ImportLimits())
            ),
            Served(contact_pb2.DESCRIPTOR.services_by_name["ContactService"], ContactServicer(pager)),
        ],
    )
    server.start()
    with channel(target) as opened:
        yield opened
    server.stop()


@pytest.fixture
def tenants() -> tuple[Any, Any]:
    return uuid7(), uuid7()


@pytest.fixture
def anna(address: grpc.Channel, issuer: TokenIssuer, tenants: Any) -> Person:
    return Person(address, issuer.token(tenants[0], ["contacts.import", "contacts.export"]))


@pytest.fixture
def boris(address: grpc.Channel, issuer: TokenIssuer, tenants: Any) -> Person:
    """Somebody of the second company."""
    return Person(address, issuer.token(tenants[1], ["contacts.import", "contacts.export"]))


def test_a_list_goes_in_and_its_bad_rows_come_back_as_a_safe_file(
    anna: Person, boris: Person, database: Database, files: DiskFiles, tenants: Any
) -> None:
    job = anna.upload(FILE)
    assert (job.file_name, job.file_bytes, job.status, job.kind) == ("people.csv", len(FILE), "uploaded", "contact")
    assert [column.field for column in job.columns] == ["full_name", "emails", "phones"]
    assert list(job.columns[2].samples) == ["+359888123456"]
    fields = {column.heading: column.field for column in job.columns}
    assert anna.call("MapImport", import_pb2.MapImportRequest(id=job.id, fields=fields)).status == "mapped"
    assert anna.call("RunImport", import_pb2.RunImportRequest(id=job.id)).status == "running"
    work_off(database, files, tenants[0], job.id)
    done = anna.call("GetImport", import_pb2.GetImportRequest(id=job.id))
    assert (done.status, done.rows_created, done.rows_failed) == ("completed_with_errors", 2, 2)
    assert done.HasField("finished_at")
    page = anna.call("ListImportErrors", import_pb2.ListImportErrorsRequest(id=job.id, page_size=1))
    assert [(one.row, one.reason) for one in page.errors] == [(3, "INVALID_EMAIL")]
    rest = anna.call(
        "ListImportErrors",
        import_pb2.ListImportErrorsRequest(id=job.id, page_size=1, page_token=page.next_page_token),
    )
    assert [(one.row, one.reason) for one in rest.errors] == [(5, "TOO_FEW_COLUMNS")]
    assert rest.next_page_token == ""
    content = anna.call("DownloadImportErrors", import_pb2.DownloadImportErrorsRequest(id=job.id))
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[0] == ["Name", "E-mail", "Phone", "import row", "import column", "import reason", "import message"]
    assert [line[:6] for line in lines[1:]] == [
        ["'=1+2", "nope", "", "3", "E-mail", "INVALID_EMAIL"],
        ["Maria", "", "", "5", "", "TOO_FEW_COLUMNS"],
    ]


def test_another_company_sees_no_import(anna: Person, boris: Person) -> None:
    job = anna.upload(FILE)
    assert list(boris.call("ListImports", import_pb2.ListImportsRequest()).imports) == []
    for method, request in (
        ("GetImport", import_pb2.GetImportRequest(id=job.id)),
        ("RunImport", import_pb2.RunImportRequest(id=job.id)),
        ("PauseImport", import_pb2.PauseImportRequest(id=job.id)),
        ("RevertImport", import_pb2.RevertImportRequest(id=job.id)),
        ("MapImport", import_pb2.MapImportRequest(id=job.id, fields={"E-mail": "emails"})),
        ("ListImportErrors", import_pb2.ListImportErrorsRequest(id=job.id)),
        ("DownloadImportErrors", import_pb2.DownloadImportErrorsRequest(id=job.id)),
    ):
        with pytest.raises(NotFound):
            boris.call(method, request)
    assert anna.call("GetImport", import_pb2.GetImportRequest(id=job.id)).status == "uploaded"


def test_without_the_scope_nothing_is_taken_in(address: grpc.Channel, issuer: TokenIssuer, files: DiskFiles) -> None:
    reader = Person(address, issuer.token(uuid7(), ["contacts.read"]))
    with pytest.raises(PermissionDenied):
        reader.upload(FILE)
    assert not files._folder.exists()


def test_an_upload_must_say_what_it_holds(anna: Person) -> None:
    with pytest.raises(FuniaError, match="contact"):
        anna.upload(FILE, kind="")
    with pytest.raises(FuniaError):
        anna.upload(FILE, kind="deal")


def test_imports_are_listed_newest_first_page_by_page(anna: Person) -> None:
    ids = [anna.upload(FILE).id for _ in range(3)]
    first = anna.call("ListImports", import_pb2.ListImportsRequest(page_size=2))
    second = anna.call("ListImports", import_pb2.ListImportsRequest(page_size=2, page_token=first.next_page_token))
    assert [job.id for job in (*first.imports, *second.imports)] == ids[::-1]
    assert second.next_page_token == ""


def test_an_export_is_safe_complete_and_can_be_imported_again(
    anna: Person, boris: Person, database: Database, files: DiskFiles, tenants: Any
) -> None:
    run(
        anna,
        b"Name,E-mail,Phone,Company,Notes,City,Tags\n"
        b'Anna Petrova,anna@example.com;a2@example.com,+359888123456,Acme,"=HYPERLINK(1)",Sofia,vip;new\n'
        b"Ivan Ivanov,ivan@example.com,,,@x,,\n",
        database,
        files,
        tenants[0],
    )
    content = anna.call("ExportContacts", contact_pb2.ExportContactsRequest(format="csv"))
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    by_name = {line["given_name"]: line for line in lines}
    first = by_name["Anna"]
    assert first["emails"] == "anna@example.com; a2@example.com"
    assert first["phones"] == "'+359888123456"
    assert (first["account_name"], first["address.city"], first["tags"]) == ("Acme", "Sofia", "vip; new")
    assert first["description"] == "'=HYPERLINK(1)"
    assert by_name["Ivan"]["description"] == "'@x"
    assert boris.call("ExportContacts", contact_pb2.ExportContactsRequest(format="jsonl")) == b""
    done = run(anna, content, database, files, tenants[0])
    assert (done.rows_skipped, done.rows_updated, done.rows_created, done.rows_failed) == (2, 0, 0, 0)
    copied = run(boris, content, database, files, tenants[1])
    assert (copied.status, copied.rows_created) == ("completed", 2)
    records = [
        json.loads(line)
        for line in boris.call(
            "ExportContacts", contact_pb2.ExportContactsRequest(format="jsonl", filter='given_name = "Anna"')
        ).splitlines()
    ]
    assert [record["phones"][0]["number"] for record in records] == ["+359888123456"]
    assert records[0]["description"] == "=HYPERLINK(1)"


def run(who: Person, content: bytes, database: Database, files: DiskFiles, tenant_id: Any) -> Any:
    job = who.upload(content)
    fields = {column.heading: column.field for column in job.columns}
    who.call("MapImport", import_pb2.MapImportRequest(id=job.id, fields=fields))
    who.call("RunImport", import_pb2.RunImportRequest(id=job.id))
    work_off(database, files, tenant_id, job.id)
    return who.call("GetImport", import_pb2.GetImportRequest(id=job.id))


def work_off(database: Database, files: DiskFiles, tenant_id: Any, job_id: str) -> None:
    from uuid import UUID

    control = Control(threading.Event(), slice_s=3600, attempt=0, last_attempt=False)
    ImportRunner(database, files, ImportLimits()).handle(tenant_id, UUID(job_id), control)
