"""The environment of a program that runs, for a second one that does something beside it."""

import time

from local_stack import processes
from local_stack.child import StackError
from local_stack.state_folder import StateFolder

_REPLACED_WITHIN_S = 30.0
"""How long a program that just died may take to be started again."""
_LOOK_S = 0.1
_OWN = ("FUNIA_STACK", "FUNIA_LISTEN", "FUNIA_METRICS_PORT")
"""A second copy must not claim the addresses of the first, nor count as one that an earlier run left."""


def environment_of(folder: StateFolder, program: str) -> dict[str, str]:
    """The running program's own, without what would make a second copy of it. StackError where it does not run.

    Ask anew for each use: what an operator does may take minutes, and a program may have been replaced meanwhile.
    """
    deadline = time.monotonic() + _REPLACED_WITHIN_S
    while (found := _found(folder, program)) is None:
        if time.monotonic() > deadline or folder.record() is None:
            raise StackError(f"{program} does not run. `python -m local_stack status` names what does.")
        time.sleep(_LOOK_S)
    return {name: value for name, value in found.items() if name not in _OWN}


def _found(folder: StateFolder, program: str) -> dict[str, str] | None:
    record = folder.record()
    if record is None:
        return None
    if program not in record.processes:
        raise StackError(f'There is no program "{program}". Known: {", ".join(record.processes)}.')
    try:
        pid = record.processes[program].pid
        found = processes.environment(pid) if pid else {}
    except OSError:
        return None
    # Empty as well where it has ended and its end was not yet noticed.
    return found if _OWN[0] in found else None
