"""Keeps a set of programs running: starts them in groups, restarts what crashes, stops all in reverse order.

Single-threaded on purpose (see `local_stack.child`): everything happens in turns of one loop in the main thread,
woken by signals. It knows nothing of what the programs are.
"""

import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType

from local_stack import child, processes
from local_stack.child import Program, StackError
from local_stack.logs import LogFolder

_UNREADY_POLL_S = 0.05
_WATCH_POLL_S = 1.0
_ROTATE_EVERY_S = 5.0
_FORCED_WAIT_S = 3.0
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ROLL_SIGNAL = signal.SIGUSR1


class StopRequested(Exception):
    """Somebody asked the stack to stop; its text is the name of the signal."""


@dataclass(frozen=True)
class RestartPolicy:
    """A crashed program is started again after `delay_s`, doubled at each crash in a row up to `delay_max_s`.
    One that ran for `forget_after_s` starts anew. Before it was ever ready it gets `attempts` starts."""

    delay_s: float = 0.1
    delay_max_s: float = 10.0
    forget_after_s: float = 30.0
    attempts: int = 3


@dataclass(frozen=True)
class ProcessState:
    """What is known of a program. `pid` 0 means that it is not running now."""

    pid: int
    ready: bool
    restarts: int


@dataclass
class _Kept:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    ready: bool = False
    was_ready: bool = False
    restarts: int = 0
    crashes_in_a_row: int = 0
    started_at: float = 0.0
    start_again_at: float = 0.0
    forced: bool = field(default=False)

    def state(self) -> ProcessState:
        pid = self.process.pid if self.process else 0
        return ProcessState(pid=pid, ready=self.ready, restarts=self.restarts)


