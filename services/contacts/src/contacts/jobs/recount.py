"""Puts the counters of what companies use right, every night: they are exact as long as nobody has a hand in the rows.

Runs in the worker, company by company. A company that has none yet, as after an upgrade, is counted at the start.
"""

from __future__ import annotations

import asyncio
import logging

import psycopg
from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.work import Database

from contacts.queries import forgetting, usage
from contacts.settings import ContactsSettings

log = logging.getLogger(__name__)


class Recount:
    """The nightly count. Give `run` to the worker as a background."""

    def __init__(self, database: Database, settings: ContactsSettings) -> None:
        self._database = database
        self._settings = settings

    async def run(self) -> None:
        """Counts what was never counted now, and everything every `usage_recount_every_s`, until cancelled."""
        missing_only = True
        while True:
            try:
                wrong = await asyncio.to_thread(lambda only: self.sweep(missing_only=only), missing_only)
                if wrong and not missing_only:
                    log.warning("%d counters of what companies use were wrong and are right again", wrong)
            except (FuniaError, psycopg.OperationalError) as error:
                log.warning("companies are counted later: %s", error)
            missing_only = False
            await asyncio.sleep(self._settings.usage_recount_every_s)

    def sweep(self, *, missing_only: bool = False) -> int:
        """Counts all companies, or those that never were; returns how many counters were wrong."""
        with psycopg.connect(self._settings.relay_database_url, autocommit=True) as relay:
            tenant_ids = [row[0] for row in relay.execute(forgetting.TENANTS)]
        wrong = 0
        for tenant_id in tenant_ids:
            with self._database.open_work(Caller.system(tenant_id)) as work:
                if missing_only and usage.is_counted(work):
                    continue
                wrong += usage.recount(work)
                usage.forget_days(work, self._settings.usage_days_keep)
        return wrong
