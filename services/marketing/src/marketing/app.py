"""Composition root of marketing: the only place that builds things."""

from __future__ import annotations

from datetime import timedelta

from chassis.jobs import Jobs
from chassis.paging import Pager
from chassis.process import Service
from chassis.server import Served
from chassis.work import Database
from customer_projection.projection import CustomerProjection
from customer_projection.rebuild import rebuild_command
from funia.marketing.v1 import customer_pb2

from marketing.consumers.people import people_subscription
from marketing.jobs.consent_requests import ConsentRequestExpiry
from marketing.model.customer import Customer, CustomerAccount
from marketing.servicers.consent import ConsentServicer
from marketing.servicers.consent_link import ConsentLinkServicer
from marketing.servicers.consent_purpose import ConsentPurposeServicer
from marketing.servicers.customer import CustomerServicer
from marketing.servicers.held import HeldServicer
from marketing.servicers.suppression import SuppressionServicer
from marketing.settings import MarketingProcessSettings
from marketing.tenancy import marketing_part
from marketing.usecases.consent_requests import EXPIRY


def build() -> Service:
    """The service, wired from the environment."""
    settings = MarketingProcessSettings()
    customers = CustomerProjection("marketing", Customer, CustomerAccount)
    database = Database(settings)
    pager = Pager(
        settings.secret.get_secret_value(), default_size=settings.page_size_default, max_size=settings.page_size_max
    )
    jobs = Jobs(settings)
    jobs.register(EXPIRY, ConsentRequestExpiry(database).handle, lane="interactive")
    return Service(
        name="marketing",
        settings=settings,
        database=database,
        served=[
            Served(customer_pb2.DESCRIPTOR.services_by_name["CustomerService"], CustomerServicer(customers)),
            *consent_services(
                pager,
                address=settings.issuer,
                valid=timedelta(hours=settings.consent_request_valid_h),
                rows_max=settings.personal_data_rows_max,
            ),
        ],
        subscriptions=[customers.subscription(), people_subscription()],
        background=[jobs.background],
        commands={"rebuild": rebuild_command(customers)},
        tenant=marketing_part(),
    )


def consent_services(pager: Pager, *, address: str, valid: timedelta, rows_max: int = 500) -> list[Served]:
    """The services of consent. `address` is where the public pages are, `valid` how long a confirmation may take,
    `rows_max` how many rows of a table the answer to what is held about a person shows.
    """
    return [
        Served(ConsentPurposeServicer.service, ConsentPurposeServicer(pager)),
        Served(ConsentServicer.service, ConsentServicer(pager, address=address, valid=valid)),
        Served(ConsentLinkServicer.service, ConsentLinkServicer()),
        Served(SuppressionServicer.service, SuppressionServicer(pager)),
        Served(HeldServicer.service, HeldServicer(most=rows_max)),
    ]
