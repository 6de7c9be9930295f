"""Methods of documents. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.files import Download
from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("documents.list", "GET", "/v1/documents")
_CREATE = Operation("documents.create", "POST", "/v1/documents", keyed=True)
_DELETE = Operation("documents.delete", "DELETE", "/v1/documents/{id}", keyed=True)
_GET = Operation("documents.get", "GET", "/v1/documents/{id}")
_UPDATE = Operation("documents.update", "PATCH", "/v1/documents/{id}", keyed=True)
_DOWNLOAD = Operation("documents.download", "GET", "/v1/documents/{id}/content")
_UPLOAD = Operation("documents.upload", "PUT", "/v1/documents/{id}/content")
_LIST_USES = Operation("documents.list_uses", "GET", "/v1/documents/{id}/uses")
_LIST_VERSIONS = Operation("documents.list_versions", "GET", "/v1/documents/{id}/versions")
_UNDELETE = Operation("documents.undelete", "POST", "/v1/documents/{id}:undelete", keyed=True)


class DocumentsApi:
    """Documents of the company. A document is made first and given its file afterwards; every further file is
    a version.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
        deleted: bool | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.Document, models.ListDocumentsResponse]:
        """Lists documents.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListDocumentsResponse:
            return self._transport.call(
                _LIST,
                models.ListDocumentsResponse,
                {},
                Sent(
                    query={
                        "page_size": page_size,
                        "page_token": token or None,
                        "filter": filter,
                        "order_by": order_by,
                        "deleted": deleted,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.documents, page_token or "")

    def create(
        self, body: inputs.DocumentInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Document:
        """Creates a document that has no file yet."""
        return self._transport.call(
            _CREATE, models.Document, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Document:
        """Moves a document to the bin; it can be undeleted.

        id: Document.
        """
        return self._transport.call(
            _DELETE,
            models.Document,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Document:
        """Returns one document.

        id: Document.
        """
        return self._transport.call(_GET, models.Document, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.DocumentPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Document:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Document,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def download(self, id: str, *, version: int | None = None, timeout_s: float | None = None) -> Download:
        """As it was uploaded.

        version: Version; the newest where not given.
        """
        return self._transport.download(_DOWNLOAD, {"id": id}, Sent(query={"version": version}, timeout_s=timeout_s))

    def upload(
        self,
        id: str,
        content: bytes,
        *,
        file_name: str,
        content_type: str = "application/octet-stream",
        timeout_s: float | None = None,
    ) -> models.Document:
        """The file itself is the body. It becomes the newest version; its type is found in its content.

        file_name: Name of the file with its ending.
        """
        return self._transport.call(
            _UPLOAD,
            models.Document,
            {"id": id},
            Sent(query={"file_name": file_name}, content=content, content_type=content_type, timeout_s=timeout_s),
        )

    def list_uses(self, id: str, *, timeout_s: float | None = None) -> models.ListDocumentUsesResponse:
        """Lists where a document is used, newest first: quotes and mails that the caller sees, 50 at most.

        id: Document.
        """
        return self._transport.call(_LIST_USES, models.ListDocumentUsesResponse, {"id": id}, Sent(timeout_s=timeout_s))

    def list_versions(self, id: str, *, timeout_s: float | None = None) -> models.ListDocumentVersionsResponse:
        """Lists the versions of a document, newest first: all that there are.

        id: Document.
        """
        return self._transport.call(
            _LIST_VERSIONS, models.ListDocumentVersionsResponse, {"id": id}, Sent(timeout_s=timeout_s)
        )

    def undelete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Document:
        """Takes a document back out of the bin.

        id: Document.
        """
        return self._transport.call(
            _UNDELETE,
            models.Document,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
