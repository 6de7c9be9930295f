"""Takes an import back, batch by batch: what it made goes to the bin, orders are canceled, and goods that it said came
back are with their customers again. What somebody has changed or used since stays, and is reported under its row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.envelope import Event
from chassis.work import Row, Work

from sales import events
from sales.queries import import_undo as queries
from sales.queries.import_undo import Kind
from sales.queries.imports import IMPORTS
from sales.queries.orders import ORDER_LINES

_WHY: Mapping[str, str] = {
    "CHANGED_SINCE_IMPORT": "somebody has changed it after the import.",
    "STILL_USED": "it is used by something else now.",
    "INVOICED": "it was invoiced. Void the invoice and undo the import again.",
    "POINTS_EARNED": "points were earned or spent with it.",
    "RETURNED_SINCE": "something of it came back after the import.",
    "PAID_SINCE": "money was taken for it after the import.",
}
_COUNTED: Mapping[Kind, str] = {"deal": "deals", "lead": "leads"}
PLURAL: Mapping[Kind, str] = {
    "return": "returns",
    "order": "orders",
    "deal": "deals",
    "lead": "leads",
    "variant": "variants",
    "product": "products",
    "category": "categories",
}
"""What the kinds are called in the count of what was undone."""


@dataclass(frozen=True, slots=True)
class Undone:
    """How many records of a batch were taken back, and how many had to stay."""

    done: int
    left: int


def undo_batch(work: Work, import_id: UUID, system: str, kind: Kind, changes: Sequence[Row]) -> Undone:
    """Undoes these changes, records the events, and reports what had to stay."""
    ids = [one.record_id for one in changes]
    found = queries.lock(work, kind, ids)
    blocked = queries.in_the_way(work, kind, ids, system)
    going: list[Row] = []
    gone: list[Row] = []
    stays: list[tuple[Row, str]] = []
    for change in changes:
        row = found.get(change.record_id)
        if row is None or row.deleted_at is not None:
            gone.append(change)
        elif (reason := blocked.get(change.record_id)) is not None:
            stays.append((change, reason))
        elif row.version != change.version:
            stays.append((change, "CHANGED_SINCE_IMPORT"))
        else:
            going.append(change)
    _take_back(work, kind, [one.record_id for one in going])
    over = [*going, *gone]
    queries.unknow(work, kind, system, over)
    queries.drop(work, import_id, kind, [one.record_id for one in over])
    queries.leave(work, import_id, kind, [one.record_id for one, _ in stays])
    IMPORTS.add_errors(work, import_id, [_left(kind, change, reason) for change, reason in stays])
    return Undone(len(over), len(stays))


def _take_back(work: Work, kind: Kind, ids: Sequence[UUID]) -> None:
    if not ids:
        return
    if kind == "return":
        settled = queries.take_out_of_orders(work, ids)
        lines = ORDER_LINES.of(work, [row.id for row in settled])
        work.record_all([events.order_event("updated", row, lines[row.id]) for row in settled])
    elif kind == "order":
        queries.cancel_payments(work, ids)
    elif kind == "variant":
        queries.drop_codes(work, ids)
    rows = queries.remove(work, kind, ids)
    work.record_all([event for row in rows if (event := _told(kind, row)) is not None])
    if kind in _COUNTED:
        work.count(_COUNTED[kind], -len(rows))


def _told(kind: Kind, row: Row) -> Event | None:
    if kind == "return":
        return events.return_event("rejected", row)
    if kind == "order":
        return events.order_event("canceled", row)
    if kind == "deal":
        return events.deal_event("deleted", row)
    if kind == "lead":
        return Event("sales.lead.deleted", row.id, row.version, events.lead_payload(row))
    columns: dict[str, Any] = row._asdict()
    if kind == "product":
        return events.product_event("deleted", columns)
    return events.variant_event("deleted", columns) if kind == "variant" else None


def _left(kind: Kind, change: Row, reason: str) -> dict[str, Any]:
    called = f'The {kind} "{change.external_id}"' if change.external_id else f"The {kind} of this row"
    return {
        "row": change.row,
        "column": "",
        "reason": reason,
        "message": f"{called} stays: {_WHY[reason]}",
        "values": [change.external_id] if change.external_id else [],
    }
