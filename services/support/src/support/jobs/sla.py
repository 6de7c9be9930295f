"""The timer of a ticket's clocks, and the job that counts the clocks of a changed policy again."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.jobs import Control, Outcome
from chassis.work import Database

from support.servicers.ticket import TicketServicer

BATCH_TICKETS = 100


class SlaTimer:
    """The job of a ticket's clocks."""

    def __init__(self, database: Database, tickets: TicketServicer) -> None:
        self._database = database
        self._tickets = tickets

    def handle(self, tenant_id: UUID, ticket_id: UUID, control: Control) -> Outcome:
        """Tells of warnings and breaches that are due; a repetition tells nothing."""
        with self._database.open_work(Caller.system(tenant_id)) as work:
            self._tickets.wake_clocks(work, ticket_id)
        return Outcome.DONE


class SlaRecount:
    """The job of a changed policy."""

    def __init__(self, database: Database, tickets: TicketServicer) -> None:
        self._database = database
        self._tickets = tickets

    def handle(self, tenant_id: UUID, policy_id: UUID, control: Control) -> Outcome:
        """Counts clocks again, a batch in each commit; what is counted already is left alone."""
        while True:
            with self._database.open_work(Caller.system(tenant_id)) as work:
                if not self._tickets.recount_clocks(work, policy_id, most=BATCH_TICKETS):
                    return Outcome.DONE
            if control.should_stop():
                return Outcome.AGAIN
