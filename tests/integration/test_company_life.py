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

import httpx
import psycopg
import pyarrow.parquet
import pytest
from gateway.identity.roles import SCOPES
from harness import SERVICES, Company, Platform, wait_for
from psycopg import sql
from rpc_world import World

PASSWORD = "correct horse battery staple"


@dataclass
class Life:
    """Two companies with records of every kind, and the archive of the first."""

    ours: World
    theirs: World
    archive: zipfile.ZipFile
    sha256: str
    stated_sha256: str

    @property
    def manifest(self) -> Any:
        return json.loads(self.archive.read("manifest.json"))

    def lines(self, service: str, table: str) -> list[Any]:
        return [json.loads(line) for line in self.archive.read(f"data/{service}/{table}.jsonl").splitlines()]


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
    company = ours.owner
    made = company.http.post("/v1/company-exports", json={}, headers=company.bearer())
    assert made.is_success, made.text
    path = f"/v1/company-exports/{made.json()['id']}"
    state = wait_for("the export", lambda: _ready(company, path))
    answer = company.http.get(f"{path}/archive.zip", headers=company.bearer())
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/zip"
    return Life(
        ours, theirs, zipfile.ZipFile(io.BytesIO(answer.content)), sha256(answer.content).hexdigest(), state["sha256"]
    )


def _ready(company: Company, path: str) -> Any:
    state = company.http.get(path, headers=company.bearer()).json()
    assert state["state"] in ("waiting", "ready"), state
    return state if state["state"] == "ready" else None


def test_the_archive_is_whole_and_its_manifest_true(life: Life) -> None:
    assert life.archive.testzip() is None
    assert life.sha256 == life.stated_sha256
    manifest = life.manifest
    assert sorted(manifest["services"]) == sorted(SERVICES)
    assert manifest["tenant_id"] == life.ours.owner.tenant_id
    tables = [one for service in manifest["services"].values() for one in service["tables"]]
    assert len(tables) > 20
    for one in tables:
        body = life.archive.read(one["jsonl"])
        assert sha256(body).hexdigest() == one["sha256"], one["table"]
        assert body.count(b"\n") == one["rows"], one["table"]
        parquet = pyarrow.parquet.read_table(io.BytesIO(life.archive.read(one["parquet"])))
        assert parquet.num_rows == one["rows"], one["table"]
        assert parquet.column_names == [column["name"] for column in one["columns"]]
    (file,) = manifest["services"]["contacts"]["files"]
    assert sha256(life.archive.read(f"files/contacts/{file['name']}")).hexdigest() == file["sha256"]


def test_the_archive_holds_every_record_of_the_company_and_none_of_another(life: Life, platform: Platform) -> None:
    with psycopg.connect(platform.admin_url("contacts")) as admin:
        for table in ("contact", "account", "account_contact", "activity", "timeline_entry"):
            statement = sql.SQL("SELECT to_jsonb(t) - 'tenant_id' FROM {} AS t WHERE tenant_id = %s")
            rows = admin.execute(statement.format(sql.Identifier(table)), [life.ours.owner.tenant_id]).fetchall()
            assert rows
            assert _sorted(life.lines("contacts", table)) == _sorted([row[0] for row in rows])
    everything = b"".join(life.archive.read(name) for name in life.archive.namelist())
    assert life.ours.mark.encode() in everything
    assert life.theirs.mark.encode() not in everything
    assert life.theirs.owner.tenant_id.encode() not in everything


def test_the_archive_tells_people_and_clients_but_no_secrets(life: Life) -> None:
    (owner,) = life.lines("identity", "membership")
    assert owner["role"] == "owner"
    (client,) = life.lines("identity", "oauth_client")
    assert client["client_id"] == life.ours.owner.client_id
    (endpoint,) = life.lines("identity", "webhook_endpoint")
    held = {*owner, *client, *endpoint}
    assert {"email", "client_id", "url"} <= held
    assert not held & {"secret_hash", "sealed_keys", "former_keys"}
    assert life.lines("identity", "audit_entry")


def test_a_closed_company_is_shut_out_and_erased_and_another_keeps_everything(life: Life, platform: Platform) -> None:
    ours, theirs = life.ours.owner, life.theirs.owner
    token = ours.token()
    _close(ours, life)
    wait_for(
        "the end of the tokens",
        lambda: ours.http.get("/v1/contacts", headers={"Authorization": f"Bearer {token}"}).status_code == 403,
        timeout_s=10,
    )
    kept = platform.settle(theirs.tenant_id)
    with psycopg.connect(platform.admin_url("identity"), autocommit=True) as admin:
        # What the month of grace would do.
        admin.execute("UPDATE erasure SET next_at = now(), due_at = now() WHERE for_tenant = %s", [ours.tenant_id])
        (statement, found) = wait_for("the erasure", lambda: _erased(admin), timeout_s=60)
    assert found["contacts"]["contact"] == len(life.lines("contacts", "contact"))
    assert found["contacts"]["files"] == 1
    assert found["identity"]["audit_entry"] > 0
    assert found["analytics"]["views"] > 0
    assert dict(_rows_naming(platform, ours.tenant_id)) == {}
    assert platform.published(ours.tenant_id) == {}
    assert platform.published(theirs.tenant_id) != {}
    assert [path for path in _files(platform) if ours.tenant_id in path.as_posix()] == []
    assert [path for path in _files(platform) if theirs.tenant_id in path.as_posix()] != []
    assert platform.settle(theirs.tenant_id) == kept
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


def _erased(admin: psycopg.Connection[Any]) -> Any:
    return admin.execute("SELECT statement, found FROM erasure WHERE for_tenant IS NULL ORDER BY id DESC").fetchone()


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
