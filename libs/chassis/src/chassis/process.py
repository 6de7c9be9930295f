"""The life of a service process: ``python -m <service> serve | work | all``; `chassis.launch` comes before it.

`serve` answers gRPC, `work` relays and consumes events and runs jobs, `all` does both in one process.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from chassis import interpreter, tenant_commands, tracing
from chassis.consumer import Consumer
from chassis.errors import Unavailable
from chassis.placements import relay_urls
from chassis.relay import Relay
from chassis.revocation_feed import RevocationFeed
from chassis.revocations import Revocations
from chassis.server import Served, Server
from chassis.settings import Settings
from chassis.stepping_back import step_back
from chassis.streams import PASSING_ERRORS, connect, declare_dead_letters, declare_stream, exit_process
from chassis.subscriptions import AnySubscription
from chassis.telemetry import POOL_CONNECTIONS, configure_logs, serve_health
from chassis.tenancy.desk import TenantDesk
from chassis.tenancy.part import TenantPart
from chassis.tokens import JwksKeys, KeySource, TokenVerifier
from chassis.vitals import Vitals
from chassis.wake import Bell, waking
from chassis.work import POOL_STATES, Database

log = logging.getLogger(__name__)

Background = Callable[[], Awaitable[None]]
_COMMANDS = ("serve", "work", "all")


@dataclass(frozen=True, slots=True)
class Service:
    """Everything a process needs to be one service; made by the service's `app.py`.

    `publishers` are the services whose streams it consumes. `background` are endless tasks of the worker; each is
    cancelled at the stop. `closing` is called last. `commands` are further words after ``python -m <service>``, such
    as ``rebuild``; each gets the service and returns the exit code. `tenant` is its part in exporting, restoring and
    erasing companies. `follows` are tables that repeat what identity says; no tenant's backup takes them back.
    """

    name: str
    settings: Settings
    database: Database
    served: Sequence[Served] = ()
    subscriptions: Sequence[AnySubscription] = ()
    background: Sequence[Background] = ()
    closing: Sequence[Callable[[], None]] = ()
    keys: KeySource | None = None
    revocations: Revocations = field(default_factory=Revocations)
    checks: dict[str, Callable[[], None]] = field(default_factory=dict)
    commands: Mapping[str, Callable[[Service], int]] = field(default_factory=dict)
    tenant: TenantPart | None = None
    follows: Sequence[str] = ()


def main(build: Callable[[], Service], argv: Sequence[str] | None = None) -> int:
    """Runs the command named in `argv`; returns the exit code."""
    words = list(argv) if argv is not None else sys.argv[1:]
    command = "".join(words[:1])
    if not command or command.startswith("-"):
        sys.stderr.write(f"usage: python -m <service> {' | '.join(('migrate', *_COMMANDS))}\n")
        return 2
    service = build()
    known = (*_COMMANDS, *tenant_commands.COMMANDS, *service.commands)
    if command not in known:
        sys.stderr.write(f"usage: python -m {service.name} {' | '.join(('migrate', *known))}\n")
        return 2
    configure_logs(service.name, level=service.settings.log_level, as_json=service.settings.log_json)
    if command in ("serve", "work", "all"):
        return _Process(service, serves=command != "work", works=command != "serve").run()
    try:
        if command in service.commands:
            return service.commands[command](service)
        return tenant_commands.run(service.name, service.settings, words, follows=service.follows)
    finally:
        service.database.close()


def _listed(commands: Sequence[str]) -> str:
    return " | ".join(("migrate", *commands))


class _Process:
    def __init__(self, service: Service, *, serves: bool, works: bool) -> None:
        self._service = service
        self._serves = serves
        self._works = works
        self._stop = threading.Event()
        self._worker_ready = threading.Event()

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        service = self._service
        settings = service.settings
        step_back(settings.niceness)
        tracing.configure(service.name, settings)
        checks = {"database": service.database.ping, **service.checks}
        if self._works:
            checks["worker"] = self._check_worker
        for state in POOL_STATES:
            POOL_CONNECTIONS.labels(service.name, state).set_function(partial(service.database.connections, state))
        health = serve_health(settings.metrics_host, settings.metrics_port, checks)
        worker = threading.Thread(target=self._run_worker, name="worker") if self._works else None
        if worker:
            worker.start()
        server = self._start_server() if self._serves else None
        interpreter.set_up(settings)
        log.info("%s is up", service.name)
        self._stop.wait()
        log.info("%s stops", service.name)
        if server:
            server.stop()
        if worker:
            worker.join()
        for close in service.closing:
            close()
        service.database.close()
        tracing.close()
        if health:
            health.shutdown()
        return 0

    def _start_server(self) -> Server:
        settings = self._service.settings
        keys = self._service.keys
        if keys is None:
            keys = JwksKeys(settings.jwks_url, refresh_s=settings.jwks_refresh_s)
            keys.read_ahead()
        verifier = TokenVerifier(
            keys,
            issuer=settings.issuer,
            skew_s=settings.clock_skew_s,
            cache_size=settings.token_cache_size,
            revocations=self._service.revocations,
        )
        bell = Bell(self._service.name, gather_s=settings.relay_wake_ms / 1000)
        if not self._works:
            self._service.database.on_events_committed.append(bell.ring)
        RevocationFeed(settings, self._service.revocations, on_connected=bell.attach).start()
        server = Server(settings, self._service.database, verifier, self._service.served)
        server.start()
        return server

    def _run_worker(self) -> None:
        try:
            asyncio.run(self._work())
        except Exception:
            log.exception("the worker failed; the process ends to be started anew")
            exit_process()

    def _check_worker(self) -> None:
        if not self._worker_ready.is_set():
            raise Unavailable("the worker has no connection to the bus yet")

    async def _work(self) -> None:
        service = self._service
        settings = service.settings

        async def closed() -> None:
            if not self._stop.is_set():
                exit_process()

        client = await connect(settings, service.name, on_closed=closed)
        await _declare_streams(client, service)
        relays = [Relay(service.name, settings, client, url=url) for url in relay_urls(settings).values()]
        wakes = [relay.wake for relay in relays]
        service.database.on_events_committed += wakes
        consumers = [Consumer(entry, settings, client, service.database) for entry in service.subscriptions]
        running = [asyncio.create_task(consumer.run()) for consumer in consumers]
        vitals = Vitals(
            service.name, settings, client, [(entry.name, entry.service) for entry in service.subscriptions]
        )
        endless = [
            *(asyncio.create_task(relay.run()) for relay in relays),
            asyncio.create_task(vitals.run()),
            *(asyncio.ensure_future(task()) for task in service.background),
        ]
        if service.tenant is not None:
            desk = TenantDesk(service.name, settings, service.database, service.tenant)
            endless.append(asyncio.create_task(desk.listen()))
        async with waking(client, service.name, wakes):
            self._worker_ready.set()
            while not self._stop.is_set():
                await asyncio.sleep(0.1)
                for task in (*running, *endless):
                    if task.done() and not self._stop.is_set():
                        log.error("a worker task ended", exc_info=task.exception())
                        exit_process()
        for consumer in consumers:
            consumer.stop()
        for task in endless:
            task.cancel()
        await asyncio.wait([*running, *endless], timeout=settings.server_grace_s)
        for task in running:
            task.cancel()
        for wake in wakes:
            service.database.on_events_committed.remove(wake)
        await client.close()


async def _declare_streams(client: object, service: Service) -> None:
    from nats.aio.client import Client

    assert isinstance(client, Client)
    names = {service.name, *(entry.service for entry in service.subscriptions)}
    while True:
        try:
            await declare_dead_letters(client, service.settings)
            for name in sorted(names):
                await declare_stream(client, name, service.settings)
        except (Unavailable, *PASSING_ERRORS) as error:
            log.warning("waiting for the bus: %s", error)
            await asyncio.sleep(0.5)
        else:
            return
