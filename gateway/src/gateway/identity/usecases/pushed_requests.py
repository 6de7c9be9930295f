"""Authorization requests that a client sent ahead (RFC 9126): kept under a reference that is answered once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from chassis.work import Database

from gateway.identity.platform import open_platform_work
from gateway.identity.queries import pushed_request as queries
from gateway.identity.secret_values import digest, new_secret
from gateway.settings import GatewaySettings

REFERENCE = "urn:ietf:params:oauth:request_uri:"


class PushedRequests:
    """Keeps, finds and uses up. Thread-safe."""

    def __init__(self, database: Database, settings: GatewaySettings) -> None:
        self._database = database
        self.lifetime_s = settings.pushed_request_s

    def add(self, client_id: str, parameters: Mapping[str, str]) -> str:
        """Keeps a request for `lifetime_s`; returns its reference."""
        secret = new_secret()
        with open_platform_work(self._database) as platform:
            queries.add(
                platform,
                digest(secret),
                client_id=client_id,
                parameters=dict(parameters),
                expires_at=platform.now + timedelta(seconds=self.lifetime_s),
            )
        return f"{REFERENCE}{secret}"

    def find(self, reference: str, client_id: str) -> dict[str, str] | None:
        """The parameters, or None where the reference is unknown, another client's, answered or too old."""
        if not reference.startswith(REFERENCE):
            return None
        with open_platform_work(self._database) as platform:
            row = queries.get(platform, _hash(reference))
        return dict(row.parameters) if row is not None and row.client_id == client_id else None

    def use(self, reference: str) -> bool:
        """Uses the reference up; False for all but the first of those who try."""
        with open_platform_work(self._database) as platform:
            return queries.use(platform, _hash(reference))


def _hash(reference: str) -> bytes:
    return digest(reference.removeprefix(REFERENCE))
