"""What a service declares of its tenants' rows: which go into a company's archive, which do not and why.

Every table with rows of tenants stands in the declaration; a test compares it with the catalogue of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chassis.files import FileStore
from chassis.work import Work

RestoredRow = Mapping[str, Any]
"""A row as the archive has it: names of columns and JSON values."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The company's own rows: they go into its archive, but for the columns in `secret`.

    A restore writes them into another company, but for the columns in `reset`, which stay empty there. `not_restored`
    says why it does not, where it does not.
    """

    secret: tuple[str, ...] = ()
    reset: tuple[str, ...] = ()
    not_restored: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Rows that no archive needs, with the reason."""

    reason: str


Declared = Mapping[str, Carried | Left]

FRAME_TABLES: dict[str, Carried | Left] = {
    "outbox": Left("events on their way; they tell of rows that are carried, and the stream keeps them for a time"),
    "inbox": Left("which events were handled already"),
    "idempotency_key": Left("answers to repeated requests, kept for hours"),
}
METERED_TABLES: dict[str, Carried | Left] = {
    "usage_count": Left("what is counted while it is written"),
    "usage_limit": Left("what the plan allows, by the word of the operator"),
    "usage_plan": Left("which plan that was"),
}
"""Of services whose records count to a plan."""


@dataclass(frozen=True, slots=True)
class TenantPart:
    """A service's part in the life of a tenant.

    `tables` names every table of tenants beside those of the frame. `forget` drops what the service keeps of a tenant
    outside of PostgreSQL and `views_left` counts it. `announce` records the events of rows that a restore has just
    written, by table.
    """

    tables: Declared
    files: FileStore | None = None
    forget: Callable[[UUID], None] | None = None
    views_left: Callable[[UUID], int] | None = None
    announce: Mapping[str, Callable[[Work, Sequence[RestoredRow]], None]] = field(default_factory=dict)

    def declared(self, table: str) -> Carried | Left:
        """What becomes of a table. Raises LookupError for one that nobody thought of."""
        found = self.tables.get(table) or FRAME_TABLES.get(table)
        if found is None:
            raise LookupError(f"{table} is neither carried into archives nor left out of them for a reason")
        return found
