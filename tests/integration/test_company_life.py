"""A company exports everything, is closed by its owner, and is erased: nothing of it is left anywhere, and a second
company has lost nothing."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pyarrow.parquet
import pytest
from chassis.tenancy.part import Carried
from contacts.tenancy import TABLES as CONTACTS_TABLES
from gateway.identity.roles import SCOPES
from gateway.identity.usecases.closing import digest_of_tenant
from harness import SERVICES, Company, Platform, wait_for
from local_stack.fixtures import StackError
from psycopg import sql
from rpc_world import World

PASSWORD = "correct horse battery staple"


class Archive:
    """An archive that was downloaded."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.sha256 = sha256(body).hexdigest()
        self.zip = zipfile.ZipFile(io.BytesIO(body))

    @property
    def manifest(self) -> Any:
        return json.loads(self.zip.read("manifest.json"))

    def lines(self, service: str, table: str) -> list[Any]:
        return [json.loads(line) for line in self.zip.read(f"data/{service}/{table}.jsonl").splitlines()]


@dataclass
class Life:
    """Two companies with records of every kind, and the archive of the first."""

    ours: World
    theirs: World
    archive: Archive
    stated_sha256: str


@pytest.fixture(scope="module")
def life(platform: Platform) -> Life:
    ours, theirs = (World(platform, platform.sign_up(name, sorted(SCOPES))) for name in ("Leavers", "Stayers"))
    for world in (ours, theirs):
        account_id, _ = world.linked()
        world.ids.add(account_id)
        world.activity()
        world.upload()
        world.custom_field()
        world.endpoint()
        world.team()
    platform.settle(ours.owner.tenant_id, theirs.owner.tenant_id)
    return Life(ours, theirs, *_export(ours.owner))


def _export(company: Company) -> tuple[Archive, str]:
    """Everything of the company, and the sum that the API says it has."""
    made = company.http.post("/v1/company-exports", json={}, headers=company.bearer())
    assert made.is_success, made.text
    path = f"/v1/company-exports/{made.json()['id']}"
    state = wait_for("the export", lambda: _ready(company, path), timeout_s=60)
    answer = company.http.get(f"{path}/archive.zip", headers=company.bearer())
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/zip"
    return Archive(answer.content), state["sha256"]


def _ready(company: Company, path: str) -> Any:
    state = company.http.get(path, headers=company.bearer()).json()
    assert state["state"] in ("waiting", "ready"), state
    return state if state["state"] == "ready" else None


def test_the_archive_is_whole_and_its_manifest_true(life: Life) -> None:
    assert life.archive.zip.testzip() is None
    assert life.archive.sha256 == life.stated_sha256
    manifest = life.archive.manifest
    assert sorted(manifest["services"]) == sorted(SERVICES)
    assert manifest["tenant_id"] == life.ours.owner.tenant_id
    tables = [one for service in manifest["services"].values() for one in service["tables"]]
    assert len(tables) > 20
    for one in tables:
        body = life.archive.zip.read(one["jsonl"])
        assert sha256(body).hexdigest() == one["sha256"], one["table"]
        assert body.count(b"\n") == one["rows"], one["table"]
        parquet = pyarrow.parquet.read_table(io.BytesIO(life.archive.zip.read(one["parquet"])))
        assert parquet.num_rows == one["rows"], one["table"]
        assert parquet.column_names == [column["name"] for column in one["columns"]]
    (file,) = manifest["services"]["contacts"]["files"]
    assert sha256(life.archive.zip.read(f"files/contacts/{file['name']}")).hexdigest() == file["sha256"]


def test_the_archive_holds_every_record_of_the_company_and_none_of_another(life: Life, platform: Platform) -> None:
    with psycopg.connect(platform.admin_url("contacts")) as admin:
        for table in ("contact", "account", "account_contact", "activity", "timeline_entry"):
            statement = sql.SQL("SELECT to_jsonb(t) - 'tenant_id' FROM {} AS t WHERE tenant_id = %s")
            rows = admin.execute(statement.format(sql.Identifier(table)), [life.ours.owner.tenant_id]).fetchall()
            assert rows
            assert _sorted(life.archive.lines("contacts", table)) == _sorted([row[0] for row in rows])
    everything = b"".join(life.archive.zip.read(name) for name in life.archive.zip.namelist())
    assert life.ours.mark.encode() in everything
    assert life.theirs.mark.encode() not in everything
    assert life.theirs.owner.tenant_id.encode() not in everything


