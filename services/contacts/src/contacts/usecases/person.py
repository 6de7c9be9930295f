"""One person as a whole: everything that is held about them, and erasing it for good.

The bus carries no direct identifiers, so what follows from events (search, projections, facts) needs no more than the
event of the erasure, and what it leaves are ids that lead to nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis import jobs
from chassis.envelope import Event
from chassis.errors import FailedPrecondition, NotFound
from chassis.idempotency import forget_answers
from chassis.ids import uuid7
from chassis.importing.tables import ACTIVE
from chassis.person_digests import digests_of
from chassis.record_shares import check_holds
from chassis.work import Row, Work

from contacts import events
from contacts.errors import contact_not_found, stale
from contacts.model.bulk_job import STARTABLE
from contacts.model.drafts import ContactDraft
from contacts.model.names import email_key
from contacts.model.person import Sought
from contacts.queries import contact as contact_queries
from contacts.queries import erased_identity
from contacts.queries import person as queries

JOB = "contacts.erased_files"
_RUNNING_IMPORT = (*ACTIVE, "paused", "reverting")
_RUNNING_BULK = ("running", *STARTABLE)


@dataclass(frozen=True, slots=True)
class Held:
    """What contacts holds about a person, by table, and whom to ask others about."""

    contact_id: UUID
    tables: dict[str, list[dict[str, Any]]]
    sought: Sought


def everything(work: Work, contact_id: UUID) -> Held:
    """All rows about the person. Raises NotFound for whoever may not see the contact."""
    stayed = _seen(work, contact_id)
    people = queries.person(work, stayed.id)
    about = _about(people)
    found = {table: queries.read(work, table, about) for table in reversed(queries.TABLES)}
    own = erased_identity.own(work, _identities(people), about["ids"])
    sought = Sought(
        about["ids"],
        emails=[value for kind, value in own if kind == "email"],
        phones=[value for kind, value in own if kind == "phone"],
        family_names=list({one.family_name for one in people if one.family_name}),
    )
    return Held(stayed.id, {table: rows for table, rows in found.items() if rows}, sought)


def erase(work: Work, contact_id: UUID, *, etag: str) -> Row:
    """Erases the person and returns what is kept of that. Files that tell of the person go with the job it begins.

    Raises NotFound, Conflict where the etag is stale, and FailedPrecondition while an import or bulk job that wrote
    the person is not over.
    """
    stayed = _seen(work, contact_id)
    check_holds(stayed, "contact")
    people = queries.person(work, stayed.id, lock=True)
    if etag and etag != str(next(one.version for one in people if one.id == stayed.id)):
        raise stale(etag, stayed.version)
    about = _about(people)
    ids: list[UUID] = about["ids"]
    imports, bulk_jobs = queries.jobs_of(work, ids)
    _refuse_running(imports, _RUNNING_IMPORT)
    _refuse_running(bulk_jobs, [one for one in _RUNNING_BULK if one not in ("failed", "cancelled")])
    rows = {table: queries.erase(work, table, about) for table in queries.TABLES}
    rows["idempotency_key"] = forget_answers(work, ids)
    queries.without_files(work, "import_job", imports)
    queries.without_files(work, "bulk_job", bulk_jobs)
    work.count("contacts", -sum(one.deleted_at is None for one in people))
    for one in people:
        # Nothing of the person is in it but the id, which leads to nobody from now on.
        work.record(events.contact_changed("erased", one.id, one.version + 1, ContactDraft(), deleted=True))
    erasure_id = uuid7()
    file_keys = [job.file_key for job in (*imports, *bulk_jobs) if job.file_key]
    queries.add(
        work,
        erasure_id,
        contact_digest=digest_of(stayed.id),
        rows={table: count for table, count in rows.items() if count},
        file_keys=file_keys,
    )
    # After the rows: what living people share with the erased one is theirs, and keeps nobody away.
    own = erased_identity.own(work, _identities(people), ids)
    queries.kept_away(work, erasure_id, erased_identity.keep_away(work, erasure_id, own))
    work.record(_erased(work, erasure_id, own, people))
    if file_keys:
        jobs.enqueue(work, JOB, erasure_id, lane="interactive")
    return queries.get(work, erasure_id)


def lift(work: Work, erasure_id: UUID, *, reason: str) -> Row:
    """Lets the person of an erasure come back; a second time changes nothing. Raises NotFound."""
    row = queries.get(work, erasure_id, lock=True)
    if row is None:
        raise NotFound(f"There is no erasure {erasure_id}.", reason="ERASURE_NOT_FOUND")
    if row.lifted_at is None:
        erased_identity.let_back(work, erasure_id)
        queries.lift(work, erasure_id, reason)
        work.record(events.erasure_lifted(erasure_id))
    return queries.get(work, erasure_id)


def digest_of(contact_id: UUID) -> str:
    """What is kept of an erased contact's id."""
    return hashlib.sha256(f"funia:contact:{contact_id}".encode()).hexdigest()


def _seen(work: Work, contact_id: UUID) -> Row:
    row = contact_queries.get(work, contact_id)
    if row is not None and row.merged_into_id is not None:
        row = contact_queries.get(work, row.merged_into_id)
    if row is None:
        raise contact_not_found(contact_id)
    return row


def _about(people: Sequence[Row]) -> Mapping[str, Any]:
    ids = [one.id for one in people]
    emails = {email_key(email["address"]) for one in people for email in one.emails}
    phones = {phone["number"] for one in people for phone in one.phones}
    return {"ids": ids, "texts": [str(one) for one in ids], "known": sorted(emails | phones)}


def _identities(people: Sequence[Row]) -> list[tuple[str, str]]:
    found = [("email", email_key(email["address"])) for one in people for email in one.emails]
    found += [("phone", phone["number"]) for one in people for phone in one.phones]
    found += [("external", f"{system}:{value}") for one in people for system, value in one.external_ids.items()]
    return list(dict.fromkeys(found))


def _erased(work: Work, erasure_id: UUID, own: Sequence[erased_identity.Key], people: Sequence[Row]) -> Event:
    """What services know the person by that keep people who are no contacts, such as leads."""
    emails = digests_of(work, "email", (value for kind, value in own if kind == "email"))
    phones = digests_of(work, "phone", (value for kind, value in own if kind == "phone"))
    names = digests_of(work, "family_name", (one.family_name for one in people)) if phones else []
    return events.person_erased(erasure_id, emails=emails, phones=phones, family_names=names)


def _refuse_running(found: Sequence[Row], running: Sequence[str]) -> None:
    if any(job.status in running for job in found):
        raise FailedPrecondition(
            "An import or bulk job that wrote this person is not over. Wait for it, or cancel it, and erase then.",
            reason="JOB_RUNNING",
        )
