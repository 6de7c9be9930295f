"""Erases companies whose grace has ended, in every service, and writes the certificate once nothing is left.

Every step may be repeated: after a crash the next worker takes the erasure up where it stands. It is done when all
services count zero and no stream holds a message of the company, whatever was deleted on the way.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
from chassis.caller import Caller
from chassis.envelope import SUBJECT_ROOT
from chassis.errors import FuniaError, Unavailable
from chassis.streams import DEAD_LETTER_ROOT, PASSING_ERRORS, connect
from chassis.tenancy.desk import Asked, Task, carry_out
from chassis.work import Row
from nats.aio.client import Client

from gateway.channels import SERVICES
from gateway.composition import Identity
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import erasure as erasures
from gateway.identity.queries import tenant as tenants

log = logging.getLogger(__name__)

Counts = dict[str, dict[str, int]]
_ROUNDS = 6
_STREAMS = "FUNIA_"


class Eraser:
    """Runs in the worker until cancelled; several may run, each erasure is one's at a time."""

    def __init__(self, identity: Identity) -> None:
        self._database = identity.database
        self._settings = identity.settings
        self._certificates = identity.certificates

    async def run(self) -> None:
        """Looks for companies to erase, now and every `closing_look_every_s`."""
        client = await connect(self._settings, "erasing")
        try:
            while True:
                try:
                    while await self.erase_next(client):
                        pass
                except FuniaError as error:
                    log.warning("closed companies wait: %s", error)
                await asyncio.sleep(self._settings.closing_look_every_s)
        finally:
            await client.close()

    async def erase_next(self, client: Client) -> bool:
        """Erases one company that is due, or goes on with it. False where none is."""
        found = await asyncio.to_thread(self._claim)
        if found is None:
            return False
        lease = asyncio.create_task(self._keep_lease(found.id))
        try:
            await self._erase(client, found)
        except (FuniaError, *PASSING_ERRORS) as error:
            log.warning("a company is not erased yet: %s", error)
            await asyncio.to_thread(self._postpone, found.id, str(error) or type(error).__name__)
        finally:
            lease.cancel()
        return True

    async def _erase(self, client: Client, found: Row) -> None:
        tenant_id: UUID = found.for_tenant
        if found.state == "waiting":
            counted = await self._everywhere(client, "count", tenant_id, found.id)
            if not await asyncio.to_thread(self._begin, found, counted):
                return
        for _ in range(_ROUNDS):
            await self._everywhere(client, "erase", tenant_id, found.id)
            await self._purge(client, tenant_id)
            left = _more_than_none(await self._everywhere(client, "count", tenant_id, found.id))
            if not left and not await self._messages(client, tenant_id):
                await asyncio.to_thread(self._finish, found.id)
                return
        raise Unavailable(f"something is left after {_ROUNDS} rounds: {left or 'messages in the streams'}")

    async def _everywhere(self, client: Client, task: Task, tenant_id: UUID, erasure_id: UUID) -> Counts:
        asked = Asked(task, tenant_id, str(erasure_id), {})
        patience_s = self._settings.closing_patience_s
        done = await asyncio.gather(
            *(carry_out(client, self._settings, service, asked, patience_s=patience_s) for service in SERVICES)
        )
        return dict(zip(SERVICES, done, strict=True))

    async def _purge(self, client: Client, tenant_id: UUID) -> None:
        context = client.jetstream(timeout=self._settings.closing_patience_s)
        for name in await _streams(client):
            for root in (SUBJECT_ROOT, DEAD_LETTER_ROOT):
                await context.purge_stream(name, subject=f"{root}.{tenant_id}.>")

    async def _messages(self, client: Client, tenant_id: UUID) -> int:
        context = client.jetstream(timeout=self._settings.closing_patience_s)
        found = 0
        for name in await _streams(client):
            state = (await context.stream_info(name, subjects_filter=f"*.{tenant_id}.>")).state
            found += sum((state.subjects or {}).values())
        return found

    async def _keep_lease(self, erasure_id: UUID) -> None:
        while True:
            await asyncio.sleep(self._settings.closing_lease_s / 3)
            await asyncio.to_thread(self._renew, erasure_id)

    def _claim(self) -> Row | None:
        with open_platform_work(self._database) as platform:
            return erasures.claim(platform, lease_ends_at=self._lease_end())

    def _renew(self, erasure_id: UUID) -> None:
        with open_platform_work(self._database) as platform:
            erasures.renew(platform, erasure_id, lease_ends_at=self._lease_end())

    def _lease_end(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._settings.closing_lease_s)

    def _begin(self, found: Row, counted: Counts) -> bool:
        with open_platform_work(self._database) as platform:
            if not erasures.begin(platform, found.id, counted):
                return False
        with self._database.open_work(Caller.system(found.for_tenant)) as work:
            tenants.set_status(work, "deleted")
        return True

    def _finish(self, erasure_id: UUID) -> None:
        with open_platform_work(self._database) as platform:
            row = erasures.get(platform, erasure_id)
            assert row is not None
            erasures.finish(platform, erasure_id, self._certificates.write(row, erased_at=platform.now))
        log.info("a closed company is erased", extra={"erasure_id": str(erasure_id)})

    def _postpone(self, erasure_id: UUID, problem: str) -> None:
        next_at = datetime.now(UTC) + timedelta(seconds=self._settings.closing_retry_s)
        with open_platform_work(self._database) as platform:
            erasures.postpone(platform, erasure_id, next_at=next_at, problem=problem[:500])


def _more_than_none(counted: Counts) -> dict[str, int]:
    return {f"{service}.{table}": rows for service, found in counted.items() for table, rows in found.items() if rows}


async def _streams(client: Client) -> list[str]:
    reply = await client.request("$JS.API.STREAM.NAMES", b"{}", timeout=5.0)
    names: list[str] = orjson.loads(reply.data).get("streams") or []
    return [name for name in names if name.startswith(_STREAMS)]
