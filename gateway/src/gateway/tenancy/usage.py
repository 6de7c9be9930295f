"""Gathers what companies use from every service: for the page of the plan, the history by month, and the warnings.

Services count while they write and refuse beyond a limit by themselves; nothing here is asked before a write.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.metering import METERS
from chassis.streams import PASSING_ERRORS, connect
from chassis.tenancy.desk import Asked, carry_out
from chassis.work import Work
from nats.aio.client import Client

from gateway.channels import SERVICES
from gateway.composition import Identity
from gateway.identity import letters
from gateway.identity.platform import NOBODY, open_platform_work, platform_rights
from gateway.identity.queries import plan as queries
from gateway.identity.queries import tenant as tenants
from gateway.identity.usecases import plans

log = logging.getLogger(__name__)

_PAGE = 500
_DAY_S = 86_400


class UsageGatherer:
    """Runs in the worker until cancelled; several may run."""

    def __init__(self, identity: Identity) -> None:
        self._database = identity.database
        self._settings = identity.settings
        self._post = identity.post

    async def run(self) -> None:
        """Puts limits and counters right now and every day, and gathers every `usage_gather_every_s`."""
        client = await connect(self._settings, "usage")
        tended_at = float("-inf")
        loop = asyncio.get_running_loop()
        try:
            while True:
                try:
                    if loop.time() - tended_at > _DAY_S:
                        await asyncio.to_thread(self.tend)
                        tended_at = loop.time()
                    await self.gather(client)
                except (FuniaError, *PASSING_ERRORS) as error:
                    log.warning("what companies use is gathered later: %s", error or type(error).__name__)
                await asyncio.sleep(self._settings.usage_gather_every_s)
        finally:
            await client.close()

    async def gather(self, client: Client) -> int:
        """Asks every service for what has changed; returns how many counters that were."""
        gathered = 0
        for service in SERVICES:
            told: list[list[Any]] = []
            while True:
                arguments = {"told": told, "most": self._settings.usage_gather_rows}
                asked = Asked("usage", NOBODY, uuid4().hex, arguments)
                patience_s = self._settings.usage_gather_every_s
                answer = await carry_out(client, self._settings, service, asked, patience_s=patience_s)
                told = answer["counted"]
                if not told:
                    break
                await asyncio.to_thread(self.write, told)
                gathered += len(told)
        return gathered

    def write(self, counted: list[list[Any]]) -> None:
        """Keeps counters: tenant, meter, period, use and number of changes. What is known already changes nothing."""
        for tenant, rows in groupby(sorted(counted), key=lambda row: row[0]):
            with self._database.open_work(Caller.system(UUID(tenant))) as work:
                company = tenants.get(work)
                if company is None or company.status == "deleted":
                    continue
                told = [
                    (meter, _day(meter, period, work.now), used, changes)
                    for _, meter, period, used, changes in rows
                    if meter in METERS
                ]
                if told:
                    queries.tell(work, told)
                    self._warn(work, company, {meter: used for meter, _, used, _ in told})

    def _warn(self, work: Work, company: Any, used: dict[str, int]) -> None:
        limits = queries.limits(work)
        for meter in sorted(used.keys() & limits.keys()):
            most = limits[meter]
            percent = used[meter] * 100 // most if most else 0
            level = 100 if percent >= 100 else self._settings.usage_warn_percent
            period = METERS[meter].period(work.now)
            if METERS[meter].daily:
                # A company that reaches a daily limit every day is told so once a month.
                period = period.replace(day=1)
            if percent >= level and queries.warn(work, meter, period=period, percent=level, most=most):
                self._write_letters(work, company, meter, level)

    def _write_letters(self, work: Work, company: Any, meter: str, level: int) -> None:
        readers = queries.administrators(work)
        with platform_rights(work) as platform:
            for reader in readers:
                locale = reader.locale or company.locale
                letter = letters.compose(
                    "limit_reached" if level == 100 else "limit_near",
                    locale,
                    to=reader.email,
                    link=f"{self._settings.issuer}/settings/plan",
                    company=company.name,
                    percent=level,
                    what=letters.phrase("limit_near", meter, locale),
                )
                self._post.put(platform, letter)

    def tend(self) -> None:
        """Brings limits to what plans are configured as, puts identity's own counters right, forgets old history."""
        after: UUID | None = None
        while True:
            with open_platform_work(self._database) as platform:
                page = tenants.page_of_all(platform, after=after, limit=_PAGE)
            for row in page:
                with self._database.open_work(Caller.system(row.tenant_id)) as work:
                    plans.apply_again(work, self._settings)
                    queries.recount(work)
                    queries.forget(work, before=plans.months_before(work.now.date(), self._settings.usage_keep_months))
            if len(page) < _PAGE:
                return
            after = page[-1].tenant_id


def _day(meter: str, period: str, now: datetime) -> date:
    """The day that a counter is kept under: its own, or the one on which it was told what there is."""
    return date.fromisoformat(period) if METERS[meter].daily else now.astimezone(UTC).date()
