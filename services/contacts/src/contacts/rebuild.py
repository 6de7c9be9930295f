"""``python -m contacts rebuild``: builds the search index and the timelines anew while they are in use.

Search: one durable job a company; the worker that owns the index fills a fresh one beside the old and swaps them.
Timelines: the streams are read again; lines that are there stay, missing ones come back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from uuid import UUID

import psycopg
from chassis.caller import Caller
from chassis.custom_values import definitions
from chassis.jobs import Control, Outcome, enqueue
from chassis.placements import relay_urls
from chassis.process import Service
from chassis.replay import replay
from chassis.streams import PASSING_ERRORS, connect, declare_stream
from chassis.work import Database, Row

from contacts.consumers import sales_timeline, support_timeline, timeline
from contacts.queries import account as account_queries
from contacts.queries import contact as contact_queries
from contacts.search.port import CustomerDocument, CustomerSearch
from contacts.usecases.customer_search import account_document, contact_document

log = logging.getLogger(__name__)

JOB = "contacts-rebuild-search"
_PAGE = 500
_TENANTS = "SELECT tenant_id FROM tenant_profile ORDER BY tenant_id"


class SearchRebuild:
    """The job that builds one company's index anew."""

    def __init__(self, database: Database, engine: Callable[[], CustomerSearch]) -> None:
        self._database = database
        self._engine = engine

    def handle(self, tenant_id: UUID, _: UUID, __: Control) -> Outcome:
        """Fills a fresh index from the tables and swaps it in; the old one answers until then."""
        engine = self._engine()
        ticket = engine.start_rebuild(str(tenant_id))
        count = engine.rebuild(ticket, self._documents(tenant_id))
        log.info("search is rebuilt: %d documents", count, extra={"tenant_id": str(tenant_id)})
        return Outcome.DONE

    def _documents(self, tenant_id: UUID) -> Iterator[CustomerDocument]:
        with self._database.open_work(Caller.system(tenant_id, request_id="rebuild"), read_only=True) as work:
            of_people, of_companies = (definitions(work, kind, fresh=True) for kind in ("contact", "account"))
        for row in self._pages(tenant_id, account_queries.ids_after, account_queries.batch):
            yield account_document(tenant_id, row[0], of_companies)
        for row, companies_version in self._pages(tenant_id, contact_queries.ids_after, contact_queries.batch_full):
            yield contact_document(tenant_id, row, companies_version, of_people)

    def _pages(
        self,
        tenant_id: UUID,
        ids_after: Callable[..., list[UUID]],
        read: Callable[..., list[Row]],
    ) -> Iterator[tuple[Row, int]]:
        """Living rows page by page, each page in a short work of its own, so that no snapshot is held for long."""
        after = UUID(int=0)
        while True:
            with self._database.open_work(Caller.system(tenant_id, request_id="rebuild"), read_only=True) as work:
                ids = ids_after(work, after, limit=_PAGE)
                rows = read(work, ids)
                versions = contact_queries.company_versions(work, ids)
            yield from ((row, versions.get(row.id, 0)) for row in rows)
            if len(ids) < _PAGE:
                return
            after = ids[-1]


def rebuild_command(service: Service) -> int:
    """Queues the search jobs of all companies and repairs every timeline; returns the exit code."""
    try:
        tenants: set[UUID] = set()
        for url in relay_urls(service.settings).values():
            with psycopg.connect(url, autocommit=True) as connection:
                tenants |= {row[0] for row in connection.execute(_TENANTS)}
        for tenant_id in sorted(tenants):
            with service.database.open_work(Caller.system(tenant_id, request_id="rebuild")) as work:
                enqueue(work, JOB, tenant_id, lane="bulk")
        log.info("search of %d companies is queued; the worker rebuilds it while it is in use", len(tenants))
        asyncio.run(_rebuild_timelines(service))
    except (psycopg.OperationalError, *PASSING_ERRORS) as error:
        log.error("the rebuild stopped (%s); nothing is lost, start it again", error or type(error).__name__)
        return 1
    return 0


async def _rebuild_timelines(service: Service) -> None:
    client = await connect(service.settings, "contacts-rebuild")
    read = 0
    try:
        for stream, subjects, handler in (
            ("contacts", timeline.SUBJECTS, timeline.add_lines),
            ("sales", sales_timeline.SUBJECTS, sales_timeline.add_sales_lines),
            ("support", support_timeline.SUBJECTS, support_timeline.add_support_lines),
        ):
            await declare_stream(client, stream, service.settings)
            read += await replay(
                client,
                service.database,
                service.settings,
                service=stream,
                subjects=subjects,
                handler=handler,
                report=lambda done, left: log.info("timelines: %d events read, %d to go", done, left),
            )
    finally:
        await client.close()
    log.info("the timelines are rebuilt from %d events", read)
