"""Counts what was bought together in orders that came by a file, many of them at once.

One by one, as their events come, they would cost more than the import itself.
"""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.jobs import Control, Outcome
from chassis.work import Database

from sales.usecases import suggestions


class BasketCount:
    """Carries the jobs out. What is counted is known by the orders, so it can be broken off and repeated anywhere."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def handle(self, tenant_id: UUID, import_id: UUID, control: Control) -> Outcome:
        """The handler of `suggestions.COUNT`."""
        after: UUID | None = suggestions.FIRST
        while after is not None:
            with self._database.open_work(Caller.system(tenant_id, request_id=str(import_id))) as work:
                after = suggestions.count_some(work, after)
            if after is not None and control.should_stop():
                return Outcome.AGAIN
        return Outcome.DONE
