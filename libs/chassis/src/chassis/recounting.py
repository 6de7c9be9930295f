"""Puts the counters of what companies use right, every night: they are exact as long as nobody has a hand in the rows.

Runs in the worker of a service whose records count to a plan, company by company. A company that has no counters yet,
as after an upgrade, is counted at the start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

import psycopg

from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.metering import STANDING
from chassis.statements import text
from chassis.work import Database, Work

log = logging.getLogger(__name__)

_LOCK = text(
    """
    INSERT INTO usage_count (tenant_id, meter, period, used, changes, told)
    SELECT %(tenant_id)s, meter, %(period)s, 0, 0, false FROM unnest(%(meters)b::text[]) AS counted(meter)
     ORDER BY meter
    ON CONFLICT (tenant_id, meter, period) DO UPDATE SET changes = usage_count.changes
    """,
    "tenant_id",
    "period",
    "meters",
)
_CORRECT = """
    WITH found (meter, used) AS ({found})
    UPDATE usage_count SET used = found.used, changes = changes + 1, told = false FROM found
     WHERE usage_count.tenant_id = %(tenant_id)s AND usage_count.meter = found.meter
       AND usage_count.period = %(period)s AND usage_count.used <> found.used
"""
_IS_COUNTED = text(
    """
    SELECT 1 FROM usage_count
     WHERE tenant_id = %(tenant_id)s AND meter = ANY(%(meters)b::text[]) AND period = %(period)s LIMIT 1
    """,
    "tenant_id",
    "meters",
    "period",
)
_FORGET_DAYS = text(
    """
    DELETE FROM usage_count
     WHERE tenant_id = %(tenant_id)s AND period > %(standing)s AND period < %(before)s AND told
    """,
    "tenant_id",
    "standing",
    "before",
)


class Recount:
    """The nightly count. Give `run` to the worker as a background.

    `found` is a SELECT of meter and use of one tenant for these `meters`; `directory` lists the companies, for the
    relay role at `relay_url`. `sums` put other sums of a company right at the same time, each in a transaction of its
    own, and say whether they had been wrong.
    """

    def __init__(
        self,
        database: Database,
        *,
        meters: Sequence[str],
        found: str,
        directory: str,
        relay_url: str,
        every_s: float,
        days_keep: int,
        sums: Sequence[Callable[[Work], bool]] = (),
    ) -> None:
        self._database = database
        self._meters = list(meters)
        self._correct = text(_CORRECT.format(found=found), "tenant_id", "period")
        self._directory = directory
        self._relay_url = relay_url
        self._every_s = every_s
        self._days_keep = days_keep
        self._sums = sums

    async def run(self) -> None:
        """Counts what was never counted now, and everything every `every_s`, until cancelled."""
        missing_only = True
        while True:
            try:
                wrong = await asyncio.to_thread(lambda only: self.sweep(missing_only=only), missing_only)
                if wrong and not missing_only:
                    log.warning("%d counters of what companies use were wrong and are right again", wrong)
            except (FuniaError, psycopg.OperationalError) as error:
                log.warning("companies are counted later: %s", error)
            missing_only = False
            await asyncio.sleep(self._every_s)

    def sweep(self, *, missing_only: bool = False) -> int:
        """Counts all companies, or those that never were; returns how many counters were wrong."""
        with psycopg.connect(self._relay_url, autocommit=True) as relay:
            tenant_ids = [row[0] for row in relay.execute(self._directory)]
        wrong = 0
        for tenant_id in tenant_ids:
            with self._database.open_work(Caller.system(tenant_id)) as work:
                if missing_only and work.row(_IS_COUNTED, meters=self._meters, period=STANDING) is not None:
                    continue
                wrong += self.recount(work)
                before = (work.now - timedelta(days=self._days_keep)).date()
                work.execute(_FORGET_DAYS, standing=STANDING, before=before)
            for put_right in () if missing_only else self._sums:
                with self._database.open_work(Caller.system(tenant_id)) as work:
                    wrong += put_right(work)
        return wrong

    def recount(self, work: Work) -> int:
        """Puts one company's counters right; returns how many were wrong. Its writes wait until the transaction ends.

        Whoever holds the counters' rows has them to himself: a write that is committed is counted here, any other one
        adds itself afterwards.
        """
        work.execute(_LOCK, period=STANDING, meters=self._meters)
        return work.execute(self._correct, period=STANDING)
