"""Passwords: argon2id, with a bound on how many are hashed at once, since each hash takes tens of megabytes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from chassis.errors import invalid_field
from prometheus_client import Counter

from gateway.errors import hashing_busy
from gateway.identity.secret_values import new_secret
from gateway.settings import GatewaySettings

REFUSED = Counter("funia_password_hash_refused_total", "Hashes refused because the queue was full.")


class Passwords:
    """Hashes and verifies. Thread-safe; raises ResourceExhausted where too many wait already."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.password_passes, memory_cost=settings.password_memory_kib, parallelism=1
        )
        self._slots = threading.BoundedSemaphore(settings.password_concurrency)
        self._places = threading.BoundedSemaphore(settings.password_concurrency + settings.password_queue)
        self._wait_s = settings.password_wait_s
        self._min_length = settings.password_min_length
        self._max_length = settings.password_max_length
        self._nobody = ""

    def check_strength(self, password: str, *, email: str, field: str = "password") -> None:
        """Raises InvalidArgument where a new password is too weak to keep."""
        if len(password) < self._min_length:
            raise invalid_field(field, f"use at least {self._min_length} characters", reason="TOO_SHORT")
        if len(password) > self._max_length:
            raise invalid_field(field, f"use at most {self._max_length} characters", reason="TOO_LONG")
        if len(set(password)) < 4 or password.casefold() in (email.casefold(), email.casefold().partition("@")[0]):
            raise invalid_field(field, "choose one that is harder to guess", reason="TOO_WEAK")

    def hash(self, password: str) -> str:
        """The hash to keep."""
        with self._slot():
            return self._hasher.hash(password)

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is right. None (no such account) takes as long as a wrong password."""
        if len(password) > self._max_length:
            password = ""
        known = password_hash is not None
        with self._slot():
            try:
                self._hasher.verify(password_hash or self._dummy(), password)
            except (VerifyMismatchError, VerificationError, InvalidHashError):
                return False
        return known

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def _dummy(self) -> str:
        if not self._nobody:
            self._nobody = self._hasher.hash(new_secret())
        return self._nobody

    def prepare(self) -> None:
        """Makes the hash that unknown accounts are compared with, so that the first of them takes no longer."""
        self._dummy()

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            REFUSED.inc()
            raise hashing_busy()
        try:
            if not self._slots.acquire(timeout=self._wait_s):
                REFUSED.inc()
                raise hashing_busy()
            try:
                yield
            finally:
                self._slots.release()
        finally:
            self._places.release()
