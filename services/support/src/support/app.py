"""Composition root of support: the only place that builds things."""

from __future__ import annotations

from chassis.paging import Pager
from chassis.process import Service
from chassis.server import Served
from chassis.settings import Settings
from chassis.work import Database
from customer_projection.projection import CustomerProjection
from customer_projection.rebuild import rebuild_command
from funia.support.v1 import customer_pb2

from support.model.customer import Customer, CustomerAccount
from support.servicers.calendar import BusinessCalendarServicer
from support.servicers.customer import CustomerServicer
from support.tenancy import support_part

RECORDS = (BusinessCalendarServicer,)


def build() -> Service:
    """The service, wired from the environment."""
    settings = Settings()
    customers = CustomerProjection("support", Customer, CustomerAccount)
    pager = Pager(
        settings.secret.get_secret_value(), default_size=settings.page_size_default, max_size=settings.page_size_max
    )
    return Service(
        name="support",
        settings=settings,
        database=Database(settings),
        served=[
            Served(customer_pb2.DESCRIPTOR.services_by_name["CustomerService"], CustomerServicer(customers)),
            *(Served(kind.service, kind(pager)) for kind in RECORDS),
        ],
        subscriptions=[customers.subscription()],
        commands={"rebuild": rebuild_command(customers)},
        tenant=support_part(),
    )
