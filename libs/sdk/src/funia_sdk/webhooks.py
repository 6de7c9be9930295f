"""Checks that a webhook is Funia's and fresh, by the Standard Webhooks specification: v1 and v1a signatures."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterable, Mapping

from funia_sdk.decoding import decode
from funia_sdk.errors import FuniaError
from funia_sdk.generated import models

_SECRET, _PUBLIC = "whsec_", "whpk_"


class WebhookRefused(FuniaError):
    """The message is not signed by the endpoint's keys, or is too old. Answer 400 and do nothing."""


class WebhookVerifier:
    """Verifies messages of one endpoint.

    `keys` are its secret (`whsec_...`) or its public key (`whpk_...`; needs the extra `funia-sdk[keys]`); give both
    the old and the new one while you change them. `tolerance_s` is how old a message may be.
    """

    def __init__(self, *keys: str, tolerance_s: float = 300.0, clock: Callable[[], float] = time.time) -> None:
        if not keys:
            raise ValueError("Give a secret (whsec_...) or a public key (whpk_...).")
        for key in keys:
            if not key.startswith((_SECRET, _PUBLIC)):
                raise ValueError("A key begins with whsec_ or whpk_.")
        self._secrets = [_bytes_of(key.removeprefix(_SECRET)) for key in keys if key.startswith(_SECRET)]
        self._public = [_bytes_of(key.removeprefix(_PUBLIC)) for key in keys if key.startswith(_PUBLIC)]
        self._tolerance_s = tolerance_s
        self._clock = clock

    def verify(self, body: bytes, headers: Mapping[str, str]) -> models.Event:
        """The event in the message. `body` must be the bytes as they came. Raises WebhookRefused.

        The same `webhook-id` may come more than once, and of two events with one `subject` the lower `version` may
        come later: remember the ids, and compare versions.
        """
        lower = {name.lower(): value for name, value in headers.items()}
        message_id, sent_at = lower.get("webhook-id", ""), lower.get("webhook-timestamp", "")
        if not message_id or not sent_at.isdecimal():
            raise WebhookRefused("webhook-id or webhook-timestamp is missing.")
        if abs(self._clock() - int(sent_at)) > self._tolerance_s:
            raise WebhookRefused("webhook-timestamp is too far from now.")
        signed = f"{message_id}.{sent_at}.".encode() + body
        if not self._is_signed(signed, lower.get("webhook-signature", "").split()):
            raise WebhookRefused("No signature in webhook-signature is by a key of this endpoint.")
        return decode(models.Event, json.loads(body))

    def _is_signed(self, signed: bytes, signatures: Iterable[str]) -> bool:
        for signature in signatures:
            version, _, value = signature.partition(",")
            try:
                given = base64.b64decode(value, validate=True)
            except binascii.Error:
                continue
            if version == "v1" and any(
                hmac.compare_digest(hmac.digest(secret, signed, hashlib.sha256), given) for secret in self._secrets
            ):
                return True
            if version == "v1a" and any(_is_ed25519(key, given, signed) for key in self._public):
                return True
        return False


def _is_ed25519(key: bytes, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("The key is not whole: what follows its beginning is not base64.") from None
