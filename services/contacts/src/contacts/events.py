"""Events of contacts: from rows to messages that carry no direct identifier of a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.record_sharing import Share
from funia.contacts.v1.events_pb2 import (
    AccountChanged,
    AccountContactChanged,
    ActivityChanged,
    BulkJobEnded,
    ContactChanged,
    ExportStarted,
    ImportEnded,
    LifecycleChanged,
    PersonErased,
    PersonErasureLifted,
    RecordShared,
)

from contacts.model.drafts import AccountDraft, ContactDraft


def contact_changed(
    verb: str,
    contact_id: UUID,
    version: int,
    draft: ContactDraft,
    *,
    changed_fields: tuple[str, ...] = (),
    account_id: UUID | None = None,
    deleted: bool = False,
    merged_into_id: UUID | None = None,
    import_id: str = "",
) -> Event:
    """``contacts.contact.<verb>``."""
    return Event(
        f"contacts.contact.{verb}",
        contact_id,
        version,
        ContactChanged(
            contact_id=str(contact_id),
            lifecycle_stage=draft.lifecycle_stage,
            language=draft.language,
            country_code=draft.country_code,
            source=draft.source,
            owner_id=text(draft.owner_id),
            team_id=text(draft.team_id),
            account_id=text(account_id),
            do_not_contact=draft.do_not_contact,
            score=draft.score,
            deleted=deleted,
            merged_into_id=text(merged_into_id),
            import_id=import_id,
        ),
        changed_fields,
    )


def lifecycle_changed(contact_id: UUID, version: int, before: str, after: str) -> Event:
    """``contacts.lifecycle.changed``."""
    return Event(
        "contacts.lifecycle.changed",
        contact_id,
        version,
        LifecycleChanged(contact_id=str(contact_id), from_stage=before, to_stage=after),
        ("lifecycle_stage",),
    )


def account_changed(
    verb: str,
    account_id: UUID,
    version: int,
    draft: AccountDraft,
    *,
    changed_fields: tuple[str, ...] = (),
    deleted: bool = False,
    import_id: str = "",
) -> Event:
    """``contacts.account.<verb>``."""
    return Event(
        f"contacts.account.{verb}",
        account_id,
        version,
        AccountChanged(
            account_id=str(account_id),
            type=draft.type,
            industry=draft.industry,
            tier=draft.tier,
            country_code=draft.country_code,
            employees=draft.employees,
            revenue_currency=draft.revenue_currency,
            revenue_minor=draft.revenue_minor,
            owner_id=text(draft.owner_id),
            team_id=text(draft.team_id),
            parent_id=text(draft.parent_id),
            deleted=deleted,
            import_id=import_id,
        ),
        changed_fields,
    )


def person_erased(
    erasure_id: UUID, *, emails: Sequence[str], phones: Sequence[str], family_names: Sequence[str]
) -> Event:
    """``contacts.person_erasure.completed``, with digests as `chassis.person_digests` makes them."""
    payload = PersonErased(
        erasure_id=str(erasure_id),
        email_digests=emails,
        phone_digests=phones,
        family_name_digests=family_names,
    )
    return Event("contacts.person_erasure.completed", erasure_id, 1, payload)


def erasure_lifted(erasure_id: UUID) -> Event:
    """An administrator let an erased person come back."""
    return Event("contacts.person_erasure.lifted", erasure_id, 2, PersonErasureLifted(erasure_id=str(erasure_id)))


def link_changed(verb: str, account_id: UUID, contact_id: UUID, version: int, *, role: str, primary: bool) -> Event:
    """``contacts.account_contact.linked`` or ``unlinked``; the version is the contact's."""
    return Event(
        f"contacts.account_contact.{verb}",
        contact_id,
        version,
        AccountContactChanged(account_id=str(account_id), contact_id=str(contact_id), role=role, primary=primary),
    )


def record_shared(verb: str, kind: str, record_id: UUID, version: int, share: Share) -> Event:
    """``contacts.contact.shared`` or ``unshared``, and the same of accounts; the version is the record's."""
    return Event(
        f"contacts.{kind}.{verb}",
        record_id,
        version,
        RecordShared(
            record_id=str(record_id),
            grantee_kind=share.grantee_kind,
            grantee_id=str(share.grantee_id),
            level=share.level,
            until="" if share.until is None else share.until.isoformat(),
        ),
    )


def activity_changed(verb: str, row: Any) -> Event:
    """``contacts.activity.created`` or ``completed``, from the activity's row."""
    return Event(
        f"contacts.activity.{verb}",
        row.id,
        row.version,
        ActivityChanged(
            activity_id=str(row.id),
            kind=row.kind,
            subject_id=str(row.subject_id),
            subject_kind=row.subject_kind,
            status=row.status,
            assignee_id=text(row.assignee_id),
        ),
    )


def import_ended(verb: str, row: Any) -> Event:
    """``contacts.import.completed``, ``reverted`` or ``failed``, from the import's row before this change of state."""
    return Event(
        f"contacts.import.{verb}",
        row.id,
        row.version + 1,
        ImportEnded(
            import_id=str(row.id),
            kind=row.kind,
            rows_created=row.rows_created,
            rows_updated=row.rows_updated,
            rows_skipped=row.rows_skipped,
            rows_failed=row.rows_failed,
        ),
    )


def export_started(form: str, *, filtered: bool) -> Event:
    """``contacts.export.started``; each export is an aggregate of its own."""
    return Event("contacts.export.started", uuid7(), 1, ExportStarted(format=form, filtered=filtered))


def bulk_job_ended(verb: str, row: Any) -> Event:
    """``contacts.bulk_job.completed``, ``cancelled`` or ``failed``, from the job's row before this change of state."""
    return Event(
        f"contacts.bulk_job.{verb}",
        row.id,
        row.version + 1,
        BulkJobEnded(
            bulk_job_id=str(row.id),
            object=row.object,
            operation=row.operation,
            created=row.created,
            updated=row.updated,
            unchanged=row.unchanged,
            deleted=row.deleted,
            failed=row.failed,
        ),
    )


def text(value: UUID | None) -> str:
    """An optional id as messages carry it."""
    return "" if value is None else str(value)
