"""Companies written in bulk: what `bulk` must know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal
from uuid import UUID

from chassis.envelope import Event
from chassis.errors import FuniaError, invalid_field
from chassis.work import Row, Work

from contacts import events
from contacts.errors import account_not_found
from contacts.imports.custom_checks import CustomChecks
from contacts.imports.matching import Key
from contacts.imports.record_rows import account_keys, account_row
from contacts.model.drafts import AccountDraft
from contacts.model.names import name_key
from contacts.queries import account as queries
from contacts.queries import record_batch
from contacts.usecases import account
from contacts.usecases.bulk import BulkItem, Looks, Record
from contacts.usecases.normal_forms import normal_account

_PARENTS_MAX = 50


class BulkAccounts:
    """The kind `bulk` writes companies by."""

    table: Literal["contact", "account"] = "account"

    def __init__(self, work: Work) -> None:
        self._work = work
        self._custom = CustomChecks(work, "account")
        self._parents: dict[UUID, UUID | None] = {}

    def lock(self, ids: list[UUID]) -> list[Row]:
        return queries.lock(self._work, ids)

    def seen(self, ids: list[UUID]) -> set[UUID]:
        return {row.id for row in queries.batch(self._work, ids)} if ids else set()

    def prepare(self, items: Sequence[BulkItem[AccountDraft]]) -> None:
        self._custom.prepare([item.draft.custom for item in items])
        named = list({item.draft.parent_id for item in items if item.draft.parent_id is not None})
        self._parents = record_batch.ancestors(self._work, named)

    def from_row(self, row: Row) -> AccountDraft:
        return account.from_row(row)

    def new(self, item: BulkItem[AccountDraft]) -> AccountDraft:
        draft = normal_account(account.owned(self._work, item.draft))
        self._check(None, draft)
        return replace(draft, custom=self._custom.laid_over({}, draft.custom, creating=True))

    def changed(self, record: Record[AccountDraft], item: BulkItem[AccountDraft], wanted: AccountDraft) -> AccountDraft:
        if wanted.custom is not record.draft.custom:
            custom = self._custom.laid_over(record.draft.custom, item.draft.custom, creating=False)
            wanted = replace(wanted, custom=custom)
        after = normal_account(wanted)
        if after.parent_id == record.draft.parent_id:
            self._check_name(after)
        else:
            self._check(record.id, after)
            self._parents[record.id] = after.parent_id
        return after

    def keys(self, draft: AccountDraft) -> list[Key]:
        return list(dict.fromkeys(account_keys(draft)))

    def alike(self, draft: AccountDraft) -> list[Key]:
        return [("name", name_key(draft.name)), *(("domain", domain) for domain in draft.domains)]

    def duplicate(self, ids: Sequence[UUID]) -> Looks:
        return Looks(account.DUPLICATE, "DUPLICATE_ACCOUNT", ids)

    def refuse_erased(self, keys: Sequence[Key]) -> None:
        """Companies are no people."""

    def look_for_erased(self, keys: Sequence[Key]) -> None:
        """As `refuse_erased`."""

    def not_found(self, record_id: UUID) -> FuniaError:
        return account_not_found(record_id)

    def row(self, record: Record[AccountDraft]) -> dict[str, Any]:
        return account_row(record.id, record.version, record.draft)

    def created(self, record: Record[AccountDraft], item: BulkItem[AccountDraft]) -> list[Event]:
        return [events.account_changed("created", record.id, 1, record.draft)]

    def updated(self, record: Record[AccountDraft], before: AccountDraft, names: tuple[str, ...]) -> list[Event]:
        return [events.account_changed("updated", record.id, record.version, record.draft, changed_fields=names)]

    def deleted(self, record: Record[AccountDraft]) -> Event:
        return events.account_changed("deleted", record.id, record.version, record.draft, deleted=True)

    def write_more(self, records: Sequence[Record[AccountDraft]]) -> None:
        return None

    def _check(self, account_id: UUID | None, draft: AccountDraft) -> None:
        self._check_name(draft)
        if draft.parent_id is None:
            return
        if draft.parent_id not in self._parents:
            raise invalid_field("account.parent_id", "there is no such account", reason="ACCOUNT_NOT_FOUND")
        above: UUID | None = draft.parent_id
        for _ in range(_PARENTS_MAX):
            if above is None:
                return
            if above == account_id:
                raise invalid_field("account.parent_id", "a company cannot be its own parent", reason="PARENT_CYCLE")
            above = self._parents.get(above)

    @staticmethod
    def _check_name(draft: AccountDraft) -> None:
        if not draft.name:
            raise invalid_field("account.name", "a company needs a name", reason="REQUIRED")
