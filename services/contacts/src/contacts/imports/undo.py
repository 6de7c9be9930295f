"""Takes an import back, batch by batch: what it created goes to the bin, what it changed gets its former values.

A record that somebody has changed since is left as it is and reported under its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.envelope import Event
from chassis.work import Row, Work

from contacts import events
from contacts.imports.record_rows import (
    account_from,
    account_keys,
    account_row,
    changed,
    contact_from,
    contact_keys,
    contact_row,
)
from contacts.queries import import_job, record_batch
from contacts.queries.import_job import IMPORTS

_CHANGED = "Somebody has changed the {kind} of this row after the import; it was left as it is now."
_USED = "The company of this row has people in it now; it was left where it is."


def undo_batch(work: Work, import_id: UUID, kind: str, changes: Sequence[Row]) -> None:
    """Undoes these changes, records the events, and forgets what was dealt with."""
    ids = [change.record_id for change in changes]
    loaded = {row.id: row for row in record_batch.load(work, kind, ids)}
    used = record_batch.still_used(work, ids) if kind == "account" else set()
    to_bin: list[UUID] = []
    restored: list[tuple[Row, Row]] = []
    left: list[dict[str, Any]] = []
    for change in changes:
        row = loaded.get(change.record_id)
        if row is None or (row.deleted_at is not None and change.before is None):
            continue
        if row.version != change.version:
            left.append(_left(change, "CHANGED_SINCE_IMPORT", _CHANGED.format(kind=kind)))
        elif change.before is not None:
            restored.append((change, row))
        elif row.id in used:
            left.append(_left(change, "STILL_USED", _USED))
        else:
            to_bin.append(row.id)
            work.record(_deleted(import_id, kind, row))
    record_batch.set_deleted(work, kind, to_bin)
    if kind == "contact":
        _restore_contacts(work, import_id, restored)
    else:
        _restore_accounts(work, import_id, restored)
    IMPORTS.add_errors(work, import_id, left)
    import_job.drop_changes(work, import_id, kind, ids)


def _restore_contacts(work: Work, import_id: UUID, restored: Sequence[tuple[Row, Row]]) -> None:
    ids = [row.id for _, row in restored]
    now_linked: dict[UUID, set[UUID]] = {}
    for link in record_batch.links(work, ids):
        now_linked.setdefault(link.contact_id, set()).add(link.account_id)
    rows, keys, links = [], [], []
    for change, row in restored:
        before, current = contact_from(change.before), contact_from(row)
        former = {UUID(account): (role, primary) for account, role, primary in change.before["links"]}
        version = row.version + 1
        names = changed(current, before)
        main = next((account for account, (_, primary) in former.items() if primary), None)
        work.record(
            events.contact_changed(
                "updated", row.id, version, before, changed_fields=names, account_id=main, import_id=str(import_id)
            )
        )
        if "lifecycle_stage" in names:
            work.record(events.lifecycle_changed(row.id, version, current.lifecycle_stage, before.lifecycle_stage))
        for account_id in sorted(now_linked.get(row.id, set()) - former.keys()):
            version += 1
            work.record(events.link_changed("unlinked", account_id, row.id, version, role="", primary=False))
        rows.append(contact_row(row.id, version, before))
        keys += [(kind, value, row.id) for kind, value in contact_keys(before)]
        links += [(account_id, row.id, role, primary) for account_id, (role, primary) in former.items()]
    record_batch.update(work, "contact", rows)
    record_batch.drop_keys(work, ids)
    record_batch.add_keys(work, "contact", keys)
    record_batch.drop_links(work, ids)
    record_batch.put_links(work, links)


def _restore_accounts(work: Work, import_id: UUID, restored: Sequence[tuple[Row, Row]]) -> None:
    rows, keys = [], []
    for change, row in restored:
        before = account_from(change.before)
        version = row.version + 1
        names = changed(account_from(row), before)
        work.record(
            events.account_changed("updated", row.id, version, before, changed_fields=names, import_id=str(import_id))
        )
        rows.append(account_row(row.id, version, before))
        keys += [(kind, value, row.id) for kind, value in account_keys(before)]
    record_batch.update(work, "account", rows)
    record_batch.drop_keys(work, [row.id for _, row in restored])
    record_batch.add_keys(work, "account", keys)


def _deleted(import_id: UUID, kind: str, row: Row) -> Event:
    version = row.version + 1
    if kind == "contact":
        return events.contact_changed(
            "deleted", row.id, version, contact_from(row), deleted=True, import_id=str(import_id)
        )
    return events.account_changed("deleted", row.id, version, account_from(row), deleted=True, import_id=str(import_id))


def _left(change: Row, reason: str, message: str) -> dict[str, Any]:
    return {"row": change.row, "column": "", "reason": reason, "message": message, "values": []}
