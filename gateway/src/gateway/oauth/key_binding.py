"""DPoP at the token endpoint (RFC 9449, 5 to 10): the key that a request proves, and what it must be.

Access tokens are bound to the key of the request that they answer, refresh tokens only where a public client holds
them: a confidential one proves itself by other means each time.
"""

from __future__ import annotations

import re
from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError
from chassis.dpop import BadProof
from flask import g, request

from gateway.dpop.proofs import NonceNeeded, Proofs
from gateway.oauth.clients import Client

_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
NONCE_HEADER = "DPoP-Nonce"


class InvalidDpopProof(OAuth2Error):  # type: ignore[misc]
    """The proof is wrong, or there is none where one is due."""

    error = "invalid_dpop_proof"


class UseDpopNonce(OAuth2Error):  # type: ignore[misc]
    """The proof must be made again with the nonce of the answer."""

    error = "use_dpop_nonce"


def proven_key(proofs: Proofs, client: Client, *, is_due: bool = True) -> str:
    """Thumbprint of the key that the request at hand proves, "" where it comes without a proof.

    `is_due` says that tokens are the answer, so that clients of bound tokens must prove a key. Uses the proof up.
    Raises OAuth2Error; where the proof lacks our nonce, the answer carries one.
    """
    text = request.headers.get("DPoP", "")
    if not text:
        if is_due and client.binds_tokens:
            raise InvalidDpopProof("This client is registered for bound tokens: send a DPoP proof.")
        return ""
    try:
        proof = proofs.check(text, request.method, request.path, "token")
    except NonceNeeded as error:
        g.dpop_nonce = proofs.nonces.fresh()
        raise UseDpopNonce(str(error)) from error
    except BadProof as error:
        raise InvalidDpopProof(str(error)) from error
    g.dpop_nonce = proofs.next_nonce(proof)
    return proof.thumbprint


def asked_key(values: Any, *, redirect_uri: str | None = None) -> str:
    """The key that an authorization request binds its code to. Raises InvalidRequestError where it is no thumbprint."""
    asked = str(values.get("dpop_jkt") or "")
    if asked and not _THUMBPRINT.fullmatch(asked):
        raise InvalidRequestError(
            "dpop_jkt must be the SHA-256 thumbprint of a JWK.", redirect_uri=redirect_uri, state=values.get("state")
        )
    return asked


def check_bound(bound_to: str, key: str, what: str) -> None:
    """Raises InvalidGrantError where a code or refresh token is bound to another key than the one proven."""
    if bound_to and bound_to != key:
        raise InvalidGrantError(f"The {what} is bound to another key. Send a DPoP proof made with that key.")
