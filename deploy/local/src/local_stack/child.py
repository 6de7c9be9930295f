"""Starts and stops one program so that it can never outlive us.

Every program gets a process group of its own (a Ctrl-C in the terminal reaches only us, and we stop the rest
in order) and a parent-death signal (a kill -9 of us still stops it). Linux ties that signal to the thread
that started the program, so call `start` from the main thread only.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_DEFAULT_STOP_TIMEOUT_S = 10.0
_START_TIMEOUT_S = 60.0
_READY_POLL_S = 0.01
# What a program writes is for its own account only: it is other companies' customers.
_UMASK = 0o077


class StackError(Exception):
    """The stack cannot start or go on; the message says what to do next."""


@dataclass(frozen=True)
class Account:
    """The operating system account a program runs under."""

    name: str
    uid: int
    gid: int


def _nothing() -> None:
    return None


def _always_ready() -> bool:
    return True


@dataclass(frozen=True)
class Program:
    """One program to run: how to start it, how to tell that it is ready, how to stop it.

    `before_start` runs before every start, also a restart after a crash; it clears what a crash left. What `rolls` is
    replaced by `Supervisor.roll`; one with a `reload_signal` replaces itself at that signal and is never away.
    """

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: Path | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    kill_signal: signal.Signals = signal.SIGKILL
    stop_timeout_s: float = _DEFAULT_STOP_TIMEOUT_S
    rolls: bool = False
    reload_signal: signal.Signals | None = None
    before_start: Callable[[], None] = _nothing
    is_ready: Callable[[], bool] = _always_ready


def start(program: Program, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Starts the program with stdout and stderr going to `output`. Main thread only (see the module)."""
    program.before_start()
    account = program.account
    try:
        return subprocess.Popen(
            program.argv,
            env=dict(program.environment),
            cwd=program.directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            umask=_UMASK,
            # Safe beside threads: the function takes no lock and allocates next to nothing.
            preexec_fn=_tie_to_parent(program.stop_signal),  # noqa: PLW1509
        )
    except OSError as error:
        raise StackError(f"{program.name} could not be started ({program.argv[0]}: {error.strerror}).") from error


def stop(process: subprocess.Popen[bytes], program: Program) -> int:
    """Stops the program: its stop signal first, after `stop_timeout_s` SIGKILL to its whole group."""
    if process.poll() is None:
        process.send_signal(program.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(program.stop_timeout_s)
    return finish(process)


def finish(process: subprocess.Popen[bytes]) -> int:
    """Kills what is left of the program's process group and reaps the program itself."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def start_ready(program: Program, log: Path, *, timeout_s: float = _START_TIMEOUT_S) -> subprocess.Popen[bytes]:
    """Starts one program and waits until it is ready. Raises StackError with the end of its log otherwise."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = start(program, output)
    deadline = time.monotonic() + timeout_s
    while process.poll() is None:
        if program.is_ready():
            return process
        if time.monotonic() > deadline:
            stop(process, program)
            break
        time.sleep(_READY_POLL_S)
    finish(process)
    ending = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise StackError(f"{program.name} did not become ready in {timeout_s:.0f} s:\n{ending}")


def _tie_to_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    # Looked up here, not in the child: between fork and exec nothing may take a lock.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tie() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return tie
