"""Stripe's public API: PaymentIntents and refunds over HTTPS, and its signed webhooks.

Amounts are in the smallest unit of the currency; ISK and UGX count as if they had cents (Stripe, "Supported
currencies"). Every call carries an Idempotency-Key made of our own id.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
import orjson

from sales.cards.port import Declined, Event, Forged, Intent, IntentStatus, NoAnswer, ProviderRefund, RefundStatus, Told

_VERSION = "2024-06-20"
_AS_IF_CENTS = frozenset({"ISK", "UGX"})
_INTENTS: Mapping[str, IntentStatus] = {"succeeded": "captured", "canceled": "canceled"}
_REFUNDS: Mapping[str, RefundStatus] = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}
_TOLD: Mapping[str, Told] = {
    "payment_intent.succeeded": "captured",
    "payment_intent.payment_failed": "failed",
    "payment_intent.canceled": "canceled",
    "refund.created": "refund",
    "refund.updated": "refund",
    "refund.failed": "refund",
    "charge.refund.updated": "refund",
}


class Stripe:
    """`sales.cards.port.CardProvider` over Stripe's API at `url`."""

    def __init__(self, url: str, *, timeout_s: float, tolerance_s: float) -> None:
        self._client = httpx.Client(base_url=url, timeout=timeout_s, headers={"Stripe-Version": _VERSION})
        self._tolerance_s = tolerance_s

    def start(self, secret_key: str, *, payment_id: str, amount_minor: int, currency: str) -> Intent:
        answer = self._post(
            secret_key,
            "/v1/payment_intents",
            f"payment-{payment_id}",
            {
                "amount": _units(amount_minor, currency),
                "currency": currency.lower(),
                "automatic_payment_methods[enabled]": "true",
                "metadata[payment_id]": payment_id,
            },
        )
        status = _INTENTS.get(answer["status"], "pending")
        return Intent(answer["id"], answer.get("client_secret") or "", status)

    def cancel(self, secret_key: str, *, reference: str) -> None:
        self._post(secret_key, f"/v1/payment_intents/{reference}/cancel", f"cancel-{reference}", {})

    def refund(
        self, secret_key: str, *, refund_id: str, reference: str, amount_minor: int, currency: str
    ) -> ProviderRefund:
        answer = self._post(
            secret_key,
            "/v1/refunds",
            f"refund-{refund_id}",
            {
                "payment_intent": reference,
                "amount": _units(amount_minor, currency),
                "metadata[refund_id]": refund_id,
            },
        )
        return ProviderRefund(answer["id"], _REFUNDS.get(answer["status"], "pending"))

    def read_event(self, webhook_secret: str, body: bytes, signature: str, now: datetime) -> Event | None:
        self._check(webhook_secret, body, signature, now)
        try:
            event = orjson.loads(body)
            told = _TOLD.get(event["type"])
            return None if told is None else _event(event["id"], told, event["data"]["object"])
        except (KeyError, TypeError, ValueError) as error:
            raise Forged("the body is no event") from error

    def close(self) -> None:
        """Closes its connections."""
        self._client.close()

    def _check(self, secret: str, body: bytes, signature: str, now: datetime) -> None:
        parts = [part.strip().partition("=") for part in signature.split(",")]
        times = [value for name, _, value in parts if name == "t" and value.isdigit()]
        if not times or len(times[0]) > 12:
            raise Forged("the signature names no time")
        expected = hmac.new(secret.encode(), times[0].encode() + b"." + body, hashlib.sha256).hexdigest()
        signed = [value for name, _, value in parts if name == "v1"]
        if not any(hmac.compare_digest(expected.encode(), value.encode()) for value in signed):
            raise Forged("the signature is not of this body")
        if abs(now.timestamp() - int(times[0])) > self._tolerance_s:
            raise Forged("the signature is too old")

    def _post(self, secret_key: str, path: str, key: str, fields: Mapping[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {secret_key}", "Idempotency-Key": key}
        try:
            answer = self._client.post(path, data=dict(fields), headers=headers)
        except httpx.HTTPError as error:
            raise NoAnswer(str(error)) from error
        if answer.status_code in (409, 429) or answer.status_code >= 500:
            raise NoAnswer(f"status {answer.status_code}")
        try:
            content = orjson.loads(answer.content)
        except orjson.JSONDecodeError as error:
            raise NoAnswer("an answer that is no JSON") from error
        if answer.status_code >= 400:
            problem = content.get("error") or {}
            raise Declined(str(problem.get("decline_code") or problem.get("code") or problem.get("type") or "declined"))
        return content


def _event(event_id: str, told: Told, thing: Mapping[str, Any]) -> Event:
    currency = str(thing["currency"]).upper()
    about = thing.get("metadata") or {}
    if told == "refund":
        return Event(
            event_id,
            told,
            str(thing["id"]),
            str(about.get("refund_id") or ""),
            currency,
            _minor(int(thing["amount"]), currency),
            _REFUNDS.get(thing["status"], "pending"),
            str(thing.get("failure_reason") or ""),
            str(thing.get("payment_intent") or ""),
        )
    amount = thing["amount_received"] if told == "captured" else thing["amount"]
    failure = (thing.get("last_payment_error") or {}).get("code") or ""
    own_id = str(about.get("payment_id") or "")
    return Event(event_id, told, str(thing["id"]), own_id, currency, _minor(int(amount), currency), failure=failure)


def _units(minor: int, currency: str) -> int:
    return minor * 100 if currency in _AS_IF_CENTS else minor


def _minor(units: int, currency: str) -> int:
    return units // 100 if currency in _AS_IF_CENTS else units
