"""Timers of sellers' work: reminders, and the nightly snapshot of the forecast."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.jobs import Control, Outcome
from chassis.work import Database

from sales.servicers.sales_activity import SalesActivityServicer
from sales.usecases import goals


class Reminder:
    """The job of a reminder."""

    def __init__(self, database: Database, activities: SalesActivityServicer) -> None:
        self._database = database
        self._activities = activities

    def handle(self, tenant_id: UUID, activity_id: UUID, control: Control) -> Outcome:
        """Tells of the reminder where it is due; a repetition tells nothing."""
        with self._database.open_work(Caller.system(tenant_id)) as work:
            self._activities.remind(work, activity_id)
        return Outcome.DONE


class Snapshot:
    """The job of the nightly snapshot; its record is the company."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def handle(self, tenant_id: UUID, record_id: UUID, control: Control) -> Outcome:
        """Keeps how the forecast stands; a repetition on the same day keeps the first."""
        with self._database.open_work(Caller.system(tenant_id)) as work:
            goals.take_snapshot(work)
        return Outcome.DONE
