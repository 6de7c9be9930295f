"""DocumentService at the edge: documents, and their files in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from chassis.errors import Conflict, FailedPrecondition, NotFound, invalid_field
from chassis.files import FileStore
from chassis.ids import uuid7
from chassis.paging import Pager
from chassis.records import Order, RecordServicer, Resource
from chassis.records.mapping import timestamp
from chassis.server import Call
from chassis.work import Row, Work
from funia.sales.v1 import document_pb2 as pb
from funia.sales.v1.events_pb2 import DocumentChanged

from sales.errors import not_there
from sales.library import content
from sales.model.document import Document
from sales.queries import documents as queries
from sales.queries import quote_documents

Values = dict[str, Any]
_USES = 50
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069/\\]")


@dataclass(frozen=True, slots=True)
class LibraryLimits:
    """Bounds of the library."""

    file_max_bytes: int = 25 * 1024 * 1024
    versions_max: int = 100


class DocumentServicer(RecordServicer):
    """Documents of the company."""

    service = pb.DESCRIPTOR.services_by_name["DocumentService"]
    resource = Resource("sales", "document", Document, pb.Document, lowered={"name": "name_key"}, order=Order("name"))
    defaults: ClassVar[Values] = {
        "custom": {},
        "external_ids": {},
        "file_version": 0,
        "file_name": "",
        "content_type": "",
        "size_bytes": 0,
    }

    def __init__(self, pager: Pager, files: FileStore, limits: LibraryLimits) -> None:
        super().__init__(pager)
        self._files = files
        self._limits = limits

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        after["name"] = " ".join(after["name"].split())
        if not after["name"]:
            raise invalid_field("document.name", "say what it is called", reason="REQUIRED")
        after["name_key"] = after["name"].lower()
        after["category"] = after["category"] or "other"
        after["language"] = after["language"] or ""
        after["archived"] = bool(after["archived"])
        after["tags"] = sorted({tag.strip() for tag in after["tags"] or () if tag.strip()})
        after["product_ids"] = list(dict.fromkeys(UUID(str(one)) for one in after["product_ids"] or ()))
        if queries.named(work, after["name_key"], None if before is None else before.id):
            raise Conflict(
                f"Another document is called {after['name']}. Choose another name, or give that one a new version.",
                reason="NAME_TAKEN",
                metadata={"field": "document.name"},
            )
        known = queries.products(work, after["product_ids"])
        for index, product_id in enumerate(after["product_ids"] if "product_ids" in changed else ()):
            if product_id not in known:
                raise not_there(f"document.product_ids[{index}]", "product")

    def payload(self, row: Row) -> DocumentChanged:
        return DocumentChanged(
            document_id=str(row.id),
            category=row.category,
            file_version=row.file_version,
            archived=row.archived,
            deleted=row.deleted_at is not None,
        )

    def UploadDocument(self, call: Call, requests: Iterator[pb.UploadDocumentRequest]) -> pb.Document:
        first = next(requests, None)
        if first is None or not first.id:
            raise invalid_field("id", "say which document the file is of", reason="REQUIRED")
        document_id = UUID(first.id)
        file_name = _safe(first.file_name)
        ending = content.ending_of(file_name)
        tenant_id = call.caller.tenant_id
        # Refused before a byte is kept, where there is no such document.
        with call.database.open_work(call.caller, read_only=True) as work:
            self._open(self.found(work, document_id))
        key = f"documents/{uuid7()}"
        stored = self._files.put(tenant_id, key, _chunks(first, requests), max_bytes=self._limits.file_max_bytes)
        try:
            with self._files.local(tenant_id, key) as path:
                content_type = content.check(path, ending)
            with call.database.open_work(call.caller) as work:
                row = self.locked(work, document_id)
                self._open(row)
                number = row.file_version + 1
                work.count("storage_bytes", stored.size_bytes)
                queries.add_version(
                    work,
                    document_id,
                    number,
                    file_key=key,
                    file_name=file_name,
                    content_type=content_type,
                    size_bytes=stored.size_bytes,
                    sha256=stored.sha256,
                )
                newest = {"file_version": number, "file_name": file_name, "content_type": content_type}
                return self.message(  # type: ignore[no-any-return]
                    work, self.write(work, row, {**newest, "size_bytes": stored.size_bytes})
                )
        except BaseException:
            self._files.delete(tenant_id, key)
            raise

    def DownloadDocument(
        self, call: Call, request: pb.DownloadDocumentRequest
    ) -> Iterator[pb.DownloadDocumentResponse]:
        with call.database.open_work(call.caller, read_only=True) as work:
            row = self.found(work, UUID(request.id))
            version = queries.version(work, row.id, request.number or row.file_version)
        if version is None:
            raise NotFound(
                "This document has no such version. Upload a file first, or ask for another.",
                reason="DOCUMENT_VERSION_NOT_FOUND",
            )
        yield pb.DownloadDocumentResponse(version=_version(version))
        for chunk in self._files.read(call.caller.tenant_id, version.file_key):
            yield pb.DownloadDocumentResponse(chunk=chunk)

    def ListDocumentVersions(
        self, work: Work, request: pb.ListDocumentVersionsRequest
    ) -> pb.ListDocumentVersionsResponse:
        row = self.found(work, UUID(request.id))
        rows = queries.versions(work, row.id, most=self._limits.versions_max)
        return pb.ListDocumentVersionsResponse(versions=[_version(one) for one in rows])

    def ListDocumentUses(self, work: Work, request: pb.ListDocumentUsesRequest) -> pb.ListDocumentUsesResponse:
        row = self.found(work, UUID(request.id))
        quotes = quote_documents.in_quotes(work, row.id, most=_USES)
        mails = quote_documents.in_mails(work, row.id, most=_USES)
        sent = [*(_use("quote", one) for one in quotes), *(_mailed(one) for one in mails)]
        sent.sort(key=lambda one: one.created_at.ToNanoseconds(), reverse=True)
        stages = [_use("stage", one) for one in queries.in_stages(work, row.id, most=_USES)]
        return pb.ListDocumentUsesResponse(uses=[*stages, *sent][:_USES])

    def _open(self, row: Row) -> None:
        if row.deleted_at is not None:
            raise self.resource.in_the_bin()
        if row.file_version >= self._limits.versions_max:
            raise FailedPrecondition(
                f"This document has {self._limits.versions_max} versions, which is the most. Make a new document.",
                reason="TOO_MANY_VERSIONS",
            )


def _safe(file_name: str) -> str:
    """The last part of a name, without what would mislead in a header or on a screen."""
    return _UNSAFE.sub("", file_name.replace("\\", "/").rpartition("/")[2]).strip()[:200]


def _chunks(first: pb.UploadDocumentRequest, rest: Iterator[pb.UploadDocumentRequest]) -> Iterator[bytes]:
    yield first.chunk
    for request in rest:
        yield request.chunk


def _version(row: Row) -> pb.DocumentVersion:
    return pb.DocumentVersion(
        number=row.number,
        file_name=row.file_name,
        content_type=row.content_type,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        created_by=str(row.created_by),
        created_at=timestamp(row.created_at),
    )


def _use(kind: str, row: Row) -> pb.DocumentUse:
    return pb.DocumentUse(
        kind=kind,
        record_id=str(row.id),
        title=row.title,
        number=row.number,
        download_count=getattr(row, "download_count", 0),
        created_at=timestamp(row.created_at),
    )


def _mailed(row: Row) -> pb.DocumentUse:
    made = _use("mail", row)
    for kind in ("deal", "lead", "contact", "account"):
        if about := getattr(row, f"{kind}_id"):
            made.about_kind, made.about_id = kind, str(about)
            break
    return made
