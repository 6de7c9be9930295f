"""The figures of the catalogue over gRPC: decode, ask for what the caller sees, encode."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from chassis.paging import Pager
from chassis.server import Call
from funia.analytics.v1 import metric_pb2 as pb

from analytics.errors import invalid_field
from analytics.queries import metrics
from analytics.queries.catalogue import METRICS, Metric
from analytics.queries.periods import period
from analytics.queries.sight import Sight
from analytics.store.port import ColumnStore

_ROWS_SHOWN = 100
_TOTALS_SHOWN = 200


class MetricServicer:
    """Carries out funia.analytics.v1.MetricService."""

    def __init__(self, store: ColumnStore, pager: Pager) -> None:
        self._store = store
        self._pager = pager

    def ListMetrics(self, call: Call, request: pb.ListMetricsRequest) -> pb.ListMetricsResponse:
        """The catalogue."""
        return pb.ListMetricsResponse(metrics=[metric_message(one) for one in METRICS.values()])

    def QueryMetrics(self, call: Call, request: pb.QueryMetricsRequest) -> pb.MetricTable:
        """Figures, with their totals."""
        first, last = period(request.first_day, request.last_day)
        asked = metrics.Question(
            metrics.named("metrics", request.metrics), first, last, filters_of(request.filters), request.group_by
        )
        sight = Sight(self._store.for_tenant(call.caller.tenant_id), call.caller)
        limit = request.limit or _ROWS_SHOWN
        rows = metrics.rows_of(sight, asked, limit=limit + 1)
        totals = rows
        if request.group_by:
            whole = metrics.Question(asked.metrics, first, last, asked.filters)
            totals = metrics.rows_of(sight, whole, limit=_TOTALS_SHOWN)
        return pb.MetricTable(
            metrics=[metric_message(one) for one in asked.metrics],
            group_by=request.group_by,
            first_day=first.isoformat(),
            last_day=last.isoformat(),
            rows=[row_message(row) for row in rows[:limit]],
            totals=[row_message(row) for row in totals],
            more=len(rows) > limit,
        )

    def ListMetricRecords(self, call: Call, request: pb.ListMetricRecordsRequest) -> pb.ListMetricRecordsResponse:
        """Ids of the records behind a figure."""
        tenant_id = call.caller.tenant_id
        first, last = period(request.first_day, request.last_day)
        found = metrics.named("metric", [request.metric])
        filters = filters_of(request.filters)
        size = self._pager.size(request.page_size)
        binding = (
            "ListMetricRecords", request.metric, request.first_day, request.last_day, request.currency_code,
            *(f"{name}={key}" for name, key in filters.items()),
        )  # fmt: skip
        after = None
        if request.page_token:
            day, record_id = self._pager.key(tenant_id, binding, request.page_token)
            after = (str(day), UUID(str(record_id)))
        rows = metrics.records_of(
            Sight(self._store.for_tenant(tenant_id), call.caller),
            metrics.Question(found, first, last, filters, currency=request.currency_code),
            limit=size + 1,
            after=after,
        )
        page = rows[:size]
        return pb.ListMetricRecordsResponse(
            record=found[0].source.record,
            ids=[str(record_id) for _, record_id, _ in page],
            kinds=[kind for _, _, kind in page],
            next_page_token=self._pager.token(tenant_id, binding, page[-1][:2]) if len(rows) > size else "",
        )


def filters_of(given: Iterable[pb.MetricFilter], field: str = "filters") -> dict[str, str]:
    """Values by dimension. Raises InvalidArgument naming one that is given twice."""
    found: dict[str, str] = {}
    for index, one in enumerate(given):
        if one.dimension in found:
            raise invalid_field(f"{field}[{index}].dimension", "name each dimension once", "REPEATED_DIMENSION")
        found[one.dimension] = one.key
    return found


def metric_message(metric: Metric) -> pb.Metric:
    """A figure as callers read it."""
    return pb.Metric(
        metric=metric.name,
        definition=metric.definition,
        unit=metric.unit,
        fact=metric.source.fact,
        formula=metric.formula,
        dimensions=metrics.dimensions_of(metric.source),
        record=metric.source.record,
    )


def row_message(line: metrics.Line) -> pb.MetricRow:
    """A row of figures."""
    values = [pb.MetricValue() if value is None else pb.MetricValue(value=value) for value in line.values]
    return pb.MetricRow(keys=line.keys, currency_code=line.currency, values=values)
