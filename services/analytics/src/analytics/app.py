"""Builds analytics: the only file that puts its parts together."""

from __future__ import annotations

from functools import partial

from chassis.jobs import Jobs
from chassis.paging import Pager
from chassis.process import Service
from chassis.server import Served
from chassis.tenancy.part import TenantPart
from chassis.work import Database
from funia.analytics.v1 import (
    activity_pb2,
    basket_rule_pb2,
    customer_report_pb2,
    elasticity_pb2,
    funnel_pb2,
    metric_pb2,
    model_run_pb2,
    price_report_pb2,
    revenue_forecast_pb2,
)

from analytics.consumers.events import EventWriter, subscriptions
from analytics.consumers.tenants import tenants_subscription
from analytics.jobs.model_runs import REFRESH, ModelRuns, set_refresh
from analytics.jobs.rebuild_request import rebuild_listener
from analytics.servicers.activity import ActivityReportServicer
from analytics.servicers.basket_rule import BasketRuleServicer
from analytics.servicers.customer_report import CustomerReportServicer
from analytics.servicers.dashboard import DashboardServicer
from analytics.servicers.elasticity import ElasticityServicer
from analytics.servicers.funnel import FunnelServicer
from analytics.servicers.metric import MetricServicer
from analytics.servicers.model_run import ModelRunServicer
from analytics.servicers.price_report import PriceReportServicer
from analytics.servicers.revenue_forecast import RevenueForecastServicer
from analytics.settings import Settings
from analytics.store.opening import open_store
from analytics.tenancy import TABLES
from analytics.usecases.model_runs import JOB


def build(command: str) -> Service:
    """The service for this command; only one that answers or works opens the store."""
    settings = Settings()
    database = Database(settings)
    if command not in ("serve", "work", "all"):
        return Service("analytics", settings, database)
    store = open_store(settings)
    writer = EventWriter(
        store,
        max_rows=settings.analytics_insert_max_rows,
        interval_s=settings.analytics_insert_interval_ms / 1000,
        timeout_s=settings.analytics_insert_timeout_s,
    )
    pager = Pager(
        settings.secret.get_secret_value(), default_size=settings.page_size_default, max_size=settings.page_size_max
    )
    runs = ModelRuns(database, store, settings)
    jobs = Jobs(settings)
    jobs.register(JOB, runs.handle, lane="bulk", gave_up=runs.give_up)
    jobs.register(REFRESH, runs.refresh, lane="interactive")
    return Service(
        name="analytics",
        settings=settings,
        database=database,
        served=(
            Served(
                activity_pb2.DESCRIPTOR.services_by_name["ActivityReportService"],
                ActivityReportServicer(store, settings, pager),
            ),
            Served(DashboardServicer.service, DashboardServicer(pager, store)),
            Served(metric_pb2.DESCRIPTOR.services_by_name["MetricService"], MetricServicer(store, pager)),
            Served(
                customer_report_pb2.DESCRIPTOR.services_by_name["CustomerReportService"],
                CustomerReportServicer(store, settings, pager),
            ),
            Served(funnel_pb2.DESCRIPTOR.services_by_name["FunnelService"], FunnelServicer(store, settings, pager)),
            Served(model_run_pb2.DESCRIPTOR.services_by_name["ModelRunService"], ModelRunServicer(store, pager)),
            Served(
                price_report_pb2.DESCRIPTOR.services_by_name["PriceReportService"], PriceReportServicer(store, pager)
            ),
            Served(elasticity_pb2.DESCRIPTOR.services_by_name["ElasticityService"], ElasticityServicer(store)),
            Served(
                revenue_forecast_pb2.DESCRIPTOR.services_by_name["RevenueForecastService"],
                RevenueForecastServicer(store),
            ),
            Served(basket_rule_pb2.DESCRIPTOR.services_by_name["BasketRuleService"], BasketRuleServicer(store, pager)),
        ),
        subscriptions=[*subscriptions(writer), tenants_subscription(partial(set_refresh, settings=settings))],
        background=(rebuild_listener(store, writer, settings), jobs.background),
        closing=(writer.close, store.close),
        checks={"store": store.ping},
        tenant=TenantPart(TABLES, forget=store.erase, views_left=store.count),
    )
