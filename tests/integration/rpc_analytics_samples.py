"""Sample requests for reports of analytics, asked once it has counted what the company did."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

from funia.analytics.v1 import activity_pb2 as analytics
from funia.analytics.v1 import basket_rule_pb2 as rules
from funia.analytics.v1 import customer_report_pb2 as customers
from funia.analytics.v1 import dashboard_pb2 as dashboards
from funia.analytics.v1 import elasticity_pb2 as elasticities
from funia.analytics.v1 import funnel_pb2 as funnels
from funia.analytics.v1 import metric_pb2 as metrics
from funia.analytics.v1 import model_run_pb2 as models
from funia.analytics.v1 import price_report_pb2 as prices
from funia.analytics.v1 import revenue_forecast_pb2 as forecasts
from funia.sales.v1 import order_pb2 as orders
from harness import wait_for
from rpc_sales_samples import _order, _variant_id, made_deal
from rpc_world import Sample, World

_ACTIVITY = "/funia.analytics.v1.ActivityReportService"
_METRICS = "/funia.analytics.v1.MetricService"
_CUSTOMERS = "/funia.analytics.v1.CustomerReportService"
_FUNNELS = "/funia.analytics.v1.FunnelService"
_MODELS = "/funia.analytics.v1.ModelRunService"
_BASKETS = "/funia.analytics.v1.BasketRuleService"
_DASHBOARDS = "/funia.analytics.v1.DashboardService"
_PRICES = "/funia.analytics.v1.PriceReportService"
_BEFORE = ("before_first_day", "before_last_day")
_DATED = ("step", "first_day", "last_day", "as_of")


def _asked(world: World, method: str, request: Any, field: str) -> Any:
    """What the method answers, where this field of it is not empty."""
    answers = world.platform.call(method, request, world.owner.token())
    return next((one for one in answers if getattr(one, field)), None)


def _sold(world: World) -> None:
    """A company has bought, and analytics has counted it."""
    asked = (world, f"{_CUSTOMERS}/GetRfm", customers.GetRfmRequest(), "customers")
    if not _asked(*asked):
        order = _order(world)
        order.account_id = world.account()
        world.call("sales.v1.OrderService", "PlaceOrder", orders.PlaceOrderRequest(order=order))
        wait_for("analytics has counted the order", lambda: _asked(*asked))


def _begun(world: World) -> funnels.SalesFunnel:
    """The funnel in which a deal has begun, once analytics has counted it."""
    asked = (world, f"{_FUNNELS}/GetSalesFunnel", funnels.GetSalesFunnelRequest(), "stages")
    if not _asked(*asked):
        made_deal(world)
    return cast(funnels.SalesFunnel, wait_for("analytics has counted the deal", lambda: _asked(*asked)))


def _modelled(world: World) -> models.ModelRun:
    """The groups of the company's customers, once they have been computed."""
    _sold(world)
    asked = models.ListModelRunsRequest(kind="rfm", active=True)
    if not _asked(world, f"{_MODELS}/ListModelRuns", asked, "model_runs"):
        _called(world, "StartModelRun", models.StartModelRunRequest(kind="rfm"))
    found = wait_for(
        "the customers are grouped", lambda: _asked(world, f"{_MODELS}/ListModelRuns", asked, "model_runs")
    )
    run = cast(models.ModelRun, found.model_runs[0])
    world.ids.add(run.id)
    return run


def _together(world: World) -> str:
    """A rule between two products of one order, once it has been computed."""
    asked = rules.ListBasketRulesRequest()
    if not _asked(world, f"{_BASKETS}/ListBasketRules", asked, "rules"):
        order = _order(world)
        order.lines.add(product_variant_id=_variant_id(world), quantity_milli=1_000)
        for _ in range(3):
            world.call("sales.v1.OrderService", "PlaceOrder", orders.PlaceOrderRequest(order=order))
        given = models.ModelParameters(significance_permille=1_000, least_support_ppm=1)
        wait_for("the orders make a rule", lambda: _ruled(world, given))
    found = _asked(world, f"{_BASKETS}/ListBasketRules", asked, "rules")
    world.ids.add(found.rules[0].id)
    return str(found.rules[0].id)


