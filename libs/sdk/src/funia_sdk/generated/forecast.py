"""Methods of forecast. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("forecast.get", "GET", "/v1/forecast")


class ForecastApi:
    """Something that may be sold: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(
        self,
        *,
        first_month: str,
        pipeline_id: str | None = None,
        months: int | None = None,
        owner_id: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Forecast:
        """What is won and what may come in a time, by month and by owner.

        pipeline_id: Pipeline; all where not given.
        first_month: First month, such as 2026-11.
        months: Months; 3 where unset.
        owner_id: Only deals of this person.
        """
        return self._transport.call(
            _GET,
            models.Forecast,
            {},
            Sent(
                query={"pipeline_id": pipeline_id, "first_month": first_month, "months": months, "owner_id": owner_id},
                timeout_s=timeout_s,
            ),
        )
