"""A partner of the platform, for tests that play one: apps made, reviewed, let in by companies, and stopped.

The partner and the administrators speak HTTP; the operator's verdict is given by the use case behind his page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from chassis.settings import Settings
from gateway.identity.audited import IdentityDatabase
from gateway.identity.usecases.app_review import AppReview, Verdict
from harness import Company, Platform

BACK = "https://sheep.example/callback"
"""Where the browser is sent back to; nobody lives there, the address alone is read."""


@dataclass(frozen=True)
class App:
    """An app as its maker knows it; without a secret it is a public one."""

    id: str
    client_id: str
    client_secret: str


class Partner:
    """A company that makes apps for others."""

    def __init__(self, platform: Platform, company: Company) -> None:
        self._platform = platform
        self.company = company

    def make_app(self, scopes: list[str], **changes: Any) -> App:
        """Registers an app with which people log in: a draft, which works in the partner's own company."""
        form = {
            "name": "Sheep counter",
            "description": "Counts the sheep in your customer list",
            "homepage_url": "https://sheep.example",
            "redirect_uris": [BACK],
            "scopes": scopes,
            "grant_types": ["authorization_code", "refresh_token"],
        } | changes
        answer = self.company.http.post("/v1/oauth-clients", json=form, headers=self.company.bearer())
        assert answer.status_code == 201, answer.text
        made = answer.json()
        return App(made["id"], made["client_id"], made.get("client_secret", ""))

    def publish(self, app: App) -> App:
        """Asks for the review, which the operator passes."""
        path = f"/v1/oauth-clients/{app.id}:submit"
        answer = self.company.http.post(path, json={}, headers=self.company.bearer())
        assert answer.is_success, answer.text
        self.judge(app, "publish")
        return app

    def judge(self, app: App, verdict: Verdict) -> None:
        """What an operator decides on an app."""
        database = IdentityDatabase(Settings(database_url=self._platform.stack.database_url("identity")))
        try:
            AppReview(database).decide(UUID(app.id), verdict, operator=uuid4())
        finally:
            database.close()


def agree(company: Company, url: str, *chosen: str, tenant_id: str = "") -> str:
    """The company's owner opens an app's consent page, lets the app in for the chosen scopes, and is sent back.

    `tenant_id` is another company of the owner.
    """
    into = tenant_id or company.tenant_id
    page = company.http.get(url)
    assert page.status_code == 200, page.text
    form = {
        "csrf_token": company.csrf_token,
        "decision": "allow",
        "tenant_id": into,
        f"scope-{into}": list(chosen),
    }
    answer = company.http.post(url, data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def shut_out(company: Company, app: App) -> None:
    """The company's owner ends what the app was let in for."""
    session = {"X-CSRF-Token": company.csrf_token, "Idempotency-Key": uuid4().hex}
    listed = company.http.get("/v1/grants").json()["grants"]
    (grant,) = [one for one in listed if one["client_id"] == app.client_id]
    assert company.http.delete(f"/v1/grants/{grant['id']}", headers=session).is_success
