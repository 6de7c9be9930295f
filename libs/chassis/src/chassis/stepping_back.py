"""How far a process, and what the database does for it, steps back for others on the same machine.

Linux groups processes by session where autogrouping is on (sched(7)), which is the default of desktops and of many
servers. A process' niceness then counts only inside of its session, and every service and every server process of
PostgreSQL is a session of its own; what counts among them is the niceness of the group.
"""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path
from typing import Any

import psycopg

log = logging.getLogger(__name__)

_PROC = Path("/proc")
_TRIES = 20
_PAUSE_S = 0.1
"""The kernel takes one such change in a tenth of a second from whoever is not root, of all processes together."""


def step_back(niceness: int) -> None:
    """Makes this process step back; before it has threads, for each begins as nice as who starts it."""
    os.nice(niceness)
    if niceness:
        _step_back_as_group(os.getpid(), niceness)


def step_back_for(connection: psycopg.Connection[Any], niceness: int) -> None:
    """Makes the server process of a connection step back. For a server on this machine whose processes we may change.

    Never raises: work that goes on at full speed is better than none.
    """
    pid = connection.info.backend_pid
    process = _PROC / str(pid)
    try:
        # An id of another machine, or of another container, may well be that of a process here.
        if not (process / "cmdline").read_bytes().startswith(b"postgres: "):
            return
        os.setpriority(os.PRIO_PROCESS, pid, niceness)
    except OSError as error:
        log.warning("the database does not step back: %s", error)
        return
    _step_back_as_group(pid, niceness)


def _step_back_as_group(pid: int, niceness: int) -> None:
    """Only a process that is a session for itself: others share theirs with whoever started them."""
    for _ in range(_TRIES):
        try:
            if os.getsid(pid) == pid:
                (_PROC / str(pid) / "autogroup").write_text(str(niceness))
        except BlockingIOError:
            time.sleep(_PAUSE_S)
        except OSError:
            # No such file: this kernel does not group. Not ours: the process' own niceness has to do.
            return
        else:
            return
