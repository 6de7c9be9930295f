"""Restores a company's archive into a new, empty company of the same installation: ``python -m gateway restore``.

Records keep their ids, so links, external systems and owners still fit; people are invited anew, and whoever has an
account already is the same person to the records. Search, projections and reports follow the events of the restore.
A restore that broke off is run again: rows that are there are left as they are.
"""

from __future__ import annotations

import asyncio
import hmac
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from chassis.caller import Caller
from chassis.errors import FailedPrecondition, FuniaError, InvalidArgument, ResourceExhausted
from chassis.files import open_files
from chassis.streams import connect
from chassis.tenancy.cut import CutTable
from chassis.tenancy.desk import ARCHIVES, Asked, carry_out
from chassis.vault import Vault
from chassis.work import Row

from gateway.channels import SERVICES
from gateway.composition import Identity
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users
from gateway.identity.roles import OWNER, ROLES
from gateway.identity.usecases import placement
from gateway.identity.usecases.invitations import InvitationDraft
from gateway.tenancy.archive import FORMAT, MANIFEST, VERSION, seal_of

_CHUNK_BYTES = 256 * 1024
_MUST_BE_EMPTY = ("contact", "account", "activity")
_INVITED = frozenset({"active", "invited"})

Restored = dict[str, dict[str, int]]


class Restorer:
    """Restores archives. The services do the writing; this process reads the archive and asks them."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._settings = identity.settings
        self._vault = Vault(identity.settings.secret.get_secret_value())
        self._store = open_files(identity.settings, ARCHIVES)

    def restore(self, archive: Path, tenant_id: UUID) -> Restored:
        """Restores the archive; returns rows by service and table, and people invited under "people".

        Raises InvalidArgument for an archive that was not written here or was changed since, FailedPrecondition for a
        company that is not open or has records, Unavailable where a service does not answer. The company's audit log
        tells of it either way.
        """
        try:
            done = self._restore(archive, tenant_id)
        except FuniaError as refused:
            self._note(tenant_id, "restore_refused", refused.reason)
            raise
        self._note(tenant_id, "restored", archive.name)
        return done

    def _restore(self, archive: Path, tenant_id: UUID) -> Restored:
        with zipfile.ZipFile(archive) as opened:
            manifest = self._manifest(opened)
            owner = self._owner(tenant_id)
            key = f"restores/{manifest['seal'][:32]}"
            asyncio.run(self._check_is_empty(tenant_id, key))
            services: dict[str, Any] = manifest["services"]
            parts = {
                name: self._unpack(opened, services[name]["tables"], tenant_id, f"{key}/{name}")
                for name in SERVICES
                if name in services
            }
            done = asyncio.run(self._write(tenant_id, key, parts))
            # What lies there until now lets a restore that broke off go on, though there are records.
            self._store.delete_all(tenant_id, key)
            done["people"] = {"invited": self._invite(opened, manifest, owner)}
        return done

    def _note(self, tenant_id: UUID, what: str, detail: str) -> None:
        with self._identity.database.open_work(Caller.system(tenant_id)) as work:
            if tenants.get(work) is not None:
                placement.note(work, what, detail)

    def _manifest(self, archive: zipfile.ZipFile) -> dict[str, Any]:
        try:
            manifest: dict[str, Any] = orjson.loads(archive.read(MANIFEST))
            unsealed = {name: value for name, value in manifest.items() if name != "seal"}
            is_ours = hmac.compare_digest(str(manifest["seal"]), seal_of(unsealed, self._vault))
        except (KeyError, ValueError, TypeError) as error:
            raise _not_ours() from error
        if not is_ours or manifest["format"] != FORMAT or manifest["version"] != VERSION:
            raise _not_ours()
        return manifest

    def _owner(self, tenant_id: UUID) -> Caller:
        with self._identity.database.open_work(Caller.system(tenant_id), read_only=True) as work:
            company, owners = tenants.get(work), users.owners(work)
        if company is None or company.status not in ("trial", "active", "past_due") or not owners:
            raise FailedPrecondition("Sign a new company up, and restore into it.", reason="TENANT_STATE")
        role = ROLES[OWNER]
        return Caller(tenant_id, "user", owners[0].user_id, role.scopes, role.visibility)

    async def _check_is_empty(self, tenant_id: UUID, key: str) -> None:
        client = await connect(self._settings, "restoring")
        try:
            found = await carry_out(
                client,
                self._settings,
                "contacts",
                Asked("count", tenant_id, key, {}),
                patience_s=self._settings.closing_patience_s,
            )
        finally:
            await client.close()
        restoring = any(True for _ in self._store.names(tenant_id, key))
        if not restoring and any(found[table] for table in _MUST_BE_EMPTY):
            raise FailedPrecondition("The company has records already. Restore into a new one.", reason="NOT_EMPTY")

    def _unpack(
        self, archive: zipfile.ZipFile, tables: list[dict[str, Any]], tenant_id: UUID, folder: str
    ) -> list[CutTable]:
        found = []
        for one in tables:
            name = f"{folder}/{one['table']}.jsonl"
            stored = self._store.put(
                tenant_id, name, _pieces(archive, one["jsonl"]), max_bytes=self._settings.archive_max_bytes
            )
            if stored.sha256 != one["sha256"]:
                raise _not_ours()
            columns = [(column["name"], column["type"]) for column in one["columns"]]
            found.append(CutTable(one["table"], name, columns, one["rows"], stored.size_bytes, stored.sha256))
        return found

    async def _write(self, tenant_id: UUID, key: str, parts: dict[str, list[CutTable]]) -> Restored:
        client = await connect(self._settings, "restoring")
        try:
            done: Restored = {}
            # Identity first: definitions of fields and teams are there before the records that use them.
            for service, tables in parts.items():
                asked = Asked("restore", tenant_id, key, {"tables": [asdict(table) for table in tables]})
                done[service] = await carry_out(
                    client, self._settings, service, asked, patience_s=self._settings.closing_patience_s
                )
            return done
        finally:
            await client.close()

    def _invite(self, archive: zipfile.ZipFile, manifest: dict[str, Any], owner: Caller) -> int:
        """Invites the people of the archive, until the company may invite no more today; returns how many."""
        paths = {one["table"]: one["jsonl"] for one in manifest["services"]["identity"]["tables"]}
        invited = 0
        for line in archive.read(paths["membership"]).splitlines():
            member = orjson.loads(line)
            if member["status"] not in _INVITED:
                continue
            draft = InvitationDraft(member["email"], member["role"], member["team_id"] or "", member["locale"])
            try:
                self._invite_one(owner, draft)
                invited += 1
            except ResourceExhausted:
                break
            except FuniaError:
                continue  # Here already, or in a role or team that is no more.
        return invited

    def _invite_one(self, owner: Caller, draft: InvitationDraft) -> Row:
        with self._identity.database.open_work(owner) as work:
            return self._identity.invitations.invite(work, draft)


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as file:
        while piece := file.read(_CHUNK_BYTES):
            yield piece


def _not_ours() -> InvalidArgument:
    return InvalidArgument(
        "This archive was not written by this installation, or was changed since.", reason="UNKNOWN_ARCHIVE"
    )
