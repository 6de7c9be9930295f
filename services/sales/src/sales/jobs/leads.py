"""Brings nurtured leads back on their day."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.jobs import Control, Outcome
from chassis.work import Database

from sales.servicers.lead import LeadServicer


class LeadReturn:
    """The timer's job."""

    def __init__(self, database: Database, leads: LeadServicer) -> None:
        self._database = database
        self._leads = leads

    def handle(self, tenant_id: UUID, lead_id: UUID, control: Control) -> Outcome:
        """Gives the lead back where it is due; a repetition changes nothing."""
        with self._database.open_work(Caller.system(tenant_id)) as work:
            self._leads.come_back(work, lead_id)
        return Outcome.DONE
