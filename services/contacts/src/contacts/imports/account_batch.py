"""A batch of rows of companies, and the second pass that finds the parents they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.allowances import Allowance
from chassis.ids import uuid7
from chassis.importing.rows import Problem, RawRow
from chassis.work import Row, Work

from contacts import events
from contacts.imports.batch import Batch, ImportTerms, SeenKeys, beyond_the_plan
from contacts.imports.checking import CheckedAccount
from contacts.imports.custom_checks import CustomChecks
from contacts.imports.matching import Key, KeyIndex, duplicate, judge
from contacts.imports.overlays import over_account
from contacts.imports.record_rows import account_from, account_keys, account_row, account_values, changed
from contacts.model.drafts import AccountDraft
from contacts.model.names import name_key
from contacts.queries import import_job as job_queries
from contacts.queries import record_batch

_DEPTH_MAX = 50


@dataclass(slots=True, eq=False)
class _Company:
    """A company in the making. `stored` is what the database has, None for a new one."""

    id: UUID
    draft: AccountDraft
    row: int
    version: int = 0
    stored: AccountDraft | None = None


class AccountBatch:
    """Plans one batch of companies."""

    def __init__(self, work: Work, terms: ImportTerms, seen: SeenKeys | None) -> None:
        self._work = work
        self._terms = terms
        self._seen = seen
        self._batch = Batch()
        self._index: KeyIndex[_Company] = KeyIndex()
        self._companies: list[_Company] = []
        self._custom = CustomChecks(work, "account")
        self._allowance = Allowance(work, "accounts", spent=None if seen is None else seen.spent)

    def plan(self, rows: Sequence[CheckedAccount], refused: Batch) -> Batch:
        """What becomes of these rows; `refused` holds those that did not even make sense."""
        self._batch = refused
        keys = [_all_keys(row) for row in rows]
        self._custom.prepare([row.draft.custom for row in rows])
        self._find_existing(keys)
        for row, own in zip(rows, keys, strict=True):
            self._place(row, own)
        for company in [] if self._terms.dry_run else self._companies:
            if company.stored is None:
                self._write_new(company)
            elif company.draft is not company.stored:
                _write_changed(self._batch, self._terms, company, company.stored)
        return self._batch

    def _place(self, row: CheckedAccount, keys: list[Key]) -> None:
        verdict = judge(self._index, keys, self._terms.policy)
        if isinstance(verdict, Problem):
            self._batch.fail(row.raw, verdict)
            return
        what, company, kind = verdict
        if what == "skip":
            assert company is not None
            self._batch.skip(row.raw, duplicate(kind, company.row))
            return
        if company is None:
            if not row.draft.name:
                self._batch.fail(row.raw, Problem("REQUIRED", "A new company needs a name."))
                return
            draft = self._allowed(row)
            if isinstance(draft, Problem):
                self._batch.fail(row.raw, draft)
                return
            company = self._create(row, draft)
        else:
            after = over_account(company.draft, row)
            if not isinstance(after, Problem):
                after = self._custom.checked(after, row.draft.custom, creating=False)
            if isinstance(after, Problem):
                self._batch.fail(row.raw, after)
                return
            if after == company.draft and not row.parent:
                self._batch.skip(row.raw)
                return
            if after != company.draft:
                company.draft = after
            self._batch.updated += 1
        self._index.add(keys, company)
        if self._seen is not None:
            self._seen.add(keys, row.raw.number)
        if row.parent:
            self._batch.parents.append(
                {
                    "row": row.raw.number,
                    "account_id": company.id,
                    "parent_name": row.parent,
                    "parent_key": name_key(row.parent),
                    "values": row.raw.values,
                }
            )

    def _allowed(self, row: CheckedAccount) -> AccountDraft | Problem:
        """The draft of a new company, or what its custom fields or the plan have against it."""
        draft = self._custom.checked(replace(row.draft, custom={}), row.draft.custom, creating=True)
        if isinstance(draft, Problem):
            return draft
        return beyond_the_plan(self._allowance, ["accounts"]) or draft

    def _create(self, row: CheckedAccount, draft: AccountDraft) -> _Company:
        company = _Company(
            uuid7(),
            replace(
                draft,
                type=draft.type or "prospect",
                owner_id=draft.owner_id or self._terms.owner_id,
                team_id=draft.team_id or self._terms.team_id,
            ),
            row.raw.number,
        )
        self._companies.append(company)
        self._batch.created += 1
        return company

    def _write_new(self, company: _Company) -> None:
        batch = self._batch
        batch.account_inserts.append(account_row(company.id, 1, company.draft))
        batch.account_keys.extend([(kind, value, company.id) for kind, value in account_keys(company.draft)])
        batch.changes.append(("account", company.id, company.row, 1, None))
        batch.events.append(
            events.account_changed("created", company.id, 1, company.draft, import_id=str(self._terms.import_id))
        )

    def _find_existing(self, keys: list[list[Key]]) -> None:
        wanted = list(dict.fromkeys(key for own in keys for key in own))
        work = self._work
        hits = record_batch.find(work, "account", [key for key in wanted if key[0] != "name"])
        named = record_batch.find_names(work, "account", [value for kind, value in wanted if kind == "name"])
        ids = list(dict.fromkeys([hit.record_id for hit in hits] + [hit.id for hit in named]))
        loaded = {row.id: row for row in record_batch.load(work, "account", ids) if row.deleted_at is None}
        from_file = job_queries.rows_of_created(work, self._terms.import_id, "account", list(loaded))
        known: dict[UUID, _Company] = {}
        for record_id, row in loaded.items():
            draft = account_from(row)
            known[record_id] = _Company(record_id, draft, from_file.get(record_id, 0), row.version, draft)
        self._companies.extend(known.values())
        for hit in hits:
            if hit.record_id in known:
                self._index.add([(hit.kind, hit.value)], known[hit.record_id])
        for hit in named:
            if hit.id in known:
                self._index.add([("name", hit.name_key)], known[hit.id])
        if self._seen is not None:
            stand_ins: dict[int, _Company] = {}
            for key, row_number in self._seen.find(wanted).items():
                if row_number not in stand_ins:
                    stand_ins[row_number] = _Company(uuid7(), AccountDraft(), row_number)
                if key not in self._index.entries:
                    self._index.add([key], stand_ins[row_number])


def plan_parents(work: Work, terms: ImportTerms, open_parents: Sequence[Row]) -> Batch:
    """Sets the parents that rows have named. One that is not there, or would make a circle, is an error of its row."""
    batch = Batch()
    by_name = record_batch.accounts_by_name(work, list({one.parent_key for one in open_parents}))
    loaded = {row.id: row for row in record_batch.load(work, "account", [one.account_id for one in open_parents])}
    above = record_batch.ancestors(work, [*by_name.values(), *loaded])
    companies: dict[UUID, _Company] = {}
    for one in open_parents:
        row = loaded[one.account_id]
        if row.deleted_at is not None:
            continue
        raw = RawRow(one.row, list(one.values), None)
        parent_id = by_name.get(one.parent_key)
        if parent_id is None:
            batch.refused.append(
                (raw, _without_parent("PARENT_NOT_FOUND", one.parent_name, "there is none of that name"))
            )
            continue
        if _is_above(above, parent_id, one.account_id):
            batch.refused.append(
                (raw, _without_parent("PARENT_CYCLE", one.parent_name, "that is the company itself or below it"))
            )
            continue
        if one.account_id not in companies:
            draft = account_from(row)
            companies[one.account_id] = _Company(row.id, draft, one.row, row.version, draft)
        company = companies[one.account_id]
        if company.draft.parent_id != parent_id:
            company.draft = replace(company.draft, parent_id=parent_id)
        above[one.account_id] = parent_id
    for company in companies.values():
        assert company.stored is not None
        if company.draft is not company.stored:
            _write_changed(batch, terms, company, company.stored)
    return batch


def _write_changed(batch: Batch, terms: ImportTerms, company: _Company, stored: AccountDraft) -> None:
    version = company.version + 1
    names = changed(stored, company.draft)
    batch.account_updates.append(account_row(company.id, version, company.draft))
    known = set(account_keys(stored))
    batch.account_keys.extend([(*key, company.id) for key in account_keys(company.draft) if key not in known])
    batch.changes.append(("account", company.id, company.row, version, account_values(stored)))
    batch.events.append(
        events.account_changed(
            "updated", company.id, version, company.draft, changed_fields=names, import_id=str(terms.import_id)
        )
    )


def _is_above(above: dict[UUID, UUID | None], start: UUID, sought: UUID) -> bool:
    """Whether `sought` is `start` or one of its parents."""
    at: UUID | None = start
    for _ in range(_DEPTH_MAX):
        if at is None:
            return False
        if at == sought:
            return True
        at = above.get(at)
    return True


def _without_parent(reason: str, name: str, why: str) -> Problem:
    return Problem(reason, f'The company went in, but without its parent "{name[:80]}": {why}. Set it by hand.')


def _all_keys(row: CheckedAccount) -> list[Key]:
    return [("name", row.name_key), *row.keys] if row.name_key else list(row.keys)
