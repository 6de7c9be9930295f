"""Ends quotes after their last day, woken by the timer that sending them sets."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.jobs import Control, Outcome, set_timer
from chassis.work import Database

from sales.records import QUOTES
from sales.usecases import quotes


class QuoteExpiry:
    """Carries the timers out. A quote that is not due yet gets its timer anew: its day may have moved."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def handle(self, tenant_id: UUID, quote_id: UUID, _control: Control) -> Outcome:
        """The handler of `EXPIRY`."""
        with self._database.open_work(Caller.system(tenant_id, request_id=str(quote_id))) as work:
            row = QUOTES.get(work, quote_id, lock=True)
            again = None if row is None else quotes.expire(work, row)
            if again is not None:
                set_timer(work, quotes.EXPIRY, quote_id, again)
        return Outcome.DONE
