"""Makes the exports that companies ask for, and removes archives whose time is over.

Every service cuts its part by itself; what is cut stands in the store, so after a crash only what was not finished is
done again. The archive becomes visible once it is whole.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.files import FileStore, StoredFile, open_files
from chassis.streams import PASSING_ERRORS, connect
from chassis.tenancy.cut import Cut, cut_of
from chassis.tenancy.desk import ARCHIVES, Asked, carry_out
from chassis.vault import Vault
from chassis.work import Row
from nats.aio.client import Client

from gateway.channels import SERVICES
from gateway.composition import Identity
from gateway.identity import company_events as events
from gateway.identity import letters
from gateway.identity.platform import open_platform_work, platform_rights
from gateway.identity.queries import company_export as exports
from gateway.identity.queries import user as users
from gateway.identity.usecases.company_exports import archive_name, folder_of, parts_of
from gateway.tenancy.archive import Part, archive

log = logging.getLogger(__name__)

_DUE_AT_ONCE = 20


class Exporter:
    """Runs in the worker until cancelled; several may run, each export is one's at a time."""

    def __init__(self, identity: Identity) -> None:
        self._database = identity.database
        self._settings = identity.settings
        self._post = identity.post
        self._vault = Vault(identity.settings.secret.get_secret_value())
        self._store = open_files(identity.settings, ARCHIVES)

    async def run(self) -> None:
        """Looks for exports to make and archives to remove, now and every `export_look_every_s`."""
        client = await connect(self._settings, "exporting")
        try:
            while True:
                try:
                    await self.do_due(client)
                except FuniaError as error:
                    log.warning("exports wait: %s", error)
                await asyncio.sleep(self._settings.export_look_every_s)
        finally:
            await client.close()

    async def do_due(self, client: Client) -> int:
        """Does what is due of all companies; returns how many exports that were."""
        due = await asyncio.to_thread(self._due)
        for one in due:
            row = await asyncio.to_thread(self._claim, one.tenant_id, one.id)
            if row is None:
                continue
            if row.state == "waiting":
                await self._make(client, row)
            else:
                await asyncio.to_thread(self._remove, row)
        return len(due)

    async def _make(self, client: Client, row: Row) -> None:
        lease = asyncio.create_task(self._keep_lease(row))
        try:
            cuts = await self._cut(client, row)
            stored = await asyncio.to_thread(self._write, row, cuts)
            await asyncio.to_thread(self._finish, row, cuts, stored)
        except (FuniaError, *PASSING_ERRORS) as error:
            log.warning("an export is made later: %s", error)
            await asyncio.to_thread(self._postpone, row, str(error) or type(error).__name__)
        finally:
            lease.cancel()

    async def _cut(self, client: Client, row: Row) -> list[Cut]:
        asked = Asked("cut", row.tenant_id, parts_of(row.id), {})
        cuts = []
        for service in SERVICES:
            done = await carry_out(client, self._settings, service, asked, patience_s=self._settings.closing_patience_s)
            cuts.append(cut_of(done))
            await asyncio.to_thread(self._progress, row, len(cuts))
        return cuts

    def _write(self, row: Row, cuts: list[Cut]) -> StoredFile:
        # Identity's own files are the archives themselves, this one among them.
        parts = [
            Part(_without_files(cut) if cut.service == "identity" else cut, self._files_of(cut.service)) for cut in cuts
        ]
        pieces = archive(row.tenant_id, parts, self._store, self._vault, exported_at=datetime.now(UTC))
        most = self._settings.archive_max_bytes
        return self._store.put(row.tenant_id, archive_name(row.id), pieces, max_bytes=most)

    def _files_of(self, service: str) -> FileStore:
        return open_files(self._settings, service)

    def _due(self) -> list[Row]:
        with open_platform_work(self._database) as platform:
            return exports.due(platform, at=platform.now, limit=_DUE_AT_ONCE)

    def _claim(self, tenant_id: UUID, export_id: UUID) -> Row | None:
        with self._database.open_work(Caller.system(tenant_id)) as work:
            row = exports.get(work, export_id, for_update=True)
            if row is None or row.next_at is None or row.next_at > work.now:
                return None
            exports.change(work, row, next_at=self._lease_end(), attempts=row.attempts + 1)
            return exports.get(work, export_id)

    async def _keep_lease(self, row: Row) -> None:
        while True:
            await asyncio.sleep(self._settings.closing_lease_s / 3)
            await asyncio.to_thread(self._change, row, next_at=self._lease_end())

    def _lease_end(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._settings.closing_lease_s)

    def _progress(self, row: Row, done: int) -> None:
        self._change(row, services_done=done)

    def _change(self, row: Row, **values: object) -> None:
        """Changes the export where it still waits: somebody may have deleted it meanwhile."""
        with self._database.open_work(Caller.system(row.tenant_id)) as work:
            now = exports.get(work, row.id, for_update=True)
            if now is not None and now.state == "waiting":
                exports.change(work, now, **values)

    def _finish(self, row: Row, cuts: list[Cut], stored: StoredFile) -> None:
        with self._database.open_work(Caller.system(row.tenant_id)) as work:
            now = exports.get(work, row.id, for_update=True)
            if now is None or now.state != "waiting":
                return
            expires_at = work.now + timedelta(days=self._settings.export_keep_days)
            exports.change(
                work,
                now,
                state="ready",
                rows_total=sum(table.rows for cut in cuts for table in cut.tables),
                size_bytes=stored.size_bytes,
                sha256=stored.sha256,
                problem="",
                next_at=expires_at,
                finished_at=work.now,
                expires_at=expires_at,
            )
            ready = exports.get(work, row.id)
            work.record(events.company_export_changed("ready", ready))
            member = users.get(work, row.created_by)
            if member is not None:
                link = f"{self._settings.issuer}/settings/export"
                days = self._settings.export_keep_days
                letter = letters.compose("export_ready", member.locale, to=member.email, link=link, days=days)
                with platform_rights(work) as platform:
                    self._post.put(platform, letter, company=row.tenant_id)
        self._store.delete_all(row.tenant_id, parts_of(row.id))

    def _postpone(self, row: Row, problem: str) -> None:
        with self._database.open_work(Caller.system(row.tenant_id)) as work:
            now = exports.get(work, row.id, for_update=True)
            if now is None or now.state != "waiting":
                return
            if now.attempts < self._settings.export_attempts_max:
                next_at = work.now + timedelta(seconds=self._settings.closing_retry_s)
                exports.change(work, now, next_at=next_at, problem=problem[:500])
                return
            exports.change(work, now, state="failed", next_at=work.now, problem=problem[:500], finished_at=work.now)
            work.record(events.company_export_changed("failed", exports.get(work, row.id)))

    def _remove(self, row: Row) -> None:
        for folder in (folder_of(row.id), parts_of(row.id)):
            self._store.delete_all(row.tenant_id, folder)
        with self._database.open_work(Caller.system(row.tenant_id)) as work:
            now = exports.get(work, row.id, for_update=True)
            if now is not None:
                state = "failed" if now.state == "failed" else "gone"
                exports.change(work, now, state=state, next_at=None)


def _without_files(cut: Cut) -> Cut:
    return Cut(cut.service, cut.cut_at, cut.tables, [])
