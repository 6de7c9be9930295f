"""Composition root of contacts: the only place that builds things."""

from __future__ import annotations

import threading

from chassis.allowances import plans_subscription
from chassis.custom_feed import custom_fields_subscription
from chassis.files import open_files
from chassis.importing.limits import ImportLimits
from chassis.job_rights import taken_back_subscription
from chassis.jobs import Jobs
from chassis.paging import Pager
from chassis.process import Service
from chassis.record_sharing import ShareBounds
from chassis.server import Served
from chassis.work import Database
from funia.contacts.v1 import (
    account_pb2,
    activity_pb2,
    bulk_job_pb2,
    bulk_pb2,
    contact_pb2,
    import_pb2,
    person_pb2,
    record_access_pb2,
    record_share_pb2,
    search_pb2,
)

from contacts.consumers.sales_timeline import sales_timeline_subscription
from contacts.consumers.search_index import search_subscription
from contacts.consumers.support_timeline import support_timeline_subscription
from contacts.consumers.tenants import tenants_subscription
from contacts.consumers.timeline import timeline_subscription
from contacts.elsewhere import OtherServices
from contacts.imports.running import JOB, ImportRunner
from contacts.jobs.bulk_job import BulkJobRunner
from contacts.jobs.erased_files import ErasedFiles
from contacts.jobs.forgetting import forgetting_of
from contacts.jobs.recount import recount_of
from contacts.rebuild import JOB as REBUILD
from contacts.rebuild import SearchRebuild, rebuild_command
from contacts.search.port import CustomerSearch
from contacts.servicers.account import AccountServicer
from contacts.servicers.activity import ActivityServicer
from contacts.servicers.bulk import BulkServicer
from contacts.servicers.bulk_job import BulkJobServicer
from contacts.servicers.contact import ContactServicer
from contacts.servicers.import_job import ImportServicer
from contacts.servicers.person import PersonServicer
from contacts.servicers.record_access import RecordAccessServicer
from contacts.servicers.record_share import RecordShareServicer
from contacts.servicers.search import CustomerSearchServicer
from contacts.settings import ContactsSettings, read_settings
from contacts.tenancy import contacts_part
from contacts.usecases.bulk_job import JOB as BULK
from contacts.usecases.person import JOB as ERASED_FILES


def build() -> Service:
    """The service, wired from the environment."""
    settings = read_settings()
    database = Database(settings)
    engines = SearchEngines(settings)
    pager = Pager(
        settings.secret.get_secret_value(), default_size=settings.page_size_default, max_size=settings.page_size_max
    )
    files = open_files(settings, "contacts")
    limits = import_limits(settings)
    runner = ImportRunner(database, files, limits)
    jobs = Jobs(settings)
    jobs.register(JOB, runner.handle, lane="bulk", gave_up=runner.give_up)
    bulk_jobs = BulkJobRunner(database, files, limits)
    jobs.register(BULK, bulk_jobs.handle, lane="bulk", gave_up=bulk_jobs.give_up)
    jobs.register(ERASED_FILES, ErasedFiles(database, files).handle, lane="interactive")
    others = OtherServices(settings)
    jobs.register(REBUILD, SearchRebuild(database, engines.writer).handle, lane="bulk")
    return Service(
        name="contacts",
        settings=settings,
        database=database,
        served=[
            Served(contact_pb2.DESCRIPTOR.services_by_name["ContactService"], ContactServicer(pager)),
            Served(account_pb2.DESCRIPTOR.services_by_name["AccountService"], AccountServicer(pager)),
            Served(bulk_pb2.DESCRIPTOR.services_by_name["BulkService"], BulkServicer()),
            Served(
                bulk_job_pb2.DESCRIPTOR.services_by_name["BulkJobService"],
                BulkJobServicer(pager, files, file_max_bytes=settings.bulk_file_max_bytes),
            ),
            Served(activity_pb2.DESCRIPTOR.services_by_name["ActivityService"], ActivityServicer(pager)),
            Served(
                record_access_pb2.DESCRIPTOR.services_by_name["RecordAccessService"],
                RecordAccessServicer(),
            ),
            Served(
                record_share_pb2.DESCRIPTOR.services_by_name["RecordShareService"],
                RecordShareServicer(ShareBounds(settings.record_shares_max, settings.shared_records_max)),
            ),
            Served(person_pb2.DESCRIPTOR.services_by_name["PersonService"], PersonServicer(pager, others)),
            Served(import_pb2.DESCRIPTOR.services_by_name["ImportService"], ImportServicer(pager, files, limits)),
            Served(
                search_pb2.DESCRIPTOR.services_by_name["CustomerSearchService"], CustomerSearchServicer(engines.reader)
            ),
        ],
        subscriptions=[
            search_subscription(engines.writer),
            timeline_subscription(),
            sales_timeline_subscription(),
            support_timeline_subscription(),
            tenants_subscription(),
            custom_fields_subscription("contacts"),
            taken_back_subscription("contacts"),
            plans_subscription("contacts"),
        ],
        background=[jobs.background, forgetting_of(database, files, settings).run, recount_of(database, settings).run],
        closing=[engines.close, others.close],
        commands={"rebuild": rebuild_command},
        tenant=contacts_part(files, engines.writer),
        follows=("tenant_profile", "custom_field", "usage_limit", "usage_plan"),
    )


def import_limits(settings: ContactsSettings) -> ImportLimits:
    """Bounds of imports, from the settings."""
    return ImportLimits(
        file_max_bytes=settings.import_file_max_bytes,
        workbook_max_bytes=settings.import_workbook_max_bytes,
        batch_rows=settings.import_batch_rows,
        default_currency=settings.import_default_currency,
    )


class SearchEngines:
    """The search engine, opened when first needed: for writing by the worker, else for reading only.

    The embedded index is written by one process; where servers and workers are apart, servers only read it.
    """

    def __init__(self, settings: ContactsSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._writer: CustomerSearch | None = None
        self._reader: CustomerSearch | None = None

    def writer(self) -> CustomerSearch:
        """The engine that writes, and reads its own writes."""
        with self._lock:
            if self._writer is None:
                self._writer = open_search(self._settings, writable=True)
            return self._writer

    def reader(self) -> CustomerSearch:
        """The writer where this process has one, else an engine that only reads."""
        with self._lock:
            if self._writer is not None:
                return self._writer
            if self._reader is None:
                self._reader = open_search(self._settings, writable=False)
            return self._reader

    def close(self) -> None:
        """Closes what was opened."""
        for engine in (self._writer, self._reader):
            if engine is not None:
                engine.close()


def open_search(settings: ContactsSettings, *, writable: bool) -> CustomerSearch:
    """OpenSearch where its address is set, the embedded engine otherwise."""
    if settings.opensearch_url:
        from contacts.search.opensearch import OpenSearchSearch

        return OpenSearchSearch(settings.opensearch_url)
    from contacts.search.embedded import EmbeddedSearch

    return EmbeddedSearch(settings.state_dir / "contacts" / "search", writable=writable)
