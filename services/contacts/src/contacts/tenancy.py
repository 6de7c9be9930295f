"""What contacts keeps of a company, as far as its archive, its restore and its erasure are concerned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from chassis.files import FileStore
from chassis.tenancy.part import METERED_TABLES, Carried, Declared, Left, RestoredRow, TenantPart
from chassis.work import Work

from contacts import events
from contacts.imports.record_rows import account_from, contact_from
from contacts.search.port import CustomerSearch

_RAN_THERE = "it ran in the company it was made in; what it wrote is carried by the records"
TABLES: Declared = {
    **METERED_TABLES,
    "contact": Carried(),
    "account": Carried(),
    "account_contact": Carried(),
    "record_share": Carried(not_restored="it names people and teams, and people are invited anew"),
    "identity_key": Carried(),
    "activity": Carried(),
    "timeline_entry": Carried(),
    "custom_text": Carried(),
    "custom_number": Carried(),
    "custom_time": Carried(),
    "custom_boolean": Carried(),
    "custom_reference": Carried(),
    "custom_field": Left("definitions are identity's; they come by its events"),
    "tenant_profile": Left("identity's; it comes by its events"),
    "taken_back": Left("rights taken back from jobs of the company it was made in"),
    "import_job": Carried(not_restored=_RAN_THERE),
    "import_row_error": Carried(not_restored=_RAN_THERE),
    "import_change": Carried(not_restored=_RAN_THERE),
    "import_parent": Left("what a running import has yet to link"),
    "bulk_job": Carried(not_restored=_RAN_THERE),
    "bulk_result": Carried(not_restored=_RAN_THERE),
    "erased_identity": Left("hashes under a key of this company, which say nothing anywhere else"),
    "person_erasure": Carried(not_restored="the people were erased in the company that the archive is of"),
}
_CARRIED_OVER = "carried_over"
_BEFORE_ANY_CHANGE = 1


def contacts_part(files: FileStore, search: Callable[[], CustomerSearch]) -> TenantPart:
    """The part of contacts: its tables, the files of imports and bulk jobs, and the search index."""
    return TenantPart(
        TABLES,
        files=files,
        forget=lambda tenant_id: search().drop(str(tenant_id)),
        views_left=lambda tenant_id: _documents(search(), tenant_id),
        announce={"contact": _contacts, "account": _accounts, "account_contact": _links},
    )


def _documents(search: CustomerSearch, tenant_id: UUID) -> int:
    search.refresh()
    return search.document_count(str(tenant_id))


def _contacts(work: Work, rows: Sequence[RestoredRow]) -> None:
    """Search, projections and reports follow these; the timeline, which came along, does not."""
    work.count("contacts", sum(row["deleted_at"] is None for row in rows), kept=False)
    work.record_all(
        [
            events.contact_changed(
                _CARRIED_OVER,
                UUID(row["id"]),
                row["version"],
                contact_from(row),
                deleted=row["deleted_at"] is not None,
                merged_into_id=UUID(row["merged_into_id"]) if row["merged_into_id"] else None,
            )
            for row in rows
        ]
    )


def _accounts(work: Work, rows: Sequence[RestoredRow]) -> None:
    work.count("accounts", sum(row["deleted_at"] is None for row in rows), kept=False)
    work.record_all(
        [
            events.account_changed(
                _CARRIED_OVER,
                UUID(row["id"]),
                row["version"],
                account_from(row),
                deleted=row["deleted_at"] is not None,
            )
            for row in rows
        ]
    )


def _links(work: Work, rows: Sequence[RestoredRow]) -> None:
    work.record_all(
        [
            events.link_changed(
                _CARRIED_OVER,
                UUID(row["account_id"]),
                UUID(row["contact_id"]),
                _BEFORE_ANY_CHANGE,
                role=row["role"],
                primary=row["is_primary"],
            )
            for row in rows
        ]
    )
