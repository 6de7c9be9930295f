"""Statements on documents and the versions of their files."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_NAMED = text(
    """
    SELECT 1 AS found FROM document
     WHERE tenant_id = %(tenant_id)s AND name_key = %(name_key)s AND deleted_at IS NULL
       AND id IS DISTINCT FROM %(id)s
    """,
    "tenant_id",
)
_PRODUCTS = text(
    "SELECT id FROM product WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s::uuid[]) AND deleted_at IS NULL",
    "tenant_id",
)
_GIVEN = text(
    """
    SELECT document.* FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS given(id, place)
      JOIN document ON document.tenant_id = %(tenant_id)s AND document.id = given.id
     WHERE document.deleted_at IS NULL
     ORDER BY given.place
    """,
    "tenant_id",
)
_IN_STAGES = text(
    """
    SELECT id, name AS title, 0 AS number, created_at FROM stage
     WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL AND %(document_id)s = ANY(document_ids)
     ORDER BY position, id LIMIT %(most)s
    """,
    "tenant_id",
)
_ADD = text(
    """
    INSERT INTO document_version
           (tenant_id, document_id, number, file_key, file_name, content_type, size_bytes, sha256, created_by,
            created_at)
    VALUES (%(tenant_id)s, %(document_id)s, %(number)s, %(file_key)s, %(file_name)s, %(content_type)s, %(size_bytes)s,
            %(sha256)s, %(created_by)s, %(created_at)s)
    """,
    "tenant_id",
)
_VERSION = text(
    """
    SELECT * FROM document_version
     WHERE tenant_id = %(tenant_id)s AND document_id = %(document_id)s AND number = %(number)s
    """,
    "tenant_id",
)
VERSIONS = text(
    """
    SELECT * FROM document_version WHERE tenant_id = %(tenant_id)s AND document_id = %(document_id)s
     ORDER BY number DESC LIMIT %(most)s
    """,
    "tenant_id",
)
_LIVING = text(
    """
    SELECT * FROM document WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND deleted_at IS NULL FOR SHARE
    """,
    "tenant_id",
)
_ATTACH = text(
    """
    INSERT INTO record_mail_document (tenant_id, activity_id, document_id, number)
    VALUES (%(tenant_id)s, %(activity_id)s, %(document_id)s, %(number)s)
    """,
    "tenant_id",
)
_ATTACHED = text(
    """
    SELECT one.document_id, one.number, one.file_name, one.file_key, one.content_type,
           document.archived OR document.deleted_at IS NOT NULL AS withdrawn
      FROM record_mail_document AS carried
      JOIN document_version AS one ON one.tenant_id = carried.tenant_id AND one.document_id = carried.document_id
                                  AND one.number = carried.number
      JOIN document ON document.tenant_id = carried.tenant_id AND document.id = carried.document_id
     WHERE carried.tenant_id = %(tenant_id)s AND carried.activity_id = %(activity_id)s
     ORDER BY carried.document_id
    """,
    "tenant_id",
)


def living(work: Work, document_id: UUID) -> Row | None:
    """A document that is not in the bin; it stays as it is until the work ends."""
    return work.row(_LIVING, id=document_id)


def given(work: Work, ids: Sequence[UUID]) -> list[Row]:
    """Those of these documents that are not in the bin, in their order."""
    return work.rows(_GIVEN, ids=list(ids)) if ids else []


def in_stages(work: Work, document_id: UUID, *, most: int) -> list[Row]:
    """Stages whose playbook has a document. A company has few stages."""
    return work.rows(_IN_STAGES, document_id=document_id, most=most)


def attach(work: Work, activity_id: UUID, document_id: UUID, number: int) -> None:
    """Writes that a mail carries this version."""
    work.execute(_ATTACH, activity_id=activity_id, document_id=document_id, number=number)


def attached(work: Work, activity_id: UUID) -> list[Row]:
    """The versions that a mail carries, and whether their documents are withdrawn by now."""
    return work.rows(_ATTACHED, activity_id=activity_id)


def named(work: Work, name_key: str, document_id: UUID | None) -> bool:
    """Whether another living document has this name."""
    return work.row(_NAMED, name_key=name_key, id=document_id) is not None


def products(work: Work, ids: Sequence[UUID]) -> set[UUID]:
    """Those of these products that there are."""
    return {row.id for row in work.rows(_PRODUCTS, ids=list(ids))}


def add_version(
    work: Work,
    document_id: UUID,
    number: int,
    *,
    file_key: str,
    file_name: str,
    content_type: str,
    size_bytes: int,
    sha256: str,
) -> None:
    """Writes the next version of a locked document."""
    work.execute(
        _ADD,
        document_id=document_id,
        number=number,
        file_key=file_key,
        file_name=file_name,
        content_type=content_type,
        size_bytes=size_bytes,
        sha256=sha256,
        created_by=work.caller.actor_id,
        created_at=work.now,
    )


def version(work: Work, document_id: UUID, number: int) -> Row | None:
    """One version."""
    return work.row(_VERSION, document_id=document_id, number=number)


def versions(work: Work, document_id: UUID, *, most: int) -> list[Row]:
    """The newest versions, newest first."""
    return work.rows(VERSIONS, document_id=document_id, most=most)
