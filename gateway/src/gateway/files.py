"""The few API methods that are files over HTTP: uploading an import, its error file, documents, and exports.

They stream: neither an upload nor a download is ever whole in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import grpc
from chassis.errors import InvalidArgument, PermissionDenied, TooLarge, Violation
from chassis.status import from_rpc_error
from chassis.tokens import TokenVerifier
from flask import Blueprint, Response, request
from funia.contacts.v1 import (
    bulk_job_pb2,
    bulk_job_pb2_grpc,
    contact_pb2,
    contact_pb2_grpc,
    import_pb2,
    import_pb2_grpc,
)
from funia.identity.v1 import audit_pb2, audit_pb2_grpc, company_pb2, company_pb2_grpc
from funia.sales.v1 import document_pb2, document_pb2_grpc, sales_import_pb2, sales_import_pb2_grpc
from werkzeug.exceptions import RequestEntityTooLarge

from gateway.channels import bulk_channel
from gateway.problems import HttpError, request_id_of
from gateway.settings import GatewaySettings
from gateway.transcode.calls import Metadata, RequestLimits, SessionToken, call_metadata, proof_of, token_of
from gateway.transcode.codec import JsonCodec

FILE_ROUTES = (
    ("POST", "/v1/imports"),
    ("POST", "/v1/sales/imports"),
    ("GET", "/v1/contacts:export"),
    ("GET", "/v1/audit-entries:export"),
)
"""Verb and path of those that move many records."""
FILE_ENDS = ("/errors.csv", "/content", "/results.jsonl", "/archive.zip")
"""How the paths of the others end, which have ids in them."""
_MULTIPART_OVERHEAD_BYTES = 64 * 1024
_EXPORT_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
_AUDIT_TEXTS = ("actor_id", "action", "target_id")
_AUDIT_TIMES = ("from", "to")
_UPLOAD_FIELDS = frozenset({"kind"})


def files_blueprint(
    channels: Mapping[str, grpc.Channel],
    settings: GatewaySettings,
    limits: RequestLimits,
    *,
    codec: JsonCodec,
    verifier: TokenVerifier,
    session_token: SessionToken,
) -> Blueprint:
    """Imports with their error files, documents, bulk jobs, exports of contacts, of the audit log and of a company."""
    views = _Files(channels, settings, limits, codec, verifier, session_token)
    blueprint = Blueprint("files", __name__)
    blueprint.add_url_rule("/v1/imports", "upload", views.upload, methods=["POST"])
    blueprint.add_url_rule("/v1/imports/<import_id>/errors.csv", "import_errors", views.import_errors)
    blueprint.add_url_rule("/v1/sales/imports", "sales_upload", views.sales_upload, methods=["POST"])
    blueprint.add_url_rule("/v1/sales/imports/<import_id>/errors.csv", "sales_errors", views.sales_errors)
    blueprint.add_url_rule("/v1/contacts:export", "export", views.export)
    blueprint.add_url_rule("/v1/bulk-jobs/<job_id>/content", "bulk_upload", views.bulk_upload, methods=["PUT"])
    blueprint.add_url_rule("/v1/bulk-jobs/<job_id>/results.jsonl", "bulk_results", views.bulk_results)
    blueprint.add_url_rule("/v1/documents/<document_id>/content", "document", views.document)
    blueprint.add_url_rule(
        "/v1/documents/<document_id>/content", "document_upload", views.document_upload, methods=["PUT"]
    )
    blueprint.add_url_rule("/v1/audit-entries:export", "export_audit_log", views.export_audit_log)
    blueprint.add_url_rule("/v1/company-exports/<export_id>/archive.zip", "company_archive", views.company_archive)
    return blueprint


class _Files:
    def __init__(
        self,
        channels: Mapping[str, grpc.Channel],
        settings: GatewaySettings,
        limits: RequestLimits,
        codec: JsonCodec,
        verifier: TokenVerifier,
        session_token: SessionToken,
    ) -> None:
        self._settings = settings
        self._limits = limits
        self._codec = codec
        self._verifier = verifier
        self._session_token = session_token
        contacts = bulk_channel(channels, "contacts")
        self._bulk_jobs = bulk_job_pb2_grpc.BulkJobServiceStub(contacts)
        self._imports = import_pb2_grpc.ImportServiceStub(contacts)
        self._sales_imports = sales_import_pb2_grpc.SalesImportServiceStub(bulk_channel(channels, "sales"))
        self._documents = document_pb2_grpc.DocumentServiceStub(bulk_channel(channels, "sales"))
        self._contacts = contact_pb2_grpc.ContactServiceStub(contacts)
        self._audit = audit_pb2_grpc.AuditServiceStub(channels["identity"])
        self._companies = company_pb2_grpc.CompanyServiceStub(channels["identity"])

    def upload(self) -> Response:
        """A file of people or companies."""
        send = self._imports.UploadImport
        return self._uploaded("contacts.import", import_pb2.UploadImportRequest, send, "/v1/imports", "contact")

    def sales_upload(self) -> Response:
        """A file of leads, products, deals or orders."""
        request_type, send = sales_import_pb2.UploadSalesImportRequest, self._sales_imports.UploadSalesImport
        return self._uploaded("sales.import", request_type, send, "/v1/sales/imports", "")

    def _uploaded(
        self, scope: str, request_type: Callable[..., Any], send: Callable[..., Any], path: str, usual_kind: str
    ) -> Response:
        """multipart/form-data with `file` and `kind`. 413 over `upload_max_bytes`."""
        # Refused before the body is read: nobody without the right fills the disk.
        metadata = self._metadata(scope)
        if request.mimetype != "multipart/form-data":
            raise HttpError(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                'Send the file as multipart/form-data, in the fields "file" and "kind".',
            )
        most = self._settings.upload_max_bytes
        request.max_content_length = most + _MULTIPART_OVERHEAD_BYTES
        try:
            form, files = request.form, request.files
        except RequestEntityTooLarge:
            raise _too_large(most) from None
        unknown = sorted({*form} - _UPLOAD_FIELDS) + sorted({*files} - {"file"})
        if unknown:
            raise _invalid(unknown[0][:80], 'There is no such field. Known are "file" and "kind".', "UNKNOWN_FIELD")
        file = files.get("file")
        if file is None:
            raise _invalid("file", "Send the file in this field.", "REQUIRED")
        first = request_type(
            kind=form.get("kind", usual_kind),
            file_name=(file.filename or "").replace("\\", "/").rpartition("/")[2][:200],
        )
        pieces = _Pieces(first, file.stream, size=self._settings.upload_chunk_bytes, most=most)
        try:
            job = send(pieces, timeout=self._settings.upload_timeout_s, metadata=metadata)
        except grpc.RpcError as error:
            if pieces.refusal is not None:
                raise pieces.refusal from None
            raise from_rpc_error(error) from None
        response = Response(self._codec.to_json(job), 201, content_type="application/json")
        response.headers["Location"] = f"{path}/{job.id}"
        response.headers["Cache-Control"] = "no-store"
        return response

    def import_errors(self, import_id: str) -> Response:
        """The rows that did not go in, as CSV."""
        metadata = self._metadata("contacts.import")
        asked = import_pb2.DownloadImportErrorsRequest(id=import_id)
        chunks = self._stream(self._imports.DownloadImportErrors, asked, metadata)
        return _download(chunks, _EXPORT_TYPES["csv"], "import-errors.csv")

    def sales_errors(self, import_id: str) -> Response:
        """The rows of an import of sales with a finding, as CSV."""
        metadata = self._metadata("sales.import")
        asked = sales_import_pb2.DownloadSalesImportErrorsRequest(id=import_id)
        chunks = self._stream(self._sales_imports.DownloadSalesImportErrors, asked, metadata)
        return _download(chunks, _EXPORT_TYPES["csv"], "import-errors.csv")

    def bulk_upload(self, job_id: str) -> Response:
        """The file of a bulk job as the body itself, whatever its type. 413 over `upload_max_bytes`."""
        metadata = self._metadata("contacts.write")
        first = bulk_job_pb2.UploadBulkJobRequest(id=job_id)
        return self._body_sent(first, self._bulk_jobs.UploadBulkJob, metadata, self._settings.upload_max_bytes)

    def document_upload(self, document_id: str) -> Response:
        """The next version of a document as the body itself, with `file_name`. 413 over `document_file_max_bytes`."""
        metadata = self._metadata("sales.write")
        first = document_pb2.UploadDocumentRequest(id=document_id, file_name=_only_argument("file_name")[:200])
        return self._body_sent(first, self._documents.UploadDocument, metadata, self._settings.document_file_max_bytes)

    def document(self, document_id: str) -> Response:
        """The file of a document, of its newest `version` where none is named; never shown, only saved."""
        metadata = self._metadata("sales.read")
        number = _only_argument("version") or "0"
        if not number.isascii() or not number.isdigit() or len(number) > 6:
            raise _invalid("version", "Write the number of a version, such as 2.", "INVALID_NUMBER")
        asked = document_pb2.DownloadDocumentRequest(id=document_id, number=int(number))
        answers = self._answers(self._documents.DownloadDocument, asked, metadata)
        version = next(answers).version
        response = Response((one.chunk for one in answers), content_type=version.content_type)
        response.headers["Content-Disposition"] = _attachment(version.file_name)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response

    def _body_sent(self, first: Any, send: Callable[..., Any], metadata: Metadata, most: int) -> Response:
        request.max_content_length = most
        try:
            stream = request.stream
        except RequestEntityTooLarge:
            raise _too_large(most) from None
        pieces = _Pieces(first, stream, size=self._settings.upload_chunk_bytes, most=most)
        try:
            made = send(pieces, timeout=self._settings.upload_timeout_s, metadata=metadata)
        except grpc.RpcError as error:
            if pieces.refusal is not None:
                raise pieces.refusal from None
            raise from_rpc_error(error) from None
        response = Response(self._codec.to_json(made), content_type="application/json")
        response.headers["Cache-Control"] = "no-store"
        return response

    def bulk_results(self, job_id: str) -> Response:
        """What became of the items of a bulk job so far, one JSON object a line."""
        metadata = self._metadata("contacts.write")
        asked = bulk_job_pb2.DownloadBulkResultsRequest(id=job_id)
        chunks = self._stream(self._bulk_jobs.DownloadBulkResults, asked, metadata)
        return _download(chunks, _EXPORT_TYPES["jsonl"], "bulk-results.jsonl")

    def export(self) -> Response:
        """Every contact that matches `filter`, as `format` csv or jsonl."""
        metadata = self._metadata("contacts.export")
        kind = _export_kind("filter")
        asked = contact_pb2.ExportContactsRequest(format=kind, filter=request.args.get("filter", ""))
        chunks = self._stream(self._contacts.ExportContacts, asked, metadata)
        return _download(chunks, _EXPORT_TYPES[kind], f"contacts.{kind}")

    def export_audit_log(self) -> Response:
        """The audit log, oldest entry first, as `format` csv or jsonl, narrowed as the list is."""
        metadata = self._metadata("identity.audit")
        kind = _export_kind(*_AUDIT_TEXTS, *_AUDIT_TIMES)
        actor_id, action, target_id = (request.args.get(name, "") for name in _AUDIT_TEXTS)
        asked = audit_pb2.ExportAuditLogRequest(format=kind, actor_id=actor_id, action=action, target_id=target_id)
        for name in _AUDIT_TIMES:
            if given := request.args.get(name):
                try:
                    getattr(asked, name).FromJsonString(given)
                except ValueError:
                    raise _invalid(name, "Write a moment such as 2026-01-31T00:00:00Z.", "INVALID_TIME") from None
        return _download(
            self._stream(self._audit.ExportAuditLog, asked, metadata), _EXPORT_TYPES[kind], f"audit-log.{kind}"
        )

    def company_archive(self, export_id: str) -> Response:
        """Everything a company has, as one zip."""
        metadata = self._metadata("identity.export")
        asked = company_pb2.DownloadCompanyExportRequest(id=export_id)
        chunks = self._stream(self._companies.DownloadCompanyExport, asked, metadata)
        return _download(chunks, "application/zip", "funia-company.zip")

    def _metadata(self, scope: str) -> Metadata:
        token = token_of(request.environ, self._session_token, self._limits)
        if scope not in self._verifier.verify(token, proof_of(request.environ)).scopes:
            raise PermissionDenied(
                f'This call needs the scope "{scope}". Ask an administrator of your company for it.',
                reason="MISSING_SCOPE",
                metadata={"scope": scope},
            )
        return call_metadata(request.environ, request_id_of(request.environ), token, self._limits)

    def _stream(self, rpc: Callable[..., Iterable[Any]], asked: Any, metadata: Metadata) -> Iterator[bytes]:
        return (one.chunk for one in self._answers(rpc, asked, metadata))

    def _answers(self, rpc: Callable[..., Iterable[Any]], asked: Any, metadata: Metadata) -> Iterator[Any]:
        """A server stream. The first is fetched at once, so that a refusal is still a status."""
        call = rpc(asked, timeout=self._settings.export_timeout_s, metadata=metadata)
        answers = iter(call)
        try:
            first = next(answers, None)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

        def rest() -> Iterator[Any]:
            try:
                if first is not None:
                    yield first
                yield from answers
            finally:
                # The reader may have gone; the service must not go on reading for nobody.
                getattr(call, "cancel", lambda: None)()

        return rest()


class _Pieces:
    """The upload as messages. Remembers why it stopped, since gRPC swallows what a request iterator raises."""

    def __init__(self, first: Any, stream: Any, *, size: int, most: int) -> None:
        self.refusal: TooLarge | None = None
        self._messages = self._read(first, stream, size, most)

    def __iter__(self) -> Iterator[Any]:
        return self._messages

    def __next__(self) -> Any:
        return next(self._messages)

    def _read(self, first: Any, stream: Any, size: int, most: int) -> Iterator[Any]:
        yield first
        message = type(first)
        sent = 0
        while chunk := stream.read(size):
            sent += len(chunk)
            if sent > most:
                self.refusal = _too_large(most)
                raise self.refusal
            yield message(chunk=chunk)


def _only_argument(name: str) -> str:
    """The one parameter that a path knows; empty where not given. Raises InvalidArgument for any other."""
    for one in request.args:
        if one != name:
            raise _invalid(one[:80], f"There is no such parameter. Known is {name}.", "UNKNOWN_PARAMETER")
    return request.args.get(name, "")


def _export_kind(*known: str) -> str:
    """The wanted form of a file. Raises InvalidArgument for a parameter that is not known."""
    for name in request.args:
        if name not in ("format", *known):
            names = ", ".join(("format", *known))
            raise _invalid(name[:80], f"There is no such parameter. Known are {names}.", "UNKNOWN_PARAMETER")
    kind = request.args.get("format", "csv")
    if kind not in _EXPORT_TYPES:
        raise _invalid("format", "Choose csv or jsonl.", "NOT_ONE_OF")
    return kind


def _attachment(file_name: str) -> str:
    """A header that saves a file under its name, whatever alphabet that is in (RFC 6266)."""
    plain = "".join(one if one.isascii() and one.isprintable() and one not in '"\\%' else "_" for one in file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def _download(chunks: Iterator[bytes], content_type: str, name: str) -> Response:
    response = Response(chunks, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        f"The file is too large: {most} bytes at most. Split it and send the parts.", reason="FILE_TOO_LARGE"
    )


def _invalid(field: str, message: str, reason: str) -> InvalidArgument:
    return InvalidArgument(f"{field}: {message}", reason=reason, violations=[Violation(field, message, reason)])
