"""Ends requests that nobody confirmed, woken by the timer that asking sets."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.jobs import Control, Outcome, set_timer
from chassis.work import Database

from marketing.usecases import consent_requests as rules


class ConsentRequestExpiry:
    """Carries the timers out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def handle(self, tenant_id: UUID, request_id: UUID, _control: Control) -> Outcome:
        """The handler of `EXPIRY`."""
        with self._database.open_work(Caller.system(tenant_id, request_id=str(request_id))) as work:
            again = rules.expire(work, request_id)
            if again is not None:
                set_timer(work, rules.EXPIRY, request_id, again)
        return Outcome.DONE
