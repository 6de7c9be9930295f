"""Reads facts about running processes from /proc, enough to recognise what an earlier run of ours left.

A process id alone proves nothing (ids are reused), so callers compare start time or working directory too.
Where there is no /proc every answer is "unknown", and nothing is ever signalled on an unknown.
"""

import os
import signal
import time
from pathlib import Path

_PROC = Path("/proc")
_POLL_S = 0.02


def start_ticks(pid: int) -> int | None:
    """When the process started, in clock ticks since boot; None when it is gone or a zombie."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    return None if fields[0] in ("Z", "X") else int(fields[19])


def working_directory(pid: int) -> Path | None:
    try:
        return (_PROC / str(pid) / "cwd").readlink()
    except OSError:
        return None


def command_line(pid: int) -> list[str]:
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def environment(pid: int) -> dict[str, str]:
    """The environment the process was started with. OSError where it is gone or another account's."""
    entries = (_PROC / str(pid) / "environ").read_bytes().decode(errors="surrogateescape").split("\0")
    return {name: value for name, found, value in (entry.partition("=") for entry in entries) if found}


def working_in(directory: Path) -> list[int]:
    """The processes whose working directory is exactly `directory`."""
    if not _PROC.is_dir():
        return []
    wanted = directory.resolve()
    pids = (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())
    return [pid for pid in pids if pid != os.getpid() and working_directory(pid) == wanted]


def end(pid: int, *signals: signal.Signals, wait_s: float) -> bool:
    """Sends each signal in turn, waiting `wait_s` after each for the process to go. True when it is gone."""
    born = start_ticks(pid)
    for number in signals:
        if born is None or start_ticks(pid) != born:
            return True
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return True
        deadline = time.monotonic() + wait_s
        while time.monotonic() < deadline:
            if start_ticks(pid) != born:
                return True
            time.sleep(_POLL_S)
    return start_ticks(pid) != born


def with_environment(entry: str) -> list[int]:
    """The processes started with exactly this NAME=value in their environment, ourselves left out."""
    if not _PROC.is_dir():
        return []
    wanted = entry.encode()
    found = []
    for folder in _PROC.iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in environment:
            found.append(int(folder.name))
    return found