def _ruled(world: World, given: models.ModelParameters) -> Any:
    _called(world, "StartModelRun", models.StartModelRunRequest(kind="baskets", parameters=given))
    return _asked(world, f"{_BASKETS}/ListBasketRules", rules.ListBasketRulesRequest(), "rules")


def _dashboard(world: World) -> dashboards.Dashboard:
    """A dashboard that colleagues see."""
    tile = dashboards.Tile(metrics=["orders"], group_by=["seller"], period="12_months", chart="bars")
    asked = dashboards.CreateDashboardRequest(dashboard=dashboards.Dashboard(name="Sales", shared=True, tiles=[tile]))
    made = world.call("analytics.v1.DashboardService", "CreateDashboard", asked)
    world.ids.add(made.id)
    return cast(dashboards.Dashboard, made)


def _binned(world: World) -> str:
    made = _dashboard(world)
    world.call("analytics.v1.DashboardService", "DeleteDashboard", dashboards.DeleteDashboardRequest(id=made.id))
    return str(made.id)


def _called(world: World, method: str, request: Any) -> Any:
    return world.call("analytics.v1.ModelRunService", method, request)


def _scored_customer(world: World) -> str:
    _modelled(world)
    return str(_called(world, "ListModelScores", models.ListModelScoresRequest(kind="rfm")).scores[0].customer_id)


def _funnel_deals(found: funnels.SalesFunnel) -> funnels.ListFunnelDealsRequest:
    return funnels.ListFunnelDealsRequest(pipeline_id=found.pipeline_id, stage_id=found.stages[0].stage_id)


def _after(world: World, made: Any, request: Any) -> Any:
    made(world)
    return request


