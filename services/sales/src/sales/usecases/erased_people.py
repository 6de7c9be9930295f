"""What sales forgets when a person is erased: what names the contact, and what only has the person's address.

Amounts, dates and ids stay. Issued invoices keep the name and the address that the law wants on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from chassis import custom_values
from chassis.person_digests import digest_of, digests_of
from chassis.work import Row, Work

from sales.queries import activity, lead, loyalty, mail, need, quotes
from sales.queries import erased_people as queries


@dataclass(frozen=True, slots=True)
class Marks:
    """Digests of addresses and family names of people who were erased (`chassis.person_digests`)."""

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


def forget(work: Work, contact_ids: Sequence[UUID], marks: Marks) -> None:
    """Forgets these contacts, and whoever has these marks. A second time changes nothing."""
    named = _like(work, queries.leads(work), marks) if marks else _Found()
    members = _like(work, queries.members(work), marks) if marks else _Found()
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
    if marks:
        told_of = [row for row in queries.refused_rows(work) if _tells(work, row.values, marks)]
        queries.forget_refused_rows(work, told_of)


def _like(work: Work, rows: Iterable[Row], marks: Marks) -> _Found:
    """A number may be that of a whole office, so it is the person's only where no other name stands beside it."""
    found = _Found()
    for row in rows:
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
