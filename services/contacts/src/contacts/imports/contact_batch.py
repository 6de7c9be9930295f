"""A batch of rows of people: found among what exists, merged among themselves, put into their companies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from chassis.allowances import Allowance
from chassis.ids import uuid7
from chassis.importing.rows import Problem
from chassis.work import Work

from contacts import events
from contacts.errors import ERASED_PERSON, erased_words
from contacts.imports.batch import Batch, ImportTerms, SeenKeys, beyond_the_plan
from contacts.imports.checking import CheckedContact
from contacts.imports.custom_checks import CustomChecks
from contacts.imports.matching import Key, KeyIndex, duplicate, judge
from contacts.imports.overlays import over_contact
from contacts.imports.record_rows import (
    account_row,
    changed,
    contact_from,
    contact_keys,
    contact_row,
    contact_values,
)
from contacts.model.drafts import AccountDraft, ContactDraft
from contacts.model.names import name_key
from contacts.queries import erased_identity, record_batch
from contacts.queries import import_job as job_queries

_SOURCE = "import"


@dataclass(slots=True, eq=False)
class _Person:
    """A contact in the making. `stored` is what the database has, None for a new one."""

    id: UUID
    draft: ContactDraft
    row: int
    version: int = 0
    stored: ContactDraft | None = None
    links: dict[UUID, tuple[str, bool]] = field(default_factory=dict)
    new_links: dict[UUID, tuple[str, bool]] = field(default_factory=dict)


class ContactBatch:
    """Plans one batch. Reads and locks what it needs; `plan` gives everything to be written."""

    def __init__(self, work: Work, terms: ImportTerms, seen: SeenKeys | None) -> None:
        self._work = work
        self._terms = terms
        self._seen = seen
        self._batch = Batch()
        self._index: KeyIndex[_Person] = KeyIndex()
        self._people: list[_Person] = []
        self._company_keys: dict[str, str] = {}
        self._companies: dict[str, UUID] = {}
        self._custom = CustomChecks(work, "contact")
        self._erased: set[Key] = set()
        self._allowance = Allowance(work, *record_batch.METERS.values(), spent=None if seen is None else seen.spent)

    def plan(self, rows: Sequence[CheckedContact], refused: Batch) -> Batch:
        """What becomes of these rows; `refused` holds those that did not even make sense."""
        self._batch = refused
        by_name = self._terms.policy.match == "name"
        keys = [_all_keys(row, by_name=by_name) for row in rows]
        self._custom.prepare([row.draft.custom for row in rows])
        self._find_existing(keys, rows)
        self._erased = erased_identity.of_erased(self._work, {key for own in keys for key in own})
        self._find_companies(rows)
        for row, own in zip(rows, keys, strict=True):
            self._place(row, own)
        if not self._terms.dry_run:
            for person in self._people:
                self._write(person)
        return self._batch

    def _place(self, row: CheckedContact, keys: list[Key]) -> None:
        if kinds := {key[0] for key in keys if key in self._erased}:
            self._batch.fail(row.raw, Problem(ERASED_PERSON, erased_words(kinds)))
            return
        verdict = judge(self._index, keys, self._terms.policy)
        if isinstance(verdict, Problem):
            self._batch.fail(row.raw, verdict)
            return
        what, person, kind = verdict
        if what == "skip":
            assert person is not None
            self._batch.skip(row.raw, duplicate(kind, person.row))
        elif (full := self._beyond_the_plan(person, row)) is not None:
            self._batch.fail(row.raw, full)
        elif person is None:
            self._create(row, keys)
        else:
            self._update(person, row, keys)

    def _beyond_the_plan(self, person: _Person | None, row: CheckedContact) -> Problem | None:
        """What the plan has against the records that the row would make; takes them where it has nothing."""
        makes = [] if person is not None else ["contacts"]
        if row.company and self._company_keys[row.company] not in self._companies:
            makes.append("accounts")
        return beyond_the_plan(self._allowance, makes)

    def _create(self, row: CheckedContact, keys: list[Key]) -> None:
        draft = self._custom.checked(replace(row.draft, custom={}), row.draft.custom, creating=True)
        if isinstance(draft, Problem):
            self._batch.fail(row.raw, draft)
            return
        person = _Person(
            uuid7(),
            replace(
                draft,
                lifecycle_stage=draft.lifecycle_stage or "lead",
                source=draft.source or _SOURCE,
                owner_id=draft.owner_id or self._terms.owner_id,
                team_id=draft.team_id or self._terms.team_id,
            ),
            row.raw.number,
        )
        self._link(person, row)
        self._people.append(person)
        self._index.add(keys, person)
        self._batch.created += 1
        if self._seen is not None:
            self._seen.add(keys, row.raw.number)

    def _update(self, person: _Person, row: CheckedContact, keys: list[Key]) -> None:
        after = over_contact(person.draft, row)
        if not isinstance(after, Problem):
            after = self._custom.checked(after, row.draft.custom, creating=False)
        if isinstance(after, Problem):
            self._batch.fail(row.raw, after)
            return
        linked = self._link(person, row)
        if after == person.draft and not linked:
            self._batch.skip(row.raw)
            return
        person.draft = after
        self._index.add(keys, person)
        self._batch.updated += 1
        if self._seen is not None:
            self._seen.add(keys, row.raw.number)

    def _link(self, person: _Person, row: CheckedContact) -> bool:
        """Puts the person into the company the row names; True where that changes anything."""
        if not row.company:
            return False
        account_id = self._company(row)
        known = person.new_links.get(account_id) or person.links.get(account_id)
        if known is not None and (not row.role or known[0] == row.role):
            return False
        if known is not None:
            person.new_links[account_id] = (row.role, known[1])
        else:
            person.new_links[account_id] = (row.role, not person.links and not person.new_links)
        return True

    def _company(self, row: CheckedContact) -> UUID:
        key = self._company_keys[row.company]
        account_id = self._companies.get(key)
        if account_id is None:
            account_id = self._companies[key] = uuid7()
            terms = self._terms
            draft = AccountDraft(name=row.company, type="prospect", owner_id=terms.owner_id, team_id=terms.team_id)
            self._batch.account_inserts.append(account_row(account_id, 1, draft))
            self._batch.changes.append(("account", account_id, row.raw.number, 1, None))
            self._batch.events.append(
                events.account_changed("created", account_id, 1, draft, import_id=str(terms.import_id))
            )
        return account_id

    def _write(self, person: _Person) -> None:
        if person.stored is None:
            self._write_new(person)
        elif person.draft is not person.stored or person.new_links:
            self._write_changed(person, person.stored)

    def _write_new(self, person: _Person) -> None:
        batch = self._batch
        draft = person.draft
        version = 1 + len(person.new_links)
        batch.contact_inserts.append(contact_row(person.id, version, draft))
        batch.contact_keys.extend([(kind, value, person.id) for kind, value in contact_keys(draft)])
        batch.changes.append(("contact", person.id, person.row, version, None))
        batch.events.append(
            events.contact_changed(
                "created", person.id, 1, draft, account_id=_main(person), import_id=str(self._terms.import_id)
            )
        )
        self._write_links(person, 1)

    def _write_changed(self, person: _Person, stored: ContactDraft) -> None:
        batch = self._batch
        names = changed(stored, person.draft)
        version = person.version
        if names:
            version += 1
            batch.events.append(
                events.contact_changed(
                    "updated",
                    person.id,
                    version,
                    person.draft,
                    changed_fields=names,
                    account_id=_main(person),
                    import_id=str(self._terms.import_id),
                )
            )
            if "lifecycle_stage" in names:
                batch.events.append(
                    events.lifecycle_changed(person.id, version, stored.lifecycle_stage, person.draft.lifecycle_stage)
                )
            known = set(contact_keys(stored))
            batch.contact_keys.extend([(*key, person.id) for key in contact_keys(person.draft) if key not in known])
        self._write_links(person, version)
        final = version + len(person.new_links)
        batch.contact_updates.append(contact_row(person.id, final, person.draft))
        before: dict[str, Any] = contact_values(stored)
        before["links"] = [[str(account), role, primary] for account, (role, primary) in person.links.items()]
        batch.changes.append(("contact", person.id, person.row, final, before))

    def _write_links(self, person: _Person, version: int) -> None:
        for account_id, (role, primary) in person.new_links.items():
            version += 1
            self._batch.links.append((account_id, person.id, role, primary))
            self._batch.events.append(
                events.link_changed("linked", account_id, person.id, version, role=role, primary=primary)
            )

    def _find_existing(self, keys: list[list[Key]], rows: Sequence[CheckedContact]) -> None:
        wanted = list(dict.fromkeys(key for own in keys for key in own))
        work = self._work
        hits = record_batch.find(work, "contact", [key for key in wanted if key[0] != "name"])
        named = record_batch.find_names(work, "contact", [value for kind, value in wanted if kind == "name"])
        ids = list(dict.fromkeys([hit.record_id for hit in hits] + [hit.id for hit in named]))
        loaded = {row.id: row for row in record_batch.load(work, "contact", ids) if row.deleted_at is None}
        from_file = job_queries.rows_of_created(work, self._terms.import_id, "contact", list(loaded))
        known: dict[UUID, _Person] = {}
        for record_id, row in loaded.items():
            draft = contact_from(row)
            known[record_id] = _Person(record_id, draft, from_file.get(record_id, 0), row.version, draft)
        if any(row.company for row in rows):
            for link in record_batch.links(work, list(known)):
                known[link.contact_id].links[link.account_id] = (link.role, link.is_primary)
        self._people.extend(known.values())
        for hit in hits:
            if hit.record_id in known:
                self._index.add([(hit.kind, hit.value)], known[hit.record_id])
        for hit in named:
            if hit.id in known:
                self._index.add([("name", hit.name_key)], known[hit.id])
        if self._seen is not None:
            self._add_seen(wanted)

    def _add_seen(self, wanted: list[Key]) -> None:
        """Rows of earlier batches of a dry run stand in for the records they would have become."""
        assert self._seen is not None
        stand_ins: dict[int, _Person] = {}
        for key, row in self._seen.find(wanted).items():
            if row not in stand_ins:
                stand_ins[row] = _Person(uuid7(), ContactDraft(), row)
            if key not in self._index.entries:
                self._index.add([key], stand_ins[row])

    def _find_companies(self, rows: Sequence[CheckedContact]) -> None:
        self._company_keys = {name: name_key(name) for name in {row.company for row in rows if row.company}}
        names = list(dict.fromkeys(self._company_keys.values()))
        self._companies = record_batch.accounts_by_name(self._work, names)


def _all_keys(row: CheckedContact, *, by_name: bool) -> list[Key]:
    keys = list(row.keys)
    if by_name:
        draft = row.draft
        whole = " ".join(part for part in (draft.given_name, draft.middle_name, draft.family_name) if part)
        if whole:
            keys.append(("name", name_key(whole)))
    return keys


def _main(person: _Person) -> UUID | None:
    links = {**person.links, **person.new_links}
    return next((account for account, (_, primary) in links.items() if primary), None)
