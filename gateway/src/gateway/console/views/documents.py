"""Files of documents: given to them, listed by version, and saved. The rest of a document is a record like others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.sales.v1 import document_pb2 as pb
from funia.sales.v1.document_pb2_grpc import DocumentServiceStub

from gateway.console.backend import call, download, stubs, upload
from gateway.console.colleagues import colleagues
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS
from gateway.console.words import say, violations

READS, SELLS = "sales.read", "sales.write"
PIECE_BYTES = 256 * 1024
_NAME_MAX = 200


def add(blueprint: Blueprint) -> None:
    one = "/documents/<uuid:document_id>/files"
    blueprint.add_url_rule(one, "document_files", document_files)
    blueprint.add_url_rule(one, "document_upload", document_upload, methods=["POST"])
    blueprint.add_url_rule(f"{one}/<int:number>", "document_file", document_file)


def service() -> DocumentServiceStub:
    return stubs().sales(DocumentServiceStub)


@needs(READS)
def document_files(document_id: object) -> Response:
    """The versions, the newest first; a part of the page."""
    asked = pb.ListDocumentVersionsRequest(id=str(document_id))
    versions = call(service().ListDocumentVersions, asked).versions
    page = render_template(
        "console/document_files.html", versions=versions, document_id=document_id, people=colleagues()
    )
    return make_response(page)


@needs(SELLS)
def document_upload(document_id: object) -> Response:
    """Takes a file as the next version; the service looks into it and says what it does not take."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _refused(document_id, gettext("Choose a file."), 400)
    try:
        upload(service().UploadDocument, _pieces(str(document_id), file.filename, file.stream))
    except FuniaError as error:
        said = next(iter(violations(error).values()), "") or say(error)
        return _refused(document_id, said, HTTP_STATUS[error.kind])
    return go(url_for("console.record_page", plural="documents", record_id=document_id))


@needs(READS)
def document_file(document_id: object, number: int) -> Response:
    """A version, always saved and never shown."""
    asked = pb.DownloadDocumentRequest(id=str(document_id), number=number)
    pieces = download(service().DownloadDocument, asked)
    version = next(pieces).version
    response = Response((one.chunk for one in pieces), content_type=version.content_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(version.file_name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _pieces(document_id: str, file_name: str, stream: IO[bytes]) -> Iterator[pb.UploadDocumentRequest]:
    yield pb.UploadDocumentRequest(
        id=document_id, file_name=file_name.replace("\\", "/").rpartition("/")[2][-_NAME_MAX:]
    )
    while piece := stream.read(PIECE_BYTES):
        yield pb.UploadDocumentRequest(chunk=piece)


def _refused(document_id: object, problem: str, status: int) -> Response:
    page = render_template("console/document_upload.html", document_id=document_id, problem=problem)
    return make_response(page, status)
