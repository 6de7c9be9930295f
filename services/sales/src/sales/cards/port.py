"""The port to a card provider: what sales asks of it, and what it tells. Knows no provider and no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

IntentStatus = Literal["pending", "captured", "canceled"]
RefundStatus = Literal["pending", "succeeded", "failed"]
Told = Literal["captured", "failed", "canceled", "refund"]


class Declined(Exception):
    """The provider said no, for good. `code` is its own word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoAnswer(Exception):
    """The provider did not answer, or not now; nobody knows whether it did what it was asked."""


class Forged(Exception):
    """A webhook that the provider did not sign, or that is too old."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A payment at the provider. `client_secret` is what the payer's browser goes on with."""

    reference: str
    client_secret: str
    status: IntentStatus


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    """A refund at the provider."""

    reference: str
    status: RefundStatus


@dataclass(frozen=True, slots=True)
class Event:
    """What a webhook tells. `own_id` is the payment's or refund's id here, empty where the provider has none."""

    id: str
    told: Told
    reference: str
    own_id: str
    currency: str
    amount_minor: int
    refund_status: RefundStatus = "pending"
    failure: str = ""
    payment_reference: str = ""


class CardProvider(Protocol):
    """What a provider does. Each call may be repeated under the same id and is carried out once.

    Raises Declined, and NoAnswer where the call is worth repeating.
    """

    def start(self, secret_key: str, *, payment_id: str, amount_minor: int, currency: str) -> Intent: ...

    def cancel(self, secret_key: str, *, reference: str) -> None: ...

    def refund(
        self, secret_key: str, *, refund_id: str, reference: str, amount_minor: int, currency: str
    ) -> ProviderRefund: ...

    def read_event(self, webhook_secret: str, body: bytes, signature: str, now: datetime) -> Event | None:
        """What a webhook tells; None where it tells nothing that matters here. Raises Forged."""
        ...
