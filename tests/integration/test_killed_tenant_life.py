"""Processes are killed in the middle of a company's export, its end, and the erasure of one person.

What was begun is finished by the next process: nothing is lost, nothing is done twice, and what is certified is true. A
lock on one table holds the work where it is to be killed. Moves that are killed are tested in the chassis.
"""

from __future__ import annotations

import io
import signal
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from gateway.identity.roles import SCOPES
from gateway.identity.usecases.closing import digest_of_tenant
from harness import Company, Platform, wait_for
from psycopg import sql

NAMES = ("Anna", "Boris", "Vera")


@pytest.fixture(scope="module")
def theirs(platform: Platform) -> Company:
    """The second company, which loses nothing whatever dies."""
    made = platform.sign_up("Survivors", sorted(SCOPES))
    fill(made)
    return made


def fill(company: Company) -> list[str]:
    """Contacts with addresses; returns their ids."""
    ids = []
    for name in NAMES:
        contact = {"given_name": name, "emails": [{"address": f"{name.lower()}@killed.example"}]}
        answer = company.http.post("/v1/contacts", json=contact, headers=company.bearer())
        assert answer.status_code == 201, answer.text
        ids.append(answer.json()["id"])
    return ids


def names(company: Company) -> list[str]:
    listed = company.http.get("/v1/contacts", headers=company.bearer()).json()["contacts"]
    return sorted(one["given_name"] for one in listed)


@contextmanager
def held(platform: Platform, database: str, table: str, mode: str) -> Iterator[None]:
    """Work on the table waits while the block runs: all of it, or in SHARE mode what writes."""
    with psycopg.connect(platform.admin_url(database)) as admin:
        statement = sql.SQL("LOCK TABLE {} IN " + mode + " MODE").format(sql.Identifier(table))  # type: ignore[arg-type]
        admin.execute(statement)
        yield
        admin.rollback()


def is_waited_for(platform: Platform, database: str) -> bool:
    """Whether somebody waits for a lock of the database."""
    return bool(one(platform, "identity", _WAITING, database))


def one(platform: Platform, database: str, query: Any, *values: object) -> Any:
    """The first value of the first row, as the administrator sees it."""
    with psycopg.connect(platform.admin_url(database), autocommit=True) as admin:
        cursor = admin.execute(query, values)
        row = cursor.fetchone() if cursor.description else None
        return None if row is None else row[0]


_WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
_LEASE_ENDS = "UPDATE company_export SET next_at = now() WHERE id = %s AND state = 'waiting'"
_TABLES_OF_RECORDS = ("contact", "identity_key", "timeline_entry", "outbox")


def kill(platform: Platform, *processes: str) -> None:
    for name in processes:
        platform.stack.kill(name)


@pytest.mark.soak
def test_an_export_that_is_killed_halfway_is_made_once_and_whole(platform: Platform, theirs: Company) -> None:
    ours = platform.sign_up("Exported", sorted(SCOPES))
    fill(ours)
    with held(platform, "sales", "customer", "ACCESS EXCLUSIVE"):
        made = ours.http.post("/v1/company-exports", json={}, headers=ours.bearer()).json()
        path = f"/v1/company-exports/{made['id']}"
        parts = "SELECT services_done FROM company_export WHERE id = %s"
        wait_for("two parts", lambda: one(platform, "identity", parts, made["id"]) == 2)
        wait_for("the part of sales", lambda: is_waited_for(platform, "sales"))
        kill(platform, "sales", "gateway-work")
    platform.stack.wait_ready()
    one(platform, "identity", _LEASE_ENDS, made["id"])

    def is_ready() -> Any:
        state = ours.http.get(path, headers=ours.bearer()).json()
        assert state["state"] in ("waiting", "ready"), state
        return state["state"] == "ready" and state

    wait_for("the archive", is_ready, timeout_s=60)
    body = ours.http.get(f"{path}/archive.zip", headers=ours.bearer()).content
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        assert archive.read("data/contacts/contact.jsonl").count(b"\n") == len(NAMES)
    folder = platform.stack.directory / "archives"

    def kept() -> list[str]:
        return [path.name for path in folder.rglob("*") if ours.tenant_id in path.as_posix() and path.is_file()]

    wait_for("nothing but the archive is kept", lambda: kept() == ["archive.zip"])
    ready = f"funia.{ours.tenant_id}.identity.company_export.ready"
    wait_for("the event", lambda: platform.published(ours.tenant_id).get(ready))
    assert platform.published(ours.tenant_id)[ready] == 1
    assert names(theirs) == sorted(NAMES)


