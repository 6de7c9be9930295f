"""Who is calling, for which tenant, with which rights. Carried by every unit of work; never built from defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

ActorType = Literal["user", "client", "service", "system"]
Visibility = Literal["own", "team", "all"]
VISIBILITIES: tuple[Visibility, ...] = ("own", "team", "all")
SYSTEM_ACTOR = UUID(int=0)


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
    client_id: str | None = None
    token: str = ""
    proof: str = ""
    request_id: str = ""
    locale: str = "en"
    traceparent: str = ""
    causation_id: str = ""
    deadline: float | None = None

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
