"""Uploads and downloads through the gateway, against a contacts service that keeps what it is sent."""

from __future__ import annotations

import hashlib
import threading
import tracemalloc
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import httpx
import pytest
from chassis.errors import InvalidArgument, NotFound
from chassis.server import Served, Server
from funia.contacts.v1 import bulk_job_pb2, contact_pb2, import_pb2
from funia.sales.v1 import document_pb2
from gateway.app import create_wsgi_app
from gateway.composition import Identity
from gateway.identity.access_tokens import Rights
from gateway.identity.roles import ROLES
from gateway.settings import GatewaySettings
from werkzeug.serving import make_server

LIMIT = 8 * 1024 * 1024
ID = "0190c2a0-0000-7000-8000-000000000001"


class Uploads:
    """ImportService and ContactService, as far as files go; the frame around them is the real one."""

    def __init__(self) -> None:
        self.received: list[tuple[str, str, int, str]] = []
        self.chunks_max = 0
        self.stopped = threading.Event()

    def __getattr__(self, name: str) -> Any:
        if not name[0].isupper():
            raise AttributeError(name)
        return lambda *_: pytest.fail(f"{name} was not to be called")

    def UploadImport(self, call: Any, requests: Iterator[Any]) -> import_pb2.ImportJob:
        first = next(requests)
        if first.file_name == "bad.csv":
            raise InvalidArgument("file: this is no CSV", reason="NOT_A_TABLE")
        total, digest = 0, hashlib.sha256()
        for request in requests:
            total += len(request.chunk)
            self.chunks_max = max(self.chunks_max, len(request.chunk))
            digest.update(request.chunk)
        self.received.append((str(call.caller.tenant_id), first.file_name, total, digest.hexdigest()))
        return import_pb2.ImportJob(id=ID, kind=first.kind, file_name=first.file_name, file_bytes=total)

    def DownloadImportErrors(self, _call: Any, request: Any) -> Iterator[import_pb2.DownloadImportErrorsResponse]:
        if request.id != ID:
            raise NotFound("There is no such import.", reason="IMPORT_NOT_FOUND")
        yield import_pb2.DownloadImportErrorsResponse(chunk=b"email,reason\r\n")
        yield import_pb2.DownloadImportErrorsResponse(chunk=b"x,INVALID_EMAIL\r\n")

    def UploadBulkJob(self, call: Any, requests: Iterator[Any]) -> bulk_job_pb2.BulkJob:
        first = next(requests)
        if first.id != ID:
            raise NotFound("There is no such bulk job.", reason="BULK_JOB_NOT_FOUND")
        content = b"".join(request.chunk for request in requests)
        digest = hashlib.sha256(content).hexdigest()
        self.received.append((str(call.caller.tenant_id), first.id, len(content), digest))
        return bulk_job_pb2.BulkJob(id=ID, status="uploaded", file_bytes=len(content))

    def DownloadBulkResults(self, _call: Any, request: Any) -> Iterator[bulk_job_pb2.DownloadBulkResultsResponse]:
        if request.id != ID:
            raise NotFound("There is no such bulk job.", reason="BULK_JOB_NOT_FOUND")
        for index in range(2):
            yield bulk_job_pb2.DownloadBulkResultsResponse(chunk=b'{"index":%d}\n' % index)

    def UploadDocument(self, call: Any, requests: Iterator[Any]) -> document_pb2.Document:
        first = next(requests)
        content = b"".join(request.chunk for request in requests)
        digest = hashlib.sha256(content).hexdigest()
        self.received.append((str(call.caller.tenant_id), first.file_name, len(content), digest))
        return document_pb2.Document(id=first.id, file_name=first.file_name, file_version=1)

    def DownloadDocument(self, _call: Any, request: Any) -> Iterator[document_pb2.DownloadDocumentResponse]:
        if request.id != ID:
            raise NotFound("There is no such document.", reason="DOCUMENT_NOT_FOUND")
        version = document_pb2.DocumentVersion(file_name='цени "2".pdf', content_type="application/pdf")
        yield document_pb2.DownloadDocumentResponse(version=version)
        yield document_pb2.DownloadDocumentResponse(chunk=f"%PDF-{request.number}".encode())

    def ExportContacts(self, _call: Any, request: Any) -> Iterator[contact_pb2.ExportContactsResponse]:
        if request.filter == "bad(":
            raise InvalidArgument("filter: column 4", reason="INVALID_FILTER")
        try:
            for _ in range(3 if request.filter != "endless" else 10_000_000):
                yield contact_pb2.ExportContactsResponse(chunk=f"{request.format};{request.filter}\n".encode() * 1000)
        finally:
            self.stopped.set()


@pytest.fixture(scope="module")
def uploads() -> Uploads:
    return Uploads()


