"""Nonces that clients put into their proofs, to show that these were not made ahead. Nothing is kept of them.

A nonce is a span of time and its signature, so that every process knows those of every other.
"""

from __future__ import annotations

import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable

from chassis.vault import Vault

_PURPOSE = "dpop-nonce"
_SPAN_BYTES = 6
_SIGNATURE_BYTES = 15


class Nonces:
    """Thread-safe. A nonce is good in the span that it was given in and in the next one."""

    def __init__(self, vault: Vault, *, span_s: int, clock: Callable[[], float] = time.time) -> None:
        self._vault = vault
        self._span_s = span_s
        self._clock = clock

    def fresh(self) -> str:
        """The nonce of the running span."""
        return self._of(self._span())

    def is_good(self, nonce: str) -> bool:
        """Whether it was given here not long ago."""
        try:
            span = int.from_bytes(urlsafe_b64decode(nonce.encode())[:_SPAN_BYTES], "big")
        except ValueError:
            return False
        return 0 <= self._span() - span <= 1 and hmac.compare_digest(self._of(span).encode(), nonce.encode())

    def is_fresh(self, nonce: str) -> bool:
        """Whether it is the nonce of the running span."""
        return hmac.compare_digest(self.fresh().encode(), nonce.encode())

    def _span(self) -> int:
        return int(self._clock()) // self._span_s

    def _of(self, span: int) -> str:
        head = span.to_bytes(_SPAN_BYTES, "big")
        return urlsafe_b64encode(head + self._vault.sign(_PURPOSE, head)[:_SIGNATURE_BYTES]).decode()
