"""Who is calling, for which tenant, with which rights. Carried by every unit of work; never built from defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal
from uuid import UUID

ActorType = Literal["user", "client", "service", "system"]
Visibility = Literal["own", "team", "all"]
VISIBILITIES: tuple[Visibility, ...] = ("own", "team", "all")
Sight = Literal["own", "team", "all", "own+rules", "team+rules"]
SIGHTS: tuple[Sight, ...] = ("own", "team", "all", "own+rules", "team+rules")
"""Which terms a statement needs to know what a caller sees: the visibility, and whether sharing rules, or the one
record of a break-glass, add to it."""
SYSTEM_ACTOR = UUID(int=0)


@dataclass(frozen=True, slots=True)
class FieldRights:
    """Fields of main records that a role hides, and those it locks, such as ``contact.score``. False where it does
    neither, which is all that most calls ever ask."""

    hidden: frozenset[str] = frozenset()
    read_only: frozenset[str] = frozenset()
    unwritable: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "unwritable", self.hidden | self.read_only)

    def __bool__(self) -> bool:
        return bool(self.unwritable)

    def hidden_in(self, record: str) -> frozenset[str]:
        """Names of the fields of a kind of record that are hidden; custom ones as ``custom.<key>``."""
        return _of_record(self.hidden, record) if self.hidden else self.hidden

    def unwritable_in(self, record: str) -> frozenset[str]:
        """As `hidden_in`, with the locked ones."""
        return _of_record(self.unwritable, record) if self.unwritable else self.unwritable


@lru_cache(1024)
def _of_record(names: frozenset[str], record: str) -> frozenset[str]:
    return frozenset(one.removeprefix(f"{record}.") for one in names if one.startswith(f"{record}."))


EVERY_FIELD = FieldRights()


@dataclass(frozen=True, slots=True)
class Sharing:
    """What sharing rules open to a person beyond the role. What may be changed stands among what is seen, too.

    `above` are the teams that the person's own lies in: what is shared with one of them is shared with the person.
    """

    owner_ids: tuple[UUID, ...] = ()
    team_ids: tuple[UUID, ...] = ()
    changed_owner_ids: tuple[UUID, ...] = ()
    changed_team_ids: tuple[UUID, ...] = ()
    above: tuple[UUID, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.owner_ids or self.team_ids)


NO_SHARING = Sharing()


@dataclass(frozen=True, slots=True)
class Glass:
    """An opening by break-glass: a person sees more than the role shows, for a stated reason and until a moment.

    `id` names the opening and its reason, `until` is in seconds since 1970. Without a `record_id` the whole company is
    open; the caller's visibility says so then.
    """

    id: UUID
    until: int
    record_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Approved:
    """What somebody has approved, and what of it runs now: an operation, on a record as it was then.

    `facts` are those that it was judged by, as texts.
    """

    id: UUID
    operation: str
    record_id: UUID | None
    version: int
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified caller. `token` is the token itself, to be passed on; `deadline` is in monotonic seconds.

    `proof` goes with a token that is bound to a key: the DPoP proof of the request that brought it.
    """

    tenant_id: UUID
    actor_type: ActorType
    actor_id: UUID
    scopes: frozenset[str]
    visibility: Visibility
    team_ids: tuple[UUID, ...] = ()
    fields: FieldRights = EVERY_FIELD
    sharing: Sharing = NO_SHARING
    glass: Glass | None = None
    approval: Approved | None = None
    client_id: str | None = None
    token: str = ""
    proof: str = ""
    request_id: str = ""
    locale: str = "en"
    traceparent: str = ""
    causation_id: str = ""
    deadline: float | None = None

    @property
    def sight(self) -> Sight:
        """Which statements show what this caller sees."""
        if self.visibility == "all" or not (self.sharing or self.glass):
            return self.visibility
        return "own+rules" if self.visibility == "own" else "team+rules"

    @property
    def opened_id(self) -> UUID | None:
        """The one record that a break-glass opens."""
        return None if self.glass is None else self.glass.record_id

    @property
    def group_ids(self) -> tuple[UUID, ...]:
        """The caller, and the teams through which a record may be shared with the caller."""
        return (self.actor_id, *self.team_ids, *self.sharing.above)

    @staticmethod
    def system(tenant_id: UUID, *, request_id: str = "", causation_id: str = "") -> Caller:
        """The platform itself acting for one tenant: event-driven and timed work."""
        return Caller(
            tenant_id=tenant_id,
            actor_type="system",
            actor_id=SYSTEM_ACTOR,
            scopes=frozenset(),
            visibility="all",
            request_id=request_id,
            causation_id=causation_id,
        )