@pytest.fixture(scope="module")
def site(gateway_settings: GatewaySettings, identity: Identity, uploads: Uploads, ports: Any) -> Iterator[str]:
    http_port, contacts_port = ports(2)
    settings = gateway_settings.model_copy(
        update={
            "http_port": http_port,
            "contacts_address": f"127.0.0.1:{contacts_port}",
            "sales_address": f"127.0.0.1:{contacts_port}",
            "upload_max_bytes": LIMIT,
            "document_file_max_bytes": 1_000_000,
        }
    )
    served = [
        Served(import_pb2.DESCRIPTOR.services_by_name["ImportService"], uploads),
        Served(contact_pb2.DESCRIPTOR.services_by_name["ContactService"], uploads),
        Served(document_pb2.DESCRIPTOR.services_by_name["DocumentService"], uploads),
        Served(bulk_job_pb2.DESCRIPTOR.services_by_name["BulkJobService"], uploads),
    ]
    service = Server(
        settings.model_copy(update={"listen": settings.contacts_address}), identity.database, identity.verifier, served
    )
    service.start()
    app = create_wsgi_app(settings)
    server = make_server("127.0.0.1", http_port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.close()
    service.stop()


def bearer(identity: Identity, company: Any, role: str = "owner") -> dict[str, str]:
    rights = Rights(company.tenant_id, company.owner_id, "user", "t", ROLES[role].scopes, ROLES[role].visibility)
    return {"Authorization": f"Bearer {identity.tokens.issue(rights)}"}


def test_file_arrives_whole_in_bounded_pieces(site: str, identity: Identity, acme: Any, uploads: Uploads) -> None:
    content = bytes(range(256)) * 12_000
    answer = httpx.post(
        f"{site}/v1/imports",
        files={"file": ("C:\\lists\\people.csv", content, "text/csv")},
        data={"kind": "account"},
        headers=bearer(identity, acme),
    )
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/v1/imports/{ID}"
    assert answer.json() == {**answer.json(), "kind": "account", "file_bytes": len(content)}
    expected = (str(acme.tenant_id), "people.csv", len(content), hashlib.sha256(content).hexdigest())
    assert uploads.received[-1] == expected
    assert uploads.chunks_max <= 256 * 1024


def test_file_over_the_limit_is_413_and_never_whole_at_the_service(
    site: str, identity: Identity, acme: Any, uploads: Uploads
) -> None:
    before = list(uploads.received)
    for size in (LIMIT + 1, LIMIT * 2):
        answer = httpx.post(
            f"{site}/v1/imports", files={"file": ("big.csv", b"x" * size)}, headers=bearer(identity, acme), timeout=30
        )
        assert (answer.status_code, answer.json()["reason"]) == (413, "FILE_TOO_LARGE")
    assert uploads.received == before


@pytest.mark.parametrize(("role", "size", "status"), [("viewer", LIMIT, 403), ("owner", LIMIT * 2, 413)])
def test_upload_is_refused_before_its_body_is_read(
    site: str, identity: Identity, acme: Any, role: str, size: int, status: int
) -> None:
    connection = HTTPConnection(site.removeprefix("http://"), timeout=10)
    try:
        connection.putrequest("POST", "/v1/imports")
        announced = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(size)}
        for name, value in {**announced, **bearer(identity, acme, role)}.items():
            connection.putheader(name, value)
        connection.endheaders()
        assert connection.getresponse().status == status
    finally:
        connection.close()


def test_upload_without_right_file_or_form_is_refused(site: str, identity: Identity, acme: Any) -> None:
    url, file = f"{site}/v1/imports", {"file": ("a.csv", b"a,b\n")}
    assert httpx.post(url, files=file).status_code == 401
    viewer = httpx.post(url, files=file, headers=bearer(identity, acme, "viewer"))
    assert (viewer.status_code, viewer.json()["reason"]) == (403, "MISSING_SCOPE")
    mine = bearer(identity, acme)
    assert httpx.post(url, json={}, headers=mine).status_code == 415
    assert httpx.post(url, files={"datei": ("a.csv", b"a")}, headers=mine).json()["violations"][0]["field"] == "datei"
    empty = httpx.post(url, files={"other": (None, "x")}, headers=mine)
    assert empty.json()["violations"][0]["field"] == "other"
    wrong_kind = httpx.post(url, files=file, data={"kind": "deal"}, headers=mine)
    assert wrong_kind.json()["violations"][0]["field"] == "kind"
    bad = httpx.post(url, files={"file": ("bad.csv", b"\0")}, headers=mine)
    assert (bad.status_code, bad.json()["reason"]) == (400, "NOT_A_TABLE")


def test_the_file_of_a_bulk_job_is_the_body_itself(site: str, identity: Identity, acme: Any, uploads: Uploads) -> None:
    content, mine = b'{"contact": {}}\n' * 200_000, bearer(identity, acme)
    url = f"{site}/v1/bulk-jobs/{ID}/content"
    answer = httpx.put(url, content=content, headers={**mine, "Content-Type": "application/jsonl"})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["file_bytes"]) == ("uploaded", len(content))
    assert uploads.received[-1] == (str(acme.tenant_id), ID, len(content), hashlib.sha256(content).hexdigest())
    before = list(uploads.received)
    over = httpx.put(url, content=b"x" * (LIMIT + 1), headers=mine)
    assert (over.status_code, over.json()["reason"]) == (413, "FILE_TOO_LARGE")
    assert httpx.put(url, content=b"x").status_code == 401
    assert httpx.put(url, content=b"x", headers=bearer(identity, acme, "viewer")).status_code == 403
    other = httpx.put(f"{site}/v1/bulk-jobs/{ID[:-1]}2/content", content=b"x", headers=mine)
    assert (other.status_code, other.json()["reason"]) == (404, "BULK_JOB_NOT_FOUND")
    assert uploads.received == before