def test_the_archive_tells_people_and_clients_but_no_secrets(life: Life) -> None:
    (owner,) = life.archive.lines("identity", "membership")
    assert owner["role"] == "owner"
    (client,) = life.archive.lines("identity", "oauth_client")
    assert client["client_id"] == life.ours.owner.client_id
    (endpoint,) = life.archive.lines("identity", "webhook_endpoint")
    held = {*owner, *client, *endpoint}
    assert {"email", "client_id", "url"} <= held
    assert not held & {"secret_hash", "sealed_keys", "former_keys"}
    assert life.archive.lines("identity", "audit_entry")


def test_a_restored_company_exports_what_was_restored(life: Life, platform: Platform, tmp_path: Path) -> None:
    copy = platform.sign_up("Returners", sorted(SCOPES))
    archive = tmp_path / "archive.zip"
    archive.write_bytes(life.archive.body)
    said = platform.stack.run("gateway-work", "restore", str(archive), copy.tenant_id)
    assert f"contacts.contact: {len(life.archive.lines('contacts', 'contact'))}" in said
    assert "people.invited: 1" in said
    again, _ = _export(copy)
    differ = {
        table
        for table, what in CONTACTS_TABLES.items()
        if isinstance(what, Carried)
        and not what.not_restored
        and _sorted(again.lines("contacts", table)) != _sorted(life.archive.lines("contacts", table))
    }
    assert differ == set()
    for table in ("custom_field", "role", "team"):
        assert _sorted(again.lines("identity", table)) == _sorted(life.archive.lines("identity", table)), table
    path = f"/v1/customers:search?query={life.ours.mark}"
    wait_for("the search", lambda: copy.http.get(path, headers=copy.bearer()).json().get("hits"))


def test_an_archive_is_restored_only_as_it_was_written_and_only_into_an_empty_company(
    life: Life, platform: Platform, tmp_path: Path
) -> None:
    forged, whole = tmp_path / "forged.zip", tmp_path / "whole.zip"
    with zipfile.ZipFile(forged, "w") as into:
        for name in life.archive.zip.namelist():
            body = life.archive.zip.read(name)
            into.writestr(name, body.replace(b"contact", b"account") if name == "manifest.json" else body)
    whole.write_bytes(life.archive.body)
    theirs = life.theirs.owner
    before = _records(platform.settle(theirs.tenant_id)[theirs.tenant_id])
    for archive, reason in ((forged, "not written by this installation"), (whole, "has records already")):
        with pytest.raises(StackError, match=reason):
            platform.stack.run("gateway-work", "restore", str(archive), theirs.tenant_id)
    assert _records(platform.stored(theirs.tenant_id)) == before
    asked = {"action": "identity.tenant.restore_refused"}
    told = theirs.http.get("/v1/audit-entries", params=asked, headers=theirs.bearer()).json()["entries"]
    assert [one["detail"]["detail"] for one in told] == ["NOT_EMPTY", "UNKNOWN_ARCHIVE"]


