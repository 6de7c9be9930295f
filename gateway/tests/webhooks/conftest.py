"""Receivers, a bus, and the verbs of webhooks over the identity database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.testing.bus import TestBus
from chassis.work import Database
from funia.contacts.v1.events_pb2 import ContactChanged
from gateway.composition import Identity
from gateway.identity.usecases.webhooks import Keyed, Webhooks
from gateway.settings import GatewaySettings
from gateway.webhooks.fan_out import FanOut
from gateway.webhooks.sender import WebhookSender
from gateway.webhooks.transport import PinnedNetwork, Resolver, public_trust

from .receiving import Receiver


@pytest.fixture(scope="module")
def settings(gateway_settings: GatewaySettings, nats_url: str) -> GatewaySettings:
    """Private receivers allowed, short pauses."""
    return gateway_settings.model_copy(
        update={
            "nats_url": nats_url,
            "webhook_private_addresses": True,
            "webhook_poll_s": 0.05,
            "webhook_retry_first_s": 0.2,
            "webhook_retry_factor": 1.0,
            "webhook_timeout_s": 5.0,
        }
    )


@pytest.fixture(scope="module")
def bus(settings: GatewaySettings) -> Iterator[TestBus]:
    """The stream of contacts, with a connection."""
    opened = TestBus(settings, ["contacts"])
    yield opened
    opened.close()


@pytest.fixture
def receiver() -> Iterator[Callable[..., Receiver]]:
    """Makes receivers."""
    made: list[Receiver] = []

    def make(answer: Callable[[Any], int] | None = None) -> Receiver:
        one = Receiver() if answer is None else Receiver(answer)
        made.append(one.start())
        return one

    yield make
    for one in made:
        one.stop()


@dataclass
class Desk:
    """The parts of webhooks in one process."""

    identity: Identity
    bus: TestBus
    settings: GatewaySettings

    @property
    def database(self) -> Database:
        """Identity's."""
        return self.identity.database

    def with_settings(self, **update: Any) -> Desk:
        """The same under other settings."""
        return Desk(self.identity, self.bus, self.settings.model_copy(update=update))

    @property
    def webhooks(self) -> Webhooks:
        """The verbs."""
        return Webhooks(self.identity.webhook_keys, self.settings)

    def endpoint(self, company: Any, url: str, *types: str) -> Keyed:
        """A new endpoint of the company."""
        values = {"url": url, "description": "", "event_types": list(types) or ["contacts.*"], "disabled": False}
        with self.database.open_work(company.caller()) as work:
            return self.webhooks.create(work, values)

    def get(self, company: Any, endpoint_id: UUID) -> Any:
        """The endpoint's row as it is now."""
        with self.database.open_work(company.caller(), read_only=True) as work:
            return self.webhooks.get(work, endpoint_id).row

    def log(self, company: Any, endpoint_id: UUID, status: str = "") -> list[Any]:
        """Deliveries, newest first."""
        with self.database.open_work(company.caller(), read_only=True) as work:
            return self.webhooks.delivery_page(work, endpoint_id, status=status, limit=10_000, after=None)

    def sender(self) -> WebhookSender:
        """A sender, not running yet."""
        network = PinnedNetwork(Resolver(), allow_private=True)
        return WebhookSender(self.database, self.identity.webhook_keys, self.settings, network, public_trust())

    @contextmanager
    def sending(self) -> Iterator[WebhookSender]:
        """Sends while the block runs."""
        sender = self.sender()
        with self.bus.background(sender.run):
            yield sender

    @contextmanager
    def queueing(self, queued: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Queues events of contacts while the block runs."""
        fan_out = FanOut(self.database, self.settings, queued)
        (contacts,) = [one for one in fan_out.subscriptions() if one.service == "contacts"]
        with self.bus.consuming(contacts, None):
            yield

    def publish(self, company: Any, count: int = 1, verb: str = "created") -> list[Event]:
        """Publishes events of contacts."""
        events = []
        for _ in range(count):
            which = uuid7()
            payload = ContactChanged(contact_id=str(which), lifecycle_stage="lead")
            events.append(Event(f"contacts.contact.{verb}", which, 1, payload, ("score",), datetime.now(UTC)))
        self.bus.publish(Caller.system(company.tenant_id), *events)
        return events


@pytest.fixture
def desk(identity: Identity, bus: TestBus, settings: GatewaySettings) -> Desk:
    """Webhooks in one process."""
    return Desk(identity, bus, settings)