ANALYTICS_SAMPLES: dict[str, Sample] = {
    f"{_ACTIVITY}/GetActivityReport": Sample(
        lambda w: analytics.GetActivityReportRequest(step="month", type_prefix="contacts.", **w.counted()),  # type: ignore[arg-type]
        silent=("steps", "as_of"),
    ),
    f"{_ACTIVITY}/ListActivityEvents": Sample(
        lambda w: analytics.ListActivityEventsRequest(type="contacts.contact.created", **w.counted())  # type: ignore[arg-type]
    ),
    f"{_METRICS}/ListMetrics": Sample(lambda _: metrics.ListMetricsRequest(), silent=("metrics",), answers=False),
    f"{_METRICS}/QueryMetrics": Sample(
        lambda w: _after(w, _sold, metrics.QueryMetricsRequest(metrics=["orders", "sales"], group_by=["seller"])),
        silent=("metrics", "group_by", *_DATED),
    ),
    f"{_METRICS}/ListMetricRecords": Sample(
        lambda w: _after(w, _sold, metrics.ListMetricRecordsRequest(metric="orders")), silent=("record",)
    ),
    f"{_CUSTOMERS}/GetRfm": Sample(lambda w: _after(w, _sold, customers.GetRfmRequest()), silent=_DATED),
    f"{_CUSTOMERS}/ListRfmCustomers": Sample(lambda w: _after(w, _sold, customers.ListRfmCustomersRequest())),
    f"{_CUSTOMERS}/GetRfmMovement": Sample(
        lambda w: _after(w, _sold, customers.GetRfmMovementRequest()), silent=("from_day", "to_day", "cuts")
    ),
    f"{_CUSTOMERS}/ListRfmMovementCustomers": Sample(
        lambda w: _after(w, _sold, customers.ListRfmMovementCustomersRequest())
    ),
    f"{_CUSTOMERS}/GetCohorts": Sample(lambda w: _after(w, _sold, customers.GetCohortsRequest()), silent=_DATED),
    f"{_CUSTOMERS}/ListCohortCustomers": Sample(
        lambda w: _after(w, _sold, customers.ListCohortCustomersRequest(starts_on=f"{datetime.now(UTC):%Y-%m-%d}"))
    ),
    f"{_CUSTOMERS}/GetRepeatPurchases": Sample(lambda w: _after(w, _sold, customers.GetRepeatPurchasesRequest())),
    f"{_FUNNELS}/GetSalesFunnel": Sample(
        lambda w: funnels.GetSalesFunnelRequest(pipeline_id=_begun(w).pipeline_id), silent=_DATED
    ),
    f"{_FUNNELS}/ListFunnelDeals": Sample(lambda w: _funnel_deals(_begun(w))),
    f"{_FUNNELS}/GetEventFunnel": Sample(
        lambda w: funnels.GetEventFunnelRequest(
            steps=["contacts.contact.created", "contacts.contact.updated"],
            **w.counted(),  # type: ignore[arg-type]
        )
    ),
    f"{_DASHBOARDS}/GetDashboard": Sample(lambda w: dashboards.GetDashboardRequest(id=_dashboard(w).id)),
    f"{_DASHBOARDS}/ListDashboards": Sample(lambda w: _after(w, _dashboard, dashboards.ListDashboardsRequest())),
    f"{_DASHBOARDS}/CreateDashboard": Sample(
        lambda _: dashboards.CreateDashboardRequest(dashboard=dashboards.Dashboard(name="Sales")), ours=True
    ),
    f"{_DASHBOARDS}/UpdateDashboard": Sample(
        lambda w: dashboards.UpdateDashboardRequest(dashboard=dashboards.Dashboard(id=_dashboard(w).id, name="New"))
    ),
    f"{_DASHBOARDS}/DeleteDashboard": Sample(lambda w: dashboards.DeleteDashboardRequest(id=_dashboard(w).id)),
    f"{_DASHBOARDS}/UndeleteDashboard": Sample(lambda w: dashboards.UndeleteDashboardRequest(id=_binned(w))),
    f"{_DASHBOARDS}/QueryTiles": Sample(lambda w: _after(w, _sold, dashboards.QueryTilesRequest(id=_dashboard(w).id))),
    # Strangers ask for a run of their own, in which nothing of ours is.
    f"{_MODELS}/StartModelRun": Sample(
        lambda w: _after(w, _sold, models.StartModelRunRequest(kind="clusters")), ours=True
    ),
    f"{_MODELS}/GetModelRun": Sample(lambda w: models.GetModelRunRequest(id=_modelled(w).id)),
    f"{_MODELS}/ListModelRuns": Sample(lambda w: _after(w, _modelled, models.ListModelRunsRequest())),
    f"{_MODELS}/ListModelScores": Sample(lambda w: _after(w, _modelled, models.ListModelScoresRequest(kind="rfm"))),
    f"{_PRICES}/GetPriceBridge": Sample(
        lambda w: _after(w, _sold, prices.GetPriceBridgeRequest()), silent=(*_DATED, *_BEFORE, "left_out_orders")
    ),
    f"{_PRICES}/GetDiscountLeakage": Sample(
        lambda w: _after(w, _sold, prices.GetDiscountLeakageRequest()), silent=(*_DATED, "total")
    ),
    f"{_PRICES}/ListDiscountLeakageOrders": Sample(
        lambda w: _after(w, _sold, prices.ListDiscountLeakageOrdersRequest()), answers=False
    ),
    "/funia.analytics.v1.ElasticityService/EstimateElasticity": Sample(
        lambda w: _after(w, _sold, elasticities.EstimateElasticityRequest(product_ids=[str(uuid4())])),
        silent=("first_day", "last_day", "currency_code", "refusal"),
        answers=False,
    ),
    "/funia.analytics.v1.RevenueForecastService/ForecastRevenue": Sample(
        lambda w: _after(w, _sold, forecasts.ForecastRevenueRequest()),
        silent=("step", "as_of", "currency_code", "refusal"),
        answers=False,
    ),
    f"{_BASKETS}/ListBasketRules": Sample(lambda w: _after(w, _together, rules.ListBasketRulesRequest())),
    f"{_BASKETS}/ListBasketRuleOrders": Sample(lambda w: rules.ListBasketRuleOrdersRequest(id=_together(w))),
    f"{_MODELS}/GetCustomerInsight": Sample(
        lambda w: models.GetCustomerInsightRequest(customer_id=_scored_customer(w)), silent=("customer_id",)
    ),
}
