"""Statements on imports and the rows they refused, made from a service's own tables."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb
from sqlalchemy import bindparam, insert, update
from sqlalchemy.dialects.postgresql import JSONB

from chassis.errors import FailedPrecondition, NotFound
from chassis.importing.inspection import FileShape
from chassis.importing.rows import Problem, RawRow
from chassis.importing.tables import ACTIVE
from chassis.statements import prepare, text
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work

_FROZEN = frozenset(
    {"tenant_id", "id", "kind", "file_name", "file_bytes", "file_key", "format", "encoding", "delimiter", "has_header"}
    | {"version", "created_at", "created_by", "updated_at"}
)
COUNTERS = ("rows_read", "rows_created", "rows_updated", "rows_skipped", "rows_failed")


class ImportStore:
    """Imports of a service. `job` has `ImportColumns` and `error` has `RowErrorColumns`; `begun` gives the first values
    of the columns that are the service's own.
    """

    def __init__(self, job: Any, error: Any, **begun: Any) -> None:
        columns = job.__table__.columns
        self._begun = begun
        self._json = {one.name for one in columns if isinstance(one.type, JSONB)}
        self._writable = [one.name for one in columns if one.name not in _FROZEN]
        self._get = prepare(scoped(job).where(job.id == bindparam("id")))
        self._lock = prepare(scoped(job).where(job.id == bindparam("id")).with_for_update())
        self._page = {
            after: prepare(
                scoped(job)
                .where(*([job.id < bindparam("key_id")] if after else []))
                .order_by(job.id.desc())
                .limit(bindparam("limit"))
            )
            for after in (True, False)
        }
        self._insert = prepare(
            insert(job).values(
                tenant_id=tenant_parameter(),
                created_by=bindparam("actor_id"),
                **{one.name: bindparam(one.name) for one in columns if one.name not in ("tenant_id", "created_by")},
            )
        )
        self._update = prepare(
            update(job)
            .where(job.tenant_id == tenant_parameter(), job.id == bindparam("job_id"))
            .values(
                version=job.version + 1,
                updated_at=bindparam("touched_at"),
                **{name: bindparam(name) for name in self._writable},
            )
        )
        self._errors = prepare(
            scoped(error)
            .where(error.import_id == bindparam("import_id"), error.row > bindparam("after_row"))
            .order_by(error.row)
            .limit(bindparam("limit"))
        )
        table = error.__tablename__
        self._add_errors = text(
            f"""
            INSERT INTO {table} (tenant_id, import_id, "row", "column", reason, message, "values")
            SELECT %(tenant_id)s, %(import_id)s, "row", "column", reason, message, "values"
              FROM json_to_recordset(%(rows)s::json)
                   AS item("row" bigint, "column" text, reason text, message text, "values" text[])
            ON CONFLICT (tenant_id, import_id, "row")
            DO UPDATE SET message = {table}.message || ' ' || excluded.message
            """,
            "tenant_id",
        )
        self._forget_errors = text(
            f"DELETE FROM {table} WHERE tenant_id = %(tenant_id)s AND import_id = %(import_id)s", "tenant_id"
        )

    def get(self, work: Work, import_id: UUID, *, lock: bool = False) -> Row | None:
        """The import."""
        return work.row(self._lock if lock else self._get, id=import_id)

    def found(self, work: Work, import_id: UUID, *, lock: bool = False) -> Row:
        """The import. Raises NotFound."""
        row = self.get(work, import_id, lock=lock)
        if row is None:
            raise NotFound(f"There is no import {import_id}.", reason="IMPORT_NOT_FOUND")
        return row

    def page(self, work: Work, *, limit: int, before_id: UUID | None) -> list[Row]:
        """One page of imports, newest first."""
        parameters: dict[str, Any] = {} if before_id is None else {"key_id": before_id}
        return work.rows(self._page[before_id is not None], limit=limit, **parameters)

    def insert(
        self,
        work: Work,
        import_id: UUID,
        shape: FileShape,
        *,
        kind: str,
        file_name: str,
        file_bytes: int,
        file_key: str,
        columns: list[dict[str, Any]],
        **own: Any,
    ) -> Row:
        """Writes a fresh import of an uploaded file, which counts to the company's storage."""
        work.count("storage_bytes", file_bytes)
        values: dict[str, Any] = {
            **dict.fromkeys(self._writable),
            **dict.fromkeys((*COUNTERS, "rows_total", "next_row"), 0),
            **dict.fromkeys(("phase", "failure", "started_by_type"), ""),
            "id": import_id,
            "kind": kind,
            "file_name": file_name,
            "file_bytes": file_bytes,
            "file_key": file_key,
            "format": shape.format,
            "encoding": shape.encoding,
            "delimiter": shape.delimiter,
            "has_header": shape.has_header,
            "columns": columns,
            "status": "uploaded",
            "dry_run": False,
            "started_rights": {},
            "version": 1,
            "created_at": work.now,
            "updated_at": work.now,
            **self._begun,
            **own,
        }
        work.execute(self._insert, **self._stored(values))
        return self.found(work, import_id)

    def update(self, work: Work, row: Row, **changed: Any) -> None:
        """Writes these columns of an import that was read under lock."""
        values = {name: changed.get(name, getattr(row, name)) for name in self._writable}
        work.execute(self._update, job_id=row.id, touched_at=work.now, **self._stored(values))

    def pause(self, work: Work, import_id: UUID) -> Row:
        """Stops after the batch that is being written, which this call waits for."""
        row = self.found(work, import_id, lock=True)
        if row.status == "paused":
            return row
        if row.status not in ACTIVE:
            raise wrong_moment(row, "paused", "Only one that runs can be.")
        self.update(work, row, status="paused")
        return self.found(work, import_id)

    def errors(self, work: Work, import_id: UUID, *, after_row: int, limit: int) -> list[Row]:
        """Refused rows after this one, in file order."""
        return work.rows(self._errors, import_id=import_id, after_row=after_row, limit=limit)

    def add_errors(self, work: Work, import_id: UUID, rows: list[dict[str, Any]]) -> None:
        """Keeps refused rows; what comes later about the same row is said after what was said first."""
        if rows:
            work.execute(self._add_errors, import_id=import_id, rows=orjson.dumps(rows).decode())

    def forget_errors(self, work: Work, import_id: UUID) -> None:
        """Forgets the refused rows of an earlier run."""
        work.execute(self._forget_errors, import_id=import_id)

    def _stored(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: Jsonb(value) if name in self._json else value for name, value in values.items()}


def wrong_moment(row: Row, what: str, hint: str) -> FailedPrecondition:
    """An import that cannot be `what` as it stands."""
    return FailedPrecondition(
        f"This import is {row.status.replace('_', ' ')} and cannot be {what}. {hint}",
        reason="WRONG_STATE",
        metadata={"status": row.status},
    )


def kept(raw: RawRow, problem: Problem, most: int) -> dict[str, Any]:
    """A refused row as it is kept. Values of more than `most` characters are shown shortened, which it then says."""
    values = [_storable(value) for value in raw.values]
    message = problem.message
    if any(len(value) > most for value in values):
        values = [value if len(value) <= most else value[: most - 1] + "…" for value in values]
        message += f" (Values over {most:,} characters are shown shortened here.)"
    return {
        "row": raw.number,
        "column": problem.column,
        "reason": problem.reason,
        "message": message,
        "values": values,
    }


def _storable(value: str) -> str:
    """The text without what a database cannot hold; damaged bytes show as the replacement character."""
    if value.isascii():
        return value.replace("\0", "\ufffd")
    return value.replace("\0", "\ufffd").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
