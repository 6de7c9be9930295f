"""Methods of currency rates. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("currency_rates.list", "GET", "/v1/currency-rates")
_CREATE = Operation("currency_rates.create", "POST", "/v1/currency-rates", keyed=True)
_DELETE = Operation("currency_rates.delete", "DELETE", "/v1/currency-rates/{id}", keyed=True)
_GET = Operation("currency_rates.get", "GET", "/v1/currency-rates/{id}")


class CurrencyRatesApi:
    """What one unit of a currency is in another from a day on: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.CurrencyRate, models.ListCurrencyRatesResponse]:
        """Lists currency rates.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        """

        def fetch(token: str) -> models.ListCurrencyRatesResponse:
            return self._transport.call(
                _LIST,
                models.ListCurrencyRatesResponse,
                {},
                Sent(
                    query={"page_size": page_size, "page_token": token or None, "filter": filter, "order_by": order_by},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.currency_rates, page_token or "")

    def create(
        self, body: inputs.CurrencyRateInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.CurrencyRate:
        """Creates a currency rate."""
        return self._transport.call(
            _CREATE, models.CurrencyRate, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.DeleteCurrencyRateResponse:
        """Deletes a currency rate.

        id: Currency rate.
        """
        return self._transport.call(
            _DELETE,
            models.DeleteCurrencyRateResponse,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.CurrencyRate:
        """Returns one currency rate.

        id: Currency rate.
        """
        return self._transport.call(_GET, models.CurrencyRate, {"id": id}, Sent(timeout_s=timeout_s))
