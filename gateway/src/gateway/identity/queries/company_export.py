"""Statements on exports of everything a company has."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

from gateway.identity.platform import PlatformWork

_ADD = text(
    """
    INSERT INTO company_export (tenant_id, id, state, services_done, rows_total, size_bytes, sha256, problem, attempts,
                                next_at, version, created_at, created_by)
    VALUES (%(tenant_id)s, %(id)s, 'waiting', 0, 0, 0, '', '', 0, %(at)s, 1, %(at)s, %(actor_id)s)
    """,
)
_ALL = "SELECT * FROM company_export WHERE tenant_id = %(tenant_id)s"
_GET = text(f"{_ALL} AND id = %(id)s")
_GET_FOR_UPDATE = text(f"{_ALL} AND id = %(id)s FOR UPDATE")
_WAITING = text(f"{_ALL} AND next_at IS NOT NULL AND state = 'waiting' LIMIT 1")
_LIVING = text(f"{_ALL} AND state <> 'gone' FOR UPDATE")
_PAGE = text(f"{_ALL} AND (%(before_id)s::uuid IS NULL OR id < %(before_id)s) ORDER BY id DESC LIMIT %(limit)s")
_CHANGE = text(
    """
    UPDATE company_export SET state = %(state)s, services_done = %(services_done)s, rows_total = %(rows_total)s,
           size_bytes = %(size_bytes)s, sha256 = %(sha256)s, problem = %(problem)s, attempts = %(attempts)s,
           next_at = %(next_at)s, finished_at = %(finished_at)s, expires_at = %(expires_at)s, version = version + 1
     WHERE tenant_id = %(tenant_id)s AND id = %(id)s
    """,
)
_LOCK_COMPANY = text("SELECT 1 FROM tenant WHERE tenant_id = %(tenant_id)s FOR UPDATE")
_DUE = text(
    """
    SELECT e.tenant_id, e.id FROM company_export e JOIN tenant t USING (tenant_id)
     WHERE e.next_at <= %(at)s AND t.status <> 'deleted' ORDER BY e.next_at LIMIT %(limit)s
    """,
)
CHANGEABLE = (
    "state",
    "services_done",
    "rows_total",
    "size_bytes",
    "sha256",
    "problem",
    "attempts",
    "next_at",
    "finished_at",
    "expires_at",
)


def add(work: Work, export_id: UUID) -> None:
    """Writes an export that waits for the worker."""
    work.execute(_ADD, id=export_id, at=work.now)


def lock_company(work: Work) -> None:
    """Lets one transaction at a time begin something of the company."""
    work.row(_LOCK_COMPANY)


def get(work: Work, export_id: UUID, *, for_update: bool = False) -> Row | None:
    """An export of the company."""
    return work.row(_GET_FOR_UPDATE if for_update else _GET, id=export_id)


def waiting(work: Work) -> Row | None:
    """The export that is not done yet, if there is one."""
    return work.row(_WAITING)


def living(work: Work) -> list[Row]:
    """Exports that are being made or can be downloaded, locked."""
    return work.rows(_LIVING)


def page(work: Work, *, limit: int, before_id: UUID | None) -> list[Row]:
    """Exports, newest first."""
    return work.rows(_PAGE, limit=limit, before_id=before_id)


def change(work: Work, row: Row, **values: Any) -> None:
    """Writes new values of an export; the others stay."""
    after = {name: values.get(name, getattr(row, name)) for name in CHANGEABLE}
    work.execute(_CHANGE, id=row.id, **after)


def due(platform: PlatformWork, *, at: datetime, limit: int) -> list[Row]:
    """Exports of all companies that something is to be done for: to be made, or to be removed."""
    return platform.rows(_DUE, at=at, limit=limit)
