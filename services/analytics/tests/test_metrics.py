"""Figures of the catalogue, their splits, and the records behind them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from analytics.consumers.events import store_events
from analytics.queries.catalogue import METRICS
from analytics.servicers.metric import MetricServicer
from analytics.store.port import ColumnStore
from chassis.caller import Caller, FieldRights
from chassis.errors import InvalidArgument
from chassis.ids import uuid7
from chassis.paging import Pager
from chassis.server import Call
from funia.analytics.v1 import metric_pb2 as pb
from funia.events.v1.envelope_pb2 import Envelope
from funia.sales.v1 import events_pb2 as sales

from .telling import deal, event, line, order

PERIOD = {"first_day": "2026-02-01", "last_day": "2026-03-31"}


@pytest.fixture
def metrics(store: ColumnStore) -> MetricServicer:
    return MetricServicer(store, Pager("s" * 32, default_size=2))


def call(tenant: UUID, caller: Caller | None = None) -> Call:
    return Call(caller or Caller.system(tenant), cast(Any, None), cast(Any, None))


def asked(*names: str, **given: Any) -> pb.QueryMetricsRequest:
    return pb.QueryMetricsRequest(metrics=names, **{**PERIOD, **given})


def table(answer: pb.MetricTable) -> list[tuple[Any, ...]]:
    return [
        (*row.keys, row.currency_code, *(one.value if one.HasField("value") else None for one in row.values))
        for row in answer.rows
    ]


def test_the_waterfall_falls_from_list_to_net_and_a_canceled_order_is_out_of_it(
    metrics: MetricServicer, store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    seller = str(uuid7())
    given = {"list_minor": 1_000, "rule_minor": 100, "discount_minor": 50, "coupon_minor": 30,
             "document_discount_minor": 20, "cost_minor": 500}  # fmt: skip
    gone = str(uuid7())
    store_events(
        store,
        [
            order(tenant, lines=[line(800, **given), line(200, list_minor=250, discount_minor=50)], owner_id=seller),
            order(tenant, lines=[line(40)], ordered_on="2026-02-03", currency_code="USD"),
            order(tenant, lines=[line(7_777)], order_id=gone),
            order(tenant, "canceled", version=3, order_id=gone, status="canceled"),
            order(second_tenant, lines=[line(66)]),
        ],
    )
    steps = ("list_sales", "rule_reduction", "line_discount", "coupon_reduction", "document_discount", "net_sales")
    found = table(metrics.QueryMetrics(call(tenant), asked(*steps)))
    assert found == [("EUR", 1_250, 100, 100, 30, 20, 1_000), ("USD", 40, 0, 0, 0, 0, 40)]
    listed, *taken, net = found[0][1:]
    assert listed - sum(taken) == net
    shares = asked("price_realisation", "leakage_share", "margin", group_by=["seller"])
    answer = metrics.QueryMetrics(call(tenant), shares)
    assert table(answer) == [("", "USD", 10_000, 0, 0), (seller, "EUR", 8_000, 1_304, 300)]
    behind = metrics.ListMetricRecords(
        call(tenant),
        pb.ListMetricRecordsRequest(metric="net_sales", filters=[{"dimension": "seller", "key": ""}], **PERIOD),
    )
    assert (behind.record, len(behind.ids)) == ("order", 1)


def test_rows_over_time_come_in_their_order_and_records_page_by_page(
    metrics: MetricServicer, store: ColumnStore, tenant: UUID
) -> None:
    told = [order(tenant, lines=[line(minor)], ordered_on=day) for day, minor in (
        ("2026-02-01", 5), ("2026-02-28", 7), ("2026-03-01", 11), ("2026-03-31", 13), ("2026-04-01", 17),
    )]  # fmt: skip
    store_events(store, told)
    answer = metrics.QueryMetrics(call(tenant), asked("orders", "sales", "average_order", group_by=["month"]))
    assert table(answer) == [("2026-02", "EUR", 2, 12, 6), ("2026-03", "EUR", 2, 24, 12)]
    assert [one.value for one in answer.totals[0].values] == [4, 36, 9]
    assert metrics.QueryMetrics(call(tenant), asked("orders", group_by=["day"], limit=3)).more
    ids: list[str] = []
    token = ""
    while True:
        page = metrics.ListMetricRecords(
            call(tenant), pb.ListMetricRecordsRequest(metric="sales", page_token=token, **PERIOD)
        )
        ids += page.ids
        if not (token := page.next_page_token):
            break
    assert ids == [one.subject_id for one in reversed(told[:4])]


def test_deals_count_once_as_they_closed_and_hidden_amounts_stay_hidden(
    metrics: MetricServicer, store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    end = datetime(2026, 3, 10, tzinfo=UTC)
    reopened = str(uuid7())
    told = [
        deal(tenant, "won", version=2, status="won", home_amount_minor=500, home_currency_code="EUR",
             created_at=end - timedelta(days=10), closed_at=end, source="web"),
        deal(tenant, "lost", version=2, status="lost", home_currency_code="EUR", closed_at=end, source="web"),
        deal(tenant, "won", version=2, status="won", deal_id=reopened, closed_at=end, source="web"),
        deal(tenant, "reopened", version=3, deal_id=reopened),
        deal(second_tenant, "won", version=2, status="won", home_amount_minor=9, closed_at=end),
    ]  # fmt: skip
    store_events(store, told)
    names = ("won_deals", "lost_deals", "win_rate", "won_amount", "sales_cycle")
    seen = metrics.QueryMetrics(call(tenant), asked(*names, group_by=["source"]))
    assert table(seen) == [("web", "EUR", 1, 1, 5_000, 500, 10)]
    poor = Caller(tenant, "user", uuid7(), frozenset(), "all", fields=FieldRights(hidden=frozenset({"deal.amount"})))
    hidden = metrics.QueryMetrics(call(tenant, poor), asked(*names))
    assert table(hidden) == [("EUR", 1, 1, 5_000, None, 10)]


def test_returns_are_those_of_orders_that_the_caller_sees(
    metrics: MetricServicer, store: ColumnStore, tenant: UUID
) -> None:
    seller, orders = uuid7(), [str(uuid7()), str(uuid7())]
    told = [
        order(tenant, lines=[line(100)], order_id=orders[0], owner_id=str(seller)),
        order(tenant, lines=[line(100)], order_id=orders[1]),
    ]
    for order_id, minor in zip([*orders, ""], (10, 20, 40), strict=True):
        back = sales.ReturnChanged(return_id=str(uuid7()), order_id=order_id, status="refunded", currency_code="EUR",
                                   amount_minor=minor, returned_on="2026-03-02")  # fmt: skip
        told.append(event(tenant, "sales.return.refunded", back.return_id, back))
    store_events(store, told)
    own = Caller(tenant, "user", seller, frozenset(), "own")
    names = ("returns", "returned_amount")
    assert table(metrics.QueryMetrics(call(tenant), asked(*names))) == [("EUR", 3, 70)]
    assert table(metrics.QueryMetrics(call(tenant, own), asked(*names))) == [("EUR", 1, 10)]


@pytest.mark.parametrize("name", METRICS)
def test_every_figure_can_be_asked_in_every_way_it_says(embedded_store: ColumnStore, tenant: UUID, name: str) -> None:
    metrics = MetricServicer(embedded_store, Pager("s" * 32))
    catalogue = {one.metric: one for one in metrics.ListMetrics(call(tenant), pb.ListMetricsRequest()).metrics}
    for dimension in catalogue[name].dimensions:
        assert table(metrics.QueryMetrics(call(tenant), asked(name, group_by=[dimension]))) == []
        behind = pb.ListMetricRecordsRequest(metric=name, filters=[{"dimension": dimension, "key": "x"}], **PERIOD)
        assert not metrics.ListMetricRecords(call(tenant), behind).ids


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (asked("profit"), "metrics[0]"),
        (asked("orders", "won_deals"), "metrics[1]"),
        (asked("orders", group_by=["product"]), "group_by[0]"),
        (asked("orders", group_by=["day", "day"]), "group_by"),
        (asked("orders", first_day="2026-03-02", last_day="2026-03-01"), "last_day"),
        (asked("orders", first_day="1969-01-01"), "first_day"),
        (asked("orders", filters=[{"dimension": "x"}]), "filters[0].dimension"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_with_the_field(
    embedded_store: ColumnStore, tenant: UUID, request_: pb.QueryMetricsRequest, field: str
) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        MetricServicer(embedded_store, Pager("s" * 32)).QueryMetrics(call(tenant), request_)
    assert refusal.value.violations[0].field == field


def test_what_is_taken_of_what_was_shown_is_counted_once_in_whatever_order_it_is_told(
    metrics: MetricServicer, store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    document, one, other = str(uuid7()), str(uuid7()), str(uuid7())

    def shown(whose: UUID, version: int, *suggestions: tuple[str, bool], kind: str = "quote") -> Envelope:
        said = sales.SuggestionsShown(document_id=document, document_kind=kind)
        for suggestion_id, taken in suggestions:
            said.suggestions.add(suggestion_id=suggestion_id, source="rule", shown_on="2026-02-05", taken=taken)
        return event(whose, "sales.suggestion.shown", document, said, version=version)

    told = [shown(tenant, 3, (one, True)), shown(tenant, 2, (one, False), (other, False))]
    store_events(store, [*told, *told, shown(second_tenant, 1, (one, True))])
    names = ("suggestions_shown", "suggestions_taken", "suggestions_taken_rate")
    answer = metrics.QueryMetrics(call(tenant), asked(*names))
    assert [value.value for value in answer.totals[0].values] == [2, 1, 5_000]
    behind = metrics.ListMetricRecords(call(tenant), pb.ListMetricRecordsRequest(metric="suggestions_shown", **PERIOD))
    assert (behind.record, list(behind.ids), list(behind.kinds)) == ("document", [document], ["quote"])


def test_what_suggestions_sold_is_counted_in_orders_and_money(
    metrics: MetricServicer, store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    suggested = {"suggestion_id": str(uuid7())}
    told = [
        order(tenant, lines=[line(600), line(100, **suggested), line(100, **suggested)]),
        order(tenant, lines=[line(200)]),
        order(second_tenant, lines=[line(5, **suggested)]),
    ]
    store_events(store, told)
    names = ("suggested_lines", "suggested_orders", "suggested_rate", "suggested_sales", "suggested_share")
    answer = metrics.QueryMetrics(call(tenant), asked(*names))
    assert [one.value for one in answer.totals[0].values] == [2, 1, 5_000, 200, 2_000]
