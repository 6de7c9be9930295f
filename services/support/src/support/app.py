"""Composition root of support: the only place that builds things."""

from __future__ import annotations

from chassis.process import Service
from chassis.server import Served
from chassis.settings import Settings
from chassis.tenancy.part import TenantPart
from chassis.work import Database
from customer_projection.projection import CustomerProjection
from customer_projection.rebuild import rebuild_command
from customer_projection.tables import TENANT_TABLES
from funia.support.v1 import customer_pb2

from support.model.customer import Customer, CustomerAccount
from support.servicers.customer import CustomerServicer


def build() -> Service:
    """The service, wired from the environment."""
    settings = Settings()
    customers = CustomerProjection("support", Customer, CustomerAccount)
    return Service(
        name="support",
        settings=settings,
        database=Database(settings),
        served=[Served(customer_pb2.DESCRIPTOR.services_by_name["CustomerService"], CustomerServicer(customers))],
        subscriptions=[customers.subscription()],
        commands={"rebuild": rebuild_command(customers)},
        tenant=TenantPart(TENANT_TABLES),
    )
