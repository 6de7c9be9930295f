"""The document library: what it takes, its versions, and what another company sees of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from uuid import UUID
from zipfile import ZipFile

import pytest
from chassis.caller import Caller
from chassis.files import DiskFiles
from chassis.statements import text
from chassis.testing.people import Person, refused
from chassis.work import Database
from funia.sales.v1 import document_pb2 as pb
from sales.queries import documents as queries

PDF = b"%PDF-1.7\n" + b"prices " * 100
CREATE = "DocumentService.CreateDocument"
UPLOAD = "DocumentService.UploadDocument"
NOBODYS = "0190c2a0-0000-7000-8000-000000000001"
_SEQUENTIAL = text("SELECT set_config('enable_seqscan', 'off', true)")
_PLAN = text(f"EXPLAIN {queries.VERSIONS.text}", "tenant_id")


def made(person: Person, name: str = "Prices", **given: object) -> pb.Document:
    document: pb.Document = person.call(
        CREATE,
        pb.CreateDocumentRequest(document=pb.Document(name=name, **given)),  # type: ignore[arg-type]
    )
    return document


def pieces(document_id: str, content: bytes, name: str) -> Iterator[pb.UploadDocumentRequest]:
    yield pb.UploadDocumentRequest(id=document_id, file_name=name)
    for at in range(0, len(content), 40_000):
        yield pb.UploadDocumentRequest(chunk=content[at : at + 40_000])


def upload(person: Person, document_id: str, content: bytes = PDF, name: str = "prices.pdf") -> pb.Document:
    document: pb.Document = person.call(UPLOAD, pieces(document_id, content, name))
    return document


def download(person: Person, document_id: str, number: int = 0) -> tuple[pb.DocumentVersion, bytes]:
    stub = person.house.stub("DocumentService")
    asked = pb.DownloadDocumentRequest(id=document_id, number=number)
    answers = list(stub.DownloadDocument(asked, metadata=[("authorization", f"Bearer {person.token}")], timeout=10))
    return answers[0].version, b"".join(one.chunk for one in answers)


def package(*names: str, mimetype: str = "") -> bytes:
    kept = io.BytesIO()
    with ZipFile(kept, "w") as file:
        if mimetype:
            file.writestr("mimetype", mimetype)
        for name in names:
            file.writestr(name, "<x/>")
    return kept.getvalue()


def kept(files: DiskFiles, person: Person) -> int:
    return sum(1 for _ in files.names(person.tenant_id, "documents"))


def test_every_version_stays_as_it_was_uploaded(alice: Person, files: DiskFiles) -> None:
    document = made(alice, category="price_list", language="bg", tags=["2026", "b2b"], valid_until="2026-12-31")
    assert (document.file_version, document.category, list(document.tags)) == (0, "price_list", ["2026", "b2b"])

    first = upload(alice, document.id)
    assert (first.file_version, first.content_type, first.size_bytes) == (1, "application/pdf", len(PDF))
    second = upload(alice, document.id, PDF + b"dearer", "C:\\desk\\prices 2.pdf")
    assert (second.file_version, second.file_name) == (2, "prices 2.pdf")
    assert second.etag != first.etag

    assert download(alice, document.id)[1] == PDF + b"dearer"
    version, content = download(alice, document.id, 1)
    assert (version.file_name, content) == ("prices.pdf", PDF)
    listed = alice.call("DocumentService.ListDocumentVersions", pb.ListDocumentVersionsRequest(id=document.id))
    assert [one.number for one in listed.versions] == [2, 1]
    assert kept(files, alice) == 2


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\nrest", "image/png"),
        ("a.JPG", b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        ("ценник.csv", "имя;цена\n".encode(), "text/csv"),
        (
            "a.docx",
            package("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "a.ods",
            package("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
    ],
)
def test_the_type_is_found_in_the_content(alice: Person, name: str, content: bytes, content_type: str) -> None:
    document = upload(alice, made(alice).id, content, name)
    assert (document.content_type, document.file_name) == (content_type, name)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("page.html", b"<html></html>", "FILE_TYPE_NOT_ALLOWED"),
        ("drawing.svg", b"<svg/>", "FILE_TYPE_NOT_ALLOWED"),
        ("program", b"\x7fELF", "FILE_TYPE_NOT_ALLOWED"),
        ("prices.pdf", b"<html>no</html>", "FILE_TYPE_MISMATCH"),
        ("prices.txt", b"  <!DOCTYPE html><p>", "FILE_TYPE_MISMATCH"),
        ("prices.csv", b"a;b\0", "FILE_TYPE_MISMATCH"),
        ("prices.csv", b"\xff\xfe\xfa", "FILE_TYPE_MISMATCH"),
        ("a.docx", b"PK\x03\x04 broken", "FILE_TYPE_MISMATCH"),
        ("a.xlsx", package("[Content_Types].xml", "word/document.xml"), "FILE_TYPE_MISMATCH"),
        (
            "a.docx",
            package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "FILE_TYPE_MISMATCH",
        ),
        ("prices.pdf", b"", "FILE_EMPTY"),
        ("prices.pdf", PDF + bytes(100_000), "FILE_TOO_LARGE"),
    ],
)
def test_what_is_not_allowed_leaves_nothing(
    alice: Person, files: DiskFiles, name: str, content: bytes, reason: str
) -> None:
    document = made(alice)
    assert refused(upload, alice, document.id, content, name).reason == reason
    now = alice.call("DocumentService.GetDocument", pb.GetDocumentRequest(id=document.id))
    assert now == document
    assert kept(files, alice) == 0


def test_a_name_is_given_once(alice: Person, bob: Person) -> None:
    first = made(alice, "Prices")
    made(bob, "Prices")
    assert refused(made, alice, " prices ").reason == "NAME_TAKEN"
    alice.call("DocumentService.DeleteDocument", pb.DeleteDocumentRequest(id=first.id))
    made(alice, "PRICES")
    back = pb.UndeleteDocumentRequest(id=first.id)
    assert refused(alice.call, "DocumentService.UndeleteDocument", back).reason == "NAME_TAKEN"


def test_a_product_that_is_not_there_is_named(alice: Person) -> None:
    error = refused(made, alice, product_ids=[NOBODYS])
    assert error.reason == "PRODUCT_NOT_FOUND"
    assert "document.product_ids[0]" in str(error)


def test_another_company_reaches_no_file(alice: Person, bob: Person, files: DiskFiles) -> None:
    document = upload(alice, made(alice).id)
    assert refused(upload, bob, document.id).reason == "DOCUMENT_NOT_FOUND"
    asked = pb.ListDocumentVersionsRequest(id=document.id)
    assert refused(bob.call, "DocumentService.ListDocumentVersions", asked).reason == "DOCUMENT_NOT_FOUND"
    assert not bob.call("DocumentService.ListDocuments", pb.ListDocumentsRequest()).documents
    assert kept(files, bob) == 0
    assert download(alice, document.id)[1] == PDF


def test_documents_are_bounded_and_found(alice: Person) -> None:
    document = made(alice, "Manual of cups", category="manual", language="en", tags=["cups"])
    made(alice, "Prices")
    for _ in range(3):
        upload(alice, document.id)
    assert refused(upload, alice, document.id).reason == "TOO_MANY_VERSIONS"
    for wanted in ('name : "manual*"', 'category = "manual" AND language = "en"', 'tags : "cups"'):
        found = alice.call("DocumentService.ListDocuments", pb.ListDocumentsRequest(filter=wanted))
        assert [one.name for one in found.documents] == ["Manual of cups"], wanted


def test_a_document_in_the_bin_takes_no_file(alice: Person, files: DiskFiles) -> None:
    document = made(alice)
    alice.call("DocumentService.DeleteDocument", pb.DeleteDocumentRequest(id=document.id))
    assert refused(upload, alice, document.id).reason == "DELETED"
    assert kept(files, alice) == 0


def test_versions_are_read_from_their_key(alice: Person, database: Database) -> None:
    document = upload(alice, made(alice).id)
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(_SEQUENTIAL)
        plan = " ".join(str(row[0]) for row in work.rows(_PLAN, document_id=UUID(document.id), most=10))
    assert "document_version_pkey" in plan
