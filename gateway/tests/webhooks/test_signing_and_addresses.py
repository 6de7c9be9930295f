"""Signatures as a foreign library checks them, and the addresses that are never sent to."""

from __future__ import annotations

import base64
import json
import time

import pytest
from chassis.vault import Vault
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from gateway.settings import GatewaySettings
from gateway.webhooks.addresses import is_public, problem_of_url
from gateway.webhooks.sender import retry_pause_s
from gateway.webhooks.signing import Signer, SigningPair, WebhookKeys
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

BODY = b'{"id":"x","type":"contacts.contact.created"}'


def signed(*pairs: SigningPair, at: float | None = None) -> dict[str, str]:
    return dict(Signer(pairs).headers("evt_ep", int(at or time.time()), BODY))


def test_the_foreign_library_accepts_what_we_sign_and_nothing_else() -> None:
    pair, other = SigningPair.new(), SigningPair.new()
    headers = signed(pair)
    assert Webhook(pair.secret_text).verify(BODY, headers) == json.loads(BODY)
    with pytest.raises(WebhookVerificationError):
        Webhook(other.secret_text).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(pair.secret_text).verify(BODY + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(pair.secret_text).verify(BODY, {**headers, "webhook-id": "another"})


def test_a_replayed_message_is_too_old_for_the_foreign_library() -> None:
    pair = SigningPair.new()
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(pair.secret_text).verify(BODY, signed(pair, at=time.time() - 600))


def test_during_a_rotation_both_secrets_verify() -> None:
    former, new = SigningPair.new(), SigningPair.new()
    headers = signed(new, former)
    for pair in (former, new):
        assert Webhook(pair.secret_text).verify(BODY, headers)
    assert headers["webhook-signature"].count("v1,") == 2


def test_the_asymmetric_signature_verifies_with_the_public_key() -> None:
    pair = SigningPair.new()
    assert pair.public_text.startswith("whpk_")
    headers = signed(pair)
    signature = next(one for one in headers["webhook-signature"].split() if one.startswith("v1a,"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + BODY
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(pair.public_text.removeprefix("whpk_")))
    key.verify(base64.b64decode(signature.removeprefix("v1a,")), content)
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(signature.removeprefix("v1a,")), content + b" ")


def test_keys_come_back_from_the_vault_and_lie_in_it_unreadable() -> None:
    keys = WebhookKeys(Vault("x" * 40))
    pair = SigningPair.new()
    sealed = keys.seal(pair)
    assert keys.open(sealed) == pair
    assert pair.secret_text[6:20] not in sealed


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200"),
        *("0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.0.192", "198.18.0.1", "168.63.129.16"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1"),
        *("2002:7f00:1::", "2001:0:7f00:1::", "100::1", "localhost", "", "1.2.3", "0x7f000001"),
    ],
)
def test_an_address_that_is_not_public_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "1.1.1.1"])
def test_a_public_address_is_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/", "ftp://example.com/", "https://", "https:///x", "example.com", "https://a b/"),
        *("https://user:pw@example.com/", "https://example.com:22/", "https://example.com:80/", "https://127.0.0.1/"),
        *("https://[::1]/", "https://169.254.169.254/latest", "https://example.com/#x", "https://exämple.com/"),
        *("https://example.com:99999/", "https://example.com\\@evil.example/", "file:///etc/passwd"),
    ],
)
def test_a_url_that_cannot_be_an_endpoint_is_refused_with_a_remedy(url: str) -> None:
    assert problem_of_url(url, GatewaySettings())


def test_a_private_url_is_free_only_where_the_operator_says_so() -> None:
    free = GatewaySettings(webhook_private_addresses=True)
    assert problem_of_url("http://127.0.0.1:5555/hook", free) == ""
    assert problem_of_url("http://127.0.0.1:5555/hook", GatewaySettings())
    assert problem_of_url("https://hooks.example.com/funia?x=1", GatewaySettings()) == ""
    assert problem_of_url("file:///etc/passwd", free)


def test_pauses_grow_to_their_most_and_are_spread() -> None:
    settings = GatewaySettings()
    pauses = [[retry_pause_s(attempt, settings) for _ in range(200)] for attempt in range(1, 17)]
    assert 4 <= min(pauses[0]) < max(pauses[0]) <= 6
    assert 16 <= min(pauses[1]) < max(pauses[1]) <= 24
    assert max(pauses[-1]) <= settings.webhook_retry_max_s * 1.2
    assert len({round(one, 3) for one in pauses[3]}) > 100
    assert sum(sum(each) / len(each) for each in pauses) > settings.webhook_retry_hours * 3600, "three days are filled"
