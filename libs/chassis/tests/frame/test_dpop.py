"""Proofs of possession: the examples of RFC 9449, and what a proof must not get away with."""

from __future__ import annotations

import base64
import time
from typing import Any
from uuid import uuid4

import orjson
import pytest
from chassis import dpop
from chassis.errors import Unauthenticated
from chassis.testing.proofs import ProofMaker
from chassis.testing.tokens import TokenIssuer
from joserfc import jws
from joserfc.jwk import ECKey, OctKey

RFC_KEY = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
RFC_HEADER = (
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJo"
    "RjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19"
)
RFC_TOKEN_PROOF = (
    f"{RFC_HEADER}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rv"
    "a2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3"
    "Lg"
)
RFC_RESOURCE_PROOF = (
    f"{RFC_HEADER}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9w"
    "cm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9"
    ".2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA"
)
RFC_ACCESS_TOKEN = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
URL = "https://api.example.com/v1/contacts"


def test_the_examples_of_the_rfc_are_read() -> None:
    asked = dpop.read(RFC_TOKEN_PROOF)
    assert (asked.thumbprint, asked.method, asked.target) == (RFC_KEY, "POST", "https://server.example.com/token")
    assert (asked.id, asked.issued_at, asked.token_hash) == ("-BwC3ESc6acc2lTc", 1562262616, "")
    called = dpop.read(RFC_RESOURCE_PROOF)
    assert (called.thumbprint, called.method) == (RFC_KEY, "GET")
    assert called.token_hash == "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
    dpop.check_possession(RFC_RESOURCE_PROOF, RFC_ACCESS_TOKEN, RFC_KEY, now=1562262618)
    with pytest.raises(Unauthenticated):
        dpop.check_possession(RFC_TOKEN_PROOF, RFC_ACCESS_TOKEN, RFC_KEY, now=1562262618)


def test_a_proof_changed_anywhere_is_no_proof() -> None:
    head, body, signature = RFC_TOKEN_PROOF.split(".")
    claims = orjson.loads(base64.urlsafe_b64decode(body + "=="))
    other = base64.urlsafe_b64encode(orjson.dumps({**claims, "htm": "GET"})).decode().rstrip("=")
    for forged in (
        f"{head}.{other}.{signature}",
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{head}.{body}.",
        "x",
        "a.b.c",
        "",
    ):
        with pytest.raises(dpop.BadProof):
            dpop.read(forged)


def signed(header: dict[str, Any], claims: Any, key: Any) -> str:
    header = {"typ": dpop.TYPE, "alg": "ES256", **header}
    return jws.serialize_compact(header, orjson.dumps(claims), key, algorithms=[header["alg"]])


def test_wrong_types_algorithms_and_keys_are_refused() -> None:
    key, stranger = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
    public, private = key.as_dict(private=False), key.as_dict(private=True)
    claims = {"jti": "1", "htm": "GET", "htu": URL, "iat": time.time()}
    assert dpop.read(signed({"jwk": public}, claims, key)).thumbprint == key.thumbprint()
    secret = OctKey.import_key(orjson.dumps(public))
    for forged in (
        signed({"jwk": public, "typ": "JWT"}, claims, key),
        signed({"jwk": private}, claims, key),
        signed({"jwk": stranger.as_dict(private=False)}, claims, key),
        signed({"jwk": public, "alg": "HS256"}, claims, secret),
        signed({"jwk": {"kty": "oct", "k": "c2VjcmV0"}, "alg": "HS256"}, claims, secret),
        signed({"kid": "1"}, claims, key),
        signed({"jwk": {**public, "crv": "P-384"}}, claims, key),
        signed({"jwk": {**public, "x": public["y"]}}, claims, key),
        f"eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6Im5vbmUifQ.{RFC_TOKEN_PROOF.split('.')[1]}.",
    ):
        with pytest.raises(dpop.BadProof):
            dpop.read(forged)


@pytest.mark.parametrize(
    "change",
    [
        {"jti": ""}, {"jti": "x" * 201}, {"jti": 7}, {"htm": ""}, {"htu": ""}, {"htu": ["a"]}, {"iat": "now"},
        {"iat": True}, {"ath": 1}, {"nonce": {}},
    ],
)  # fmt: skip
def test_wrong_claims_are_refused(change: dict[str, Any]) -> None:
    key = ECKey.generate_key("P-256")
    claims = {"jti": "1", "htm": "GET", "htu": URL, "iat": time.time()} | change
    with pytest.raises(dpop.BadProof):
        dpop.read(signed({"jwk": key.as_dict(private=False)}, claims, key))


def test_clocks_five_minutes_apart_agree_and_more_do_not() -> None:
    proof = dpop.read(ProofMaker().proof("GET", URL))
    for off in (-299, 0, 60, 359):
        proof.check_age(proof.issued_at + off)
    for off in (-301, 361):
        with pytest.raises(dpop.BadProof):
            proof.check_age(proof.issued_at + off)


def test_a_bound_token_is_good_only_with_a_proof_of_its_own_key_for_itself() -> None:
    issuer, owner, thief = TokenIssuer(), ProofMaker(), ProofMaker()
    tenant = uuid4()
    bound = issuer.token(tenant, ["contacts.read"], cnf={"jkt": owner.thumbprint})
    another = issuer.token(tenant, ["contacts.read"], cnf={"jkt": owner.thumbprint})
    proof = owner.proof("GET", URL, bound)
    caller = issuer.verifier.verify(bound, proof)
    assert (caller.tenant_id, caller.token, caller.proof) == (tenant, bound, proof)
    for wrong, reason in (
        ("", "TOKEN_BOUND"),
        (thief.proof("GET", URL, bound), "PROOF_INVALID"),
        (owner.proof("GET", URL), "PROOF_INVALID"),
        (owner.proof("GET", URL, another), "PROOF_INVALID"),
        (owner.proof("GET", URL, bound, iat=time.time() - 1000), "PROOF_INVALID"),
        ("rubbish", "PROOF_INVALID"),
    ):
        with pytest.raises(Unauthenticated) as refused:
            issuer.verifier.verify(bound, wrong)
        assert refused.value.reason == reason


def test_a_bearer_token_with_a_proof_is_refused_and_works_without() -> None:
    issuer, maker = TokenIssuer(), ProofMaker()
    token = issuer.token(uuid4(), ["contacts.read"])
    assert issuer.verifier.verify(token).proof == ""
    with pytest.raises(Unauthenticated) as refused:
        issuer.verifier.verify(token, maker.proof("GET", URL, token))
    assert refused.value.reason == "TOKEN_NOT_BOUND"
