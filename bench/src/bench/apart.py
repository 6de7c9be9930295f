"""Asks from a process that goes before others: whoever asks has a machine of their own, which ours does not slow."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty
from typing import TypeVar

_NICENESS = -10
_WITHIN_S = 120.0
_JOIN_S = 10.0
_GROUP = Path("/proc/self/autogroup")
_processes = multiprocessing.get_context("spawn")

_Answer = TypeVar("_Answer")


def apart(ask: Callable[..., _Answer], *arguments: object) -> _Answer:
    """What `ask` gives; a function of a module, with arguments and an answer that can be sent to another process.

    Raises TimeoutError where it gave none. Only root may go before others; without that it merely is a session of its
    own, which Linux gives as much as every other.
    """
    told: Queue[_Answer] = _processes.Queue()
    process = _processes.Process(target=_ask, args=(told, ask, arguments), daemon=True)
    process.start()
    try:
        return told.get(timeout=_WITHIN_S)
    except Empty:
        raise TimeoutError(f"no answer within {_WITHIN_S:.0f} s; the process ended with {process.exitcode}") from None
    finally:
        process.join(_JOIN_S)


def _ask(told: Queue[_Answer], ask: Callable[..., _Answer], arguments: tuple[object, ...]) -> None:
    os.setsid()
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)
        _GROUP.write_text(str(_NICENESS))
    told.put(ask(*arguments))