def _records(stored: dict[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """What is stored but for the audit log, which tells of each attempt, and usage, which is counted seconds late."""
    return {
        table: what
        for table, what in stored.items()
        if not table.startswith("identity.audit") and ".usage_" not in table
    }


def test_a_closed_company_is_shut_out_and_erased_and_another_keeps_everything(life: Life, platform: Platform) -> None:
    ours, theirs = life.ours.owner, life.theirs.owner
    token = ours.token()
    _close(ours, life)
    wait_for(
        "the end of the tokens",
        lambda: ours.http.get("/v1/contacts", headers={"Authorization": f"Bearer {token}"}).status_code == 403,
        timeout_s=10,
    )
    kept = _records(platform.settle(theirs.tenant_id)[theirs.tenant_id])
    with psycopg.connect(platform.admin_url("identity"), autocommit=True) as admin:
        # What the month of grace would do.
        admin.execute("UPDATE erasure SET next_at = now(), due_at = now() WHERE for_tenant = %s", [ours.tenant_id])
        (statement, found) = wait_for("the erasure", lambda: _erased(admin, ours.tenant_id), timeout_s=60)
    assert found["contacts"]["contact"] == len(life.archive.lines("contacts", "contact"))
    assert found["contacts"]["files"] == 1
    assert found["identity"]["audit_entry"] > 0
    assert found["analytics"]["views"] > 0
    assert dict(_rows_naming(platform, ours.tenant_id)) == {}
    assert platform.published(ours.tenant_id) == {}
    assert platform.published(theirs.tenant_id) != {}
    assert [path for path in _files(platform) if ours.tenant_id in path.as_posix()] == []
    assert [path for path in _files(platform) if theirs.tenant_id in path.as_posix()] != []
    assert _records(platform.settle(theirs.tenant_id)[theirs.tenant_id]) == kept
    _check_certificate(platform, statement, ours.tenant_id)


def _close(company: Company, life: Life) -> None:
    """By the owner's session; not without the password, and not under a wrong name."""
    with psycopg.connect(life.ours.platform.admin_url("identity")) as admin:
        row = admin.execute("SELECT email FROM membership WHERE tenant_id = %s", [company.tenant_id]).fetchone()
    assert row is not None
    with httpx.Client(base_url=company.http.base_url, timeout=30.0, trust_env=False) as http:
        entered = http.post("/v1/log-in", json={"email": row[0], "password": PASSWORD})
        mine = {"X-CSRF-Token": entered.json()["csrf_token"]}

        def ask(confirm_name: str, password: str, headers: dict[str, str]) -> httpx.Response:
            body = {"confirm_name": confirm_name, "password": password}
            return http.post("/v1/tenant:close", json=body, headers=headers)

        assert ask("Somebody", PASSWORD, mine).json()["reason"] == "NAME_DIFFERS"
        assert ask(company.name, "wrong", mine).json()["reason"] == "WRONG_LOG_IN"
        assert ask(company.name, PASSWORD, company.bearer()).json()["reason"] == "NOT_AN_OWNER"
        answer = ask(company.name, PASSWORD, mine)
    assert answer.status_code == 200, answer.text
    assert answer.json()["erased_at"].endswith("Z")


def _erased(admin: psycopg.Connection[Any], tenant_id: str) -> Any:
    digest = digest_of_tenant(UUID(tenant_id))
    asked = "SELECT statement, found FROM erasure WHERE for_tenant IS NULL AND tenant_digest = %s"
    return admin.execute(asked, [digest]).fetchone()


def _check_certificate(platform: Platform, statement: str, tenant_id: str) -> None:
    def verify(text: str) -> Any:
        answer = httpx.post(
            f"{platform.stack.url}/v1/erasure-certificates:verify", json={"statement": text}, trust_env=False
        )
        return answer.json()

    told = verify(statement)
    assert told["valid"] is True
    assert told["says"]["left"] == 0
    assert tenant_id not in json.dumps(told)
    head, body, signature = statement.split(".")
    assert verify(f"{head}.{body[:-4]}AAAA.{signature}") == {"valid": False}


def _rows_naming(platform: Platform, tenant_id: str) -> Iterator[tuple[str, int]]:
    """Tables of all databases with a row that names the company anywhere."""
    for database in SERVICES:
        with psycopg.connect(platform.admin_url(database)) as admin:
            tables = admin.execute(
                "SELECT c.relname FROM pg_class AS c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
                " AND c.relnamespace = 'public'::regnamespace"
            ).fetchall()
            assert len(tables) >= 4
            for (table,) in tables:
                counted = sql.SQL("SELECT count(*) FROM {} AS t WHERE strpos(t::text, %s) > 0")
                row = admin.execute(counted.format(sql.Identifier(table)), [tenant_id]).fetchone()
                if row is not None and row[0]:
                    yield f"{database}.{table}", row[0]


def _files(platform: Platform) -> list[Path]:
    """Everything that lies in the state folder but logs and the engines' own files."""
    state = platform.stack.directory
    folders = [state / service for service in (*SERVICES, "archives")]
    return [path for folder in folders if folder.is_dir() for path in folder.rglob("*")]


def _sorted(rows: list[Any]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)
