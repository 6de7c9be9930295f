"""Methods of tax rates. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("tax_rates.list", "GET", "/v1/tax-rates")
_CREATE = Operation("tax_rates.create", "POST", "/v1/tax-rates", keyed=True)
_DELETE = Operation("tax_rates.delete", "DELETE", "/v1/tax-rates/{id}", keyed=True)
_GET = Operation("tax_rates.get", "GET", "/v1/tax-rates/{id}")
_UPDATE = Operation("tax_rates.update", "PATCH", "/v1/tax-rates/{id}", keyed=True)
_UNDELETE = Operation("tax_rates.undelete", "POST", "/v1/tax-rates/{id}:undelete", keyed=True)


class TaxRatesApi:
    """A tax rate that products name by its code: the methods."""

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
    ) -> Pages[models.TaxRate, models.ListTaxRatesResponse]:
        """Lists tax rates.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListTaxRatesResponse:
            return self._transport.call(
                _LIST,
                models.ListTaxRatesResponse,
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

        return Pages(fetch, lambda page: page.tax_rates, page_token or "")

    def create(
        self, body: inputs.TaxRateInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.TaxRate:
        """Creates a tax rate."""
        return self._transport.call(
            _CREATE, models.TaxRate, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.TaxRate:
        """Moves a tax rate to the bin; it can be undeleted.

        id: Tax rate.
        """
        return self._transport.call(
            _DELETE,
            models.TaxRate,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.TaxRate:
        """Returns one tax rate.

        id: Tax rate.
        """
        return self._transport.call(_GET, models.TaxRate, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.TaxRatePatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.TaxRate:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.TaxRate,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.TaxRate:
        """Takes a tax rate back out of the bin.

        id: Tax rate.
        """
        return self._transport.call(
            _UNDELETE,
            models.TaxRate,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
