"""What every figure is measured on: a durable stack of its own, companies that ask, and the floor beside it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import nats
import psycopg
from local_stack.databases import replace_database
from local_stack.fixtures import Stack, whole_stack
from nats.js import JetStreamContext

from bench.companies import Company, found_company
from bench.floor import running_floor
from bench.load import Outcome, put_load
from bench.seeding import seed_contacts
from bench.sizes import Sizes

_SETTLED_WITHIN_S = 300.0
_LOOK_EVERY_S = 0.2
_FIRST_CONTACTS = 1
"""Companies that have contacts before the million comes: one, for the list of a small installation."""


class Rig:
    """One run's stack. Figures leave it idle: they wait until what they wrote was consumed."""

    def __init__(
        self, stack: Stack, sizes: Sizes, floor: tuple[str, bytes], scratch: Path, say: Callable[[str], None]
    ) -> None:
        self.stack = stack
        self.sizes = sizes
        self.scratch = scratch
        self.say = say
        self._floor_url, self._floor_request = floor
        self._seeded = 0
        self._numbered = 0

    @cached_property
    def companies(self) -> list[Company]:
        """Companies signed up through the API."""
        return [found_company(self.stack.url, f"Bench {number}") for number in range(self.sizes.tenants_asked)]

    def admin_url(self, database: str = "contacts") -> str:
        """The superuser's URL of a database."""
        whole = psycopg.conninfo.conninfo_to_dict(self.stack.admin_url)
        return replace_database(
            self.stack.admin_url, user=str(whole["user"]), password=str(whole["password"]), database=database
        )

    def seed_first(self) -> None:
        """Gives the first company its contacts, and nobody else any."""
        self._seed(_FIRST_CONTACTS)

    def seed_all(self) -> None:
        """Gives every asked company and as many others as the sizes say their contacts; a second time does nothing."""
        self._seed(self.sizes.tenants_full)

    def floor(self) -> Outcome:
        """The floor under the load of the figures."""
        return put_load(
            self._floor_url,
            [self._floor_request],
            connections=self.sizes.connections,
            seconds=self.sizes.round_s,
        )

    def load(self, requests: Sequence[bytes], *, seconds: float | None = None) -> Outcome:
        """The public API under load."""
        return put_load(
            self.stack.url, requests, connections=self.sizes.connections, seconds=seconds or self.sizes.round_s
        )

    def warm_up(self, requests: Sequence[bytes]) -> None:
        """Lets connections, caches and statements settle before anything is counted."""
        self.load(requests, seconds=self.sizes.warm_up_s)

    def next_numbers(self, count: int) -> int:
        """The first of that many numbers of people nobody else in this run gets."""
        first = self._numbered
        self._numbered += count
        return first

    def settle(self) -> None:
        """Returns when every outbox is empty and every consumer has read its stream to the end."""
        asyncio.run(self._settle())

    def _seed(self, companies: int) -> None:
        if self._seeded >= companies:
            return
        from uuid import uuid4

        asked = [company.tenant_id for company in self.companies]
        tenants = [*asked, *(uuid4() for _ in range(max(0, companies - len(asked))))][self._seeded : companies]
        started = time.monotonic()
        self.say(f"seeding {len(tenants) * self.sizes.contacts_per_tenant:,} contacts")
        seed_contacts(self.admin_url(), tenants, each=self.sizes.contacts_per_tenant)
        self.say(f"seeded in {time.monotonic() - started:.0f} s")
        self._seeded = companies

    async def _settle(self) -> None:
        client = await nats.connect(self.stack.nats_url)
        try:
            deadline = time.monotonic() + _SETTLED_WITHIN_S
            while await self._waiting(client.jetstream()):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"events are not consumed after {_SETTLED_WITHIN_S:.0f} s")
                await asyncio.sleep(_LOOK_EVERY_S)
        finally:
            await client.close()

    async def _waiting(self, jetstream: JetStreamContext) -> int:
        with psycopg.connect(self.admin_url()) as connection:
            row = connection.execute("SELECT count(*) FROM outbox WHERE published_at IS NULL").fetchone()
        waiting = int(row[0]) if row else 0
        for stream in await jetstream.streams_info():
            for consumer in await jetstream.consumers_info(str(stream.config.name)):
                waiting += (consumer.num_pending or 0) + (consumer.num_ack_pending or 0)
        return waiting


_NO_NEAR_LIMITS = {
    f"FUNIA_RATE_{name}": "1000000"
    for name in (
        "TENANT_PER_S", "TENANT_BURST", "CLIENT_PER_S", "CLIENT_BURST", "BULK_PER_S", "BULK_BURST", "ADDRESS_PER_S",
        "ADDRESS_BURST", "TENANT_CONCURRENT", "CLIENT_CONCURRENT", "TENANT_BULK_CONCURRENT", "BULK_CONCURRENT",
        "TENANT_TURNS", "TENANT_BULK_TURNS",
    )
}  # fmt: skip
"""Figures load a few companies with all the machine has; their requests are counted and never refused."""
_ENVIRONMENT = {**_NO_NEAR_LIMITS, "FUNIA_WEBHOOK_PRIVATE_ADDRESSES": "true"}
"""Receivers of webhooks run on this machine."""


@contextmanager
def rig(sizes: Sizes, directory: Path, say: Callable[[str], None]) -> Iterator[Rig]:
    """A stack and a floor that run. Main thread only."""
    say("starting a stack")
    with (
        whole_stack(directory / "stack", durable=True, environment=_ENVIRONMENT) as stack,
        running_floor(directory / "floor") as floor,
    ):
        yield Rig(stack, sizes, floor, directory, say)
