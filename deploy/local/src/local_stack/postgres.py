"""PostgreSQL under our own supervision: makes the cluster, says how to run it, cleans up after a killed run.

It does not start the server's process itself: `PostgresServer.program()` is run by the supervisor, or by
`local_stack.fixtures` in tests. The server listens on loopback TCP only and asks for SCRAM passwords.
"""

import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from local_stack import ports, processes
from local_stack.child import Program, StackError
from local_stack.postgres_install import FALLBACK_DIR, LOCATION_FILE, Installation, find_installation
from local_stack.private_files import kept_password

ADMIN = "postgres"
_INITDB = (
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--encoding=UTF8",
    "--auth-host=scram-sha-256",
    "--auth-local=scram-sha-256",
    f"--username={ADMIN}",
)
_CONNECT_TIMEOUT_S = 2
_LEFTOVER_WAIT_S = 15.0


@dataclass(frozen=True)
class PostgresSettings:
    """How the server is run. `port` 0 takes a free one. `durable=False` turns fsync off: for tests only."""

    port: int = 0
    durable: bool = True
    shared_buffers_mb: int = 128
    effective_cache_mb: int = 1024
    max_connections: int = 200
    max_wal_mb: int = 1024
    stop_timeout_s: float = 20.0
    account: str = ""
    fallback_dir: Path = FALLBACK_DIR


class PostgresServer:
    """One cluster under `directory`. Creating the object settles the port and the place, nothing more."""

    def __init__(self, directory: Path, settings: PostgresSettings | None = None) -> None:
        self.settings = settings or PostgresSettings()
        self._directory = directory.resolve()
        self.port = self.settings.port or ports.free_port()
        self.installation: Installation = find_installation(
            directory, account_name=self.settings.account, fallback_dir=self.settings.fallback_dir
        )
        self.cluster = self.installation.home / "cluster"
        self._password = kept_password(self._directory / "admin-password")

    @property
    def notes(self) -> tuple[str, ...]:
        return self.installation.notes

    @property
    def url(self) -> str:
        """The URL of the superuser, with its password: keep it out of logs."""
        return f"postgresql://{ADMIN}:{quote(self._password, safe='')}@{ports.LOOPBACK}:{self.port}/postgres"

    def program(self) -> Program:
        return Program(
            name="postgres",
            argv=(str(self.installation.programs / "postgres"), "-D", str(self.cluster), *self._options()),
            environment=_environment(),
            directory=self.installation.home,
            account=self.installation.account,
            # PostgreSQL's fast shutdown: open transactions are rolled back, a checkpoint is written.
            stop_signal=signal.SIGINT,
            kill_signal=signal.SIGQUIT,
            stop_timeout_s=self.settings.stop_timeout_s,
            before_start=self.prepare,
            is_ready=self.is_ready,
        )

    def prepare(self) -> None:
        """Makes the cluster if there is none and ends what a killed run left. Safe to call at any time
        the server is not meant to run."""
        if not (self.cluster / "PG_VERSION").is_file():
            self._make_cluster()
        self._end_leftovers()

    def is_ready(self) -> bool:
        try:
            with psycopg.connect(self.url, connect_timeout=_CONNECT_TIMEOUT_S) as connection:
                connection.execute("select 1")
        except psycopg.OperationalError:
            return False
        return True

    def erase(self) -> None:
        """Deletes the cluster and all that is in it. The server must be stopped."""
        shutil.rmtree(self.cluster, ignore_errors=True)
        if self.installation.home != self._directory:
            shutil.rmtree(self.installation.home, ignore_errors=True)
            (self._directory / LOCATION_FILE).unlink(missing_ok=True)

    def _make_cluster(self) -> None:
        """Runs initdb beside the final place, so that a run killed half-way never looks like a cluster."""
        account = self.installation.account
        staged = self.installation.home / "cluster.new"
        password_file = self.installation.home / "initdb-password"
        shutil.rmtree(staged, ignore_errors=True)
        password_file.unlink(missing_ok=True)
        staged.mkdir(mode=0o700)
        password_file.touch(mode=0o600)
        password_file.write_text(self._password, encoding="utf-8")
        if account:
            for path in (staged, password_file):
                shutil.chown(path, account.uid, account.gid)
        try:
            answer = subprocess.run(
                [
                    self.installation.programs / "initdb",
                    *_INITDB,
                    f"--pwfile={password_file}",
                    *(() if self.settings.durable else ("--no-sync",)),
                    f"--pgdata={staged}",
                ],
                cwd=self.installation.home,
                env=dict(_environment()),
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            password_file.unlink(missing_ok=True)
        if answer.returncode != 0:
            raise StackError(f"initdb failed in {staged}:\n{answer.stdout}{answer.stderr}".rstrip())
        if self.cluster.is_dir() and not any(self.cluster.iterdir()):
            self.cluster.rmdir()
        staged.rename(self.cluster)

    def _end_leftovers(self) -> None:
        """Ends a server of an earlier run on this cluster, and back ends whose postmaster was killed."""
        lock = self.cluster / "postmaster.pid"
        if not lock.is_file():
            return
        try:
            postmaster = int(lock.read_text(encoding="utf-8").split("\n", 1)[0])
        except (OSError, ValueError):
            postmaster = 0
        mine = processes.working_in(self.cluster)
        if postmaster in mine:
            processes.end(postmaster, signal.SIGINT, signal.SIGQUIT, wait_s=_LEFTOVER_WAIT_S)
        deadline = time.monotonic() + _LEFTOVER_WAIT_S
        while mine := processes.working_in(self.cluster):
            # Without a postmaster a back end's memory is worth nothing: the next start recovers from the log.
            for pid in mine:
                processes.end(pid, signal.SIGQUIT, signal.SIGKILL, wait_s=1.0)
            if time.monotonic() > deadline:
                raise StackError(
                    f"Another PostgreSQL is running on {self.cluster} (process {mine[0]}) and does not stop. "
                    f"End it (kill -9 {mine[0]}) and start again."
                )
        if processes.start_ticks(postmaster) is not None:
            # The id in the lock file belongs to another program by now; PostgreSQL would refuse to start.
            lock.unlink(missing_ok=True)

    def _options(self) -> tuple[str, ...]:
        settings = self.settings
        options = {
            "listen_addresses": ports.LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "on" if settings.durable else "off",
            # Also without fsync: a commit must outlive a kill of the server, only not one of the machine.
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "shared_buffers": f"{settings.shared_buffers_mb}MB",
            "effective_cache_size": f"{settings.effective_cache_mb}MB",
            "max_connections": str(settings.max_connections),
            "max_wal_size": f"{settings.max_wal_mb}MB",
            "wal_compression": "on",
            "random_page_cost": "1.1",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] %q%u@%d ",
            "log_checkpoints": "off",
            "cluster_name": "funia",
            **self._statement_statistics(),
        }
        return tuple(part for name, value in options.items() for part in ("-c", f"{name}={value}"))

    def _statement_statistics(self) -> Mapping[str, str]:
        library = "pg_stat_statements"
        prefix = self.installation.programs.parent
        found = any(prefix.glob(f"lib/**/{library}.*"))
        return {"shared_preload_libraries": library} if found else {}


def _environment() -> Mapping[str, str]:
    """A bare environment: PG* variables of the person's shell must not reach the server or initdb."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
