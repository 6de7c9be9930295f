"""Many records of one kind written at once: each item is judged as the single use case would judge it, in order, and
what is left of all of them is written by a handful of statements. One transaction; a bad item stops no other.

What differs between people and companies stands in `bulk_contacts` and `bulk_accounts`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, Protocol, TypeVar
from uuid import UUID

from chassis.allowances import Allowance
from chassis.envelope import Event
from chassis.errors import Conflict, FuniaError, invalid_field
from chassis.ids import uuid7
from chassis.record_shares import check_given_away, check_holds, check_writes
from chassis.work import Row, Work

from contacts.errors import in_the_bin, stale
from contacts.imports.matching import Key, KeyIndex
from contacts.imports.record_rows import changed
from contacts.model.drafts import AccountDraft, ContactDraft
from contacts.queries import record_batch

D = TypeVar("D", bound=ContactDraft | AccountDraft)
Outcome = Literal["created", "updated", "unchanged", "deleted", "failed"]
Operation = Literal["create", "update", "upsert", "delete"]


@dataclass(frozen=True, slots=True)
class BulkItem(Generic[D]):
    """One thing to write. `fields` are those the caller gave; `external` is "system:id"; `refusal` what the edge found
    wrong with it."""

    draft: D
    fields: Sequence[str] = ()
    record_id: UUID | None = None
    external: str = ""
    etag: str = ""
    reason: str = ""
    allow_duplicate: bool = False
    account_id: UUID | None = None
    refusal: FuniaError | None = None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of an item; `error` says why it failed, `duplicates` which records it looks like."""

    outcome: Outcome
    record_id: UUID | None = None
    version: int = 0
    error: FuniaError | None = None
    duplicates: tuple[UUID, ...] = ()


@dataclass(slots=True, eq=False)
class Record(Generic[D]):
    """A record in the making. `stored` is its draft in the database, None for a new one."""

    id: UUID
    draft: D
    version: int
    stored: D | None = None
    row: Row | None = None
    binned: bool = False
    bin_now: bool = False
    account_id: UUID | None = None
    link: UUID | None = None


class Looks(FuniaError):
    """The item looks like records that are there."""

    kind = Conflict.kind

    def __init__(self, message: str, reason: str, ids: Sequence[UUID]) -> None:
        super().__init__(message, reason=reason)
        self.ids = tuple(ids)


class BulkKind(Protocol[D]):
    """What a kind of record adds."""

    table: Literal["contact", "account"]

    def lock(self, ids: list[UUID]) -> list[Row]:
        """Rows the caller may see, locked."""

    def seen(self, ids: list[UUID]) -> set[UUID]:
        """Living records among these that the caller may see."""

    def prepare(self, items: Sequence[BulkItem[D]]) -> None:
        """Looks up what checking these items will ask for."""

    def from_row(self, row: Row) -> D:
        """The draft that would write a row."""

    def new(self, item: BulkItem[D]) -> D:
        """The normal draft of a new record; raises what is wrong with it."""

    def changed(self, record: Record[D], item: BulkItem[D], wanted: D) -> D:
        """The normal draft after a change; raises what is wrong with it."""

    def keys(self, draft: D) -> list[Key]:
        """Identities of a normal draft."""

    def alike(self, draft: D) -> list[Key]:
        """Keys whose other owner would make a new record a likely duplicate."""

    def duplicate(self, ids: Sequence[UUID]) -> Looks:
        """The refusal of a likely duplicate."""

    def refuse_erased(self, keys: Sequence[Key]) -> None:
        """Raises Conflict where one of these keys, new to a record, is of a person who was erased."""

    def look_for_erased(self, keys: Sequence[Key]) -> None:
        """Looks up at once what `refuse_erased` will be asked of most of the batch."""

    def not_found(self, record_id: UUID) -> FuniaError:
        """The refusal of an id that the caller sees nothing under."""

    def row(self, record: Record[D]) -> dict[str, Any]:
        """The row that writes a record."""

    def created(self, record: Record[D], item: BulkItem[D]) -> list[Event]:
        """Events of a creation; may bump the record's version."""

    def updated(self, record: Record[D], before: D, names: tuple[str, ...]) -> list[Event]:
        """Events of a change."""

    def deleted(self, record: Record[D]) -> Event:
        """The event of a deletion."""

    def write_more(self, records: Sequence[Record[D]]) -> None:
        """Writes what stands in other tables."""


