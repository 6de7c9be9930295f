"""Public keys that a client registers to prove itself with: which are taken, and what is kept of them."""

from __future__ import annotations

import warnings
from typing import Any, cast

import orjson
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, KeySet, RSAKey

ALGORITHMS = ("ES256", "PS256", "RS256")
MAX_KEYS = 5
_RSA_MIN_BITS = 2048


def parse(text: str) -> tuple[dict[str, Any] | None, str]:
    """The key set to keep, and why it may not be registered, or ""."""
    try:
        document: Any = orjson.loads(text)
        if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
            return None, 'give a JWK Set: {"keys": [...]}'
        if not 1 <= len(document["keys"]) <= MAX_KEYS:
            return None, f"give 1 to {MAX_KEYS} keys"
        with warnings.catch_warnings():
            # joserfc warns of short keys; here they are refused.
            warnings.simplefilter("ignore", SecurityWarning)
            keys = KeySet.import_key_set(cast(Any, document)).keys
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None, "a key cannot be read; give public keys of type EC or RSA as JWK"
    for key in keys:
        if wrong := _problem(key):
            return None, wrong
    return {"keys": [key.as_dict(private=False) for key in keys]}, ""


def _problem(key: Any) -> str:
    if not isinstance(key, ECKey | RSAKey):
        return "give public keys of type EC or RSA"
    if key.is_private:
        return "give public keys only, and make a new pair: this private key has been seen by others"
    if isinstance(key, ECKey) and key.curve_name != "P-256":
        return "use the curve P-256 (ES256)"
    if isinstance(key, RSAKey) and key.raw_value.key_size < _RSA_MIN_BITS:
        return f"use an RSA key of at least {_RSA_MIN_BITS} bits"
    return ""
