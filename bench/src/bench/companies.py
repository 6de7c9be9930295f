"""Companies that use the public API as a partner would: they sign up, register an OAuth client and get tokens."""

from __future__ import annotations

import base64
import time
import uuid
from dataclasses import dataclass, field
from uuid import UUID

import httpx

SCOPES = (
    *("contacts.read", "contacts.write", "contacts.import", "contacts.export"),
    *("sales.read", "sales.write", "sales.import", "sales.admin"),
    *("support.read", "analytics.read", "identity.read", "identity.webhooks"),
)
_PASSWORD = "a long sentence nobody guesses 42"
_TIMEOUT_S = 120.0
_TOKEN_USED_S = 300.0


@dataclass
class Company:
    """A tenant with an OAuth client."""

    url: str
    tenant_id: UUID
    client_id: str
    client_secret: str
    _token: str = ""
    _token_at: float = field(default=float("-inf"))

    @property
    def token(self) -> str:
        """An access token that is good for some minutes more."""
        if time.monotonic() - self._token_at > _TOKEN_USED_S:
            secret = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode("ascii")
            answer = httpx.post(
                f"{self.url}/oauth/token",
                data={"grant_type": "client_credentials", "scope": " ".join(SCOPES)},
                headers={"Authorization": f"Basic {secret}"},
                timeout=_TIMEOUT_S,
                trust_env=False,
            )
            self._token = answer.raise_for_status().json()["access_token"]
            self._token_at = time.monotonic()
        return self._token

    @property
    def headers(self) -> dict[str, str]:
        """The header that authorizes a request."""
        return {"Authorization": f"Bearer {self.token}"}

    def http(self) -> httpx.Client:
        """A client of the API with the company's token; close it."""
        return httpx.Client(base_url=self.url, headers=self.headers, timeout=_TIMEOUT_S, trust_env=False)


def sign_up_form(name: str) -> dict[str, str]:
    """The body of POST /v1/sign-up for a company nobody else has."""
    mark = uuid.uuid4().hex
    return {
        "company_name": f"{name} {mark[:6]}",
        "full_name": "Bench Person",
        "email": f"owner-{mark}@example.com",
        "password": _PASSWORD,
        "country_code": "DE",
    }


def found_company(url: str, name: str) -> Company:
    """Signs a company up and registers its OAuth client."""
    form = sign_up_form(name)
    with httpx.Client(base_url=url, timeout=_TIMEOUT_S, trust_env=False) as http:
        tenant = http.post("/v1/sign-up", json=form).raise_for_status().json()["tenant"]
        entry = {"email": form["email"], "password": form["password"]}
        csrf_token = http.post("/v1/log-in", json=entry).raise_for_status().json()["csrf_token"]
        client = http.post(
            "/v1/oauth-clients",
            json={"name": "Bench", "scopes": list(SCOPES), "grant_types": ["client_credentials"]},
            headers={"X-CSRF-Token": csrf_token},
        )
        registered = client.raise_for_status().json()
    return Company(url, UUID(tenant["id"]), registered["client_id"], registered["client_secret"])
