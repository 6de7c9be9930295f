"""Access tokens: only ours, only ES256, only in time."""

from __future__ import annotations

import hmac
import time
from base64 import urlsafe_b64encode

import orjson
import pytest
from chassis.errors import Unauthenticated
from chassis.ids import uuid7
from chassis.testing.tokens import ISSUER as ISSUER_URL
from chassis.testing.tokens import TokenIssuer
from chassis.tokens import StaticKeys, TokenVerifier
from joserfc import jws
from joserfc.jws import JWSRegistry

ISSUER = TokenIssuer()
TENANT, ACTOR, TEAM = uuid7(), uuid7(), uuid7()


def claims_of(token: str) -> dict[str, object]:
    found: dict[str, object] = orjson.loads(jws.extract_compact(token.encode()).payload)
    return found


def refused(token: str, verifier: TokenVerifier = ISSUER.verifier) -> str:
    with pytest.raises(Unauthenticated) as error:
        verifier.verify(token)
    return error.value.reason


def test_a_good_token_gives_its_caller() -> None:
    token = ISSUER.token(TENANT, ["a.read", "b.write"], actor_id=ACTOR, visibility="team", team_ids=[TEAM])
    caller = ISSUER.verifier.verify(token)
    assert (caller.tenant_id, caller.actor_id, caller.visibility, caller.team_ids, caller.scopes, caller.token) == (
        TENANT, ACTOR, "team", (TEAM,), {"a.read", "b.write"}, token,
    )  # fmt: skip


def test_a_token_that_is_not_signed_or_signed_by_a_shared_secret_is_refused() -> None:
    good = ISSUER.token(TENANT, ["a.read"])
    header, payload, _ = good.split(".")
    unsigned = f"{_encoded(orjson.dumps({'alg': 'none', 'typ': 'at+jwt', 'kid': 'test'}))}.{payload}."
    claims = _encoded(orjson.dumps(claims_of(good)))
    body = f"{_encoded(orjson.dumps({'alg': 'HS256', 'typ': 'at+jwt', 'kid': 'test'}))}.{claims}"
    public_as_secret = ISSUER.key.as_pem(private=False)
    confused = f"{body}.{_encoded(hmac.digest(public_as_secret, body.encode(), 'sha256'))}"
    for token in (unsigned, confused, f"{header}.{payload}.", f"{header}.{payload}", "", "...", "é.é.é"):
        assert refused(token) == "TOKEN_INVALID"


def test_a_token_of_another_issuer_audience_type_or_key_is_refused() -> None:
    stranger = TokenIssuer()
    good = claims_of(ISSUER.token(TENANT, ["a.read"]))
    header = {"alg": "ES256", "typ": "at+jwt", "kid": "test"}
    assert refused(ISSUER.token(TENANT, ["a.read"], iss="https://elsewhere.test")) == "TOKEN_INVALID"
    assert refused(ISSUER.token(TENANT, ["a.read"], aud="another")) == "TOKEN_INVALID"
    assert refused(stranger.token(TENANT, ["a.read"])) == "TOKEN_INVALID"
    for wrong in (
        {**header, "typ": "JWT"},
        {**header, "kid": "unknown"},
        {"alg": "ES256", "kid": "test"},
        {**header, "crit": ["exp"]},
    ):
        assert refused(_signed_anyhow(wrong, good)) == "TOKEN_INVALID"
    assert ISSUER.verifier.verify(_signed_anyhow(header, good)).tenant_id == TENANT


def test_an_expired_token_is_refused_also_when_it_was_known_before() -> None:
    now = time.time()
    clock = [now]
    verifier = TokenVerifier(StaticKeys({"test": ISSUER.key}), issuer=ISSUER_URL, skew_s=30, clock=lambda: clock[0])
    token = ISSUER.token(TENANT, ["a.read"], lifetime_s=60)
    assert verifier.verify(token).tenant_id == TENANT
    clock[0] = now + 85
    assert verifier.verify(token).tenant_id == TENANT
    clock[0] = now + 95
    assert refused(token, verifier) == "TOKEN_EXPIRED"
    assert refused(ISSUER.token(TENANT, ["a.read"], lifetime_s=-31)) == "TOKEN_EXPIRED"
    assert refused(ISSUER.token(TENANT, ["a.read"], iat=int(now) + 3600)) == "TOKEN_INVALID"


@pytest.mark.parametrize(
    "claim", [{"tid": None}, {"tid": "default"}, {"tid": ""}, {"vis": "everything"}, {"act": "system"}, {"sub": "me"}]
)
def test_a_token_with_a_claim_that_makes_no_sense_is_refused(claim: dict[str, object]) -> None:
    assert refused(ISSUER.token(TENANT, ["a.read"], **claim)) == "TOKEN_INVALID"


def test_the_memory_of_verified_tokens_is_bounded_and_keeps_tokens_apart() -> None:
    verifier = TokenVerifier(ISSUER.keys, issuer=ISSUER_URL, cache_size=3)
    tenants = [uuid7() for _ in range(10)]
    tokens = [ISSUER.token(tenant, ["a.read"]) for tenant in tenants]
    for _ in range(2):
        assert [verifier.verify(token).tenant_id for token in tokens] == tenants
    assert len(verifier._cache) == 3


def _signed_anyhow(header: dict[str, object], claims: dict[str, object]) -> str:
    """A token signed by the right key under a header that a library would not let through."""
    body = f"{_encoded(orjson.dumps(header))}.{_encoded(orjson.dumps(claims))}"
    signature = JWSRegistry.algorithms["ES256"].sign(body.encode(), ISSUER.key)
    return f"{body}.{_encoded(signature)}"


def _encoded(part: bytes) -> str:
    return urlsafe_b64encode(part).decode().rstrip("=")
