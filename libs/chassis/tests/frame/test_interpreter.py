"""How Python is set up in a process that serves. In a process of its own: it stays so until the end."""

import subprocess
import sys

TOLD = """
import gc, sys
from chassis import interpreter
from chassis.settings import Settings
interpreter.set_up(Settings(thread_switch_ms=2))
print(sys.getswitchinterval(), gc.get_freeze_count() > 10_000, gc.isenabled())
"""


def test_threads_give_way_as_set_and_what_the_process_is_built_of_is_not_collected() -> None:
    told = subprocess.run([sys.executable, "-c", TOLD], capture_output=True, text=True, check=True).stdout
    assert told == "0.002 True True\n"
