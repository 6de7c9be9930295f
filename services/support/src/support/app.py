"""Composition root of support: the only place that builds things."""

from __future__ import annotations

from chassis.custom_feed import custom_fields_subscription
from chassis.jobs import Jobs
from chassis.paging import Pager
from chassis.process import Service
from chassis.server import Served
from chassis.work import Database
from customer_projection.projection import CustomerProjection
from customer_projection.rebuild import rebuild_command
from funia.support.v1 import customer_pb2

from support.consumers.people import erased_people_subscription
from support.jobs.closing import Closing
from support.jobs.sla import SlaRecount, SlaTimer
from support.model.customer import Customer, CustomerAccount
from support.references import Customers
from support.servicers.calendar import BusinessCalendarServicer
from support.servicers.customer import CustomerServicer
from support.servicers.held import HeldServicer
from support.servicers.queue import QueueServicer
from support.servicers.sla_policy import SlaPolicyServicer
from support.servicers.ticket import TicketServicer
from support.servicers.ticket_comment import TicketCommentServicer
from support.settings import SupportSettings
from support.tenancy import support_part
from support.usecases import sla
from support.usecases.tickets import CLOSE

RECORDS = (BusinessCalendarServicer, QueueServicer, SlaPolicyServicer)


def build() -> Service:
    """The service, wired from the environment."""
    settings = SupportSettings()
    named = Customers(settings.contacts_address)
    customers = CustomerProjection("support", Customer, CustomerAccount)
    pager = Pager(
        settings.secret.get_secret_value(), default_size=settings.page_size_default, max_size=settings.page_size_max
    )
    database = Database(settings)
    tickets = TicketServicer(pager, named, close_after_days=settings.ticket_close_after_days)
    jobs = Jobs(settings)
    jobs.register(CLOSE, Closing(database, tickets).handle, lane="interactive")
    jobs.register(sla.TIMER, SlaTimer(database, tickets).handle, lane="interactive")
    jobs.register(sla.RECOUNT, SlaRecount(database, tickets).handle, lane="bulk")
    return Service(
        name="support",
        settings=settings,
        database=database,
        served=[
            Served(customer_pb2.DESCRIPTOR.services_by_name["CustomerService"], CustomerServicer(customers)),
            Served(HeldServicer.service, HeldServicer(most=settings.personal_data_rows_max)),
            Served(TicketServicer.service, tickets),
            Served(TicketCommentServicer.service, TicketCommentServicer(pager, tickets, named)),
            *(Served(kind.service, kind(pager)) for kind in RECORDS),
        ],
        subscriptions=[
            customers.subscription(),
            custom_fields_subscription("support"),
            erased_people_subscription(),
        ],
        background=[jobs.background],
        closing=[named.close],
        commands={"rebuild": rebuild_command(customers)},
        tenant=support_part(),
        follows=("custom_field",),
    )
