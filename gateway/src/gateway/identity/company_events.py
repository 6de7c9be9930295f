"""Events of a company's life as a whole: ids, states and numbers."""

from __future__ import annotations

from typing import Any

from chassis.envelope import Event
from funia.identity.v1.company_events_pb2 import CompanyExportChanged


def company_export_changed(verb: str, row: Any) -> Event:
    """``identity.company_export.<verb>``, from the export's row."""
    payload = CompanyExportChanged(state=row.state, rows=row.rows_total, size_bytes=row.size_bytes)
    return Event(f"identity.company_export.{verb}", row.id, row.version, payload)
