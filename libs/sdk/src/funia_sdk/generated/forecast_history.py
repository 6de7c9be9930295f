"""Methods of forecast history. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("forecast_history.get", "GET", "/v1/forecast-history")


class ForecastHistoryApi:
    """What somebody is to reach in a month or a quarter: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(
        self,
        *,
        first_day: str,
        days: int | None = None,
        pipeline_id: str | None = None,
        owner_id: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ForecastHistory:
        """How the forecast stood, day by day, by snapshots taken every night.

        first_day: First day.
        days: Days; 31 where unset.
        pipeline_id: Only this pipeline.
        owner_id: Only deals of this person.
        """
        return self._transport.call(
            _GET,
            models.ForecastHistory,
            {},
            Sent(
                query={"first_day": first_day, "days": days, "pipeline_id": pipeline_id, "owner_id": owner_id},
                timeout_s=timeout_s,
            ),
        )
