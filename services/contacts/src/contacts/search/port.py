"""The port of customer search: what is indexed, what is asked, and the promises both engines keep.

How to use it from a consumer and a servicer:

    search.index([*documents, *tombstones])   # a batch of any tenants; ack the events after it returns
    search.search(SearchRequest(tenant_id, "jon smth", visibility=Visibility.own(user_id)))

Rebuilding one tenant while changes keep arriving:

    ticket = search.start_rebuild(tenant_id)  # from here on `index` also writes to the new generation
    search.rebuild(ticket, rows_of(tenant_id))  # read the rows AFTER start_rebuild returned

All calls block and are safe to use from several threads. Raises only `contacts.search.errors`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class CustomerDocument:
    """One searchable thing. `version` grows with every change of the row (external versioning)."""

    tenant_id: str
    kind: str
    """`contact`, `account`; later `deal`, `order`, `ticket`, `message`. Letters, digits, `_`."""
    id: str
    version: int
    title: str
    names: tuple[str, ...] = ()
    """Other names it goes by. The title needs no repeating here."""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    """E.164 and, where it differs, the number as it was typed."""
    text: tuple[str, ...] = ()
    """Company, city, tags, job title, body."""
    owner_id: str | None = None
    team_id: str | None = None
    updated_at: datetime | None = None
    """Among equal hits the newest comes first."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A deletion. It is kept with its version, so an older document that arrives late stays away."""

    tenant_id: str
    kind: str
    id: str
    version: int


Change = CustomerDocument | Tombstone


@dataclass(frozen=True, slots=True)
class Hit:
    kind: str
    id: str
    score: float
    """Comparable within one answer only."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """Who may be found. Build it with one of the three constructors."""

    unrestricted: bool = False
    owner_id: str | None = None
    team_ids: frozenset[str] = frozenset()
    owner_ids: frozenset[str] = frozenset()
    """Further owners whose documents are shown."""
    uids: frozenset[str] = frozenset()
    """Single documents that are shown, as `prepared.uid_of` names them."""

    @classmethod
    def everything(cls) -> Self:
        return cls(unrestricted=True)

    @classmethod
    def own(cls, actor_id: str) -> Self:
        return cls(owner_id=actor_id)

    @classmethod
    def teams(cls, team_ids: Iterable[str], actor_id: str | None = None) -> Self:
        """Documents of these teams and, when an actor is given, that actor's own."""
        return cls(owner_id=actor_id, team_ids=frozenset(team_ids))


@dataclass(frozen=True, slots=True)
class SearchRequest:
    tenant_id: str
    query: str
    kinds: tuple[str, ...] = ()
    """Empty means every kind."""
    limit: int = 20
    visibility: Visibility = Visibility()
    """Without one nothing is found: forgetting it must not show everything."""


@dataclass(frozen=True, slots=True)
class IndexOutcome:
    applied: int
    ignored: int
    """Changes not newer than what is indexed: redelivered or overtaken, and rightly left out."""
    shortened: int = 0
    """Documents whose text had more words than are searchable."""


@dataclass(frozen=True, slots=True)
class RebuildTicket:
    tenant_id: str
    generation: int


class CustomerSearch(Protocol):
    """Finds customers. Tenants never see each other: the tenant filter is added inside the engine."""

    def index(self, changes: Sequence[Change]) -> IndexOutcome:
        """Apply a batch; durable when it returns. Idempotent, and order does not matter: per document the
        highest version wins, a tombstone included. Visible to searches of this process at once on the
        embedded engine, after the refresh interval on OpenSearch. On an error apply the same batch again.
        """
        ...

    def search(self, request: SearchRequest) -> list[Hit]:
        """Best first, at most `limit`. A query without any letter or digit finds nothing.

        Raises SearchQueryInvalid (too long, too many words, bad limit) and SearchUnavailable.
        Hits may be stale by the index lag: the caller re-checks each row's visibility.
        """
        ...

    def start_rebuild(self, tenant_id: str) -> RebuildTicket:
        """Begin a fresh generation beside the serving one; a rebuild left unfinished is dropped."""
        ...

    def rebuild(self, ticket: RebuildTicket, documents: Iterable[CustomerDocument]) -> int:
        """Fill the fresh generation, swap it in, drop the old one; returns the documents read.

        `documents` must come from a snapshot taken after `start_rebuild` returned. Live changes win over
        older rows of the snapshot, and tombstones are carried over. When it raises, the old generation
        keeps serving. On the embedded engine it must run in the process that indexes.
        """
        ...

    def refresh(self) -> None:
        """Make everything indexed so far visible to `search` in this process."""
        ...

    def drop(self, tenant_id: str) -> None:
        """Forget a tenant, tombstones and unfinished rebuilds included."""
        ...

    def document_count(self, tenant_id: str, kind: str | None = None) -> int:
        """Live documents (no tombstones), for reconciliation with the database."""
        ...

    def close(self) -> None: ...
