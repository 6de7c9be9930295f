"""What the operator's page shows: which parts answer, what waits where, which events died, and how large tenants are.

It reads the bus and asks every service for its health. Tenants appear by id and by numbers, nobody by name.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import grpc
from chassis.dead_letters import DeadLetter, read_letters, replay_letter
from chassis.envelope import SUBJECT_ROOT, stream_name
from chassis.errors import FuniaError, Unavailable
from chassis.settings import POOLED
from chassis.streams import DEAD_LETTERS, PASSING_ERRORS, connect
from chassis.vitals import VitalSigns, open_bucket, read_signs
from nats.aio.client import Client
from nats.js.errors import NoKeysError, NotFoundError

from gateway.channels import SERVICES, services_away
from gateway.settings import GatewaySettings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PlatformReport:
    """The platform at one moment. `away` names services and why; `silent` are workers that told nothing for a while."""

    away: Mapping[str, str]
    signs: Sequence[VitalSigns]
    silent: Sequence[str]
    dead_letters: int
    tenants: Sequence[tuple[str, int]]
    """Tenants with the most events kept in the streams, largest first."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How a replay went: letters handled, and those that died again."""

    handled: int
    failed: int


@dataclass(frozen=True, slots=True)
class PlacementState:
    """A placement: how many live there, and how each service does with its database: "ok", "away" or "silent"."""

    name: str
    tenants: int
    sandboxes: int
    health: Mapping[str, str]

    @property
    def is_well(self) -> bool:
        """Whether every service reaches it."""
        return all(state == "ok" for state in self.health.values())


def placements_of(placed: Sequence[Any], signs: Sequence[VitalSigns]) -> list[PlacementState]:
    """Placements that companies live in or that workers know, the shared one first. `placed` are rows of counts."""
    known = {one.service: one for one in signs}
    counted = {row.placement: row for row in placed}
    named = {name for one in signs for name in one.placements}
    found = []
    for name in sorted({POOLED, *counted, *named}, key=lambda one: (one != POOLED, one)):
        row = counted.get(name)
        # Identity itself keeps all companies in its own database.
        health = {service: _health(known.get(service), name) for service in SERVICES if service != "identity"}
        found.append(PlacementState(name, row.tenants if row else 0, row.sandboxes if row else 0, health))
    return found


def _health(signs: VitalSigns | None, placement: str) -> str:
    if signs is None:
        return "silent"
    return "away" if signs.placements.get(placement, "unknown") else "ok"


class OperatorDesk:
    """Opens a connection to the bus for each question: operators ask seldom, and the page must work after outages."""

    def __init__(self, settings: GatewaySettings, channels: Mapping[str, grpc.Channel]) -> None:
        self._settings = settings
        self._channels = channels

    @property
    def page_size(self) -> int:
        """Dead letters on a page."""
        return self._settings.operator_page_size

    def report(self) -> PlatformReport:
        """The whole report. Raises Unavailable where the bus is away; `away` can be asked all the same."""
        return self._on_the_bus(self._report)

    def signs(self) -> list[VitalSigns]:
        """What workers have told of themselves. Raises Unavailable where the bus is away."""
        return self._on_the_bus(self._signs)

    def away(self) -> Mapping[str, str]:
        """Services that do not answer, and why."""
        return services_away(self._channels, timeout_s=self._settings.ready_timeout_s)

    def letters(self, *, before: int = 0) -> list[DeadLetter]:
        """A page of dead letters, newest first."""
        return self._on_the_bus(lambda client: read_letters(client, before=before, most=self.page_size))

    def replay(self, sequence: int) -> str:
        """Hands a letter to its consumer. Returns "" or the kind of error; raises NotFound and Unavailable."""
        timeout_s = self._settings.operator_replay_timeout_s
        return self._on_the_bus(lambda client: replay_letter(client, sequence, timeout_s=timeout_s))

    def replay_all(self) -> Replayed:
        """Replays the newest letters, as many as `operator_replay_max`."""
        return self._on_the_bus(self._replay_all)

    async def _report(self, client: Client) -> PlatformReport:
        away = await asyncio.to_thread(self.away)
        signs = await self._signs(client)
        context = client.jetstream(timeout=5.0)
        try:
            dead = (await context.stream_info(DEAD_LETTERS)).state.messages
        except NotFoundError:
            dead = 0
        known = {one.service for one in signs}
        return PlatformReport(
            away, signs, [name for name in SERVICES if name not in known], dead, await self._tenants(client)
        )

    async def _signs(self, client: Client) -> list[VitalSigns]:
        bucket = await open_bucket(client, self._settings)
        try:
            names = await bucket.keys()
        except NoKeysError:
            return []
        entries = [await bucket.get(name) for name in sorted(names)]
        return [read_signs(entry.value) for entry in entries if entry.value]

    async def _tenants(self, client: Client) -> list[tuple[str, int]]:
        """Counted by the server, subject by subject; it names at most 100,000 of them a stream."""
        sizes: Counter[str] = Counter()
        context = client.jetstream(timeout=10.0)
        for service in SERVICES:
            try:
                state = (await context.stream_info(stream_name(service), subjects_filter=f"{SUBJECT_ROOT}.>")).state
            except NotFoundError:
                continue
            for subject, count in (state.subjects or {}).items():
                sizes[subject.split(".")[1]] += count
        return sizes.most_common(self._settings.operator_tenants_shown)

    async def _replay_all(self, client: Client) -> Replayed:
        handled = failed = 0
        for letter in await read_letters(client, most=self._settings.operator_replay_max):
            try:
                problem = await replay_letter(
                    client, letter.sequence, timeout_s=self._settings.operator_replay_timeout_s
                )
            except FuniaError as error:
                problem = error.reason
            handled, failed = (handled, failed + 1) if problem else (handled + 1, failed)
        return Replayed(handled, failed)

    def _on_the_bus(self, use: Callable[[Client], Awaitable[T]]) -> T:
        async def run() -> T:
            client = await asyncio.wait_for(connect(self._settings, "operator"), self._settings.operator_bus_timeout_s)
            try:
                return await use(client)
            finally:
                await client.close()

        try:
            return asyncio.run(run())
        except PASSING_ERRORS as error:
            raise Unavailable("The bus is away: nothing can be read from it.", reason="BUS_UNAVAILABLE") from error
