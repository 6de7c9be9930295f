"""Methods of revenue forecast. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from typing import Literal

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("revenue_forecast.get", "GET", "/v1/revenue-forecast")


class RevenueForecastApi:
    """Forecasts over the whole company, for callers who see all records."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(
        self,
        *,
        step: Literal["week", "month"] | None = None,
        ahead: int | None = None,
        as_of: str | None = None,
        confidence_permille: int | None = None,
        currency_code: str | None = None,
        timeout_s: float | None = None,
    ) -> models.RevenueForecast:
        """Continues revenue and number of orders by whichever of three methods did best where the outcome is known
        already (rolling origin), with intervals that held there. Orders count that were placed, not canceled,
        and had something to pay. With a day in the past it forecasts as of then, beside what has come since.

        step: Step of time: week or month (the default).
        ahead: Steps ahead, 6 where not given.
        as_of: Forecast as of this day: steps that had not ended on it are ahead. Today where not given.
        confidence_permille: Confidence of intervals in thousandths, 800 where not given.
        currency_code: Currency of the orders that count; the company's own where not given.
        """
        return self._transport.call(
            _GET,
            models.RevenueForecast,
            {},
            Sent(
                query={
                    "step": step,
                    "ahead": ahead,
                    "as_of": as_of,
                    "confidence_permille": confidence_permille,
                    "currency_code": currency_code,
                },
                timeout_s=timeout_s,
            ),
        )