def test_the_file_of_a_document_is_saved_and_never_shown(
    site: str, identity: Identity, acme: Any, uploads: Uploads
) -> None:
    url, mine = f"{site}/v1/documents/{ID}/content", bearer(identity, acme)
    sent = httpx.put(url, params={"file_name": "prices.pdf"}, content=b"%PDF-1", headers=mine)
    assert (sent.status_code, sent.json()["file_version"]) == (200, 1)
    assert uploads.received[-1][1:3] == ("prices.pdf", 6)
    large = httpx.put(url, params={"file_name": "prices.pdf"}, content=b"x" * 1_000_001, headers=mine)
    assert (large.status_code, large.json()["reason"]) == (413, "FILE_TOO_LARGE")

    got = httpx.get(url, params={"version": "3"}, headers=mine)
    assert (got.status_code, got.content) == (200, b"%PDF-3")
    assert got.headers["Content-Disposition"] == (
        "attachment; filename=\"____ _2_.pdf\"; filename*=UTF-8''%D1%86%D0%B5%D0%BD%D0%B8%20%222%22.pdf"
    )
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"].startswith("sandbox")
    for asked, reason in (({"version": "x"}, "INVALID_NUMBER"), ({"what": "1"}, "UNKNOWN_PARAMETER")):
        wrong = httpx.get(url, params=asked, headers=mine)
        assert (wrong.status_code, wrong.json()["reason"]) == (400, reason)
    assert httpx.get(url.replace(ID, ID[:-1] + "2"), headers=mine).status_code == 404
    assert httpx.get(url).status_code == 401


def test_results_of_a_bulk_job_come_line_by_line(site: str, identity: Identity, acme: Any) -> None:
    mine = bearer(identity, acme)
    answer = httpx.get(f"{site}/v1/bulk-jobs/{ID}/results.jsonl", headers=mine)
    assert answer.text == '{"index":0}\n{"index":1}\n'
    assert answer.headers["Content-Type"] == "application/jsonl"
    assert httpx.get(f"{site}/v1/bulk-jobs/{ID[:-1]}2/results.jsonl", headers=mine).status_code == 404
    assert httpx.get(f"{site}/v1/bulk-jobs/{ID}/results.jsonl").status_code == 401


def test_error_file_of_an_import_comes_as_csv(site: str, identity: Identity, acme: Any) -> None:
    mine = bearer(identity, acme)
    answer = httpx.get(f"{site}/v1/imports/{ID}/errors.csv", headers=mine)
    assert answer.text == "email,reason\r\nx,INVALID_EMAIL\r\n"
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="import-errors.csv"' in answer.headers["Content-Disposition"]
    unknown = httpx.get(f"{site}/v1/imports/{ID[:-1]}2/errors.csv", headers=mine)
    assert (unknown.status_code, unknown.json()["reason"]) == (404, "IMPORT_NOT_FOUND")
    assert httpx.get(f"{site}/v1/imports/not-an-id/errors.csv", headers=mine).status_code == 400


@pytest.mark.parametrize(("kind", "content_type"), [("csv", "text/csv; charset=utf-8"), ("jsonl", "application/jsonl")])
def test_export_streams_in_both_formats(site: str, identity: Identity, acme: Any, kind: str, content_type: str) -> None:
    answer = httpx.get(
        f"{site}/v1/contacts:export", params={"format": kind, "filter": "a=1"}, headers=bearer(identity, acme)
    )
    assert answer.headers["Content-Type"] == content_type
    assert answer.text == f"{kind};a=1\n" * 3000


def test_bad_export_is_a_problem_before_the_first_byte(site: str, identity: Identity, acme: Any) -> None:
    url, mine = f"{site}/v1/contacts:export", bearer(identity, acme)
    assert httpx.get(url, params={"format": "xls"}, headers=mine).json()["violations"][0]["field"] == "format"
    assert httpx.get(url, params={"order": "x"}, headers=mine).json()["violations"][0]["field"] == "order"
    assert httpx.get(url, params={"filter": "bad("}, headers=mine).json()["reason"] == "INVALID_FILTER"
    assert httpx.get(url, headers=bearer(identity, acme, "seller")).status_code == 403


def test_reader_that_leaves_stops_the_export(site: str, identity: Identity, acme: Any, uploads: Uploads) -> None:
    uploads.stopped.clear()
    tracemalloc.start()
    with httpx.stream(
        "GET", f"{site}/v1/contacts:export", params={"filter": "endless"}, headers=bearer(identity, acme)
    ) as response:
        read = 0
        for piece in response.iter_bytes():
            read += len(piece)
            if read > 20_000_000:
                break
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert uploads.stopped.wait(10)
    assert peak < 60_000_000
