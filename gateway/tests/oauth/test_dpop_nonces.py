"""Nonces of DPoP proofs, by a clock of their own."""

from __future__ import annotations

import secrets

from chassis.vault import Vault
from gateway.dpop.nonces import Nonces


class Clock:
    """Says what time it is."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_nonce_is_good_in_its_span_and_the_next_in_every_process() -> None:
    clock, secret = Clock(), secrets.token_urlsafe(48)
    here, there = (Nonces(Vault(secret), span_s=300, clock=clock) for _ in range(2))
    given = here.fresh()
    assert there.is_good(given)
    assert there.is_fresh(given)
    clock.now += 300
    assert there.is_good(given)
    assert not there.is_fresh(given)
    clock.now += 300
    assert not there.is_good(given)


def test_foreign_and_future_nonces_are_not_good() -> None:
    clock = Clock()
    mine = Nonces(Vault(secrets.token_urlsafe(48)), span_s=300, clock=clock)
    theirs = Nonces(Vault(secrets.token_urlsafe(48)), span_s=300, clock=clock)
    given = mine.fresh()
    for nonce in (theirs.fresh(), "", "x", given[:-4] + "AAAA", "\u00e9", given + "A"):
        assert not mine.is_good(nonce)
    clock.now -= 300
    assert not mine.is_good(given)
