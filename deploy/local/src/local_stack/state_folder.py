"""The folder everything of one installation is kept in: its layout, its lock and the record of what runs.

The lock is the kernel's (flock), so it ends with its holder however that ends. The record is for people and tests.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from local_stack import processes
from local_stack.child import StackError
from local_stack.private_files import kept_password, write_private_json
from local_stack.supervisor import ProcessState

_MARK = "FUNIA_STACK"
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class StackRecord:
    """What runs now. `phase` is starting, ready or stopping."""

    pid: int
    url: str
    live_url: str
    nats_url: str
    admin_url: str
    phase: str
    processes: Mapping[str, ProcessState]


class StateFolder:
    """`path` is absolute. Creating the object creates the folder, closed to others where we made it."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        if not self.path.exists():
            self.path.mkdir(parents=True)
            # As root the account of PostgreSQL must walk through, though not look around.
            self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        self.logs = self.path / "logs"
        self.run = self.path / "run"
        for folder in (self.logs, self.run):
            folder.mkdir(mode=0o700, exist_ok=True)
        self.demo_file = self.path / "demo.json"
        self.passwords_file = self.path / "passwords.json"
        self._record_file = self.run / "stack.json"
        self._lock_file = self.run / "lock"
        self._lock: IO[str] | None = None

    @property
    def mark(self) -> tuple[str, str]:
        """Name and value of the environment variable every program of this stack carries."""
        return _MARK, str(self.path.resolve())

    def lock(self) -> None:
        """Takes the folder for this process. StackError names the holder where there is one."""
        self._lock = self._lock_file.open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            self._lock = None
            holder = self.holder
            record = self.record()
            url = record.url if record and record.url else "still starting"
            raise StackError(
                f"Funia already runs from {self.path} (process {holder}, {url}). Use it, stop it with "
                "`python -m local_stack down`, or set FUNIA_STATE_DIR and FUNIA_HTTP_PORT for a second one."
            ) from None
        self._lock.truncate(0)
        self._lock.write(f"{os.getpid()}\n")
        self._lock.flush()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the lock while the block runs. StackError as `lock`."""
        self.lock()
        try:
            yield
        finally:
            if self._lock is not None:
                self._lock.close()
                self._lock = None

    @property
    def holder(self) -> int:
        """The process that holds the lock, or held it last; 0 where none ever did."""
        try:
            return int(self._lock_file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return 0

    def is_locked(self) -> bool:
        with self._lock_file.open("a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def check_space(self, min_free_mb: int) -> None:
        free_mb = shutil.disk_usage(self.path).free // _MEGABYTE
        if free_mb < min_free_mb:
            raise StackError(
                f"The disk of {self.path} is nearly full: {free_mb} MB free, {min_free_mb} MB needed. Free some "
                "space, set FUNIA_STATE_DIR to a folder on another disk, or lower FUNIA_MIN_FREE_DISK_MB."
            )

    def write_record(self, record: StackRecord) -> None:
        states = {name: vars(state) for name, state in record.processes.items()}
        write_private_json(self._record_file, {**vars(record), "processes": states}, synced=False)

    def remove_record(self) -> None:
        self._record_file.unlink(missing_ok=True)

    def record(self) -> StackRecord | None:
        """The last record written, if its writer still lives."""
        try:
            values = json.loads(self._record_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        states = {name: ProcessState(**state) for name, state in values.pop("processes").items()}
        record = StackRecord(**values, processes=states)
        return record if processes.start_ticks(record.pid) is not None else None

    def installation_secret(self) -> str:
        """Random bytes, base64url, made once per installation."""
        return kept_password(self.path / "secret", password=secrets.token_urlsafe(48))
