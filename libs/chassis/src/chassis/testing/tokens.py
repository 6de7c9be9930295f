"""Access tokens for tests, signed with a key of their own exactly as the gateway signs them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from uuid import UUID

import orjson
from joserfc import jws
from joserfc.jwk import ECKey

from chassis.caller import Caller, Visibility
from chassis.ids import uuid7
from chassis.tokens import ALGORITHM, AUDIENCE, TOKEN_TYPE, StaticKeys, TokenVerifier, packed

ISSUER = "https://funia.test"


class TokenIssuer:
    """Issues access tokens; `keys` and `verifier` accept them."""

    def __init__(self, issuer: str = ISSUER) -> None:
        self.issuer = issuer
        self.key = ECKey.generate_key("P-256", {"kid": "test", "use": "sig", "alg": ALGORITHM})
        self.keys = StaticKeys({"test": self.key})
        self.verifier = TokenVerifier(self.keys, issuer=issuer)

    def token(
        self,
        tenant_id: UUID,
        scopes: Iterable[str],
        *,
        actor_id: UUID | None = None,
        visibility: Visibility = "all",
        team_ids: Iterable[UUID] = (),
        lifetime_s: int = 600,
        **overrides: object,
    ) -> str:
        """A token; `overrides` replace single claims."""
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": self.issuer,
            "sub": str(actor_id or uuid7()),
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + lifetime_s,
            "jti": str(uuid7()),
            "client_id": "test",
            "scope": " ".join(scopes),
            "tid": str(tenant_id),
            "vis": visibility,
            "teams": packed(team_ids),
            "loc": "en",
            "act": "user",
            **overrides,
        }
        return jws.serialize_compact(
            {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": "test"}, orjson.dumps(claims), self.key, algorithms=[ALGORITHM]
        )

    def caller(self, tenant_id: UUID, scopes: Iterable[str] = (), **options: object) -> Caller:
        """The caller such a token gives."""
        return self.verifier.verify(self.token(tenant_id, scopes, **options))  # type: ignore[arg-type]
