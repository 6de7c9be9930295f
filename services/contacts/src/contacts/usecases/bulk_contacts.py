"""People written in bulk: what `bulk` must know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

from chassis.envelope import Event
from chassis.errors import FuniaError, invalid_field
from chassis.record_shares import check_writes
from chassis.work import Row, Work

from contacts import events
from contacts.errors import contact_not_found, erased_person
from contacts.imports.custom_checks import CustomChecks
from contacts.imports.matching import Key
from contacts.imports.record_rows import contact_keys, contact_row
from contacts.model.drafts import ContactDraft
from contacts.queries import account as account_queries
from contacts.queries import contact as queries
from contacts.queries import erased_identity, record_batch
from contacts.usecases import contact
from contacts.usecases.bulk import BulkItem, Looks, Record
from contacts.usecases.normal_forms import normal_contact


class BulkContacts:
    """The kind `bulk` writes people by."""

    table: Literal["contact", "account"] = "contact"

    def __init__(self, work: Work) -> None:
        self._work = work
        self._custom = CustomChecks(work, "contact")
        self._companies: dict[UUID, Row] = {}
        self._erased: set[Key] = set()
        self._asked: set[Key] = set()

    def lock(self, ids: list[UUID]) -> list[Row]:
        return queries.lock(self._work, ids)

    def seen(self, ids: list[UUID]) -> set[UUID]:
        return {row.id for row in queries.batch(self._work, ids, full=False)} if ids else set()

    def prepare(self, items: Sequence[BulkItem[ContactDraft]]) -> None:
        self._custom.prepare([item.draft.custom for item in items])
        named = list({item.account_id for item in items if item.account_id is not None})
        self._companies = {row.id: row for row in account_queries.batch(self._work, named)} if named else {}

    def from_row(self, row: Row) -> ContactDraft:
        return contact.from_row(row)

    def new(self, item: BulkItem[ContactDraft]) -> ContactDraft:
        draft = normal_contact(contact.owned(self._work, item.draft), lambda: self._country)
        if item.account_id is not None and item.account_id not in self._companies:
            raise invalid_field("account_id", "there is no such account that you may see", reason="ACCOUNT_NOT_FOUND")
        if item.account_id is not None:
            check_writes(self._companies[item.account_id], "company")
        return replace(draft, custom=self._custom.laid_over({}, draft.custom, creating=True))

    def changed(self, record: Record[ContactDraft], item: BulkItem[ContactDraft], wanted: ContactDraft) -> ContactDraft:
        if wanted.custom is not record.draft.custom:
            custom = self._custom.laid_over(record.draft.custom, item.draft.custom, creating=False)
            wanted = replace(wanted, custom=custom)
        after = normal_contact(wanted, lambda: self._country)
        contact.check_stage(record.draft, after, item.reason)
        return after

    def keys(self, draft: ContactDraft) -> list[Key]:
        return list(dict.fromkeys(contact_keys(draft)))

    def alike(self, draft: ContactDraft) -> list[Key]:
        # The same name alone scores too low to refuse anybody, so it need not be looked for.
        return contact_keys(draft)

    def duplicate(self, ids: Sequence[UUID]) -> Looks:
        return Looks(contact.DUPLICATE, "DUPLICATE_CONTACT", ids)

    def refuse_erased(self, keys: Sequence[Key]) -> None:
        self.look_for_erased(keys)
        if kinds := {key[0] for key in keys if key in self._erased}:
            raise erased_person(kinds)

    def look_for_erased(self, keys: Sequence[Key]) -> None:
        fresh = set(keys) - self._asked
        self._asked |= fresh
        self._erased |= erased_identity.of_erased(self._work, fresh)

    def not_found(self, record_id: UUID) -> FuniaError:
        return contact_not_found(record_id)

    def row(self, record: Record[ContactDraft]) -> dict[str, Any]:
        return contact_row(record.id, record.version, record.draft)

    def created(self, record: Record[ContactDraft], item: BulkItem[ContactDraft]) -> list[Event]:
        made = events.contact_changed("created", record.id, 1, record.draft, account_id=item.account_id)
        if item.account_id is None:
            return [made]
        record.link = item.account_id
        record.version += 1
        linked = events.link_changed("linked", item.account_id, record.id, record.version, role="", primary=True)
        return [made, linked]

    def updated(self, record: Record[ContactDraft], before: ContactDraft, names: tuple[str, ...]) -> list[Event]:
        account_id = record.link if record.row is None else contact.main_account(record.row)
        after, version = record.draft, record.version
        told = [
            events.contact_changed("updated", record.id, version, after, changed_fields=names, account_id=account_id)
        ]
        if "lifecycle_stage" in names:
            told.append(events.lifecycle_changed(record.id, version, before.lifecycle_stage, after.lifecycle_stage))
        return told

    def deleted(self, record: Record[ContactDraft]) -> Event:
        return events.contact_changed("deleted", record.id, record.version, record.draft, deleted=True)

    def write_more(self, records: Sequence[Record[ContactDraft]]) -> None:
        record_batch.put_links(self._work, [(one.link, one.id, "", True) for one in records if one.link is not None])

    @cached_property
    def _country(self) -> str:
        return queries.tenant_country(self._work)
