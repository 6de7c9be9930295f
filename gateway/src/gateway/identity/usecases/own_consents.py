"""What a person allowed apps in a company: looked at and taken back by the person himself.

What the company as a whole lets in is another matter, and its administrators': `app_grants`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.caller import Caller
from chassis.work import Database, Row

from gateway.identity import events
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import client as clients
from gateway.identity.queries import grant as grants

SHOWN_MAX = 200
"""Consents read for the page; older ones count as long as they stand, and show once newer ones are taken back."""


@dataclass(frozen=True, slots=True)
class OwnConsent:
    """What one app may do in the person's name, all of its consents together. No name for an app of ours."""

    client_id: str
    name: str
    publisher: str
    scopes: tuple[str, ...]
    since: datetime
    ends_at: datetime


def of_person(database: Database, tenant_id: UUID, user_id: UUID) -> list[OwnConsent]:
    """Apps that hold a consent of the person in the company, the one allowed last first."""
    with open_platform_work(database) as platform:
        rows = grants.living_of_person(platform, tenant_id, user_id, limit=SHOWN_MAX)
        by_client: dict[str, list[Row]] = {}
        for row in rows:
            by_client.setdefault(row.client_id, []).append(row)
        known = clients.names(platform, list(by_client))
    return [_of_app(client_id, of_it, known.get(client_id)) for client_id, of_it in by_client.items()]


def take_back(database: Database, tenant_id: UUID, user_id: UUID, client_id: str) -> int:
    """Ends every consent of the person to the app in the company, with all tokens; returns how many there were."""
    person = Caller(tenant_id, "user", user_id, frozenset(), "own")
    with database.open_work(person) as work:
        ended = grants.revoke_of_person_and_client(work, user_id, client_id, "revoked_by_person")
        work.record_all([events.grant_revoked(row, "revoked_by_person") for row in ended])
    return len(ended)


def _of_app(client_id: str, rows: Iterable[Row], app: Row | None) -> OwnConsent:
    rows = list(rows)
    return OwnConsent(
        client_id,
        "" if app is None else app.name,
        "" if app is None else app.publisher,
        tuple(sorted({scope for row in rows for scope in row.scopes})),
        min(row.created_at for row in rows),
        max(row.expires_at for row in rows),
    )
