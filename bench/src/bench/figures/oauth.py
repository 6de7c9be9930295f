"""Tokens: how many the token endpoint issues a second beside the floor, and how long checking one takes."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable
from functools import partial
from statistics import median

import orjson
from chassis.ids import uuid7
from chassis.tokens import ALGORITHM, AUDIENCE, TOKEN_TYPE, StaticKeys, TokenVerifier
from joserfc import jws
from joserfc.jwk import ECKey

from bench.figure import Figure, Goal, beside
from bench.load import raw_request
from bench.rig import Rig

ISSUE_GOAL = Goal("value", ">=", 150, "tokens/s")
COLD_GOAL = Goal("value", "<", 250, "us")
CACHED_GOAL = Goal("value", "<", 20, "us")
_ISSUER = "https://bench.example"
_TOKENS = 300
_REPEATS = 5_000


def measure(rig: Rig) -> list[Figure]:
    """Issue over HTTP; verification inside this process, beside the bare signature and a bare SHA-256."""
    return [issue_figure(rig), *verification_figures(rig)]


def issue_figure(rig: Rig) -> Figure:
    """POST /oauth/token by client credentials, each company's client in turn."""
    rig.say("issue tokens")
    requests = []
    for company in rig.companies:
        proof = base64.b64encode(f"{company.client_id}:{company.client_secret}".encode()).decode("ascii")
        headers = {"Authorization": f"Basic {proof}"}
        requests.append(
            raw_request(
                rig.stack.url,
                "/oauth/token",
                method="POST",
                headers=headers,
                body=b"grant_type=client_credentials&scope=contacts.read",
                content_type="application/x-www-form-urlencoded",
            )
        )
    rig.warm_up(requests)
    pairs = []
    for _ in range(rig.sizes.rounds):
        rig.settle()
        pairs.append((rig.floor().per_s, rig.load(requests).per_s))
    return beside("issue tokens", "tokens/s", pairs, ISSUE_GOAL)


def verification_figures(rig: Rig) -> tuple[Figure, Figure]:
    """A token seen for the first time, and one that was seen before; medians."""
    rig.say("verify tokens")
    key = ECKey.generate_key("P-256", {"kid": "bench"})
    verifier = TokenVerifier(StaticKeys({"bench": key}), issuer=_ISSUER)
    cold, known = [], []
    for _ in range(rig.sizes.rounds):
        tokens = [_token(key) for _ in range(_TOKENS)]
        bare = median(_taken_us(partial(jws.deserialize_compact, one, key, algorithms=[ALGORITHM])) for one in tokens)
        cold.append((bare, median(_taken_us(partial(verifier.verify, one)) for one in tokens)))
        text = tokens[-1].encode()
        floor = median(_taken_us(partial(hashlib.sha256, text)) for _ in range(_REPEATS))
        known.append((floor, median(_taken_us(partial(verifier.verify, tokens[-1])) for _ in range(_REPEATS))))
    return (
        beside("verify a new token", "us", cold, COLD_GOAL, floor_name="its signature alone"),
        beside("verify a known token", "us", known, CACHED_GOAL, floor_name="its SHA-256"),
    )


def _taken_us(work: Callable[[], object]) -> float:
    started = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - started) / 1000


def _token(key: ECKey) -> str:
    now = int(time.time())
    claims = {
        "iss": _ISSUER,
        "sub": str(uuid7()),
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + 600,
        "jti": str(uuid7()),
        "client_id": "bench",
        "scope": "contacts.read contacts.write",
        "tid": str(uuid7()),
        "vis": "all",
        "loc": "en",
        "act": "user",
    }
    header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": "bench"}
    return jws.serialize_compact(header, orjson.dumps(claims), key, algorithms=[ALGORITHM])
