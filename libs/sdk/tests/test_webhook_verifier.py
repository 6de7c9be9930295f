"""Webhooks are taken when they are signed by the endpoint's keys and fresh, and not otherwise."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from funia_sdk import WebhookRefused, WebhookVerifier
from standardwebhooks import Webhook

SECRET = "whsec_" + base64.b64encode(b"0" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"1" * 32).decode()
NOW = int(time.time())
EVENT = {"id": "e1", "type": "contacts.contact.created", "time": "2026-11-22T08:07:33Z", "subject": "c1", "version": 1}
BODY = json.dumps(EVENT).encode()


def verifier_of(*keys: str) -> WebhookVerifier:
    """A verifier whose clock stands, however long the tests before have taken."""
    return WebhookVerifier(*keys, clock=lambda: float(NOW))


def signed(secret: str = SECRET, *, at: int = NOW) -> dict[str, str]:
    signature = Webhook(secret).sign("m1", datetime.fromtimestamp(at, UTC), BODY.decode())
    return {"Webhook-Id": "m1", "Webhook-Timestamp": str(at), "Webhook-Signature": signature}


def test_a_message_signed_with_the_secret_is_an_event() -> None:
    event = verifier_of(SECRET).verify(BODY, signed())
    assert (event.id, event.subject, event.version) == ("e1", "c1", 1)


def test_while_keys_change_both_are_good() -> None:
    verifier = verifier_of(OTHER, SECRET)
    assert verifier.verify(BODY, signed()).id == verifier.verify(BODY, signed(OTHER)).id
    both = {**signed(), "Webhook-Signature": f"{signed(OTHER)['Webhook-Signature']} {signed()['Webhook-Signature']}"}
    assert verifier_of(SECRET).verify(BODY, both).id == "e1"


def test_a_public_key_suffices() -> None:
    key = Ed25519PrivateKey.generate()
    headers = {**signed(), "Webhook-Signature": "v1a," + _b64(key.sign(f"m1.{NOW}.".encode() + BODY))}
    public = "whpk_" + _b64(key.public_key().public_bytes_raw())
    assert verifier_of(public).verify(BODY, headers).id == "e1"
    foreign = "whpk_" + _b64(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    with pytest.raises(WebhookRefused, match="No signature"):
        verifier_of(foreign).verify(BODY, headers)


@pytest.mark.parametrize(
    ("body", "headers", "why"),
    [
        (BODY + b" ", signed(), "No signature"),
        (BODY, signed(OTHER), "No signature"),
        (BODY, {**signed(), "Webhook-Id": "m2"}, "No signature"),
        (BODY, {**signed(), "Webhook-Signature": "v1,!!! v2,AAAA v1a,AAAA"}, "No signature"),
        (BODY, signed(at=NOW - 301), "too far"),
        (BODY, signed(at=NOW + 301), "too far"),
        (BODY, {**signed(), "Webhook-Timestamp": "soon"}, "missing"),
        (BODY, {}, "missing"),
    ],
)
def test_anything_else_is_refused(body: bytes, headers: dict[str, str], why: str) -> None:
    with pytest.raises(WebhookRefused, match=why):
        verifier_of(SECRET).verify(body, headers)


def test_a_key_that_is_none_is_said_at_the_start() -> None:
    for keys in ((), ("secret",), ("whsec_no base64!",)):
        with pytest.raises(ValueError, match=r"whsec_|whole"):
            verifier_of(*keys)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
