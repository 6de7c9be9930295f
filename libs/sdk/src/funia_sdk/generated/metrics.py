"""Methods of metrics. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("metrics.list", "GET", "/v1/metrics")
_RECORDS = Operation("metrics.records", "POST", "/v1/metrics/{metric}:records")
_QUERY = Operation("metrics.query", "POST", "/v1/metrics:query")


class MetricsApi:
    """Figures by period and dimension. Callers who see their own or their team's records get figures of those
    alone.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, timeout_s: float | None = None) -> models.ListMetricsResponse:
        """Lists the figures there are, with what each counts, its unit and what it can be split by."""
        return self._transport.call(_LIST, models.ListMetricsResponse, {}, Sent(timeout_s=timeout_s))

    def records(
        self,
        metric: str,
        *,
        first_day: str | None = None,
        last_day: str | None = None,
        filters: Sequence[inputs.MetricFilterInput] | None = None,
        currency_code: str | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ListMetricRecordsResponse:
        """Lists the ids of the records that a figure counts, the newest first.

        metric: Figure.
        first_day: First day.
        last_day: Last day.
        filters: Only records with these values, such as the keys of a row.
        currency_code: Only amounts of this currency.
        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """
        return self._transport.call(
            _RECORDS,
            models.ListMetricRecordsResponse,
            {"metric": metric},
            Sent(
                body=given(
                    {
                        "first_day": first_day,
                        "last_day": last_day,
                        "filters": filters,
                        "currency_code": currency_code,
                        "page_size": page_size,
                        "page_token": page_token,
                    }
                ),
                timeout_s=timeout_s,
            ),
        )

    def query(
        self,
        *,
        metrics: Sequence[str],
        first_day: str | None = None,
        last_day: str | None = None,
        group_by: Sequence[str] | None = None,
        filters: Sequence[inputs.MetricFilterInput] | None = None,
        limit: int | None = None,
        timeout_s: float | None = None,
    ) -> models.MetricTable:
        """Counts figures, split by dimensions. Amounts of different currencies stand in different rows.

        metrics: Figures; all of one fact.
        first_day: First day; that of the month eleven months before the last where not given.
        last_day: Last day; today where not given.
        group_by: What rows are made of, such as month or seller.
        filters: Only records with these values, at most one for each dimension.
        limit: Rows at most, 100 where not given; times come in their order, others with the most of the first figure first.
        """
        return self._transport.call(
            _QUERY,
            models.MetricTable,
            {},
            Sent(
                body=given(
                    {
                        "metrics": metrics,
                        "first_day": first_day,
                        "last_day": last_day,
                        "group_by": group_by,
                        "filters": filters,
                        "limit": limit,
                    }
                ),
                timeout_s=timeout_s,
            ),
        )