def test_an_erasure_of_a_company_that_is_killed_halfway_leaves_nothing_and_certifies_what_was(
    platform: Platform, theirs: Company
) -> None:
    ours = platform.sign_up("Ended", sorted(SCOPES))
    fill(ours)
    platform.settle(ours.tenant_id)
    digest = digest_of_tenant(UUID(ours.tenant_id))
    with held(platform, "contacts", "contact", "SHARE"):
        with psycopg.connect(platform.admin_url("identity"), autocommit=True) as admin:
            admin.execute("UPDATE tenant SET status = 'closing' WHERE tenant_id = %s", [ours.tenant_id])
            # As if the owner had closed it a month ago.
            admin.execute(_CLOSED, [uuid4(), ours.tenant_id, digest])
        wait_for("the erasure in contacts", lambda: is_waited_for(platform, "contacts"))
        wait_for("the end of sales' part", lambda: not rows_of(platform, "sales", "customer", ours))
        kill(platform, "contacts-work", "gateway-work")
        assert rows_of(platform, "contacts", "contact", ours) == len(NAMES)
    platform.stack.wait_ready()
    lease_ends = "UPDATE erasure SET next_at = now() WHERE tenant_digest = %s AND state <> 'erased'"
    one(platform, "identity", lease_ends, digest)
    stated = "SELECT statement FROM erasure WHERE for_tenant IS NULL AND tenant_digest = %s"
    statement = wait_for("the certificate", lambda: one(platform, "identity", stated, digest), timeout_s=60)
    told = httpx.post(f"{platform.stack.url}/v1/erasure-certificates:verify", json={"statement": statement}).json()
    assert told["valid"] is True
    assert told["says"]["left"] == 0
    # What was found is what there was before the first attempt, not what the second one still met.
    assert told["says"]["found"]["contacts"]["contact"] == len(NAMES)
    assert told["says"]["found"]["sales"]["customer"] == len(NAMES)
    for table in _TABLES_OF_RECORDS:
        assert rows_of(platform, "contacts", table, ours) == 0
    assert platform.published(ours.tenant_id) == {}
    assert one(platform, "identity", "SELECT count(*) FROM erasure WHERE tenant_digest = %s", digest) == 1
    assert names(theirs) == sorted(NAMES)


_CLOSED = """
    INSERT INTO erasure (id, for_tenant, tenant_digest, state, former_status, closed_by, closed_at, due_at, next_at,
                         found, problem, statement)
    VALUES (%s, %s, %s, 'waiting', 'active', 'owner', now(), now(), now(), '{}', '', '')
"""


@pytest.mark.soak
def test_a_person_is_erased_wholly_or_not_at_all_whoever_dies(platform: Platform, theirs: Company) -> None:
    ours = platform.sign_up("Forgetful", sorted(SCOPES))
    anna, *_ = fill(ours)
    file = "\n".join(f'{{"contact": {{"id": "{anna}", "job_title": "{title}"}}}}' for title in ("Buyer", "Head"))
    job = ours.http.post(
        "/v1/bulk-jobs", json={"object": "contact", "operation": "update", "format": "jsonl"}, headers=ours.bearer()
    ).json()
    work = f"/v1/bulk-jobs/{job['id']}"
    ours.http.put(f"{work}/content", content=file.encode(), headers=ours.bearer())
    ours.http.post(f"{work}:run", json={}, headers=ours.bearer())
    wait_for("the job", lambda: ours.http.get(work, headers=ours.bearer()).json()["status"] == "completed")
    platform.settle(ours.tenant_id)
    header = ours.bearer()
    key = one(platform, "contacts", "SELECT file_key FROM bulk_job WHERE id = %s", job["id"])
    uploaded = platform.stack.directory / "contacts" / "files" / ours.tenant_id / key
    assert uploaded.is_file()

    def erase() -> httpx.Response:
        return ours.http.post(f"/v1/contacts/{anna}:erase", json={}, headers=header)

    with ThreadPoolExecutor(1) as pool, held(platform, "contacts", "timeline_entry", "SHARE"):
        broken = pool.submit(erase)
        wait_for("the erasure", lambda: is_waited_for(platform, "contacts"))
        kill(platform, "contacts")
        # 409 where the gateway has asked again and found the key still held by the request that died.
        assert broken.result().status_code in (409, 502, 503, 504)
        assert rows_of(platform, "contacts", "contact", ours) == len(NAMES)
    platform.stack.wait_ready()
    before = one(platform, "contacts", "SELECT count(*) FROM person_erasure WHERE tenant_id = %s", ours.tenant_id)
    assert before == 0
    wait_for("contacts again", lambda: ours.http.get("/v1/contacts", headers=ours.bearer()).is_success)
    assert names(ours) == sorted(NAMES)

    # Nobody removes the file, and nobody tells the views, until the worker that was asleep is dead.
    platform.stack.kill("contacts-work", signal.SIGSTOP)
    done = wait_for("the erasure", lambda: (answer := erase()).is_success and answer)
    assert erase().json() == done.json(), "the same request again is the same erasure"
    assert uploaded.is_file()
    kill(platform, "contacts-work")
    platform.stack.wait_ready()
    wait_for("the file is gone", lambda: not uploaded.exists(), timeout_s=60)
    living = "SELECT count(*) FROM customer WHERE tenant_id = %s AND NOT deleted"
    wait_for("the view of sales", lambda: one(platform, "sales", living, ours.tenant_id) == len(NAMES) - 1)
    erased = f"funia.{ours.tenant_id}.contacts.contact.erased"
    assert platform.published(ours.tenant_id)[erased] == 1
    listed = ours.http.get("/v1/person-erasures", headers=ours.bearer()).json()["person_erasures"]
    assert [one["id"] for one in listed] == [done.json()["id"]]
    assert names(ours) == sorted(NAMES[1:])
    assert names(theirs) == sorted(NAMES)


def rows_of(platform: Platform, database: str, table: str, company: Company) -> int:
    query = sql.SQL("SELECT count(*) FROM {} WHERE tenant_id = %s").format(sql.Identifier(table))
    count: int = one(platform, database, query, company.tenant_id)
    return count
