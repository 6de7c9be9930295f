"""Issues access tokens: RFC 9068 JWTs under ES256, with the claims that `chassis.tokens` reads."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import orjson
from chassis.caller import EVERY_FIELD, NO_SHARING, FieldRights, Glass, Sharing, Visibility
from chassis.ids import uuid7
from chassis.tokens import ALGORITHM, AUDIENCE, TOKEN_TYPE, glass_claim, packed, sharing_claim
from joserfc import jws

from gateway.identity.keys import SigningKeys
from gateway.settings import GatewaySettings

CONSOLE_CLIENT = "funia-console"
"""client_id in the tokens that the console calls the services with."""


@dataclass(frozen=True, slots=True)
class Rights:
    """Whom a token speaks for and what it allows. `grant_id` is the consent, `session_id` the session it came from.

    The versions are those of the rows that the rights were read from; a later version takes the token back.
    """

    tenant_id: UUID
    subject: UUID
    actor_type: Literal["user", "client"]
    client_id: str
    scopes: frozenset[str]
    visibility: Visibility
    team_ids: tuple[UUID, ...] = ()
    fields: FieldRights = EVERY_FIELD
    sharing: Sharing = NO_SHARING
    glass: Glass | None = None
    locale: str = "en"
    grant_id: UUID | None = None
    session_id: UUID | None = None
    user_version: int = 0
    client_version: int = 0
    role_id: UUID | None = None
    role_version: int = 0
    teams_version: int | None = None
    """Only where the rights follow the tree of teams."""
    rules_version: int = 0
    """Of the company's sharing rules, for those whom they may show anything."""
    key_thumbprint: str = ""
    """Of the key that the token is bound to; "" for a bearer token."""


class AccessTokens:
    """Signs tokens with the key in use."""

    def __init__(self, keys: SigningKeys, settings: GatewaySettings) -> None:
        self._keys = keys
        self._issuer = settings.issuer
        self.lifetime_s = settings.access_token_s

    def issue(self, rights: Rights) -> str:
        """A token for these rights, good from now for `lifetime_of` them."""
        now = int(time.time())
        versions = {"user": rights.user_version, "client": rights.client_version}
        if rights.teams_version is not None:
            versions["teams"] = rights.teams_version
        if rights.rules_version:
            versions["sharing"] = rights.rules_version
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "sub": str(rights.subject),
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + self.lifetime_of(rights),
            "jti": str(uuid7()),
            "client_id": rights.client_id,
            "scope": " ".join(sorted(rights.scopes)),
            "tid": str(rights.tenant_id),
            "vis": rights.visibility,
            "teams": packed(rights.team_ids),
            "loc": rights.locale,
            "act": rights.actor_type,
            "ver": versions,
        }
        for name, fields in (("hid", rights.fields.hidden), ("rdo", rights.fields.read_only)):
            if fields:
                claims[name] = " ".join(sorted(fields))
        if sharing := sharing_claim(rights.sharing):
            claims["shr"] = sharing
        if rights.glass is not None:
            claims["glass"] = glass_claim(rights.glass)
        if rights.role_id is not None:
            claims["role"] = str(rights.role_id)
            versions["role"] = rights.role_version
        if rights.grant_id is not None:
            claims["gid"] = str(rights.grant_id)
        if rights.session_id is not None:
            claims["sid"] = str(rights.session_id)
        if rights.key_thumbprint:
            claims["cnf"] = {"jkt": rights.key_thumbprint}
        return self._sign(TOKEN_TYPE, claims)

    def lifetime_of(self, rights: Rights) -> int:
        """Seconds that a token for these rights is good for: `lifetime_s`, and no longer than a break-glass."""
        if rights.glass is None:
            return self.lifetime_s
        return max(0, min(self.lifetime_s, rights.glass.until - int(time.time())))

    def issue_id_token(self, claims: dict[str, Any]) -> str:
        """An OpenID Connect id_token with these claims, the issuer and the times."""
        now = int(time.time())
        return self._sign("JWT", {"iss": self._issuer, "iat": now, "exp": now + self.lifetime_s, **claims})

    def _sign(self, kind: str, claims: dict[str, Any]) -> str:
        key = self._keys.signing_key()
        header = {"alg": ALGORITHM, "typ": kind, "kid": key.kid}
        return jws.serialize_compact(header, orjson.dumps(claims), key, algorithms=[ALGORITHM])
