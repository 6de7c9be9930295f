"""Where each tenant's rows live: in the shared database, or in one of the operator's further databases.

A process starts with no knowledge. The shared database tells of tenants that live elsewhere when they are asked for
there, and so does every database that a tenant has left; what was learned is kept, with the epoch that proves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from chassis.errors import Unavailable
from chassis.settings import POOLED, Settings


@dataclass(frozen=True, slots=True)
class Home:
    """A placement by name and its database. `epoch` counts the tenant's moves as far as this process knows."""

    placement: str
    url: str
    epoch: int


class Placements:
    """What this process knows of the homes of tenants. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._urls = {POOLED: settings.database_url}
        self._urls |= {name: urls.database_url for name, urls in settings.placements.items()}
        self._pooled = Home(POOLED, settings.database_url, 0)
        self._elsewhere: dict[UUID, Home] = {}

    def locate(self, tenant_id: UUID) -> Home:
        """The tenant's home as far as is known: the shared database, where nothing is."""
        return self._elsewhere.get(tenant_id, self._pooled)

    def learn(self, tenant_id: UUID, placement: str, epoch: int) -> None:
        """Keeps what a database told. Raises Unavailable for a placement that this process has no database of."""
        url = self._urls.get(placement)
        if url is None:
            raise Unavailable(
                f'This process knows no placement "{placement}". Give it FUNIA_PLACEMENTS of the whole platform.',
                reason="UNKNOWN_PLACEMENT",
            )
        known = self._elsewhere.get(tenant_id)
        if known is None or known.epoch <= epoch:
            self._elsewhere[tenant_id] = Home(placement, url, epoch)

    def forget(self, tenant_id: UUID) -> None:
        """Asks anew the next time: the database that was known may be no more."""
        self._elsewhere.pop(tenant_id, None)


def relay_urls(settings: Settings) -> Mapping[str, str]:
    """The relay role's URL of every placement, by name; the shared one first."""
    return {POOLED: settings.relay_database_url} | {
        name: urls.relay_database_url for name, urls in settings.placements.items()
    }


def placed_urls(settings: Settings) -> Iterator[tuple[str, str]]:
    """The app role's and the relay role's URL of every placement; the shared one first."""
    yield settings.database_url, settings.relay_database_url
    for urls in settings.placements.values():
        yield urls.database_url, urls.relay_database_url


def owner_urls(settings: Settings) -> Iterator[tuple[str, str]]:
    """Every placement with the owner's URL of its database; the shared one first."""
    yield POOLED, settings.owner_database_url
    for name, urls in settings.placements.items():
        yield name, urls.owner_database_url
