"""Exports of everything a company has: asked for here, made by `gateway.tenancy.exporting`."""

from __future__ import annotations

from uuid import UUID

from chassis.errors import FailedPrecondition, NotFound
from chassis.ids import uuid7
from chassis.work import Row, Work

from gateway.identity import company_events as events
from gateway.identity.queries import company_export as exports


def begin(work: Work) -> Row:
    """Has an export made. Raises FailedPrecondition while another one is being made."""
    exports.lock_company(work)
    if exports.waiting(work) is not None:
        raise FailedPrecondition("An export is being made already. Wait for it, or delete it.", reason="EXPORT_RUNNING")
    export_id = uuid7()
    exports.add(work, export_id)
    row = get(work, export_id)
    work.record(events.company_export_changed("started", row))
    return row


def get(work: Work, export_id: UUID) -> Row:
    """An export. Raises NotFound where there is none."""
    row = exports.get(work, export_id)
    if row is None:
        raise NotFound(f"There is no export {export_id}.", reason="EXPORT_NOT_FOUND")
    return row


def ready(work: Work, export_id: UUID) -> Row:
    """An export whose archive can be downloaded. Raises FailedPrecondition for any other, and notes who took it."""
    row = get(work, export_id)
    if row.state != "ready":
        raise FailedPrecondition(
            "The archive is not ready, or gone again. Look at the state of the export.", reason="EXPORT_NOT_READY"
        )
    work.record(events.company_export_changed("downloaded", row))
    return row


def remove(work: Work, export_id: UUID) -> None:
    """Has the archive removed at once; the worker does. Raises NotFound where there is none."""
    row = exports.get(work, export_id, for_update=True)
    if row is None:
        raise NotFound(f"There is no export {export_id}.", reason="EXPORT_NOT_FOUND")
    if row.state != "gone":
        _remove(work, row)


def remove_all(work: Work) -> None:
    """As `remove`, for every archive: a person was erased whom they still tell of."""
    for row in exports.living(work):
        _remove(work, row)


def _remove(work: Work, row: Row) -> None:
    exports.change(work, row, state="gone", next_at=work.now, expires_at=work.now)
    work.record(events.company_export_changed("deleted", get(work, row.id)))


def folder_of(export_id: UUID) -> str:
    """Where the archive of an export lies in the store."""
    return f"exports/{export_id}"


def parts_of(export_id: UUID) -> str:
    """Where services write their parts; what killed attempts left goes with them once the archive is made."""
    return f"export-parts/{export_id}"


def archive_name(export_id: UUID) -> str:
    """The archive's name in the store."""
    return f"{folder_of(export_id)}/archive.zip"