class Supervisor:
    """Use inside `handling_signals()`. `say` gets one sentence for the person; `on_change` every new state."""

    def __init__(
        self,
        logs: LogFolder,
        *,
        policy: RestartPolicy | None = None,
        say: Callable[[str], None] = print,
        on_change: Callable[[Mapping[str, ProcessState]], None] | None = None,
    ) -> None:
        self._logs = logs
        self._policy = policy or RestartPolicy()
        self._say = say
        self._on_change = on_change
        self._groups: list[list[_Kept]] = []
        self._wake_read, self._wake_write = socket.socketpair()
        self._wake_read.setblocking(False)
        self._wake_write.setblocking(False)
        self._stop_signals = 0
        self._stop_signal = ""
        self._roll_asked = False
        self._rotate_at = 0.0

    @contextmanager
    def handling_signals(self) -> Iterator[None]:
        """Inside, stop signals and ends of children wake the loop; on leaving, every program is stopped."""
        kept = {number: signal.getsignal(number) for number in (*_STOP_SIGNALS, ROLL_SIGNAL, signal.SIGCHLD)}
        for number in _STOP_SIGNALS:
            signal.signal(number, self._note_stop)
        signal.signal(ROLL_SIGNAL, self._note_roll)
        signal.signal(signal.SIGCHLD, _note_child)
        former = signal.set_wakeup_fd(self._wake_write.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            try:
                self.stop()
            finally:
                signal.set_wakeup_fd(former)
                for number, handler in kept.items():
                    signal.signal(number, handler)
                self._wake_read.close()
                self._wake_write.close()

    def start(self, programs: Sequence[Program]) -> None:
        """Starts a group. Later groups are stopped before earlier ones, the members of one together."""
        group: list[_Kept] = []
        self._groups.append(group)
        for program in programs:
            kept = _Kept(program)
            group.append(kept)
            self._launch(kept)
        self.changed()

    def wait_ready(self, names: Sequence[str], *, timeout_s: float) -> None:
        """Returns when all of them are ready. StackError with the end of the log where one is not in time."""
        deadline = time.monotonic() + timeout_s
        while waiting := [kept for kept in self._all() if kept.program.name in names and not kept.ready]:
            for kept in waiting:
                if kept.crashes_in_a_row >= self._policy.attempts:
                    raise self._failure(kept.program.name, "stops right after its start")
            if time.monotonic() > deadline:
                raise self._failure(waiting[0].program.name, f"did not become ready in {timeout_s:.0f} s")
            self.turn(_UNREADY_POLL_S)

    def run_to_end(self, programs: Sequence[Program], *, timeout_s: float) -> None:
        """Runs programs side by side until each has ended. StackError where one fails or takes too long."""
        deadline = time.monotonic() + timeout_s
        running: dict[str, tuple[Program, subprocess.Popen[bytes]]] = {}
        try:
            for program in programs:
                running[program.name] = (program, self._spawn(program))
            while running:
                for name, (_, process) in list(running.items()):
                    code = process.poll()
                    if code is None:
                        continue
                    del running[name]
                    child.finish(process)
                    if code != 0:
                        raise self._failure(name, f"failed ({_ending(code)})")
                if running and time.monotonic() > deadline:
                    raise self._failure(next(iter(running)), f"took more than {timeout_s:.0f} s")
                if running:
                    self.turn(_WATCH_POLL_S)
        finally:
            for program, process in running.values():
                child.stop(process, program)

    def watch(self, on_roll: Callable[[], None]) -> None:
        """Keeps everything running until somebody asks to stop; then raises StopRequested. Calls `on_roll` at
        each ROLL_SIGNAL."""
        while True:
            if self._roll_asked:
                self._roll_asked = False
                on_roll()
            self.turn(_WATCH_POLL_S if all(kept.ready for kept in self._all()) else _UNREADY_POLL_S)

    def roll(self, *, timeout_s: float) -> None:
        """Replaces one program after the other, each ready before the next goes. StackError otherwise."""
        for kept in [one for one in self._all() if one.program.rolls]:
            name = kept.program.name
            self._say(f"Replacing {name}.")
            if kept.program.reload_signal is not None:
                self._signal(kept, kept.program.reload_signal)
            else:
                self._stop_group([kept], self._stop_signals)
                kept.forced = False
                self._launch(kept)
            kept.restarts += 1
            self.changed()
            self.wait_ready([name], timeout_s=timeout_s)

    def turn(self, timeout_s: float) -> None:
        """One turn of the loop: sleep until woken, then reap, restart, look who is ready, rotate logs."""
        self._sleep(timeout_s)
        if self._stop_signals:
            raise StopRequested(self._stop_signal)
        changed = False
        for kept in self._all():
            changed |= self._reap(kept) or self._start_again(kept) or self._look_whether_ready(kept)
        if changed:
            self.changed()
        if time.monotonic() >= self._rotate_at:
            self._rotate_at = time.monotonic() + _ROTATE_EVERY_S
            self._logs.rotate()

    def stop(self) -> None:
        """Stops every group, the last one first. A further stop signal meanwhile kills what is left."""
        asked = self._stop_signals
        for group in reversed(self._groups):
            self._stop_group([kept for kept in group if kept.process], asked)
        self._groups.clear()
        self.changed()

    def _stop_group(self, group: list[_Kept], asked: int) -> None:
        started = time.monotonic()
        for kept in group:
            self._signal(kept, kept.program.stop_signal)
        while running := [kept for kept in group if kept.process and kept.process.poll() is None]:
            self._sleep(_UNREADY_POLL_S)
            waited = time.monotonic() - started
            for kept in running:
                if not kept.forced and (waited > kept.program.stop_timeout_s or self._stop_signals > asked):
                    kept.forced = True
                    self._say(f"{kept.program.name} is killed.")
                    self._signal(kept, kept.program.kill_signal)
                elif kept.forced and waited > kept.program.stop_timeout_s + _FORCED_WAIT_S:
                    self._signal(kept, signal.SIGKILL)
        for kept in group:
            if kept.process:
                child.finish(kept.process)
                kept.process = None
                kept.ready = False

    def _launch(self, kept: _Kept) -> None:
        kept.started_at = time.monotonic()
        kept.ready = False
        kept.process = self._spawn(kept.program)

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        with self._logs.open(program.name) as output:
            return child.start(program, output)

    def _reap(self, kept: _Kept) -> bool:
        if kept.process is None:
            return False
        code = kept.process.poll()
        if code is None:
            return False
        child.finish(kept.process)
        kept.process = None
        kept.ready = False
        if time.monotonic() - kept.started_at > self._policy.forget_after_s:
            kept.crashes_in_a_row = 0
        delay_s = min(self._policy.delay_s * 2**kept.crashes_in_a_row, self._policy.delay_max_s)
        kept.crashes_in_a_row += 1
        kept.start_again_at = time.monotonic() + delay_s
        name = kept.program.name
        self._say(f"{name} ended by itself ({_ending(code)}); starting it again. See {self._logs.path(name)}.")
        return True

    def _start_again(self, kept: _Kept) -> bool:
        if kept.process is not None or time.monotonic() < kept.start_again_at:
            return False
        if not kept.was_ready and kept.crashes_in_a_row >= self._policy.attempts:
            return False
        kept.restarts += 1
        self._launch(kept)
        return True

    def _look_whether_ready(self, kept: _Kept) -> bool:
        if kept.ready or kept.process is None or not kept.program.is_ready():
            return False
        kept.ready = True
        kept.was_ready = True
        return True

    def _sleep(self, timeout_s: float) -> None:
        select.select([self._wake_read], [], [], timeout_s)
        with suppress(BlockingIOError):
            while self._wake_read.recv(4096):
                pass

    def _note_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop_signals += 1
        self._stop_signal = signal.Signals(number).name

    def _note_roll(self, number: int, frame: FrameType | None) -> None:
        self._roll_asked = True

    def _failure(self, name: str, what: str) -> StackError:
        return StackError(f"{name} {what}. The end of {self._logs.path(name)}:\n{self._logs.tail(name)}")

    def _signal(self, kept: _Kept, number: signal.Signals) -> None:
        if kept.process:
            kept.process.send_signal(number)

    def _all(self) -> Iterator[_Kept]:
        return (kept for group in self._groups for kept in group)

    def changed(self) -> None:
        """Tells `on_change` the state of everything."""
        if self._on_change:
            self._on_change({kept.program.name: kept.state() for kept in self._all()})


def _note_child(number: int, frame: FrameType | None) -> None:
    """Exists so that SIGCHLD wakes the loop: an ignored signal would not."""


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def end_marked(entry: str, *, wait_s: float) -> int:
    """Ends every process that carries `entry` in its environment; returns how many there were."""
    pids = processes.with_environment(entry)
    for pid in pids:
        processes.end(pid, signal.SIGTERM, wait_s=0)
    for pid in pids:
        if not processes.end(pid, signal.SIGTERM, signal.SIGKILL, wait_s=wait_s):
            raise StackError(f"Process {pid} of an earlier run does not stop. End it (kill -9 {pid}).")
    return len(pids)
