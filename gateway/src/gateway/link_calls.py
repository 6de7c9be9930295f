"""Calls of a service for whoever has the link of a public page, and no log-in.

Each call carries a token of the company's own that no person and no app can get; the service finds what the link leads
to by its secret. Requests are limited by address, so that links cannot be guessed at.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

import grpc
from chassis.client import credentials
from chassis.errors import ResourceExhausted
from chassis.ids import uuid7
from chassis.server import REQUEST_ID
from chassis.status import from_rpc_error

from gateway.identity.access_tokens import AccessTokens, Rights
from gateway.ratelimit.buckets import Bucket, Quota
from gateway.settings import GatewaySettings

A = TypeVar("A")
CUSTOMER = UUID("01a20000-0000-7000-8000-000000000001")
"""Who acts where a customer does, in events and audit entries."""


class LinkCalls:
    """Calls for one kind of page; `client` names it in tokens. Raises what the service says, ResourceExhausted where an
    address asks too often.
    """

    def __init__(self, tokens: AccessTokens, settings: GatewaySettings, *, client: str, scopes: frozenset[str]) -> None:
        self._tokens = tokens
        self._client = client
        self._scopes = scopes
        self._timeout_s = settings.call_deadline_s
        self._stream_timeout_s = settings.upload_timeout_s
        self._quota = AddressQuota(settings)

    def stream(self, rpc: Callable[..., Iterable[A]], request: Any, tenant_id: UUID, address: str) -> Iterator[A]:
        """The answers of a method that streams; the first is fetched at once, so that a refusal is raised here."""
        metadata = self._metadata(tenant_id, address)
        try:
            answers = iter(rpc(request, timeout=self._stream_timeout_s, metadata=metadata))
            first = next(answers)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None
        return chain([first], answers)

    def call(self, rpc: Callable[..., Any], request: Any, tenant_id: UUID, address: str) -> Any:
        """The answer of a method."""
        metadata = self._metadata(tenant_id, address)
        try:
            return rpc(request, timeout=self._timeout_s, metadata=metadata)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def _metadata(self, tenant_id: UUID, address: str) -> tuple[tuple[str, str], ...]:
        self._quota.count(address)
        token = self._tokens.issue(Rights(tenant_id, CUSTOMER, "client", self._client, self._scopes, "all"))
        return (*credentials(token, ""), (REQUEST_ID, str(uuid7())))


class AddressQuota:
    """How often an address may ask for what lies behind secret links."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._quota = Quota("quote-link", settings.rate_quote_link_per_s, settings.rate_quote_link_burst)
        self._addresses_max = settings.rate_known_callers
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._lock = Lock()

    def count(self, address: str) -> None:
        """Counts a question. Raises ResourceExhausted where an address asks too often."""
        now = time.monotonic()
        with self._lock:
            bucket = self._buckets.pop(address, None) or Bucket(address, self._quota)
            self._buckets[address] = bucket
            if len(self._buckets) > self._addresses_max:
                self._buckets.popitem(last=False)
            wait_s = bucket.wait_s(now, 1)
            if wait_s <= 0:
                bucket.take(now, 1)
        if wait_s > 0:
            raise ResourceExhausted(
                "Too many requests from your address. Wait a minute and try again.", reason="RATE_LIMITED"
            )
