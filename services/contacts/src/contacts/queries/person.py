"""Statements on everything that belongs to one person, wherever it lies: read as a whole, and erased as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.statements import Prepared, text
from chassis.work import Row, Work
from psycopg.types.json import Jsonb

_PERSON = """
    WITH RECURSIVE person AS (
        SELECT id FROM contact WHERE tenant_id = %(tenant_id)s AND id = %(id)s
        UNION
        SELECT contact.id FROM contact JOIN person ON contact.merged_into_id = person.id
         WHERE contact.tenant_id = %(tenant_id)s
    )
    SELECT contact.id, contact.version, contact.deleted_at, contact.emails, contact.phones,
           contact.external_ids, contact.family_name
      FROM contact JOIN person USING (id) WHERE contact.tenant_id = %(tenant_id)s ORDER BY contact.id
"""
_LOOK = text(_PERSON, "tenant_id", "id")
_LOCK = text(f"{_PERSON} FOR UPDATE OF contact", "tenant_id", "id")
_OF_RECORD = "record_id = ANY(%(ids)b)"
_ABOUT: Mapping[str, str] = {
    "custom_text": _OF_RECORD,
    "custom_number": _OF_RECORD,
    "custom_time": _OF_RECORD,
    "custom_boolean": _OF_RECORD,
    "custom_reference": f"({_OF_RECORD} OR value = ANY(%(ids)b))",
    "identity_key": f"record_kind = 'contact' AND {_OF_RECORD}",
    "record_share": _OF_RECORD,
    "account_contact": "contact_id = ANY(%(ids)b)",
    "timeline_entry": "(subject_id = ANY(%(ids)b) OR details ->> 'contact_id' = ANY(%(texts)b)"
    " OR details ->> 'other_id' = ANY(%(texts)b))",
    "activity": "subject_kind = 'contact' AND subject_id = ANY(%(ids)b)",
    "import_change": f"record_kind = 'contact' AND {_OF_RECORD}",
    "import_row_error": """EXISTS (SELECT FROM unnest("values") AS given WHERE lower(trim(given)) = ANY(%(known)b))""",
    "contact": "id = ANY(%(ids)b)",
}
"""What is about a person, in the order in which it can go. Every other table is declared in a test, with its reason."""
TABLES = tuple(_ABOUT)


def _named(sql: str) -> Prepared:
    return text(sql, "tenant_id", *(name for name in ("ids", "texts", "known") if f"%({name})" in sql))


_ERASE = {
    table: _named(f"DELETE FROM {table} WHERE tenant_id = %(tenant_id)s AND {condition}")
    for table, condition in _ABOUT.items()
}
_READ = {
    table: _named(
        f"SELECT to_jsonb(found) - 'tenant_id' AS value FROM {table} AS found"
        f" WHERE tenant_id = %(tenant_id)s AND {condition}"
    )
    for table, condition in _ABOUT.items()
}
_IMPORTS = text(
    """
    SELECT DISTINCT job.id, job.status, job.file_key, job.file_bytes FROM import_change AS change
      JOIN import_job AS job ON job.tenant_id = %(tenant_id)s AND job.id = change.import_id
     WHERE change.tenant_id = %(tenant_id)s AND change.record_kind = 'contact' AND change.record_id = ANY(%(ids)b)
    """,
    "tenant_id",
    "ids",
)
_BULK_JOBS = text(
    """
    SELECT job.id, job.status, job.file_key, job.file_bytes FROM bulk_job AS job
     WHERE job.tenant_id = %(tenant_id)s AND job.file_key <> '' AND job.object = 'contact'
       AND EXISTS (SELECT FROM bulk_result AS result, unnest(%(needles)b::bytea[]) AS needle
                    WHERE result.tenant_id = %(tenant_id)s AND result.job_id = job.id
                      AND position(needle IN result.lines) > 0)
    """,
    "tenant_id",
    "needles",
)
_NO_SAMPLES = """,
           columns = coalesce(
               (SELECT jsonb_agg(one || '{"samples": []}') FROM jsonb_array_elements(columns) AS one), '[]'
           )"""
_WITHOUT_FILE = {
    table: text(
        f"""
        UPDATE {table} SET file_key = '', file_bytes = 0, version = version + 1, updated_at = %(now)s{also}
         WHERE tenant_id = %(tenant_id)s AND id = ANY(%(job_ids)b)
        """,
        "tenant_id",
        "now",
        "job_ids",
    )
    for table, also in (("import_job", _NO_SAMPLES), ("bulk_job", ""))
}
_ADD = text(
    """
    INSERT INTO person_erasure (tenant_id, id, contact_digest, erased_at, erased_by, rows, file_keys)
    VALUES (%(tenant_id)s, %(id)s, %(contact_digest)s, %(now)s, %(actor_id)s, %(rows)s, %(file_keys)s)
    """,
    "tenant_id",
    "actor_id",
)
_GET = text("SELECT * FROM person_erasure WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id", "id")
_PAGE = text(
    """
    SELECT * FROM person_erasure
     WHERE tenant_id = %(tenant_id)s AND (%(before_id)s::uuid IS NULL OR id < %(before_id)s) ORDER BY id DESC
     LIMIT %(limit)s
    """,
    "tenant_id",
)
_LOCK_ONE = text(
    "SELECT * FROM person_erasure WHERE tenant_id = %(tenant_id)s AND id = %(id)s FOR UPDATE", "tenant_id", "id"
)
_KEPT_AWAY = text(
    "UPDATE person_erasure SET kept_away = %(count)s WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id", "id"
)
_LIFT = text(
    """
    UPDATE person_erasure SET lifted_at = %(now)s, lifted_by = %(actor_id)s, lift_reason = %(reason)s, kept_away = 0
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """,
    "tenant_id",
    "actor_id",
)
_FILES_GONE = text(
    "UPDATE person_erasure SET file_keys = '{}' WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id", "id"
)


def person(work: Work, contact_id: UUID, *, lock: bool = False) -> list[Row]:
    """The contact and all that were merged into it: id, version, deleted_at, emails, phones, external_ids,
    family_name.
    """
    return work.rows(_LOCK if lock else _LOOK, id=contact_id)


def read(work: Work, table: str, about: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table about a person, as JSON values."""
    return [row.value for row in work.rows(_READ[table], **_asked(_READ[table], about))]


