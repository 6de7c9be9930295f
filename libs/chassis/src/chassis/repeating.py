"""Calls that are made again while a process is being replaced. Only for what may be carried out twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import grpc

from chassis.status import DETAILS_KEY

A = TypeVar("A")
_PAUSE_S = 0.05
_PAUSE_MAX_S = 0.5


def repeated(call: Callable[[], A], *, patience_s: float) -> A:
    """Calls, and calls again while nothing answers at the other end: a process is being replaced.

    Only for calls that may be carried out twice: reads, and writes under an idempotency key. An answer of the service
    is never asked for again, not even one that says it is unavailable.
    """
    deadline = time.monotonic() + patience_s
    pause_s = _PAUSE_S
    while True:
        try:
            return call()
        except grpc.RpcError as error:
            if not is_unanswered(error) or time.monotonic() + pause_s > deadline:
                raise
        time.sleep(pause_s)
        pause_s = min(pause_s * 2, _PAUSE_MAX_S)


def is_unanswered(error: grpc.RpcError) -> bool:
    """Whether the call failed on the way, and not by what the service said."""
    failed: Any = error
    if failed.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
        return False
    return not any(name == DETAILS_KEY for name, _ in failed.trailing_metadata() or ())
