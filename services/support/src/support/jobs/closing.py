"""The timer that closes solved tickets."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.jobs import Control, Outcome
from chassis.work import Database

from support.servicers.ticket import TicketServicer


class Closing:
    """The job of a solved ticket."""

    def __init__(self, database: Database, tickets: TicketServicer) -> None:
        self._database = database
        self._tickets = tickets

    def handle(self, tenant_id: UUID, ticket_id: UUID, control: Control) -> Outcome:
        """Closes the ticket where it is due; a repetition closes nothing."""
        with self._database.open_work(Caller.system(tenant_id)) as work:
            self._tickets.close(work, ticket_id)
        return Outcome.DONE
