"""What happens to documents at a moment that was set when they were written."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.jobs import Control, Handler, Outcome
from chassis.work import Database

from sales.usecases.invoices import fall_due


def due_handler(database: Database) -> Handler:
    """Marks an invoice overdue once its last day is over."""

    def run(tenant_id: UUID, invoice_id: UUID, _control: Control) -> Outcome:
        with database.open_work(Caller.system(tenant_id)) as work:
            fall_due(work, invoice_id)
        return Outcome.DONE

    return run
