"""Finds out whom a request is charged to, from its token or console session.

Only what we have signed is charged to a company: a forged token that names one spends what its own address has.
Whether the request may go on is not decided here; a token that is refused makes its sender a stranger.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.tokens import TokenVerifier

from gateway.console.ports import SESSION_COOKIE
from gateway.identity.throttle import network_of
from gateway.identity.usecases.scim_tokens import PREFIX
from gateway.identity.usecases.sessions import Sessions
from gateway.ratelimit.meter import Meter, Payer
from gateway.session_tokens import cookie_of
from gateway.settings import GatewaySettings

_PROOF_MAX_BYTES = 16 * 1024
_LOOK_AGAIN_S = 5.0
"""After so long a token is held against the revocations again, and against its end."""


@dataclass(slots=True)
class _Known:
    payer: Payer
    look_again_at: float


class Payers:
    """Thread-safe. Remembers `rate_known_callers` tokens and sessions."""

    def __init__(
        self,
        meter: Meter,
        verifier: TokenVerifier,
        sessions: Sessions,
        scim_caller: Callable[[str], Caller],
        settings: GatewaySettings,
    ) -> None:
        self._meter = meter
        self._verifier = verifier
        self._sessions = sessions
        self._scim_caller = scim_caller
        self._most = settings.rate_known_callers
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._strangers: OrderedDict[str, Payer] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, environ: dict[str, Any]) -> Payer:
        """Who pays. Raises ResourceExhausted for an unknown proof from an address that has shown too many bad ones."""
        proof: str = environ.get("HTTP_AUTHORIZATION") or ""
        if not proof:
            cookies = environ.get("HTTP_COOKIE", "")
            proof = cookies if SESSION_COOKIE in cookies else ""
        known = self._known.get(proof)
        if known is not None and known.look_again_at > self._meter.clock():
            return known.payer
        stranger = self._stranger(environ)
        if not proof or len(proof) > _PROOF_MAX_BYTES:
            return stranger
        if known is None:
            # Looking at a proof costs more than refusing it, so those who bring bad ones stop getting looks.
            self._meter.check(stranger)
        payer = self._proven(environ)
        with self._lock:
            self._known.pop(proof, None)
            if payer is not None:
                self._known[proof] = _Known(payer, self._meter.clock() + _LOOK_AGAIN_S)
                _shorten(self._known, self._most)
        return payer or stranger

    def _proven(self, environ: dict[str, Any]) -> Payer | None:
        try:
            given = environ.get("HTTP_AUTHORIZATION")
            if given:
                token = given.partition(" ")[2].strip()
                caller = (self._scim_caller if token.startswith(PREFIX) else self._verifier.inspect)(token)
                return self._meter.client(str(caller.tenant_id), caller.client_id or str(caller.actor_id))
            present = self._sessions.look(cookie_of(environ))
        except (FuniaError, psycopg.Error, UnicodeError):
            return None
        if present is None:
            return None
        return self._meter.session(str(present.member.tenant_id), present.token_hash.hex())

    def _stranger(self, environ: dict[str, Any]) -> Payer:
        address = environ.get("REMOTE_ADDR", "")
        known = self._strangers.get(address)
        if known is None:
            known = self._meter.stranger(network_of(address))
            with self._lock:
                self._strangers[address] = known
                _shorten(self._strangers, self._most)
        return known


def _shorten(kept: OrderedDict[str, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
