"""private_key_jwt: a client proves itself with a key, and what is refused of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from chassis.errors import InvalidArgument
from gateway.identity.usecases import clients
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from oauth_flow import Register, answer_of, authorize_url, redeem

KIND = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEY = ECKey.generate_key("P-256", {"kid": "first"})
SHORT_RSA = orjson.dumps(
    {"keys": [{"kty": "RSA", "e": "AQAB", "n": base64.urlsafe_b64encode(b"\xff" * 128).decode().rstrip("=")}]}
).decode()
Robot = Callable[..., clients.Registered]


def key_set(*keys: Any, private: bool = False) -> str:
    return orjson.dumps({"keys": [key.as_dict(private=private) for key in keys]}).decode()


@pytest.fixture
def robot(register: Register) -> Robot:
    """Registers a client that acts for itself and proves itself with KEY."""

    def make(company: Any, **changes: Any) -> clients.Registered:
        values = {"redirect_uris": [], "grant_types": ["client_credentials"], "jwks": key_set(KEY)}
        return register(company, **{"scopes": ["contacts.read"], **values, **changes})

    return make


def claims_of(client: clients.Registered, site: str, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    name = client.row.client_id
    claims = {"iss": name, "sub": name, "aud": site, "jti": uuid4().hex, "iat": now, "exp": now + 60} | changes
    return {name: value for name, value in claims.items() if value is not None}


def ask(site: str, assertion: str, **form: str) -> httpx.Response:
    proof = {"grant_type": "client_credentials", "client_assertion_type": KIND, "client_assertion": assertion}
    return httpx.post(f"{site}/oauth/token", data=proof | form)


def signed(claims: dict[str, Any], key: Any = KEY, alg: str = "ES256") -> str:
    return jwt.encode({"alg": alg, "kid": key.kid or "first"}, claims, key, algorithms=[alg])


def test_a_foreign_library_gets_a_token_with_its_key(site: str, acme: Any, register: Register) -> None:
    key = RSAKey.generate_key(2048, {"kid": "rsa"})
    client = register(
        acme, redirect_uris=[], grant_types=["client_credentials"], scopes=["contacts.read"], jwks=key_set(key)
    )
    assert client.secret == ""
    session = OAuth2Session(
        client.row.client_id, key.as_pem(private=True).decode(), token_endpoint_auth_method="private_key_jwt"
    )
    session.register_client_auth_method(PrivateKeyJWT(f"{site}/oauth/token", alg="RS256"))
    token = session.fetch_token(f"{site}/oauth/token", grant_type="client_credentials")
    assert token["scope"] == "contacts.read"


def test_every_named_algorithm_proves_a_client(site: str, acme: Any, robot: Robot) -> None:
    rsa = RSAKey.generate_key(2048, {"kid": "rsa"})
    client = robot(acme, jwks=key_set(KEY, rsa))
    for alg, key in (("ES256", KEY), ("RS256", rsa), ("PS256", rsa)):
        answer = ask(site, signed(claims_of(client, site), key, alg))
        assert answer.status_code == 200, f"{alg}: {answer.text}"


@pytest.mark.parametrize("audience", ["", "/oauth/token", "/oauth/par"])
def test_issuer_and_endpoints_are_the_audience(site: str, acme: Any, robot: Robot, audience: str) -> None:
    client = robot(acme)
    assert ask(site, signed(claims_of(client, site, aud=site + audience))).status_code == 200
    assert ask(site, signed(claims_of(client, site, aud=[site + audience]))).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example"},
        {"aud": ["https://other.example", "{site}"]},
        {"aud": None},
        {"exp": None},
        {"exp": -301},
        {"exp": 4000},
        {"exp": "soon"},
        {"nbf": 400},
        {"iat": 400},
        {"jti": None},
        {"jti": "x" * 201},
        {"jti": 7},
        {"iss": "somebody"},
        {"sub": "nobody"},
        {"sub": None},
        {"sub": 7},
    ],
)
def test_wrong_claims_prove_nothing(site: str, acme: Any, robot: Robot, changes: dict[str, Any]) -> None:
    client = robot(acme)
    moved = {
        name: int(time.time()) + value if name in ("exp", "nbf", "iat") and isinstance(value, int) else value
        for name, value in changes.items()
    }
    if isinstance(moved.get("aud"), list):
        moved["aud"] = ["https://other.example", site]
    answer = ask(site, signed(claims_of(client, site, **moved)))
    assert answer.json()["error"] == "invalid_client", answer.text


def test_clocks_five_minutes_apart_still_agree(site: str, acme: Any, robot: Robot) -> None:
    client = robot(acme)
    now = int(time.time())
    for skew in (-295, 295):
        claims = claims_of(client, site, iat=now + skew, nbf=now + skew, exp=now + skew + 60)
        assert ask(site, signed(claims)).status_code == 200, skew


def test_an_assertion_is_good_once_however_many_send_it_at_the_same_moment(
    site: str, acme: Any, other: Any, robot: Robot
) -> None:
    client, stranger = robot(acme), robot(other)
    claims = claims_of(client, site)
    assertion = signed(claims)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(site, assertion), range(8)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 7}
    assert {answer.json()["error"] for answer in answers if answer.status_code != 200} == {"invalid_client"}
    same_id = claims_of(stranger, site, jti=claims["jti"])
    assert ask(site, signed(same_id)).status_code == 200  # the id of one client says nothing about another's


def by_hmac(body: bytes, secret: bytes) -> str:
    parts = [b'{"alg":"HS256","kid":"first"}', body]
    head = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    proof = hmac.new(secret, head, hashlib.sha256).digest()
    return (head + b"." + base64.urlsafe_b64encode(proof).rstrip(b"=")).decode()


def test_foreign_keys_and_confused_algorithms_prove_nothing(site: str, acme: Any, robot: Robot) -> None:
    client = robot(acme)
    claims = claims_of(client, site)
    body = orjson.dumps(claims)
    stranger = ECKey.generate_key("P-256", {"kid": "first"})
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}') + b"." + base64.urlsafe_b64encode(body).rstrip(b"=")
    none = unsigned.replace(b"=", b"").decode() + "."
    confused = by_hmac(body, KEY.as_pem(private=False))
    embedded = jwt.encode(
        {"alg": "ES256", "kid": "first", "jwk": stranger.as_dict(private=False)}, claims, stranger, algorithms=["ES256"]
    )
    for forged in (signed(claims, stranger), none, confused, embedded, "rubbish", "a.b.c", "x" * 9000):
        assert ask(site, forged).json()["error"] == "invalid_client", forged[:60]


def test_a_secret_client_cannot_use_a_key_and_a_key_client_no_secret(
    site: str, acme: Any, robot: Robot, register: Register
) -> None:
    keyed = robot(acme)
    secret = register(acme, redirect_uris=[], grant_types=["client_credentials"], scopes=["contacts.read"])
    assert ask(site, signed(claims_of(secret, site))).json()["error"] == "invalid_client"
    form = {"grant_type": "client_credentials"}
    assert httpx.post(f"{site}/oauth/token", data=form, auth=(keyed.row.client_id, "")).status_code == 401
    unproven = form | {"client_id": keyed.row.client_id}
    assert httpx.post(f"{site}/oauth/token", data=unproven).json()["error"] == "invalid_client"
    assertion = signed(claims_of(keyed, site))
    assert ask(site, assertion, client_secret="x").json()["error"] == "invalid_request"
    assert ask(site, assertion, client_id=secret.row.client_id).json()["error"] == "invalid_client"


def test_codes_are_redeemed_with_a_key(browser: Any, acme: Any, register: Register) -> None:
    client = register(acme, jwks=key_set(KEY))
    code = answer_of(browser.log_in(acme).agree(authorize_url(browser.site, client.row.client_id), acme))["code"]
    assert redeem(browser.site, client, code).json()["error"] == "invalid_client"
    form = {"client_assertion_type": KIND, "client_assertion": signed(claims_of(client, browser.site))}
    assert redeem(browser.site, client, code, client_id=None, **form).status_code == 200


@pytest.mark.parametrize(
    "keys",
    [
        "rubbish",
        "[]",
        '{"keys": []}',
        '{"keys": [{"kty": "EC"}]}',
        key_set(KEY, private=True),
        key_set(ECKey.generate_key("P-384")),
        SHORT_RSA,
        key_set(OctKey.generate_key(256), private=True),
        key_set(*[ECKey.generate_key("P-256") for _ in range(6)]),
    ],
    ids=["no json", "a list", "none", "half a key", "private", "P-384", "short RSA", "shared", "too many"],
)
def test_weak_private_and_shared_keys_cannot_be_registered(acme: Any, robot: Robot, keys: str, admin: Any) -> None:
    with pytest.raises(InvalidArgument) as refused:
        robot(acme, jwks=keys)
    assert refused.value.violations[0].field == "oauth_client.jwks"
    count = admin.execute("SELECT count(*) FROM oauth_client WHERE tenant_id = %s", (acme.tenant_id,)).fetchone()
    assert count == (0,)
