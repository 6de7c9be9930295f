"""The stack as a whole: how soon a second start is ready, and what it holds in memory when nobody asks."""

from __future__ import annotations

import time

from bench.figure import Figure, Goal
from bench.processes import proportional_mb
from bench.rig import Rig

START_GOAL = Goal("value", "<", 10, "s")
MEMORY_GOAL = Goal("value", "<", 1_536, "MB")


def measure(rig: Rig) -> list[Figure]:
    """Stops the stack and starts it on the same state; its addresses are others afterwards, so this comes last."""
    rig.settle()
    rig.say("second start")
    rig.stack.stop()
    started = time.monotonic()
    rig.stack.start()
    ready_s = time.monotonic() - started
    time.sleep(rig.sizes.idle_wait_s)
    idle_mb = proportional_mb(rig.stack.supervisor_pid)
    return [
        Figure("second start to ready", ready_s, "s", goal=START_GOAL),
        Figure("whole stack idle, PSS", idle_mb, "MB", goal=MEMORY_GOAL),
    ]
