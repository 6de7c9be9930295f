"""Calls that are made again while a process is being replaced. Only for what may be carried out twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import grpc

from chassis.status import DETAILS_KEY

A = TypeVar("A")
_PAUSE_S = 0.05
_PAUSE_MAX_S = 0.5
_FORGOTTEN_AFTER_S = 5.0


class Absences:
    """Since when what has been away. Whoever asks for what has been away for long is told at once, or a few that wait
    would hold every thread of the gateway."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def since(self, service: str, now: float) -> float:
        """When it was first missed; anew where nobody has missed it for some seconds."""
        with self._lock:
            first, last = self._seen.get(service, (now, now))
            if now - last > _FORGOTTEN_AFTER_S:
                first = now
            self._seen[service] = (first, now)
        return first


_absences = Absences()


def repeated(call: Callable[[], A], *, to: str, patience_s: float) -> A:
    """Calls the service that `to` names, and calls again while nothing answers: a process is being replaced.

    Only for calls that may be carried out twice: reads, and writes under an idempotency key. An answer of the service
    is never asked for again, not even one that says it is unavailable. A service that has been away for longer than
    `patience_s` is not waited for.
    """
    pause_s = _PAUSE_S
    while True:
        try:
            return call()
        except grpc.RpcError as error:
            now = time.monotonic()
            if not is_unanswered(error) or now + pause_s > _absences.since(to, now) + patience_s:
                raise
        time.sleep(pause_s)
        pause_s = min(pause_s * 2, _PAUSE_MAX_S)


def is_unanswered(error: grpc.RpcError) -> bool:
    """Whether the call failed on the way, and not by what the service said."""
    failed: Any = error
    if failed.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
        return False
    return not any(name == DETAILS_KEY for name, _ in failed.trailing_metadata() or ())


def service_of(rpc: str) -> str:
    """The service that answers a method, by the package of its path: ``/funia.contacts.v1.ContactService/GetContact``
    gives ``funia.contacts.v1``."""
    return rpc.split("/")[1].rpartition(".")[0]
