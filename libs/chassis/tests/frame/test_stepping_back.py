"""Stepping back, as the kernel sees it: a process in a session of its own, and the server's for its connections."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from chassis.settings import Settings
from chassis.work import open_pool

GROUP = Path("/proc/self/autogroup")
"""Empty where the kernel could group by session and this session is in no group, as in a container."""
NICE = 7
NICEST = 19
"""More than this the kernel does not give."""
TOLD = f"""
import os
from pathlib import Path
from chassis.stepping_back import step_back
step_back({NICE})
group = Path("/proc/self/autogroup")
told = group.read_text().split() if group.exists() else []
print(os.getpriority(os.PRIO_PROCESS, 0), told[-1] if told else {NICE})
"""


def told(*, own_session: bool) -> list[int]:
    """Niceness of a new process and of its group, once it has stepped back."""
    command = [sys.executable, "-c", TOLD]
    done = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=own_session)
    return [int(word) for word in done.stdout.split()]


def test_a_process_steps_back_together_with_its_group() -> None:
    assert told(own_session=True) == [NICE, NICE]


@pytest.mark.skipif(not GROUP.exists() or not GROUP.read_text(), reason="this session is in no group of the kernel's")
def test_a_process_does_not_make_the_session_of_whoever_started_it_step_back() -> None:
    group_before, own = GROUP.read_text().split()[-1], os.getpriority(os.PRIO_PROCESS, 0)
    process, group = told(own_session=False)
    assert process == min(own + NICE, NICEST)
    assert str(group) == group_before


@pytest.mark.parametrize("steps_back", [True, False])
def test_the_server_steps_back_for_the_connections_of_who_does(admin_url: str, *, steps_back: bool) -> None:
    settings = Settings(database_url=admin_url, niceness=NICE, database_steps_back=steps_back)
    pool = open_pool(settings.database_url, settings)
    try:
        with pool.connection() as connection:
            pid = connection.info.backend_pid
            command = Path(f"/proc/{pid}/cmdline")
            if not command.exists() or not command.read_bytes().startswith(b"postgres: "):
                pytest.skip("the server's processes are not on this machine")
            assert os.getpriority(os.PRIO_PROCESS, pid) == (NICE if steps_back else 0)
            group = Path(f"/proc/{pid}/autogroup")
            told = group.read_text().split() if group.exists() else []
            if steps_back and told:
                assert told[-1] == str(NICE)
    finally:
        pool.close()
