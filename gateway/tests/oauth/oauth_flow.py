"""The steps of the code flow that tests of several files take."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import psycopg
from chassis.testing.databases import TestDatabase
from gateway.identity.usecases import clients

REDIRECT = "https://app.example.com/callback"
SCOPES = "contacts.read contacts.write openid email profile"
VERIFIER = secrets.token_urlsafe(48)
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")

Register = Callable[..., clients.Registered]


def authorize_url(site: str, client_id: str, **changes: str | None) -> str:
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": REDIRECT,
        "scope": SCOPES,
        "state": "s-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | changes
    return f"{site}/oauth/authorize?{urlencode({name: value for name, value in asked.items() if value is not None})}"


def answer_of(response: httpx.Response) -> dict[str, str]:
    assert response.status_code in (302, 303), response.text
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}


def new_code(browser: Any, company: Any, client: clients.Registered, **changes: str | None) -> str:
    url = authorize_url(browser.site, client.row.client_id, **changes)
    return answer_of(browser.agree(url, company))["code"]


def redeem(site: str, client: clients.Registered, code: str, **changes: str | None) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    } | changes
    auth = (client.row.client_id, client.secret) if client.secret else None
    if auth is None:
        form["client_id"] = client.row.client_id
    return httpx.post(
        f"{site}/oauth/token", data={name: value for name, value in form.items() if value is not None}, auth=auth
    )


def refresh(site: str, client: clients.Registered, token: str, **extra: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token, **extra}
    return httpx.post(f"{site}/oauth/token", data=form, auth=(client.row.client_id, client.secret))


def introspect(site: str, client: clients.Registered, token: str) -> Any:
    answer = httpx.post(f"{site}/oauth/introspect", data={"token": token}, auth=(client.row.client_id, client.secret))
    assert answer.status_code == 200, answer.text
    return answer.json()


def all_at_once(
    count: int, database: TestDatabase, row: str, ask: Callable[[], httpx.Response]
) -> list[httpx.Response]:
    """Requests that all found the row good and now wait for it: it is let go only when every one of them waits."""
    answers: list[httpx.Response] = []
    threads = [threading.Thread(target=lambda: answers.append(ask())) for _ in range(count)]
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with psycopg.connect(database.admin_url) as holder, psycopg.connect(database.admin_url, autocommit=True) as watch:
        assert holder.execute(f"SELECT FROM {row} FOR UPDATE").rowcount == 1
        for thread in threads:
            thread.start()
        end = time.monotonic() + 20
        while watch.execute(waiting).fetchone() != (count,):
            assert time.monotonic() < end, "the requests do not meet"
            time.sleep(0.02)
    for thread in threads:
        thread.join()
    return answers
