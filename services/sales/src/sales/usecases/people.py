"""What sales holds about a person, and forgets when the person is erased: what names the contact, and what only has the
person's address.

Amounts, dates and ids stay. Issued invoices keep the name and the address that the law wants on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from chassis import custom_values, jobs
from chassis.idempotency import forget_answers
from chassis.person_digests import digest_of, digests_of
from chassis.work import Row, Work

from sales.queries import activity, imports, lead, loyalty, mail, need, quotes
from sales.queries import addresses as queries
from sales.queries import held as held_queries

ERASED_FILE = "sales.erased_file"
"""The job that removes the file of an import that told of somebody who was erased."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Digests of addresses and family names of people (`chassis.person_digests`)."""

    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    family_names: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.emails or self.phones)


@dataclass(slots=True)
class _Found:
    """Records that are one of them as a whole, and those of somebody else with one of their numbers."""

    whole: list[UUID] = field(default_factory=list)
    numbers: list[UUID] = field(default_factory=list)


def marks_of(work: Work, *, emails: Iterable[str], phones: Iterable[str], family_names: Iterable[str]) -> Marks:
    """The marks of a person who is still here."""
    return Marks(
        frozenset(digests_of(work, "email", emails)),
        frozenset(digests_of(work, "phone", phones)),
        frozenset(digests_of(work, "family_name", family_names)),
    )


def held(work: Work, contact_ids: Sequence[UUID], marks: Marks, *, limit: int) -> dict[str, list[dict[str, Any]]]:
    """Rows about these contacts, and about whoever has these marks, by table; of each table so many."""
    lead_ids = sorted({*lead.of_people(work, contact_ids), *_like(work, queries.leads(work), marks).whole})
    activities = {*activity.about_people(work, contact_ids, lead_ids), *_mails(work, marks)}
    ids = {
        "contact_ids": contact_ids,
        "lead_ids": lead_ids,
        "activity_ids": sorted(activities),
        "member_ids": _like(work, queries.members(work), marks).whole,
    }
    found = {table: held_queries.read(work, table, ids, limit=limit) for table in held_queries.TABLES}
    refused = (row for row in queries.refused_rows(work) if marks and _tells(work, row.values, marks))
    found["sales_import_row_error"] = [
        {"import_id": str(row.import_id), "row": row.row, "values": row.values} for row in islice(refused, limit)
    ]
    return {table: rows for table, rows in found.items() if rows}


def forget(work: Work, contact_ids: Sequence[UUID], marks: Marks) -> None:
    """Forgets these contacts, and whoever has these marks. A second time changes nothing."""
    named, members = _like(work, queries.leads(work), marks), _like(work, queries.members(work), marks)
    lead_ids = sorted({*lead.of_people(work, contact_ids), *named.whole})
    queries.forget_deal_names(work, lead_ids)
    lead.forget(work, lead_ids)
    lead.forget_numbers(work, named.numbers)
    custom_values.put(work, "lead", [(one, {}) for one in lead_ids], new=False)
    need.forget_people(work, contact_ids, lead_ids)
    told = {*activity.about_people(work, contact_ids, lead_ids), *_mails(work, marks)}
    mail.forget(work, sorted(told))
    activity.forget(work, sorted(told))
    quotes.forget_people(work, list(contact_ids))
    loyalty.forget_people(work, contact_ids)
    loyalty.forget_members(work, members.whole)
    loyalty.forget_numbers(work, members.numbers)
    forget_answers(work, [*contact_ids, *lead_ids, *named.numbers, *told, *members.whole, *members.numbers])
    telling = imports.telling_of(work, lead_ids)
    if marks:
        told_of = [row for row in queries.refused_rows(work) if _tells(work, row.values, marks)]
        queries.forget_refused_rows(work, told_of)
        telling |= {row.import_id for row in told_of}
    imports.forget_samples(work, sorted(telling))
    for import_id in sorted(telling):
        jobs.enqueue(work, ERASED_FILE, import_id, lane="bulk")


def _like(work: Work, rows: Iterable[Row], marks: Marks) -> _Found:
    """A number may be that of a whole office, so it is the person's only where no other name stands beside it."""
    found = _Found()
    for row in rows if marks else ():
        if row.email and digest_of(work, "email", row.email) in marks.emails:
            found.whole.append(row.id)
        elif row.phone and digest_of(work, "phone", row.phone) in marks.phones:
            names = digests_of(work, "family_name", [row.name])
            mine = not names or not marks.family_names.isdisjoint(names)
            (found.whole if mine else found.numbers).append(row.id)
    return found


def _mails(work: Work, marks: Marks) -> list[UUID]:
    if not marks.emails:
        return []
    return [row.id for row in queries.mails(work) if digest_of(work, "email", row.email) in marks.emails]


def _tells(work: Work, values: Sequence[str], marks: Marks) -> bool:
    return any(
        digest_of(work, "email", one) in marks.emails or digest_of(work, "phone", one) in marks.phones for one in values
    )
