"""Files of documents: given to them, listed by version, and saved. The rest of a document is a record like others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO
from urllib.parse import quote

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.sales.v1 import document_pb2 as pb
from funia.sales.v1 import quote_pb2
from funia.sales.v1.document_pb2_grpc import DocumentServiceStub
from funia.sales.v1.quote_pb2_grpc import QuoteServiceStub
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console import formats
from gateway.console.backend import allowed, call, download, stubs, try_call, upload
from gateway.console.colleagues import colleagues
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS
from gateway.console.words import say, violations

READS, SELLS = "sales.read", "sales.write"
_OWN = {"quote": "quotes", "stage": "stages"}
_ABOUT = {"deal": "deals", "lead": "leads", "contact": "people", "account": "companies"}
PIECE_BYTES = 256 * 1024
_NAME_MAX = 200
_SHOWN = 200


def add(blueprint: Blueprint) -> None:
    one = "/documents/<uuid:document_id>/files"
    blueprint.add_url_rule(one, "document_files", document_files)
    blueprint.add_url_rule(one, "document_upload", document_upload, methods=["POST"])
    blueprint.add_url_rule(f"{one}/<int:number>", "document_file", document_file)
    enclosed = "/quotes/<uuid:record_id>/documents"
    blueprint.add_url_rule(enclosed, "quote_documents", quote_documents)
    blueprint.add_url_rule(enclosed, "quote_documents_saved", quote_documents_saved, methods=["POST"])


def service() -> DocumentServiceStub:
    return stubs().sales(DocumentServiceStub)


def _quotes() -> QuoteServiceStub:
    return stubs().sales(QuoteServiceStub)


def sendable() -> list[pb.Document]:
    """Documents that can go to a customer: in use, with a file, and not out of date."""
    asked = pb.ListDocumentsRequest(filter="archived = false", order_by="name", page_size=_SHOWN)
    listed = try_call(service().ListDocuments, asked)
    today = formats.now().date().isoformat()
    return [
        one
        for one in (() if listed is None else listed.documents)
        if one.file_version and (not one.valid_until or one.valid_until >= today)
    ]


@needs(READS)
def quote_documents(record_id: object) -> Response:
    """What goes with a quote; a part of its page."""
    return _enclosed(call(_quotes().GetQuote, quote_pb2.GetQuoteRequest(id=str(record_id))))


@needs(SELLS)
def quote_documents_saved(record_id: object) -> Response:
    """Makes the ticked ones the documents of a draft."""
    quote = quote_pb2.Quote(id=str(record_id))
    for document_id in request.form.getlist("document_ids"):
        quote.documents.add(document_id=document_id)
    asked = quote_pb2.UpdateQuoteRequest(
        quote=quote, update_mask=FieldMask(paths=["documents"]), etag=request.form.get("etag", "")
    )
    try:
        return _enclosed(call(_quotes().UpdateQuote, asked))
    except FuniaError as error:
        said = next(iter(violations(error).values()), "") or say(error)
        now = call(_quotes().GetQuote, quote_pb2.GetQuoteRequest(id=str(record_id)))
        return _enclosed(now, said, HTTP_STATUS[error.kind])


def _enclosed(quote: quote_pb2.Quote, problem: str = "", status: int = 200) -> Response:
    changes = quote.status == "draft" and allowed(SELLS)
    page = render_template(
        "console/quote_documents.html",
        quote=quote,
        changes=changes,
        documents=sendable() if changes else [],
        sent_along=[one.document_id for one in quote.documents],
        problem=problem,
    )
    return make_response(page, status)


@needs(READS)
def document_files(document_id: object) -> Response:
    """The versions, the newest first; a part of the page."""
    asked = pb.ListDocumentVersionsRequest(id=str(document_id))
    versions = call(service().ListDocumentVersions, asked).versions
    uses = call(service().ListDocumentUses, pb.ListDocumentUsesRequest(id=str(document_id))).uses
    page = render_template(
        "console/document_files.html",
        versions=versions,
        document_id=document_id,
        people=colleagues(),
        uses=[(one, _place(one)) for one in uses],
    )
    return make_response(page)


def _place(one: pb.DocumentUse) -> str:
    """Where a use is opened; empty for a mail about nothing that has a page."""
    own = _OWN.get(one.kind, "")
    plural = own or _ABOUT.get(one.about_kind, "")
    record_id = one.record_id if own else one.about_id
    return url_for("console.record_page", plural=plural, record_id=record_id) if plural else ""


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
    return saved((one.chunk for one in pieces), version)


def saved(content: Iterable[bytes], version: pb.DocumentVersion) -> Response:
    """A file for the browser to save: it never shows it, whatever is in it."""
    response = Response(content, content_type=version.content_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(version.file_name)}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
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