def erase(work: Work, table: str, about: Mapping[str, Any]) -> int:
    """Deletes the rows of a table about a person; returns how many."""
    return work.execute(_ERASE[table], **_asked(_ERASE[table], about))


def jobs_of(work: Work, ids: list[UUID]) -> tuple[list[Row], list[Row]]:
    """Imports and bulk jobs whose files tell of these contacts."""
    return work.rows(_IMPORTS, ids=ids), work.rows(_BULK_JOBS, needles=_needles(ids))


def without_files(work: Work, table: str, jobs: Sequence[Row]) -> None:
    """Lets jobs forget their files, and the samples of them."""
    if jobs:
        work.execute(_WITHOUT_FILE[table], job_ids=[job.id for job in jobs], now=work.now)
        work.count("storage_bytes", -sum(job.file_bytes for job in jobs))


def add(work: Work, erasure_id: UUID, *, contact_digest: str, rows: dict[str, int], file_keys: list[str]) -> None:
    """Writes what was erased."""
    work.execute(
        _ADD, id=erasure_id, contact_digest=contact_digest, rows=Jsonb(rows), file_keys=file_keys, now=work.now
    )


def get(work: Work, erasure_id: UUID, *, lock: bool = False) -> Row | None:
    """One erasure."""
    return work.row(_LOCK_ONE if lock else _GET, id=erasure_id)


def kept_away(work: Work, erasure_id: UUID, count: int) -> None:
    """Notes of how many identities hashes are kept."""
    work.execute(_KEPT_AWAY, id=erasure_id, count=count)


def lift(work: Work, erasure_id: UUID, reason: str) -> None:
    """Notes that the person may come back."""
    work.execute(_LIFT, id=erasure_id, reason=reason, now=work.now)


def page(work: Work, *, limit: int, before_id: UUID | None) -> list[Row]:
    """Erasures, newest first."""
    return work.rows(_PAGE, limit=limit, before_id=before_id)


def files_gone(work: Work, erasure_id: UUID) -> None:
    """Notes that the files are removed."""
    work.execute(_FILES_GONE, id=erasure_id)


def _asked(prepared: Prepared, about: Mapping[str, Any]) -> dict[str, Any]:
    return {name: about[name] for name in about if name in prepared.names}


def _needles(ids: Sequence[UUID]) -> list[bytes]:
    return [str(one).encode() for one in ids]
