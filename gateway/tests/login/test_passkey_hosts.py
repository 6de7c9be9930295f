"""Passkeys on hosts of their own: which domain they belong to, and that no other site's answer is taken."""

from __future__ import annotations

import hashlib
import os
from base64 import urlsafe_b64encode
from typing import Any

import cbor2
import orjson
import pytest
from chassis.errors import FuniaError
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from gateway.composition import Identity
from gateway.identity.usecases.passkeys import Passkeys, site_of

ISSUER = "https://crm.example.com:8443"


class Authenticator:
    """A device with one passkey, asked by a browser that says what it likes of site and origin."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._id = os.urandom(16)

    def made(self, options: str, *, site: str, origin: str) -> str:
        """The answer to an offer to add."""
        point = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        known = bytes(16) + len(self._id).to_bytes(2, "big") + self._id + cbor2.dumps(public)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._said(site, 0x45) + known})
        client_data = self._client_data("webauthn.create", options, origin)
        return self._answer(clientDataJSON=client_data, attestationObject=attested)

    def proved(self, options: str, *, site: str, origin: str) -> str:
        """The answer to an offer to prove."""
        said, client_data = self._said(site, 0x05), self._client_data("webauthn.get", options, origin)
        signed = self._key.sign(said + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client_data, authenticatorData=said, signature=signed)

    def _said(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + bytes(4)

    def _client_data(self, kind: str, options: str, origin: str) -> bytes:
        return orjson.dumps({"type": kind, "challenge": orjson.loads(options)["challenge"], "origin": origin})

    def _answer(self, **response: bytes) -> str:
        named = {name: _text(value) for name, value in response.items()}
        known = {"id": _text(self._id), "rawId": _text(self._id), "type": "public-key"}
        return orjson.dumps({**known, "response": named, "clientExtensionResults": {}}).decode()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def passkeys(identity: Identity, domain: str = "") -> Passkeys:
    settings = identity.settings.model_copy(update={"issuer": ISSUER, "passkey_domain": domain})
    return Passkeys(identity.database, identity.second_factors, settings)


@pytest.mark.parametrize(("domain", "site"), [("", "crm.example.com"), ("example.com", "example.com")])
def test_a_passkey_of_another_host_than_localhost_is_made_and_proves(
    identity: Identity, acme: Any, domain: str, site: str
) -> None:
    there, device = passkeys(identity, domain), Authenticator()
    offer = there.offer_to_add(acme.owner_id)
    assert orjson.loads(offer)["rp"]["id"] == site
    there.add(acme.owner_id, device.made(offer, site=site, origin=ISSUER), "Laptop")
    assert there.prove(device.proved(there.offer_to_prove(), site=site, origin=ISSUER)) == acme.owner_id


def test_answers_made_for_other_origins_and_domains_prove_nothing(identity: Identity, acme: Any, other: Any) -> None:
    there, device = passkeys(identity), Authenticator()
    there.add(acme.owner_id, device.made(there.offer_to_add(acme.owner_id), site="crm.example.com", origin=ISSUER), "")
    for origin, site in (
        ("https://evil.example", "crm.example.com"),
        ("https://crm.example.com", "crm.example.com"),
        ("http://crm.example.com:8443", "crm.example.com"),
        (ISSUER, "evil.example"),
        (ISSUER, "example.com"),
    ):
        with pytest.raises(FuniaError) as raised:
            there.prove(device.proved(there.offer_to_prove(), site=site, origin=origin))
        assert raised.value.reason == "WRONG_PASSKEY", (origin, site)
        with pytest.raises(FuniaError):
            fresh = Authenticator().made(there.offer_to_add(other.owner_id), site=site, origin=origin)
            there.add(other.owner_id, fresh, "")
    assert there.of(other.owner_id) == []


def test_the_origin_is_the_issuers_without_path_and_usual_port() -> None:
    assert site_of("https://crm.example.com") == ("crm.example.com", "https://crm.example.com")
    assert site_of("https://CRM.example.com:443/x") == ("crm.example.com", "https://crm.example.com")
    assert site_of("http://localhost:8080") == ("localhost", "http://localhost:8080")
    assert site_of(ISSUER, "example.com") == ("example.com", ISSUER)
    with pytest.raises(ValueError, match="does not lie in it"):
        site_of(ISSUER, "ample.com")
