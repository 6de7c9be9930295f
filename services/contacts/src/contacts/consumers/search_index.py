"""Keeps the search index in step with contacts and accounts, from their own events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from chassis.custom_values import definitions
from chassis.subscriptions import Received, Subscription
from chassis.work import Row, Work

from contacts.queries import account as account_queries
from contacts.queries import contact as contact_queries
from contacts.search.port import Change, CustomerSearch, Tombstone
from contacts.usecases.customer_search import account_document, contact_document, document_version

_PEOPLE_PAGE = 200
_GATHER_S = 0.4
"""A commit of the index waits for the disk several times, whether for one change or for hundreds."""


def search_subscription(engine: Callable[[], CustomerSearch]) -> Subscription:
    """Feeds the engine. Indexing again is harmless: the highest version of a document wins."""

    def handle(work: Work, events: Sequence[Received]) -> None:
        people: dict[UUID, int] = {}
        companies: dict[UUID, int] = {}
        renamed: set[UUID] = set()
        for event in events:
            if event.type.startswith("contacts.account."):
                companies[event.subject_id] = max(event.version, companies.get(event.subject_id, 0))
                if event.type != "contacts.account.created" and "name" in event.envelope.changed_fields:
                    renamed.add(event.subject_id)
            else:
                people[event.subject_id] = max(event.version, people.get(event.subject_id, 0))
        for account_id in renamed:
            for row in _people_of(work, account_id):
                people.setdefault(row.id, 0)
        versions = contact_queries.company_versions(work, list(people))
        person_rows = contact_queries.batch(work, list(people), full=True)
        company_rows = account_queries.batch(work, list(companies))
        of_people, of_companies = definitions(work, "contact"), definitions(work, "account")
        changes: list[Change] = [
            contact_document(work.tenant_id, row, versions.get(row.id, 0), of_people) for row in person_rows
        ]
        changes += [account_document(work.tenant_id, row, of_companies) for row in company_rows]
        changes += _tombstones(work, "contact", people, person_rows)
        changes += _tombstones(work, "account", companies, company_rows)
        if changes:
            engine().index(changes)

    return Subscription(
        "contacts-search",
        "contacts",
        ("contacts.contact.*", "contacts.account.*", "contacts.account_contact.*"),
        handle,
        _GATHER_S,
    )


def _tombstones(work: Work, kind: str, wanted: dict[UUID, int], rows: list[Row]) -> list[Change]:
    alive = {row.id for row in rows}
    return [
        Tombstone(str(work.tenant_id), kind, str(gone), document_version(version))
        for gone, version in wanted.items()
        if gone not in alive and version
    ]


def _people_of(work: Work, account_id: UUID) -> list[Row]:
    people: list[Row] = []
    after: UUID | None = None
    while True:
        page = account_queries.people(work, account_id, limit=_PEOPLE_PAGE, after_id=after)
        people += page
        if len(page) < _PEOPLE_PAGE:
            return people
        after = page[-1].id
