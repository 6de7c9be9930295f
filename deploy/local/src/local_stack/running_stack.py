"""The whole stack for tests and load runs: `python -m local_stack up` as a process of its own, black box.

    with whole_stack(tmp_path) as stack:
        httpx.get(f"{stack.url}/healthz")
        stack.kill("contacts")
        stack.wait_ready()

Use it from the main thread (see `local_stack.child`). The supervisor inside restarts what a test kills.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local_stack import child
from local_stack.child import Program, StackError
from local_stack.databases import replace_database
from local_stack.postgres_install import LOCATION_FILE
from local_stack.state_folder import StackRecord, StateFolder

_READY_TIMEOUT_S = 120.0
_STOP_TIMEOUT_S = 90.0
_END_TIMEOUT_S = 10.0
_POLL_S = 0.05
_TAIL_CHARACTERS = 4000


class Stack:
    """A stack that runs. Made by `whole_stack`."""

    def __init__(self, directory: Path, settings: Mapping[str, str]) -> None:
        self.directory = directory
        self._settings = settings
        self._log = directory / "up.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._killed: dict[str, int] = {}

    @property
    def url(self) -> str:
        """The public address, without a closing slash."""
        return self._record().url

    @property
    def live_url(self) -> str:
        return self._record().live_url

    @property
    def nats_url(self) -> str:
        return self._record().nats_url

    @property
    def admin_url(self) -> str:
        """The superuser's URL of PostgreSQL."""
        return self._record().admin_url

    @property
    def processes(self) -> Mapping[str, int]:
        """Process ids by name: postgres, nats, the five services, contacts-work, gateway-serve, gateway-work.
        0 = not running."""
        return {name: state.pid for name, state in self._record().processes.items()}

    @property
    def supervisor_pid(self) -> int:
        return self._running().pid

    @property
    def demo(self) -> Mapping[str, Any]:
        """What demo.json holds; only with `demo=True`."""
        found: Mapping[str, Any] = json.loads((self.directory / "demo.json").read_text(encoding="utf-8"))
        return found

    def database_url(self, database: str, *, role: str = "app") -> str:
        """`role` is owner, app or relay; `database` a service, or identity."""
        passwords = json.loads((self.directory / "passwords.json").read_text(encoding="utf-8"))
        user = f"{database}_{role}"
        return replace_database(self.admin_url, user=user, password=passwords[user], database=database)

    def run(self, program: str, *words: str, timeout_s: float = _READY_TIMEOUT_S) -> str:
        """Runs `python -m <package> words...` in the environment of a running program; returns its output.
        StackError where it fails."""
        return self._command("run", program, *words, timeout_s=timeout_s)

    def roll(self, *, timeout_s: float = _READY_TIMEOUT_S) -> None:
        """Replaces every process of ours, one by one. StackError where one does not come back."""
        self._command("roll", timeout_s=timeout_s)

    def operate(self, *words: str, timeout_s: float = _READY_TIMEOUT_S) -> str:
        """Runs `python -m local_stack words...`, such as `move`; returns its output. StackError where it fails."""
        return self._command(*words, timeout_s=timeout_s)

    def _command(self, *words: str, timeout_s: float) -> str:
        answer = subprocess.run(
            [sys.executable, "-m", "local_stack", *words],
            env={**os.environ, **self._settings},
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        if answer.returncode != 0:
            raise StackError(f"{' '.join(words)} failed:\n{answer.stdout}{answer.stderr}")
        return answer.stdout

    def log(self, name: str) -> str:
        """The log of one program."""
        return (self.directory / "logs" / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Kills one program; the supervisor starts it again. Returns the id it had."""
        pid = self.processes[name]
        if not pid:
            raise StackError(f"{name} is not running.")
        self._killed[name] = pid
        os.kill(pid, number)
        return pid

    def wait_ready(self, *, timeout_s: float = _READY_TIMEOUT_S) -> None:
        """Returns when everything is ready, and every program killed before has a successor."""
        deadline = time.monotonic() + timeout_s
        while True:
            record = self._record_or_none()
            if record and record.phase == "ready" and self._all_ready(record):
                self._killed.clear()
                return
            if self._process is not None and self._process.poll() is not None:
                raise StackError(f"The stack ended by itself:\n{self._tail()}")
            if time.monotonic() > deadline:
                raise StackError(f"The stack is not ready after {timeout_s:.0f} s:\n{self._tail()}")
            time.sleep(_POLL_S)

    def start(self) -> None:
        """Starts the stack again after `stop`, on the same state, and waits until it is ready."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FUNIA_STACK")}
        program = Program(
            name="local_stack",
            argv=(sys.executable, "-m", "local_stack", "up"),
            environment={**environment, **self._settings},
            stop_timeout_s=_STOP_TIMEOUT_S,
        )
        with self._log.open("ab") as output:
            self._process = child.start(program, output)
        self._program = program
        self.wait_ready()

    def stop(self) -> int:
        """Stops everything cleanly; returns the exit code of the supervisor."""
        process, self._process = self._running(), None
        if not StateFolder(self.directory).is_locked():
            # It is past its clean stop and about to end; a signal now would only spoil its exit code.
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(_END_TIMEOUT_S)
        return child.stop(process, self._program)

    def erase(self) -> None:
        """Deletes a cluster that had to be placed outside the directory. The stack must be stopped."""
        note = self.directory / "postgres" / LOCATION_FILE
        if note.is_file():
            shutil.rmtree(note.read_text(encoding="utf-8").strip(), ignore_errors=True)
            note.unlink()

    def _all_ready(self, record: StackRecord) -> bool:
        return all(
            state.ready and state.pid and state.pid != self._killed.get(name)
            for name, state in record.processes.items()
        )

    def _record(self) -> StackRecord:
        record = self._record_or_none()
        if record is None:
            raise StackError(f"The stack does not run:\n{self._tail()}")
        return record

    def _record_or_none(self) -> StackRecord | None:
        return StateFolder(self.directory).record()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise StackError("The stack does not run.")
        return self._process

    def _tail(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-_TAIL_CHARACTERS:]


def engines_dir() -> Path:
    """Where tests run by root keep clusters their own folders are too closed for: what a killed run leaves there
    goes with the other temporary files."""
    return Path(tempfile.gettempdir()) / f"funia-engines-{os.geteuid()}"


@contextlib.contextmanager
def whole_stack(
    directory: Path,
    *,
    http_port: int = 0,
    demo: bool = False,
    durable: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Stack]:
    """The whole stack with its state in `directory`, ready; stopped and its cluster deleted on leaving.

    `durable=False` turns fsync of PostgreSQL off: right for killed processes, not for a benchmark. `environment`
    adds settings, say {"FUNIA_NATS_SYNC_INTERVAL": "always"}.
    """
    directory.mkdir(parents=True, exist_ok=True)
    settings = {
        "FUNIA_STATE_DIR": str(directory),
        "FUNIA_HTTP_PORT": str(http_port),
        "FUNIA_POSTGRES_FALLBACK_DIR": str(engines_dir()),
        "FUNIA_DEMO": "1" if demo else "0",
        "FUNIA_POSTGRES_DURABLE": "1" if durable else "0",
        **(environment or {}),
    }
    stack = Stack(directory, settings)
    try:
        stack.start()
        if demo and not (directory / "demo.json").exists():
            raise StackError(f"The demo tenant was not made:\n{stack.log('demo')}")
        yield stack
    finally:
        if stack._process is not None:
            stack.stop()
        stack.erase()
