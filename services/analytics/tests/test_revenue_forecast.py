"""Forecasts of revenue through the door: a season goes on, the past is told honestly, thin data is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from analytics.consumers.events import store_events
from analytics.queries.periods import today
from analytics.queries.purchases import moved
from analytics.servicers.revenue_forecast import RevenueForecastServicer
from analytics.store.port import ColumnStore
from chassis.caller import Caller
from chassis.errors import InvalidArgument, PermissionDenied
from chassis.server import Call
from funia.analytics.v1 import revenue_forecast_pb2 as pb

from .telling import line, order

SEASON = (0, 10, 20, 30, 40, 50, 60, 50, 40, 30, 20, 10)


def asked(store: ColumnStore, tenant: UUID, **given: Any) -> pb.RevenueForecast:
    call = Call(Caller.system(tenant), cast(Any, None), cast(Any, None))
    return RevenueForecastServicer(store).ForecastRevenue(call, pb.ForecastRevenueRequest(**given))


def month(ago: int) -> date:
    return moved(today(), "month", -ago)


def worth(day: date) -> int:
    """What a month comes to: a line with a season."""
    return 10_000 + 100 * (day.year * 12 + day.month - 24_000) + 100 * SEASON[day.month - 1]


def sold(tenant: UUID, day: date, minor: int, **given: Any) -> Any:
    return order(tenant, lines=[line(minor)], ordered_on=day.isoformat(), **given)


def test_a_season_goes_on_and_an_earlier_forecast_stands_beside_what_came(
    store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    told = [sold(tenant, month(ago), worth(month(ago))) for ago in range(1, 49)]
    told += [sold(tenant, month(2), 9_999, status=status) for status in ("canceled", "draft")]
    told += [sold(tenant, month(2), 9_999, home_currency_code="USD"), sold(tenant, today(), 777)]
    told += [sold(second_tenant, month(ago), 5) for ago in range(1, 49)]
    store_events(store, told)
    found = asked(store, tenant, ahead=3, currency_code="EUR")
    assert (found.step, found.currency_code, found.left_out_orders) == ("month", "EUR", 1)
    assert [one.value for one in found.revenue.history] == [worth(month(ago)) for ago in range(48, 0, -1)]
    assert [one.first_day for one in found.revenue.steps] == [month(-at).isoformat() for at in range(3)]
    assert [one.expected for one in found.revenue.steps] == [worth(month(-at)) for at in range(3)]
    assert [(one.expected, one.HasField("came")) for one in found.orders.steps] == [(1, False)] * 3
    assert {one.method for one in found.revenue.back_tests} >= {found.revenue.method, "SEASONAL_NAIVE"}
    assert min(one.mase for one in found.revenue.back_tests) < 0.1
    earlier = asked(store, tenant, ahead=3, as_of=month(2).isoformat(), currency_code="EUR")
    assert len(earlier.revenue.history) == 46
    came = [(one.came if one.HasField("came") else None) for one in earlier.revenue.steps]
    assert came == [worth(month(2)), worth(month(1)), None]
    assert all(one.low <= one.expected <= one.high for one in earlier.revenue.steps)
    assert [one.value for one in asked(store, second_tenant).revenue.history] == [5] * 48


def test_weeks_without_sales_count_as_nothing_and_a_first_week_that_was_begun_late_does_not_count(
    embedded_store: ColumnStore, tenant: UUID
) -> None:
    monday = today() - timedelta(days=today().weekday())
    days = [monday - timedelta(weeks=9, days=-3), *(monday - timedelta(weeks=weeks) for weeks in (8, 6, 5, 2))]
    store_events(embedded_store, [sold(tenant, day, 400) for day in days])
    found = asked(embedded_store, tenant, step="week", ahead=2)
    assert [one.value for one in found.revenue.history] == [400, 0, 400, 400, 0, 0, 400, 0]
    assert found.revenue.history[0].first_day == (monday - timedelta(weeks=8)).isoformat()
    assert (found.revenue.season, found.revenue.confidence_permille) == (1, 800)
    assert "SEASON_TOO_LONG_FOR_HISTORY" in {one.code for one in found.revenue.remarks}
    assert all(one.low >= 0 for one in found.revenue.steps)


@pytest.mark.parametrize(("months", "reason"), [(0, "TOO_SHORT"), (3, "TOO_SHORT"), (5, "AHEAD_BEYOND_HISTORY")])
def test_what_tells_too_little_is_refused_with_the_reason(
    embedded_store: ColumnStore, tenant: UUID, months: int, reason: str
) -> None:
    store_events(embedded_store, [sold(tenant, month(ago).replace(day=1), 500) for ago in range(1, months + 1)])
    found = asked(embedded_store, tenant)
    assert (found.refusal.reason, found.HasField("revenue")) == (reason, False)
    assert found.refusal.message.endswith(".")


def test_who_sees_a_part_of_the_company_and_what_cannot_be_asked_are_refused(
    embedded_store: ColumnStore, tenant: UUID
) -> None:
    call = Call(replace(Caller.system(tenant), visibility="own"), cast(Any, None), cast(Any, None))
    with pytest.raises(PermissionDenied):
        RevenueForecastServicer(embedded_store).ForecastRevenue(call, pb.ForecastRevenueRequest())
    tomorrow = (today() + timedelta(days=1)).isoformat()
    for field, value in (("confidence_permille", 5), ("as_of", tomorrow), ("as_of", "1950-01-01")):
        with pytest.raises(InvalidArgument) as refused:
            asked(embedded_store, tenant, **{field: value})
        assert refused.value.violations[0].field == field
