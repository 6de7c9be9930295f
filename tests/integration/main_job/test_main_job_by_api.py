"""The main job over the public API, with Authlib's own OAuth client and a second company that sees nothing of it."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

import httpx
import pytest
from authlib.integrations.requests_client import OAuth2Session

pytestmark = pytest.mark.timeout(300)

SCOPES = "contacts.read contacts.write contacts.import contacts.export analytics.read"
PATIENCE_S = 60.0
MESSY = (
    "First name,Last name,Email,Mobile,Company\n"
    "Jon,Smith,jon.smith@acme.example,+14155552671,Acme Corporation\n"
    "Ana,Kovač,ana@betatech.example,,Betatech\n"
    "Broken,Row,not-an-address,,\n"
    '"=cmd|calc",Formula,formula@bioholding.example,,Bioholding\n'
)


class Api(OAuth2Session):  # type: ignore[misc]
    """Authlib's client, with paths instead of whole addresses."""

    def __init__(self, base_url: str, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        self.base_url = base_url
        self.trust_env = False

    def request(self, method: str, url: str, *words: Any, **options: Any) -> Any:
        return super().request(method, urljoin(self.base_url, url), *words, timeout=30, **options)


def company(url: str, name: str) -> Api:
    """Signs a company up and returns its OAuth client, holding a token by client credentials."""
    email = f"owner-{uuid4().hex[:10]}@{name}.example"
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as http:
        person = {"company_name": name, "full_name": "Owner", "email": email, "password": "correct horse battery"}
        answer = http.post("/v1/sign-up", json=person)
        assert answer.status_code == 201, answer.text
        session = http.post("/v1/log-in", json={"email": email, "password": person["password"]}).raise_for_status()
        client = http.post(
            "/v1/oauth-clients",
            json={"name": "Partner app", "scopes": SCOPES.split(), "grant_types": ["client_credentials"]},
            headers={"X-CSRF-Token": session.json()["csrf_token"]},
        )
        assert client.status_code == 201, client.text
        metadata = http.get("/.well-known/oauth-authorization-server").raise_for_status().json()
    oauth = Api(url, client.json()["client_id"], client.json()["client_secret"], scope=SCOPES)
    oauth.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    return oauth


def eventually(read: Callable[[], Any]) -> Any:
    """The first true value that `read` gives; events take a moment."""
    deadline = time.monotonic() + PATIENCE_S
    while not (value := read()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return value


def imported(api: Api, kind: str, name: str, content: bytes) -> dict[str, Any]:
    """Uploads, maps as proposed, runs, and waits for the end."""
    job = api.post("/v1/imports", data={"kind": kind}, files={"file": (name, content, "text/csv")})
    assert job.status_code == 201, job.text
    path = f"/v1/imports/{job.json()['id']}"
    fields = {column["heading"]: column["field"] for column in job.json()["columns"] if column["field"]}
    mapping = {"fields": fields, "mode": "upsert", "match_by": "name" if kind == "account" else "email"}
    answer = api.post(f"{path}:map", json=mapping)
    assert answer.status_code == 200, answer.text
    assert api.post(f"{path}:run", json={}).status_code == 200

    def ended() -> dict[str, Any] | None:
        state: dict[str, Any] = api.get(path).json()
        return state if state["status"] in ("completed", "completed_with_errors", "failed") else None

    ended_job: dict[str, Any] = eventually(ended)
    return ended_job


def test_a_partner_imports_finds_edits_and_reads_what_happened(platform_url: str, shared_data: Path) -> None:
    with closing(company(platform_url, "api-main-job")) as api, closing(company(platform_url, "api-second")) as other:
        play(api, other, (shared_data / "crm_opportunities" / "accounts.csv").read_bytes())


def play(api: Api, other: Api, accounts: bytes) -> None:
    job = imported(api, "account", "accounts.csv", accounts)
    assert (job["status"], job["rows_created"], job["rows_failed"]) == ("completed", 85, 0)
    job = imported(api, "contact", "messy.csv", MESSY.encode())
    assert (job["status"], job["rows_created"], job["rows_failed"]) == ("completed_with_errors", 3, 1)
    errors = api.get(f"/v1/imports/{job['id']}/errors").json()["errors"]
    assert [(error["row"], error["column"]) for error in errors] == [(4, "Email")]

    hits = eventually(lambda: api.get("/v1/customers:search", params={"query": "jon smth"}).json()["hits"])
    assert hits[0]["name"] == "Jon Smith"
    assert hits[0]["subtitle"] == "Acme Corporation"
    path = f"/v1/contacts/{hits[0]['id']}"
    read = api.get(path)
    assert read.headers["ETag"] == f'"{read.json()["etag"]}"'
    edited = api.patch(path, json={"job_title": "Buyer"}, headers={"If-Match": read.headers["ETag"]})
    assert edited.json()["job_title"] == "Buyer"
    stale = api.patch(path, json={"job_title": "Late"}, headers={"If-Match": read.headers["ETag"]})
    assert (stale.status_code, stale.json()["reason"]) == (409, "STALE_ETAG")

    def edit_in_timeline() -> bool:
        entries = api.get("/v1/timeline", params={"subject_id": hits[0]["id"]}).json()["entries"]
        return any(entry["changed_fields"] == ["job_title"] for entry in entries)

    eventually(edit_in_timeline)

    def counted() -> bool:
        report = api.get("/v1/reports/activity").json()
        totals = {series["type"]: series["total"] for series in report["series"]}
        expected = {"contacts.account.created": 85, "contacts.contact.created": 3, "contacts.contact.updated": 1}
        return all(totals.get(kind) == number for kind, number in expected.items())

    eventually(counted)
    export = api.get("/v1/contacts:export", params={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(export.content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert not any(cell.startswith("=") for row in rows for cell in row.values())

    assert other.get(path).status_code == 404
    assert other.get("/v1/contacts").json()["contacts"] == []
    assert other.get("/v1/customers:search", params={"query": "jon smith"}).json()["hits"] == []
    assert other.get(f"/v1/imports/{job['id']}").status_code == 404
    assert other.get("/v1/timeline", params={"subject_id": hits[0]["id"]}).status_code == 404
    series = other.get("/v1/reports/activity").json()["series"]
    assert not [one for one in series if one["type"].startswith("contacts.")]