class Bulk(Generic[D]):
    """One batch. Use once."""

    def __init__(self, work: Work, kind: BulkKind[D], system: str = "") -> None:
        self._work = work
        self._kind = kind
        self._system = system
        self._records: dict[UUID, Record[D]] = {}
        self._index: KeyIndex[Record[D]] = KeyIndex()
        self._alike: KeyIndex[UUID] = KeyIndex()
        self._events: list[Event] = []
        self._fresh: dict[int, D | FuniaError] = {}
        self._meter = record_batch.METERS[kind.table]
        self._allowance = Allowance(work, self._meter, record_batch.ROWS)

    def run(self, operation: Operation, items: Sequence[BulkItem[D]]) -> list[ItemResult]:
        """Judges every item and writes the good ones; one result an item, in their order."""
        good = [item for item in items if item.refusal is None]
        self._kind.prepare(good)
        self._load(operation, good)
        step = {"create": self._create, "update": self._update, "upsert": self._upsert, "delete": self._delete}
        results = [self._judged(step[operation], item) for item in items]
        self._write()
        # An item is answered with the state after the whole batch, in which a later item may have changed its record.
        return [
            replace(one, version=self._records[one.record_id].version) if one.record_id in self._records else one
            for one in results
        ]

    def _judged(self, step: Callable[[BulkItem[D]], ItemResult], item: BulkItem[D]) -> ItemResult:
        try:
            self._allowance.take(record_batch.ROWS)
            self._work.count(record_batch.ROWS, 1)
            if item.refusal is not None:
                raise item.refusal
            return step(item)
        except Looks as error:
            return ItemResult("failed", error=error, duplicates=error.ids)
        except FuniaError as error:
            return ItemResult("failed", item.record_id, error=error)

    def _load(self, operation: Operation, items: Sequence[BulkItem[D]]) -> None:
        """Locks what the items name, then looks for what new records would duplicate."""
        kind = self._kind
        wanted = [item.record_id for item in items if item.record_id is not None]
        externals = {item.external for item in items if operation == "upsert" and item.record_id is None}
        externals.discard("")
        owned: dict[str, list[UUID]] = {}
        if externals:
            record_batch.hold(self._work, kind.table, externals)
            for hit in record_batch.find(self._work, kind.table, [("external", one) for one in sorted(externals)]):
                owned.setdefault(hit.value, []).append(hit.record_id)
            wanted += [record_id for ids in owned.values() for record_id in ids]
        for row in kind.lock(list(dict.fromkeys(wanted))):
            draft = kind.from_row(row)
            self._records[row.id] = Record(row.id, draft, row.version, draft, row, row.deleted_at is not None)
        self._index_owned(owned)
        if operation in ("create", "upsert"):
            self._look_for_duplicates([item for item in items if item.record_id is None])

    def _index_owned(self, owned: dict[str, list[UUID]]) -> None:
        hidden = [one for ids in owned.values() for one in ids if one not in self._records]
        out_of_sight = record_batch.living(self._work, self._kind.table, hidden)
        for value, ids in owned.items():
            for record_id in ids:
                record = self._records.get(record_id)
                if record is not None and not record.binned:
                    self._index.add([("external", value)], record)
                elif record_id in out_of_sight:
                    self._alike.add([("external", value)], record_id)

    def _look_for_duplicates(self, items: Sequence[BulkItem[D]]) -> None:
        kind = self._kind
        keys: dict[Key, None] = {}
        wanted: list[Key] = []
        for item in items:
            if item.external and self._index.find([("external", item.external)]):
                continue
            draft = self._new(item)
            if isinstance(draft, FuniaError):
                continue
            wanted += kind.keys(draft)
            if not item.allow_duplicate:
                keys.update(dict.fromkeys(kind.alike(draft)))
        kind.look_for_erased(wanted)
        found = record_batch.find(self._work, kind.table, [key for key in keys if key[0] != "name"])
        hits = [((hit.kind, hit.value), hit.record_id) for hit in found]
        named = record_batch.find_names(self._work, kind.table, [value for name, value in keys if name == "name"])
        hits += [(("name", hit.name_key), hit.id) for hit in named]
        seen = kind.seen(list({record_id for _, record_id in hits}))
        for key, record_id in hits:
            if record_id in seen:
                self._alike.add([key], record_id)

    def _new(self, item: BulkItem[D]) -> D | FuniaError:
        """The normal draft of an item as a new record, worked out once, or what is wrong with it."""
        known = self._fresh.get(id(item))
        if known is None:
            try:
                known = self._kind.new(item)
            except FuniaError as error:
                known = error
            self._fresh[id(item)] = known
        return known

    def _create(self, item: BulkItem[D]) -> ItemResult:
        kind = self._kind
        draft = self._new(item)
        if isinstance(draft, FuniaError):
            raise draft
        alike = kind.alike(draft)
        if not item.allow_duplicate:
            same = [one for _, one in self._alike.find(alike)]
            same += [one.id for _, one in self._index.find(alike) if not one.binned and one.id not in same]
            if same:
                raise kind.duplicate(same)
        kind.refuse_erased(kind.keys(draft))
        self._allowance.take(self._meter)
        record = Record(uuid7(), draft, 1)
        events = kind.created(record, item)
        self._records[record.id] = record
        self._index.add(kind.keys(draft) + alike, record)
        self._events += events
        return ItemResult("created", record.id)

    def _update(self, item: BulkItem[D]) -> ItemResult:
        return self._change(self._named(item), item, item.draft)

    def _upsert(self, item: BulkItem[D]) -> ItemResult:
        if item.record_id is not None:
            return self._change(self._named(item), item, self._kept_ids(item, self._named(item)))
        if not item.external:
            where = f"{self._kind.table}.external_ids.{self._system}" if self._system else f"{self._kind.table}.id"
            raise invalid_field(where, "give the id, or name a system and give its id", reason="REQUIRED")
        key: Key = ("external", item.external)
        found = [record for _, record in self._index.find([key])]
        if len(found) > 1:
            raise Looks(
                f"{len(found)} records have this external id. Merge them first.",
                "AMBIGUOUS",
                [record.id for record in found],
            )
        if found:
            return self._change(found[0], item, self._kept_ids(item, found[0]))
        if self._alike.find([key]):
            raise Conflict(
                "A record that you may not see has this external id. Ask for the right to see it.",
                reason="EXTERNAL_ID_TAKEN",
            )
        return self._create(item)

    def _delete(self, item: BulkItem[D]) -> ItemResult:
        record = self._named(item)
        if record.row is not None:
            check_holds(record.row, self._kind.table)
        if record.binned:
            return ItemResult("unchanged", record.id)
        record.version += 1
        record.binned = record.bin_now = True
        self._events.append(self._kind.deleted(record))
        return ItemResult("deleted", record.id)

    def _named(self, item: BulkItem[D]) -> Record[D]:
        if item.record_id is None:
            raise invalid_field(f"{self._kind.table}.id", "say which record", reason="REQUIRED")
        record = self._records.get(item.record_id)
        if record is None:
            raise self._kind.not_found(item.record_id)
        if item.etag and item.etag != str(record.version):
            raise stale(item.etag, record.version)
        return record

    def _kept_ids(self, item: BulkItem[D], record: Record[D]) -> D:
        """The item's draft with the external ids it does not name: an upsert knows one system, not all of them."""
        ids = {**record.draft.external_ids, **item.draft.external_ids}
        return replace(item.draft, external_ids=ids)

    def _change(self, record: Record[D], item: BulkItem[D], draft: D) -> ItemResult:
        if record.row is not None:
            check_writes(record.row, self._kind.table)
        if record.binned:
            raise in_the_bin(self._kind.table)
        before = record.draft
        wanted = replace(before, **{name: getattr(draft, name) for name in item.fields})
        after = self._kind.changed(record, item, wanted)
        names = changed(before, after)
        if not names:
            return ItemResult("unchanged", record.id)
        if record.row is not None:
            check_given_away(record.row, names, self._kind.table)
        known = self._kind.keys(before)
        self._kind.refuse_erased([key for key in self._kind.keys(after) if key not in known])
        record.draft = after
        record.version += 1
        self._index.add(self._kind.keys(after), record)
        self._events += self._kind.updated(record, before, names)
        return ItemResult("updated", record.id)

    def _write(self) -> None:
        kind, table, work = self._kind, self._kind.table, self._work
        added: list[tuple[str, str, UUID]] = []
        dropped: list[tuple[str, str, UUID]] = []
        inserts, updates, binned = [], [], []
        for record in self._records.values():
            if record.bin_now:
                binned.append(record.id)
            if record.stored is None:
                inserts.append(kind.row(record))
                added += [(*key, record.id) for key in kind.keys(record.draft)]
            elif record.draft is not record.stored:
                updates.append(kind.row(record))
                now, before = kind.keys(record.draft), kind.keys(record.stored)
                added += [(*key, record.id) for key in now if key not in before]
                dropped += [(*key, record.id) for key in before if key not in now]
        record_batch.insert(work, table, inserts)
        record_batch.update(work, table, updates)
        record_batch.drop_some_keys(work, table, dropped)
        record_batch.add_keys(work, table, added)
        record_batch.set_deleted(work, table, binned)
        kind.write_more(list(self._records.values()))
        work.record_all(self._events)
