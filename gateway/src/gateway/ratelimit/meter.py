"""Counts requests and what runs at once, for a company and a client of it together. Knows no HTTP.

All of it is in memory, under one lock that is held for a few arithmetic operations; `ratelimit.shares` tells other
processes what was used here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from math import ceil
from weakref import WeakValueDictionary

from chassis.errors import ResourceExhausted

from gateway.problems import RETRY_AFTER_KEY
from gateway.ratelimit.buckets import Bucket, Quota
from gateway.settings import GatewaySettings


class Lane(Enum):
    """What sort of request it is; a company has a bucket for each."""

    API = "api"
    BULK = "bulk"
    CONSOLE = "console"
    SCIM = "scim"


_CALLS = frozenset({Lane.API, Lane.BULK})
"""Lanes whose requests are API calls, to the plan of a company."""


class Party:
    """Somebody whose requests are counted: a company, a client or session of it, or an address without a token."""

    __slots__ = ("__weakref__", "buckets", "bulk", "most", "running")

    def __init__(self, buckets: dict[Lane, Bucket], *, most: int) -> None:
        self.buckets = buckets
        self.most = most
        self.running = 0
        self.bulk = 0


@dataclass(frozen=True, slots=True)
class Payer:
    """Whom a request is charged to: the company and its client; for a stranger both are the address."""

    company: Party
    client: Party
    program_of: str = ""
    """The company whose program it is, and whose API calls its requests are; empty for people and strangers."""

    def policy(self, lane: Lane) -> str:
        """RateLimit-Policy."""
        quotas = dict.fromkeys((self.company.buckets[lane].quota, self.client.buckets[lane].quota))
        return ", ".join(quota.policy for quota in quotas)

    @property
    def is_known(self) -> bool:
        """Whether it is a company, and not an address."""
        return self.company is not self.client


class Meter:
    """Thread-safe. `price` is what a request costs: above 1 where other processes cannot be heard."""

    def __init__(self, settings: GatewaySettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.price = 1
        self.clock = clock
        self._settings = settings
        self._company = {
            Lane.API: Quota("company", settings.rate_tenant_per_s, settings.rate_tenant_burst),
            Lane.BULK: Quota("bulk", settings.rate_bulk_per_s, settings.rate_bulk_burst),
            Lane.SCIM: Quota("scim", settings.rate_scim_per_s, settings.rate_scim_burst),
            Lane.CONSOLE: Quota("console", settings.rate_console_per_s, settings.rate_console_burst),
        }
        self._client = Quota("client", settings.rate_client_per_s, settings.rate_client_burst)
        self._session = Quota("session", settings.rate_session_per_s, settings.rate_session_burst)
        self._address = Quota("address", settings.rate_address_per_s, settings.rate_address_burst)
        self._lock = threading.Lock()
        self._bulk = 0
        # A party lives as long as somebody who may pay through it is remembered, or a request of it runs.
        self._parties: WeakValueDictionary[str, Party] = WeakValueDictionary()
        self._buckets: WeakValueDictionary[str, Bucket] = WeakValueDictionary()
        self._touched: list[Bucket] = []
        self._calls: dict[str, int] = {}
        self._rates: dict[str, Quota] = {}

    def client(self, tenant: str, name: str) -> Payer:
        """A program of a company."""
        client = self._single(f"client/{tenant}/{name}", self._client, shared=True)
        return Payer(self._company_of(tenant), client, tenant)

    def session(self, tenant: str, name: str) -> Payer:
        """A person's session in the console of a company."""
        return Payer(self._company_of(tenant), self._single(f"session/{tenant}/{name}", self._session, shared=True))

    def stranger(self, address: str) -> Payer:
        """Whoever shows nothing that we have signed. Addresses stay in this process."""
        party = self._single(f"address/{address}", self._address, shared=False)
        return Payer(party, party)

    def begin(self, payer: Payer, lane: Lane) -> Bucket:
        """Charges one request and counts it as running until `end`; returns the bucket with less left.

        Raises ResourceExhausted, having charged nothing, with the reason RATE_LIMITED or TOO_MANY_CONCURRENT.
        """
        company, client = payer.company, payer.client
        wide, narrow = company.buckets[lane], client.buckets[lane]
        price = self.price
        now = self.clock()
        with self._lock:
            if company.running >= company.most or client.running >= client.most or self._bulk_is_full(company, lane):
                raise too_many_at_once()
            over, over_narrow = wide.wait_s(now, price), narrow.wait_s(now, price)
            if over > 0 or over_narrow > 0:
                raise _too_fast(max(over, over_narrow))
            self._charge(wide, now, price)
            company.running += 1
            if narrow is not wide:
                self._charge(narrow, now, price)
                client.running += 1
            if lane is Lane.BULK:
                company.bulk += 1
                self._bulk += 1
            if payer.program_of and lane in _CALLS:
                self._calls[payer.program_of] = self._calls.get(payer.program_of, 0) + 1
        # Both wait under 0: the one nearer to 0 has less time, if not fewer requests, to spare.
        return wide if over > over_narrow else narrow

    def end(self, payer: Payer, lane: Lane) -> None:
        """The request is over."""
        with self._lock:
            payer.company.running -= 1
            if payer.client is not payer.company:
                payer.client.running -= 1
            if lane is Lane.BULK:
                payer.company.bulk -= 1
                self._bulk -= 1

    def scarcer(self, payer: Payer, lane: Lane) -> Bucket:
        """The payer's bucket with less left."""
        now = self.clock()
        return min(payer.company.buckets[lane], payer.client.buckets[lane], key=lambda bucket: bucket.left(now))

    def check(self, payer: Payer) -> None:
        """Raises ResourceExhausted where the payer could not pay for one request; charges nothing."""
        now = self.clock()
        over = payer.client.buckets[Lane.API].wait_s(now, self.price)
        if over > 0:
            raise _too_fast(over)

    def take_used(self) -> dict[str, int]:
        """What was used here since the last call, by key of the bucket."""
        with self._lock:
            touched, self._touched = self._touched, []
            used = {bucket.key: bucket.used for bucket in touched if bucket.key}
            for bucket in touched:
                bucket.used = 0
        return used

    def take_calls(self) -> dict[str, int]:
        """API calls since the last time, by company."""
        with self._lock:
            calls, self._calls = self._calls, {}
        return calls

    def give_back_calls(self, calls: Mapping[str, int]) -> None:
        """Counts calls again that could not be written down."""
        with self._lock:
            for tenant, count in calls.items():
                self._calls[tenant] = self._calls.get(tenant, 0) + count

    def set_rate(self, tenant: str, per_s: int | None) -> None:
        """What the company's plan says of requests a second, in place of the rate for all; None takes it back."""
        wide = self._company[Lane.API]
        quota = wide if per_s is None else Quota(wide.name, per_s, max(1, round(per_s * wide.burst / wide.per_s)))
        with self._lock:
            if quota == self._rates.get(tenant, wide):
                return
            self._rates[tenant] = quota
            party = self._parties.get(f"company/{tenant}")
            if party is not None:
                party.buckets[Lane.API] = self._bucket(f"company/{tenant}/{Lane.API.value}", quota)

    def debit(self, used: Iterable[tuple[str, int]]) -> None:
        """Takes what others used. What nobody here has asked for stays unknown: its next request starts full."""
        now = self.clock()
        with self._lock:
            for key, count in used:
                bucket = self._buckets.get(key)
                if bucket is not None:
                    bucket.debit(now, count)

    def _bulk_is_full(self, company: Party, lane: Lane) -> bool:
        if lane is not Lane.BULK:
            return False
        return company.bulk >= self._settings.rate_tenant_bulk_concurrent or (
            self._bulk >= self._settings.rate_bulk_concurrent
        )

    def _charge(self, bucket: Bucket, now: float, price: int) -> None:
        bucket.take(now, price)
        if not bucket.used:
            self._touched.append(bucket)
        bucket.used += 1

    def _company_of(self, tenant: str) -> Party:
        key = f"company/{tenant}"
        with self._lock:
            party = self._parties.get(key)
            if party is None:
                quotas = {**self._company, Lane.API: self._rates.get(tenant, self._company[Lane.API])}
                buckets = {lane: self._bucket(f"{key}/{lane.value}", quota) for lane, quota in quotas.items()}
                party = Party(buckets, most=self._settings.rate_tenant_concurrent)
                self._parties[key] = party
            return party

    def _single(self, key: str, quota: Quota, *, shared: bool) -> Party:
        with self._lock:
            party = self._parties.get(key)
            if party is None:
                bucket = self._bucket(key, quota, shared=shared)
                party = Party(dict.fromkeys(Lane, bucket), most=self._settings.rate_client_concurrent)
                self._parties[key] = party
            return party

    def _bucket(self, key: str, quota: Quota, *, shared: bool = True) -> Bucket:
        bucket = Bucket(key if shared else "", quota)
        if shared:
            self._buckets[key] = bucket
        return bucket


def _too_fast(wait_s: float) -> ResourceExhausted:
    seconds = max(1, ceil(wait_s))
    return ResourceExhausted(
        f"There are more requests than your company or this client may send. Wait {seconds} s and try again.",
        reason="RATE_LIMITED",
        metadata={RETRY_AFTER_KEY: str(seconds)},
    )


def too_many_at_once() -> ResourceExhausted:
    """The refusal of a request that would be one too many under way."""
    return ResourceExhausted(
        "Too many requests run at once. Wait until some have ended, and send fewer in parallel.",
        reason="TOO_MANY_CONCURRENT",
        metadata={RETRY_AFTER_KEY: "1"},
    )
