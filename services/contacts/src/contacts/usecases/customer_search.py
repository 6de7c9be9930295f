"""Find customers: ask the engine, then re-check every hit against the database under the caller's visibility."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Literal
from uuid import UUID

from chassis import record_shares
from chassis.caller import Caller
from chassis.custom_fields import Defs, searchable_texts
from chassis.custom_values import definitions
from chassis.errors import invalid_field
from chassis.work import Database, Row, Work

from contacts.queries import account as account_queries
from contacts.queries import contact as contact_queries
from contacts.search.errors import SearchQueryInvalid
from contacts.search.limits import SearchLimits
from contacts.search.port import CustomerDocument, CustomerSearch, Hit, SearchRequest, Visibility
from contacts.search.prepared import uid_of
from contacts.search.verify import matches
from contacts.usecases.shown_fields import shown

_COMPANIES_BITS = 20


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """A customer that was found, as a line shows it."""

    kind: str
    id: UUID
    name: str
    subtitle: str
    email: str
    phone: str
    score: float


def find_customers(
    database: Database, caller: Caller, engine: CustomerSearch, query: str, kinds: Sequence[str], limit: int
) -> list[FoundCustomer]:
    """Customers the caller may see, best first. Raises InvalidArgument where the query cannot be searched."""
    try:
        hits = engine.search(
            SearchRequest(str(caller.tenant_id), query, tuple(kinds), limit, search_visibility(database, caller))
        )
    except SearchQueryInvalid as error:
        raise invalid_field(error.field, error.remedy, reason="INVALID_QUERY") from error
    if not hits:
        return []
    with database.open_work(caller, read_only=True) as work:
        people = contact_queries.batch(work, _ids(hits, "contact"), full=bool(caller.fields))
        companies = account_queries.batch(work, _ids(hits, "account"))
        if caller.fields.hidden:
            people = [one for one in map(shown, people, repeat(caller)) if _found_by(work, query, "contact", one)]
            companies = [one for one in map(shown, companies, repeat(caller)) if _found_by(work, query, "account", one)]
    rows = {("contact", str(row.id)): row for row in people} | {("account", str(row.id)): row for row in companies}
    return [
        _person(rows[hit.kind, hit.id], hit) if hit.kind == "contact" else _company(rows[hit.kind, hit.id], hit)
        for hit in hits
        if (hit.kind, hit.id) in rows
    ]


def _found_by(work: Work, query: str, kind: Literal["contact", "account"], row: Row) -> bool:
    """Whether what the caller may see of a record is what the engine found it by: a hit would tell the rest."""
    custom = definitions(work, kind)
    document = (
        contact_document(work.tenant_id, row, 0, custom)
        if kind == "contact"
        else account_document(work.tenant_id, row, custom)
    )
    return matches(query, document, SearchLimits())


def search_visibility(database: Database, caller: Caller) -> Visibility:
    """What of the index the caller may see. What was shared by hand is looked up: the index does not know of it, nor of
    the record that a break-glass opens."""
    if caller.visibility == "all":
        return Visibility.everything()
    with database.open_work(caller, read_only=True) as work:
        shared = [uid_of(row.record_kind, str(row.record_id)) for row in record_shares.with_caller(work)]
    if caller.opened_id is not None:
        # Which kind of record it is the index need not be told: ids are of one record everywhere.
        shared += [uid_of(kind, str(caller.opened_id)) for kind in ("contact", "account")]
    teams = caller.team_ids if caller.visibility == "team" else ()
    return Visibility(
        owner_id=str(caller.actor_id),
        team_ids=frozenset(str(team) for team in (*teams, *caller.sharing.team_ids)),
        owner_ids=frozenset(str(owner) for owner in caller.sharing.owner_ids),
        uids=frozenset(shared),
    )


def document_version(version: int, companies_version: int = 0) -> int:
    """Version of a search document: it grows with the record and, among equals, with the person's companies.

    A person's document names their companies, so it must be written anew when one of these is renamed although
    the person's own version stays. A changed set of companies raises the person's version itself.
    """
    return (version << _COMPANIES_BITS) + min(companies_version, (1 << _COMPANIES_BITS) - 1)


def contact_document(tenant_id: UUID, row: Row, companies_version: int, custom: Defs) -> CustomerDocument:
    """What of a contact can be searched, among it the searchable ones of the custom fields; from a full row."""
    return CustomerDocument(
        tenant_id=str(tenant_id),
        kind="contact",
        id=str(row.id),
        version=document_version(row.version, companies_version),
        title=row.display_name,
        emails=tuple(email["address"] for email in row.emails),
        phones=tuple(phone["number"] for phone in row.phones),
        text=tuple(
            part
            for part in (
                row.job_title,
                *(link["account_name"] for link in row.accounts or ()),
                *(address["city"] for address in row.addresses),
                *row.tags,
                *row.external_ids.values(),
                *searchable_texts(custom, row.custom),
            )
            if part
        ),
        owner_id=_text(row.owner_id),
        team_id=_text(row.team_id),
        updated_at=row.updated_at,
    )


def account_document(tenant_id: UUID, row: Row, custom: Defs) -> CustomerDocument:
    """What of an account can be searched."""
    return CustomerDocument(
        tenant_id=str(tenant_id),
        kind="account",
        id=str(row.id),
        version=document_version(row.version),
        title=row.name,
        emails=tuple(row.domains),
        phones=(row.phone,) if row.phone else (),
        text=tuple(
            part
            for part in (
                row.industry,
                row.website,
                *(address["city"] for address in row.addresses),
                *row.tags,
                *row.external_ids.values(),
                *searchable_texts(custom, row.custom),
            )
            if part
        ),
        owner_id=_text(row.owner_id),
        team_id=_text(row.team_id),
        updated_at=row.updated_at,
    )


def _ids(hits: Iterable[Hit], kind: str) -> list[UUID]:
    return [UUID(hit.id) for hit in hits if hit.kind == kind]


def _person(row: Any, hit: Hit) -> FoundCustomer:
    company = row.accounts[0]["account_name"] if row.accounts else ""
    return FoundCustomer(
        kind="contact",
        id=row.id,
        name=row.display_name,
        subtitle=", ".join(part for part in (row.job_title, company) if part),
        email=next((email["address"] for email in row.emails if email["primary"]), ""),
        phone=next((phone["number"] for phone in row.phones if phone["primary"]), ""),
        score=hit.score,
    )


def _company(row: Any, hit: Hit) -> FoundCustomer:
    return FoundCustomer(
        kind="account",
        id=row.id,
        name=row.name,
        subtitle=", ".join(part for part in (row.industry, row.country_code) if part),
        email=row.domains[0] if row.domains else "",
        phone=row.phone,
        score=hit.score,
    )


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
