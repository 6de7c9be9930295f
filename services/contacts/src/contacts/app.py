"""Composition root of contacts: the only place that builds things."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from chassis.paging import Pager
from chassis.process import Service
from chassis.server import Served
from chassis.work import Database
from funia.contacts.v1 import account_pb2, activity_pb2, contact_pb2, search_pb2

from contacts.consumers.search_index import search_subscription
from contacts.consumers.tenants import tenants_subscription
from contacts.consumers.timeline import timeline_subscription
from contacts.search.port import CustomerSearch
from contacts.servicers.account import AccountServicer
from contacts.servicers.activity import ActivityServicer
from contacts.servicers.contact import ContactServicer
from contacts.servicers.search import CustomerSearchServicer
from contacts.settings import ContactsSettings, read_settings

MIGRATIONS = Path(__file__).parent / "migrations"


def build() -> Service:
    """The service, wired from the environment."""
    settings = read_settings()
    database = Database(settings)
    engine = lru_cache(maxsize=1)(lambda: open_search(settings))
    pager = Pager(
        settings.secret.get_secret_value(), default_size=settings.page_size_default, max_size=settings.page_size_max
    )
    return Service(
        name="contacts",
        settings=settings,
        migrations=MIGRATIONS,
        database=database,
        served=[
            Served(contact_pb2.DESCRIPTOR.services_by_name["ContactService"], ContactServicer(pager)),
            Served(account_pb2.DESCRIPTOR.services_by_name["AccountService"], AccountServicer(pager)),
            Served(activity_pb2.DESCRIPTOR.services_by_name["ActivityService"], ActivityServicer(pager)),
            Served(search_pb2.DESCRIPTOR.services_by_name["CustomerSearchService"], CustomerSearchServicer(engine)),
        ],
        subscriptions=[search_subscription(engine), timeline_subscription(), tenants_subscription()],
        closing=[lambda: engine().close()],
    )


def open_search(settings: ContactsSettings) -> CustomerSearch:
    """OpenSearch where its address is set, the embedded engine otherwise."""
    if settings.opensearch_url:
        from contacts.search.opensearch import OpenSearchCustomers

        return OpenSearchCustomers(settings.opensearch_url)
    from contacts.search.embedded import EmbeddedSearch

    return EmbeddedSearch(settings.state_dir / "contacts" / "search")
