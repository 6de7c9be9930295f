"""Keeps the search index in step with contacts and accounts, from their own events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from chassis.consumer import Received, Subscription
from chassis.work import Row, Work

from contacts.queries import account as account_queries
from contacts.queries import contact as contact_queries
from contacts.search.port import Change, CustomerDocument, CustomerSearch, Tombstone
from contacts.usecases.customer_search import account_document, contact_document, index_changes

_PEOPLE_PAGE = 200


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
        changes = _changes(
            work, "contact", people, contact_queries.batch(work, list(people), full=True), contact_document
        )
        changes += _changes(work, "account", companies, account_queries.batch(work, list(companies)), account_document)
        index_changes(engine(), changes)

    return Subscription(
        "contacts-search",
        "contacts",
        ("contacts.contact.*", "contacts.account.*", "contacts.account_contact.*"),
        handle,
    )


def _changes(
    work: Work,
    kind: str,
    wanted: dict[UUID, int],
    rows: list[Row],
    document: Callable[[UUID, Row], CustomerDocument],
) -> list[Change]:
    alive = {row.id for row in rows}
    changes: list[Change] = [document(work.tenant_id, row) for row in rows]
    changes += [
        Tombstone(str(work.tenant_id), kind, str(gone), version)
        for gone, version in wanted.items()
        if gone not in alive and version
    ]
    return changes


def _people_of(work: Work, account_id: UUID) -> list[Row]:
    people: list[Row] = []
    after: UUID | None = None
    while True:
        page = account_queries.people(work, account_id, limit=_PEOPLE_PAGE, after_id=after)
        people += page
        if len(page) < _PEOPLE_PAGE:
            return people
        after = page[-1].id
