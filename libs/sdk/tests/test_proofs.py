"""Tokens bound to a key: what a request carries, and what becomes of nonces, against a server that judges proofs."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest
from funia_sdk import ClientCredentials, Funia, ProofKey, RefreshToken, Retries, StaticToken, TokenRefused
from joserfc import jwt
from joserfc.jwk import ECKey

CONTACT = {"id": "c1", "etag": "1"}


class Judge:
    """Gives bound tokens, asks for nonces as told, and takes no proof twice."""

    def __init__(self, *, token_nonces: list[str], api_nonces: list[str], away: int = 0) -> None:
        self.nonces = {"/oauth/token": token_nonces, "/v1/contacts/c1": api_nonces}
        self.away = away
        self.proofs: list[dict[str, Any]] = []
        self.keys: set[str] = set()
        self.assertions: list[str] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if path.startswith("/.well-known"):
            return httpx2.Response(200, json={"issuer": "https://funia.test"})
        proof = jwt.decode(request.headers["dpop"], self._key_of(request.headers["dpop"]), algorithms=["ES256"]).claims
        assert (proof["htm"], proof["htu"]) == (request.method, f"https://funia.test{path}")
        assert proof["jti"] not in {one["jti"] for one in self.proofs}
        self.proofs.append(proof)
        form = parse_qs(request.read().decode())
        self.assertions += form.get("client_assertion", [])
        wanted = self.nonces[path]
        if wanted and proof.get("nonce") != wanted[0]:
            return self._asks(path, wanted[0])
        headers = {"DPoP-Nonce": wanted[1]} if len(wanted) > 1 else {}
        del wanted[: bool(headers)]
        if path == "/oauth/token":
            body = {"access_token": "bound", "token_type": "DPoP", "expires_in": 600}
            return httpx2.Response(200, json=body, headers=headers)
        assert request.headers["authorization"] == "DPoP bound"
        assert proof["ath"] == base64.urlsafe_b64encode(hashlib.sha256(b"bound").digest()).decode().rstrip("=")
        if self.away:
            self.away -= 1
            return httpx2.Response(503, json={"reason": "UNAVAILABLE", "status": 503}, headers=headers)
        return httpx2.Response(200, json=CONTACT, headers=headers)

    def _key_of(self, proof: str) -> ECKey:
        header = jwt.decode(proof, lambda it: ECKey.import_key(it.headers()["jwk"]), algorithms=["ES256"]).header
        assert header["typ"] == "dpop+jwt"
        assert "d" not in header["jwk"]
        key = ECKey.import_key(header["jwk"])
        self.keys.add(key.thumbprint())
        return key

    def _asks(self, path: str, nonce: str) -> httpx2.Response:
        headers = {"DPoP-Nonce": nonce}
        if path == "/oauth/token":
            return httpx2.Response(400, json={"error": "use_dpop_nonce"}, headers=headers)
        return httpx2.Response(401, json={"reason": "PROOF_NEEDS_NONCE", "status": 401}, headers=headers)

    def client(self, authorization: Any) -> Funia:
        http = httpx2.Client(transport=httpx2.MockTransport(self))
        return Funia("https://funia.test", authorization, http=http, retries=Retries(sleep=lambda _s: None))


def test_every_try_has_a_proof_of_its_own_with_the_newest_nonce() -> None:
    judge = Judge(token_nonces=["n1"], api_nonces=["n2", "n3"], away=2)
    key = ProofKey()
    client = judge.client(ClientCredentials("client", "secret", key=key))
    assert client.contacts.get("c1").id == "c1"
    assert client.contacts.get("c1").id == "c1"
    assert judge.keys == {key.thumbprint}
    nonces = [one.get("nonce") for one in judge.proofs]
    assert nonces[:4] == [None, "n1", "n1", "n2"]
    assert nonces[-1] == "n3"


def test_an_assertion_is_made_anew_with_the_nonce() -> None:
    judge = Judge(token_nonces=["n1"], api_nonces=[])
    own = ECKey.generate_key("P-256").as_dict(private=True)
    client = judge.client(ClientCredentials("client", private_key=own, key=ProofKey()))
    client.contacts.get("c1")
    assert len(set(judge.assertions)) == len(judge.assertions) == 2


def test_a_key_that_was_kept_is_the_same_key() -> None:
    key = ProofKey()
    kept = ProofKey(key.private_jwk)
    assert kept.thumbprint == key.thumbprint
    judge = Judge(token_nonces=[], api_nonces=[])
    judge.client(RefreshToken("app", "refresh", key=kept)).contacts.get("c1")
    judge.client(StaticToken("bound", key=key)).contacts.get("c1")
    assert judge.keys == {key.thumbprint}


def test_a_server_that_never_has_enough_nonces_is_given_up() -> None:
    class Greedy(Judge):
        def _asks(self, path: str, nonce: str) -> httpx2.Response:
            self.nonces[path] = [nonce + "x"]
            return super()._asks(path, nonce)

    judge = Greedy(token_nonces=["n1"], api_nonces=[])
    with pytest.raises(TokenRefused, match="use_dpop_nonce"):
        judge.client(ClientCredentials("client", "secret", key=ProofKey())).contacts.get("c1")
    assert len(judge.proofs) == 2
