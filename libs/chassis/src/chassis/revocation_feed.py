"""Keeps a process's `Revocations` true: follows identity's events on the bus, from a token's life ago onwards.

A thread with a connection of its own, so that it works in every process that verifies tokens, whatever else it runs.
While the bus is away the last set stands; see docs/adr/0008.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from funia.events.v1.envelope_pb2 import Envelope
from funia.identity.v1.events_pb2 import ClientChanged, SharingRuleChanged, TeamChanged, TenantChanged
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from prometheus_client import Gauge

from chassis.envelope import stream_name
from chassis.errors import Unavailable
from chassis.pulling import Pull
from chassis.revocations import FOREVER, Key, Revocations, keep_s
from chassis.settings import Settings
from chassis.streams import PASSING_ERRORS, connect, declare_stream, exit_process
from chassis.subscriptions import Received, decode

log = logging.getLogger(__name__)

AGE_S = Gauge(
    "funia_revocations_age_seconds",
    "Since when the bus has not confirmed that the set of revocations is complete.",
    multiprocess_mode="livemax",
)
HELD = Gauge("funia_revocations_held", "Revocations in memory.", multiprocess_mode="livemax")

_PUBLISHER = "identity"
_ENTITIES = ("tenant", "user", "role", "team", "sharing_rule", "client", "grant", "session", "token", "break_glass")
_SHUTS_OUT = frozenset({"suspended", "deactivated", "sessions_ended"})
_RIGHTS_FIELDS = frozenset({"role", "status", "team_id", "visibility"})
_WAIT_S = 2.0
_PAUSE_S = 0.5
_LOOK_EVERY_S = 0.5
_CONFIRMED_WITHIN_S = 3 * _WAIT_S
_WARN_EVERY_S = 30.0
_INACTIVE_S = 60.0
_FORGET_EVERY_S = 60.0


class Learner(Protocol):
    """What keeps revocations: the set in memory, or a table of jobs."""

    def raise_bar(self, key: Key, version: int) -> None: ...
    def tenant_is(self, tenant_id: str, status: str, version: int) -> None: ...


def learn(revocations: Learner, event: Received) -> None:
    """Takes one event of identity into the set. Idempotent, and free of order."""
    tenant = event.envelope.tenant_id
    entity, verb = event.type.split(".")[1:3]
    subject = str(event.subject_id)
    if entity == "tenant":
        if isinstance(event.payload, TenantChanged):
            revocations.tenant_is(tenant, event.payload.status, event.version)
    elif entity == "user":
        if event.version > 1 and (verb in _SHUTS_OUT or _touches_rights(event.envelope)):
            revocations.raise_bar(("user", tenant, subject), event.version)
    elif entity == "role":
        revocations.raise_bar(("role", subject), FOREVER if verb == "deleted" else event.version)
    elif entity == "team":
        if isinstance(event.payload, TeamChanged):
            revocations.raise_bar(("teams", tenant), event.payload.tree_version)
    elif entity == "sharing_rule":
        if isinstance(event.payload, SharingRuleChanged):
            revocations.raise_bar(("sharing", tenant), event.payload.rules_version)
    elif entity == "client":
        if event.version > 1 and isinstance(event.payload, ClientChanged):
            # An app is one in all companies that let it in; shutting it out of one ends its grants there.
            revocations.raise_bar(("client", event.payload.client_id), event.version)
    elif verb in ("revoked", "ended"):
        revocations.raise_bar((entity.removeprefix("break_"), subject), FOREVER)


def _touches_rights(envelope: Envelope) -> bool:
    return not _RIGHTS_FIELDS.isdisjoint(envelope.changed_fields)


class RevocationFeed:
    """Runs in a daemon thread until the process ends or `stop`."""

    def __init__(
        self,
        settings: Settings,
        revocations: Revocations,
        *,
        on_connected: Callable[[Client], None] | None = None,
    ) -> None:
        """`on_connected` is called on the thread's loop with its connection, for what else goes over it."""
        self._settings = settings
        self._revocations = revocations
        self._on_connected = on_connected
        self._keep_s = keep_s(token_s=settings.access_token_s, skew_s=settings.clock_skew_s)
        self._caught_up = threading.Event()
        self._stop = threading.Event()
        self._confirmed_at = time.monotonic()
        self._forgot_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="revocations", daemon=True)

    def start(self) -> RevocationFeed:
        """Begins to follow, and waits up to `revocation_wait_s` until the set is complete.

        Where the bus is away for longer, the process serves all the same: tokens are good for minutes.
        """
        self._thread.start()
        if not self._caught_up.wait(self._settings.revocation_wait_s):
            log.warning("the bus is away; tokens revoked in the last minutes are not known yet")
        return self

    def stop(self) -> None:
        """Ends the thread."""
        self._stop.set()
        self._thread.join(_WAIT_S * 3)

    def _run(self) -> None:
        asyncio.run(self._follow_and_watch())

    async def _follow_and_watch(self) -> None:
        following = asyncio.create_task(self._follow_for_ever())
        warned_at = time.monotonic()
        while not self._stop.is_set() and not following.done():
            await asyncio.sleep(_LOOK_EVERY_S)
            now = time.monotonic()
            age = now - self._confirmed_at
            AGE_S.set(age if age > _CONFIRMED_WITHIN_S else 0)
            if age > _CONFIRMED_WITHIN_S and now - warned_at > _WARN_EVERY_S:
                warned_at = now
                log.warning("the bus is away; the set of revocations is %.0f s old", age)
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following

    async def _follow_for_ever(self) -> None:
        client = await connect(self._settings, "revocations", on_closed=self._closed)
        if self._on_connected is not None:
            self._on_connected(client)
        try:
            while True:
                try:
                    await self._follow(client)
                except (*PASSING_ERRORS, Unavailable) as error:
                    log.info("revocations are read anew: %s", error or type(error).__name__)
                    await asyncio.sleep(_PAUSE_S)
        finally:
            self._stop.set()
            await client.close()

    async def _closed(self) -> None:
        if not self._stop.is_set():
            exit_process()

    async def _follow(self, client: Client) -> None:
        """Reads from a token's life ago to the present end, then on and on. Raises where the bus is away.

        Every message is acknowledged and comes again where it was lost on the way; the set does not mind repetition.
        """
        await declare_stream(client, _PUBLISHER, self._settings)
        stream = stream_name(_PUBLISHER)
        since = datetime.now(UTC) - timedelta(seconds=self._keep_s)
        made = await client.jetstream(timeout=_WAIT_S).add_consumer(
            stream,
            ConsumerConfig(
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=_WAIT_S,
                deliver_policy=DeliverPolicy.BY_START_TIME,
                opt_start_time=since,
                filter_subjects=[f"funia.*.{_PUBLISHER}.{entity}.>" for entity in _ENTITIES],
                inactive_threshold=_INACTIVE_S,
                max_ack_pending=self._settings.consumer_batch_size * 2,
                mem_storage=True,
                num_replicas=1,
            ),
        )
        left = made.num_pending or 0
        async with Pull(client, stream, made.name) as pull:
            while True:
                if not left:
                    self._confirm()
                messages = await pull.fetch(self._settings.consumer_batch_size, wait_s=_WAIT_S)
                if not pull.answered:
                    raise Unavailable("the bus does not answer")
                for message in messages:
                    self._take(message)
                    await message.ack()
                    left = message.metadata.num_pending

    def _take(self, message: Msg) -> None:
        event = decode(message)
        if event is None or event.type.count(".") != 2:
            log.error("a message of identity is no envelope; it revokes nothing")
            return
        learn(self._revocations, event)

    def _confirm(self) -> None:
        self._confirmed_at = time.monotonic()
        self._caught_up.set()
        if self._confirmed_at - self._forgot_at > _FORGET_EVERY_S:
            self._forgot_at = self._confirmed_at
            self._revocations.forget(older_than_s=self._keep_s)
        HELD.set(self._revocations.size)
