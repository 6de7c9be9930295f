"""Builds analytics: the only file that puts its parts together."""

from __future__ import annotations

from chassis.paging import Pager
from chassis.process import Service
from chassis.server import Served
from chassis.tenancy.part import TenantPart
from chassis.work import Database
from funia.analytics.v1 import activity_pb2, customer_report_pb2, funnel_pb2, metric_pb2

from analytics.consumers.events import EventWriter, subscriptions
from analytics.jobs.rebuild_request import rebuild_listener
from analytics.servicers.activity import ActivityReportServicer
from analytics.servicers.customer_report import CustomerReportServicer
from analytics.servicers.funnel import FunnelServicer
from analytics.servicers.metric import MetricServicer
from analytics.settings import Settings
from analytics.store.opening import open_store


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
    return Service(
        name="analytics",
        settings=settings,
        database=database,
        served=(
            Served(
                activity_pb2.DESCRIPTOR.services_by_name["ActivityReportService"],
                ActivityReportServicer(store, settings, pager),
            ),
            Served(metric_pb2.DESCRIPTOR.services_by_name["MetricService"], MetricServicer(store, pager)),
            Served(
                customer_report_pb2.DESCRIPTOR.services_by_name["CustomerReportService"],
                CustomerReportServicer(store, settings, pager),
            ),
            Served(funnel_pb2.DESCRIPTOR.services_by_name["FunnelService"], FunnelServicer(store, settings, pager)),
        ),
        subscriptions=subscriptions(writer),
        background=(rebuild_listener(store, writer, settings),),
        closing=(writer.close, store.close),
        checks={"store": store.ping},
        tenant=TenantPart({}, forget=store.erase, views_left=store.count),
    )
