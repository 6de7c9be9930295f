"""Methods of imports. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from funia_sdk.files import Download
from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("imports.list", "GET", "/v1/imports")
_UPLOAD = Operation("imports.upload", "POST", "/v1/imports")
_GET = Operation("imports.get", "GET", "/v1/imports/{id}")
_LIST_ERRORS = Operation("imports.list_errors", "GET", "/v1/imports/{id}/errors")
_DOWNLOAD_ERRORS = Operation("imports.download_errors", "GET", "/v1/imports/{id}/errors.csv")
_MAP = Operation("imports.map", "POST", "/v1/imports/{id}:map", keyed=True)
_PAUSE = Operation("imports.pause", "POST", "/v1/imports/{id}:pause", keyed=True)
_REVERT = Operation("imports.revert", "POST", "/v1/imports/{id}:revert", keyed=True)
_RUN = Operation("imports.run", "POST", "/v1/imports/{id}:run", keyed=True)


class ImportsApi:
    """Import jobs: uploaded, mapped, checked, run, and undone where wanted."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.ImportJob, models.ListImportsResponse]:
        """Lists imports, newest first.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListImportsResponse:
            return self._transport.call(
                _LIST,
                models.ListImportsResponse,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.imports, page_token or "")

    def upload(
        self,
        file: tuple[str, bytes],
        *,
        kind: Literal["contact", "account"] | None = None,
        timeout_s: float | None = None,
    ) -> models.ImportJob:
        """Reads header, delimiter and encoding.

        kind: What the rows are, such as contact.
        """
        return self._transport.call(
            _UPLOAD, models.ImportJob, {}, Sent(files={"file": file}, fields={"kind": kind}, timeout_s=timeout_s)
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.ImportJob:
        """Returns one import with its progress.

        id: Import.
        """
        return self._transport.call(_GET, models.ImportJob, {"id": id}, Sent(timeout_s=timeout_s))

    def list_errors(
        self, id: str, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.ImportRowError, models.ListImportErrorsResponse]:
        """Lists rows that did not go in, in file order, with the reason of each.

        id: Import.
        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListImportErrorsResponse:
            return self._transport.call(
                _LIST_ERRORS,
                models.ListImportErrorsResponse,
                {"id": id},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.errors, page_token or "")

    def download_errors(self, id: str, *, timeout_s: float | None = None) -> Download:
        """The rows that did not go in, with the reason of each, ready to be mended and imported again."""
        return self._transport.download(_DOWNLOAD_ERRORS, {"id": id}, Sent(timeout_s=timeout_s))

    def map(
        self,
        id: str,
        *,
        fields: Mapping[str, str] | None = None,
        mode: Literal["create", "update", "upsert"] | None = None,
        match_by: Literal["email", "phone", "external_id", "name", "domain"] | None = None,
        on_duplicate: Literal["skip", "create", "update"] | None = None,
        default_country: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ImportJob:
        """Sets which column fills which field, and what to do with rows that exist already.

        id: Import.
        fields: Field of each column by heading; headings not named are left out.
        mode: create, update or upsert; upsert where empty.
        match_by: Field by which existing records are recognised.
        on_duplicate: What to do with a likely duplicate; skip where empty.
        default_country: Country in which national phone numbers are read.
        """
        return self._transport.call(
            _MAP,
            models.ImportJob,
            {"id": id},
            Sent(
                body=given(
                    {
                        "fields": fields,
                        "mode": mode,
                        "match_by": match_by,
                        "on_duplicate": on_duplicate,
                        "default_country": default_country,
                    }
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def pause(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.ImportJob:
        """Stops after the current batch; RunImport goes on from there.

        id: Import.
        """
        return self._transport.call(
            _PAUSE,
            models.ImportJob,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def revert(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.ImportJob:
        """Undoes a finished or paused import: created records go, updated ones get their former values back.

        id: Import.
        """
        return self._transport.call(
            _REVERT,
            models.ImportJob,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def run(
        self,
        id: str,
        *,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ImportJob:
        """Starts the import, or with dry_run only counts what it would do.

        id: Import.
        dry_run: Only count what would happen.
        """
        return self._transport.call(
            _RUN,
            models.ImportJob,
            {"id": id},
            Sent(body=given({"dry_run": dry_run}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
