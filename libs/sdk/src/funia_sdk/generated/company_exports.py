"""Methods of company exports. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.files import Download
from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("company_exports.list", "GET", "/v1/company-exports")
_CREATE = Operation("company_exports.create", "POST", "/v1/company-exports", keyed=True)
_DELETE = Operation("company_exports.delete", "DELETE", "/v1/company-exports/{id}", keyed=True)
_GET = Operation("company_exports.get", "GET", "/v1/company-exports/{id}")
_DOWNLOAD = Operation("company_exports.download", "GET", "/v1/company-exports/{id}/archive.zip")


class CompanyExportsApi:
    """Exports of everything."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.CompanyExport, models.ListCompanyExportsResponse]:
        """Lists exports, newest first.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListCompanyExportsResponse:
            return self._transport.call(
                _LIST,
                models.ListCompanyExportsResponse,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.company_exports, page_token or "")

    def create(self, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.CompanyExport:
        """Begins an export of everything the company has. One runs at a time."""
        return self._transport.call(
            _CREATE,
            models.CompanyExport,
            {},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def delete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.DeleteCompanyExportResponse:
        """Removes an archive before its time, or gives up an export that runs.

        id: Export.
        """
        return self._transport.call(
            _DELETE,
            models.DeleteCompanyExportResponse,
            {"id": id},
            Sent(idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.CompanyExport:
        """Returns one export.

        id: Export.
        """
        return self._transport.call(_GET, models.CompanyExport, {"id": id}, Sent(timeout_s=timeout_s))

    def download(self, id: str, *, timeout_s: float | None = None) -> Download:
        """A zip of JSON lines, Parquet and files, with a manifest. The state of the export must be ready."""
        return self._transport.download(_DOWNLOAD, {"id": id}, Sent(timeout_s=timeout_s))
