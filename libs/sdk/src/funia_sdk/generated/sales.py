"""Methods of sales. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from funia_sdk.files import Download
from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_GET_CUSTOMER = Operation("sales.get_customer", "GET", "/v1/sales/customers/{id}")
_LIST_IMPORTS = Operation("sales.list_imports", "GET", "/v1/sales/imports")
_UPLOAD_IMPORT = Operation("sales.upload_import", "POST", "/v1/sales/imports")
_GET_IMPORT = Operation("sales.get_import", "GET", "/v1/sales/imports/{id}")
_LIST_IMPORT_ERRORS = Operation("sales.list_import_errors", "GET", "/v1/sales/imports/{id}/errors")
_DOWNLOAD_IMPORT_ERRORS = Operation("sales.download_import_errors", "GET", "/v1/sales/imports/{id}/errors.csv")
_CHOOSE = Operation("sales.choose", "POST", "/v1/sales/imports/{id}:choose", keyed=True)
_MAP = Operation("sales.map", "POST", "/v1/sales/imports/{id}:map", keyed=True)
_PAUSE = Operation("sales.pause", "POST", "/v1/sales/imports/{id}:pause", keyed=True)
_REVERT = Operation("sales.revert", "POST", "/v1/sales/imports/{id}:revert", keyed=True)
_RUN = Operation("sales.run", "POST", "/v1/sales/imports/{id}:run", keyed=True)
_LIST_IMPORT_VALUES = Operation("sales.list_import_values", "GET", "/v1/sales/imports/{import_id}/values")


class SalesApi:
    """Customers as sales sees them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_customer(self, id: str, *, timeout_s: float | None = None) -> models.SalesCustomer:
        """Returns the projection of one contact or account.

        id: Contact or account.
        """
        return self._transport.call(_GET_CUSTOMER, models.SalesCustomer, {"id": id}, Sent(timeout_s=timeout_s))

    def list_imports(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.SalesImport, models.ListSalesImportsResponse]:
        """Lists imports, newest first.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListSalesImportsResponse:
            return self._transport.call(
                _LIST_IMPORTS,
                models.ListSalesImportsResponse,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.imports, page_token or "")

    def upload_import(
        self,
        file: tuple[str, bytes],
        *,
        kind: Literal["lead", "product", "deal", "order"] | None = None,
        timeout_s: float | None = None,
    ) -> models.SalesImport:
        """Reads header, delimiter and encoding.

        kind: What the rows are, such as lead.
        """
        return self._transport.call(
            _UPLOAD_IMPORT,
            models.SalesImport,
            {},
            Sent(files={"file": file}, fields={"kind": kind}, timeout_s=timeout_s),
        )

    def get_import(self, id: str, *, timeout_s: float | None = None) -> models.SalesImport:
        """Returns one import with its progress.

        id: Import.
        """
        return self._transport.call(_GET_IMPORT, models.SalesImport, {"id": id}, Sent(timeout_s=timeout_s))

    def list_import_errors(
        self, id: str, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.SalesImportRowError, models.ListSalesImportErrorsResponse]:
        """Lists rows with a finding, in file order: those that did not go in, and those that did with a remark.

        id: Import.
        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListSalesImportErrorsResponse:
            return self._transport.call(
                _LIST_IMPORT_ERRORS,
                models.ListSalesImportErrorsResponse,
                {"id": id},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.errors, page_token or "")

    def download_import_errors(self, id: str, *, timeout_s: float | None = None) -> Download:
        """The rows that did not go in, with the reason of each, ready to be mended and imported again."""
        return self._transport.download(_DOWNLOAD_IMPORT_ERRORS, {"id": id}, Sent(timeout_s=timeout_s))

    def choose(
        self,
        id: str,
        *,
        choices: Sequence[inputs.SalesImportChoiceInput] | None = None,
        accept_suggestions: bool | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SalesImport:
        """Says what some of these values mean.

        id: Import.
        choices: Decisions.
        accept_suggestions: Takes what is suggested for every value without a decision.
        """
        return self._transport.call(
            _CHOOSE,
            models.SalesImport,
            {"id": id},
            Sent(
                body=given({"choices": choices, "accept_suggestions": accept_suggestions}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def map(
        self,
        id: str,
        *,
        fields: Mapping[str, str] | None = None,
        options: inputs.SalesImportOptionsInput | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SalesImport:
        """Sets which column fills which field, and starts the check, which writes nothing and gathers the values
        to decide. Owners are colleagues by their e-mail address or by a full name that only one of them has.

        id: Import.
        fields: Field of each column by heading; headings not named are left out.
        options: How the file is to be understood.
        """
        return self._transport.call(
            _MAP,
            models.SalesImport,
            {"id": id},
            Sent(
                body=given({"fields": fields, "options": options}), idempotency_key=idempotency_key, timeout_s=timeout_s
            ),
        )

    def pause(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.SalesImport:
        """Stops after the current batch; RunSalesImport goes on from there.

        id: Import.
        """
        return self._transport.call(
            _PAUSE,
            models.SalesImport,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def revert(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.SalesImport:
        """Takes back what the import made: it goes to the bin, orders are canceled, and goods that came back by it
        are sold again. What somebody has changed or used since stays and is listed with its row; undoing again
        tries it once more.

        id: Import.
        """
        return self._transport.call(
            _REVERT,
            models.SalesImport,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def run(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.SalesImport:
        """Finds or makes the companies that the file names, then starts the import or goes on with one that was
        paused.

        id: Import.
        """
        return self._transport.call(
            _RUN,
            models.SalesImport,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def list_import_values(
        self,
        import_id: str,
        *,
        field: Literal["stage", "product", "owner", "account", "customer"] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.SalesImportValue, models.ListSalesImportValuesResponse]:
        """Lists the values of the file that name something else, such as stages, products, owners and companies.

        import_id: Import.
        field: Only values of this field.
        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListSalesImportValuesResponse:
            return self._transport.call(
                _LIST_IMPORT_VALUES,
                models.ListSalesImportValuesResponse,
                {"import_id": import_id},
                Sent(query={"field": field, "page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.values, page_token or "")
