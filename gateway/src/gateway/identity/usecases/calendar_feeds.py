"""Secret addresses of people's calendars: made, made anew and taken away by the person.

What is read is what the person may see at that moment: each reading begins with the person's rights as they are then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.caller import Caller
from chassis.work import Database

from gateway.identity.access_tokens import AccessTokens
from gateway.identity.platform import platform_rights
from gateway.identity.queries import calendar_feed as queries
from gateway.identity.queries import user as users
from gateway.identity.roles import role_of
from gateway.identity.secret_values import digest, new_secret
from gateway.identity.usecases.sessions import rights_of

CLIENT = "funia-calendar"
"""client_id in the tokens that calendars are read with."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose calendar is read. `token` carries the scope `sales.read` alone; it is empty where the role has not."""

    user_id: UUID
    token: str
    locale: str
    company_name: str


class CalendarFeeds:
    """Addresses of calendars. Thread-safe."""

    def __init__(self, database: Database, tokens: AccessTokens) -> None:
        self._database = database
        self._tokens = tokens

    def made_at(self, tenant_id: UUID, user_id: UUID) -> datetime | None:
        """When the person's address was made; None where there is none."""
        with self._database.open_work(_person(tenant_id, user_id)) as work:
            return queries.made_at(work, user_id)

    def reset(self, tenant_id: UUID, user_id: UUID) -> str:
        """A new secret, which is told this once; the former one leads nowhere from now on."""
        secret = new_secret()
        with self._database.open_work(_person(tenant_id, user_id)) as work:
            queries.put(work, user_id, digest(secret))
        return secret

    def drop(self, tenant_id: UUID, user_id: UUID) -> None:
        """Takes the address away."""
        with self._database.open_work(_person(tenant_id, user_id)) as work:
            queries.drop(work, user_id)

    def reader(self, tenant_id: UUID, secret: str) -> Reader | None:
        """Who reads by a secret; None for a wrong one, a person who was suspended, and a company that is closed."""
        with self._database.open_work(Caller.system(tenant_id), read_only=True) as work:
            known = queries.by_secret(work, digest(secret))
            if known is None:
                return None
            with platform_rights(work) as platform:
                member = users.rights(platform, tenant_id, known.user_id)
        role = None if member is None else role_of(member)
        if member is None or role is None:
            return None
        scopes = role.scopes & {"sales.read"}
        token = self._tokens.issue(rights_of(member, role, client_id=CLIENT, scopes=scopes)) if scopes else ""
        return Reader(known.user_id, token, member.locale, member.tenant_name)


def _person(tenant_id: UUID, user_id: UUID) -> Caller:
    return Caller(tenant_id, "user", user_id, frozenset(), "own")
