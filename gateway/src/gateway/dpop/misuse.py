"""Enters in a company's audit log that one of its bound tokens was used without its key: somebody else may hold it.

A genuine token that is in force is needed for an entry, and each token gets one for each reason in a while, so that
nobody fills the log of a company.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections import OrderedDict

from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.tokens import TokenVerifier
from chassis.work import Database

from gateway.identity.audited import IdentityWork
from gateway.identity.model.audit import Act, Origin

log = logging.getLogger(__name__)

_KNOWN_MAX = 10_000
_TOLD = frozenset({"TOKEN_BOUND", "PROOF_INVALID"})


class Misuse:
    """The entries of one process. Thread-safe; never fails the request at hand."""

    def __init__(self, database: Database, verifier: TokenVerifier, *, every_s: float) -> None:
        self._database = database
        self._verifier = verifier
        self._every_s = every_s
        self._told: OrderedDict[tuple[bytes, str], float] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, token: str, reason: str, origin: Origin) -> None:
        """Enters a refusal, if it is of a kind that tells of a token in wrong hands."""
        if reason not in _TOLD:
            return
        try:
            caller = self._verifier.inspect(token)
            if self._is_new(token, reason):
                self._enter(caller, reason, origin)
        except FuniaError as error:
            log.info("the use of a bound token is not entered in the audit log: %s", error.reason)

    def _is_new(self, token: str, reason: str) -> bool:
        key, now = (hashlib.sha256(token.encode()).digest(), reason), time.monotonic()
        with self._lock:
            if now - self._told.get(key, float("-inf")) < self._every_s:
                return False
            self._told[key] = now
            self._told.move_to_end(key)
            while len(self._told) > _KNOWN_MAX:
                self._told.popitem(last=False)
        return True

    def _enter(self, caller: Caller, reason: str, origin: Origin) -> None:
        with self._database.open_work(caller) as work:
            assert isinstance(work, IdentityWork)
            work.find_origin = lambda: origin
            detail = {"reason": reason, "client_id": caller.client_id or ""}
            work.note(Act("identity.token.misused", str(caller.actor_id), detail))
