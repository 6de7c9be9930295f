"""Brings the whole of Funia up on this machine and keeps it up: engines, databases, migrations, services, gateway.

The order is here and nowhere else; how each part is run is told by `postgres`, `nats` and `environment`.
"""

import functools
import json
import signal
import sys
from collections.abc import Callable, Mapping, Sequence

from local_stack import ports
from local_stack.child import Program, StackError
from local_stack.databases import DATABASES, DatabaseUrls, ensure_databases
from local_stack.environment import (
    GATEWAY_DATABASE,
    SERVICES,
    WITH_WORKER,
    Addresses,
    choose_addresses,
    process_environment,
)
from local_stack.logs import LogFolder
from local_stack.migrated import Migrated
from local_stack.nats import NatsServer, NatsSettings
from local_stack.postgres import PostgresServer, PostgresSettings
from local_stack.readiness import answers_ok
from local_stack.settings import StackSettings
from local_stack.state_folder import StackRecord, StateFolder
from local_stack.supervisor import ProcessState, RestartPolicy, StopRequested, Supervisor, end_marked

_LEFTOVER_WAIT_S = 12.0
_GATEWAY = "gateway"
ENGINES = ("postgres", "nats")


class LocalStack:
    """One run of the stack. `say` gets one line at a time for the person who started it."""

    def __init__(self, settings: StackSettings, *, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._say = say
        self._folder = StateFolder(settings.state_dir)
        self._phase = "starting"
        self._admin_url = settings.postgres_url
        self._addresses: Addresses | None = None

    def up(self) -> None:
        """Starts everything, says when it is ready and returns after a stop was asked for.

        Raises StackError, with everything stopped again, where a part does not start.
        """
        settings, folder = self._settings, self._folder
        folder.lock()
        self._end_leftovers()
        self._check_ports()
        folder.check_space(settings.min_free_disk_mb)
        supervisor = Supervisor(
            LogFolder(folder.logs, max_mb=settings.log_max_mb, keep=settings.log_keep),
            policy=RestartPolicy(
                delay_s=settings.restart_delay_s,
                delay_max_s=settings.restart_delay_max_s,
                forget_after_s=settings.restart_forget_after_s,
                attempts=settings.start_attempts,
            ),
            say=self._say,
            on_change=self._write_record,
        )
        try:
            with supervisor.handling_signals():
                self._start_and_watch(supervisor)
        finally:
            folder.remove_record()
        self._say("Funia is stopped.")

    def _start_and_watch(self, supervisor: Supervisor) -> None:
        try:
            self._start(supervisor)
            supervisor.watch(lambda: self._roll(supervisor))
        except StopRequested as request:
            self._say(f"Stopping ({request}).")
        finally:
            self._phase = "stopping"

    def _start(self, supervisor: Supervisor) -> None:
        settings = self._settings
        nats_url = self._start_engines(supervisor)
        self._addresses = choose_addresses(settings, self._folder, nats_url)
        self._say("Preparing the databases.")
        urls = self._ensure_databases()
        self._migrate(supervisor, urls)
        self._say("Starting the services and the gateway.")
        services, gateway = self._services(urls), self._gateway(urls)
        supervisor.start(services)
        supervisor.start(gateway)
        names = [program.name for program in (*services, *gateway)]
        supervisor.wait_ready(names, timeout_s=settings.service_start_timeout_s)
        self._make_demo(supervisor)
        self._phase = "ready"
        supervisor.changed()
        self._say(f"Funia is ready at {self._addresses.url}")
        self._say_log_in()

    def _roll(self, supervisor: Supervisor) -> None:
        """Brings a running stack to the installed code: the schema first, which the running code can still use."""
        try:
            self._migrate(supervisor, self._ensure_databases())
            supervisor.roll(timeout_s=self._settings.service_start_timeout_s)
        except StackError as error:
            self._say(f"Not everything was replaced: {error}")
        else:
            self._say("Every process runs the installed code.")

    def _start_engines(self, supervisor: Supervisor) -> str:
        """Starts what is not outside; returns the URL of NATS."""
        settings = self._settings
        programs: list[Program] = []
        if not settings.postgres_url:
            self._say("Starting PostgreSQL.")
            postgres = PostgresServer(self._folder.path / "postgres", _postgres_settings(settings))
            for note in postgres.notes:
                self._say(note)
            self._admin_url = postgres.url
            programs.append(postgres.program())
        nats_url = settings.nats_url
        if not nats_url:
            self._say("Starting NATS.")
            nats = NatsServer(
                self._folder.path / "nats",
                NatsSettings(
                    port=settings.nats_port,
                    monitoring_port=settings.nats_monitoring_port,
                    sync_interval=settings.nats_sync_interval,
                ),
            )
            nats_url = nats.url
            programs.append(nats.program())
        supervisor.start(programs)
        supervisor.wait_ready([program.name for program in programs], timeout_s=settings.engine_start_timeout_s)
        return nats_url

    def _ensure_databases(self) -> Mapping[str, DatabaseUrls]:
        return ensure_databases(self._admin_url, self._folder.passwords_file, self._settings.placements)

    def _migrate(self, supervisor: Supervisor, urls: Mapping[str, DatabaseUrls]) -> None:
        packages = {_GATEWAY if database == GATEWAY_DATABASE else database: database for database in DATABASES}
        owner_urls = {
            package: [urls[database].owner, *(one.owner for one in urls[database].placements.values())]
            for package, database in packages.items()
        }
        migrated = Migrated(self._folder.run / "migrated.json")
        programs = [
            Program(
                name=f"{package}-migrate",
                argv=(sys.executable, "-m", package, "migrate"),
                environment=self._environment(urls[packages[package]], owner=True),
                directory=self._folder.path,
            )
            for package in migrated.pending(owner_urls)
        ]
        if programs:
            supervisor.run_to_end(programs, timeout_s=self._settings.migrate_timeout_s)
            migrated.note(owner_urls)

    def _services(self, urls: Mapping[str, DatabaseUrls]) -> Sequence[Program]:
        addresses = self._settled()
        programs = []
        for name in SERVICES:
            listen = addresses.grpc[name]
            if name in WITH_WORKER:
                worker = f"{name}-work"
                on = addresses.grpc[worker]
                # First, as in a roll what answers comes before what asks: bulk calls go to it.
                programs.append(self._program(worker, name, "all", urls[name], listen=on, relay=True, steps_back=True))
                programs.append(self._program(name, name, "serve", urls[name], listen=listen))
            else:
                programs.append(self._program(name, name, "all", urls[name], listen=listen, relay=True))
        return programs

    def _gateway(self, urls: Mapping[str, DatabaseUrls]) -> Sequence[Program]:
        own, addresses = urls[GATEWAY_DATABASE], self._settled()
        return [
            # Also the order of a roll: what answers a new call is there before what makes it.
            self._program("gateway-work", _GATEWAY, "work", own, listen=addresses.grpc[GATEWAY_DATABASE], relay=True),
            self._program(
                "gateway-serve",
                _GATEWAY,
                "serve",
                own,
                ready_port=addresses.http_port,
                # Ready by itself is not enough here: who starts the stack is told that all of it answers.
                ready_path="/readyz?parts=all",
                reload_signal=signal.SIGHUP,
            ),
        ]

    def _program(
        self,
        name: str,
        package: str,
        command: str,
        urls: DatabaseUrls,
        *,
        listen: str = "",
        relay: bool = False,
        steps_back: bool = False,
        ready_port: int = 0,
        ready_path: str = "/readyz",
        reload_signal: signal.Signals | None = None,
    ) -> Program:
        metrics_port = self._settled().metrics_ports[name]
        return Program(
            name=name,
            argv=(sys.executable, "-m", package, command),
            environment=self._environment(
                urls, listen=listen, metrics_port=metrics_port, relay=relay, steps_back=steps_back
            ),
            directory=self._folder.path,
            rolls=True,
            reload_signal=reload_signal,
            is_ready=functools.partial(answers_ok, ready_port or metrics_port, ready_path),
        )

    def _environment(
        self,
        urls: DatabaseUrls,
        *,
        listen: str = "",
        metrics_port: int = 0,
        owner: bool = False,
        relay: bool = False,
        steps_back: bool = False,
    ) -> Mapping[str, str]:
        return process_environment(
            self._settings,
            self._folder,
            self._settled(),
            urls,
            listen=listen,
            metrics_port=metrics_port,
            owner=owner,
            relay=relay,
            steps_back=steps_back,
        )

    def _make_demo(self, supervisor: Supervisor) -> None:
        """Runs the demo generator on the first start. Without it the stack is whole, so its failure is told,
        not raised; the next start tries again."""
        if not self._settings.demo or self._folder.demo_file.exists():
            return
        self._say("Making the demo tenant.")
        mark_name, mark_value = self._folder.mark
        program = Program(
            name="demo",
            argv=(
                sys.executable,
                "-m",
                "local_stack.demo",
                f"--url={self._settled().url}",
                f"--seed={self._settings.demo_seed}",
                f"--file={self._folder.demo_file}",
            ),
            # It is an outsider: no URL of an engine, no secret, only the public address.
            environment={mark_name: mark_value, "PYTHONUNBUFFERED": "1", "PATH": "/usr/bin:/bin"},
            directory=self._folder.path,
        )
        try:
            supervisor.run_to_end([program], timeout_s=self._settings.demo_timeout_s)
        except StackError as error:
            self._say(f"The demo tenant could not be made: {error}")

    def _say_log_in(self) -> None:
        if self._folder.demo_file.exists():
            demo = json.loads(self._folder.demo_file.read_text(encoding="utf-8"))
            self._say(f"Log in as {demo['email']} with the password {demo['password']} ({demo['tenant']}).")

    def _end_leftovers(self) -> None:
        name, value = self._folder.mark
        ended = end_marked(f"{name}={value}", wait_s=_LEFTOVER_WAIT_S)
        if ended:
            self._say(f"Ended {ended} processes an earlier run had left.")

    def _check_ports(self) -> None:
        settings = self._settings
        live_port = settings.http_port + 1 if settings.live_port < 0 else settings.live_port
        wanted = [
            ("FUNIA_HTTP_PORT", settings.http_port),
            ("FUNIA_LIVE_PORT", live_port if settings.http_port or settings.live_port > 0 else 0),
            ("FUNIA_POSTGRES_PORT", 0 if settings.postgres_url else settings.postgres_port),
            ("FUNIA_NATS_PORT", 0 if settings.nats_url else settings.nats_port),
            ("FUNIA_NATS_MONITORING_PORT", 0 if settings.nats_url else settings.nats_monitoring_port),
        ]
        for variable, port in wanted:
            if port and not ports.is_free(port):
                raise StackError(
                    f"Port {port} is taken by another program. Stop that program, or choose another port: "
                    f"{variable}={ports.free_port()}"
                )

    def _write_record(self, states: Mapping[str, ProcessState]) -> None:
        addresses = self._addresses
        self._folder.write_record(
            StackRecord(
                pid=self._folder.holder,
                url=addresses.url if addresses else "",
                live_url=addresses.live_url if addresses else "",
                nats_url=addresses.nats_url if addresses else "",
                admin_url=self._admin_url,
                phase=self._phase,
                processes=states,
            )
        )

    def _settled(self) -> Addresses:
        if self._addresses is None:
            raise StackError("The addresses are settled only after the engines run.")
        return self._addresses


def _postgres_settings(settings: StackSettings) -> PostgresSettings:
    return PostgresSettings(
        port=settings.postgres_port,
        durable=settings.postgres_durable,
        shared_buffers_mb=settings.postgres_shared_buffers_mb,
        max_connections=settings.postgres_max_connections,
        account=settings.postgres_account,
        fallback_dir=settings.postgres_fallback_dir,
    )
