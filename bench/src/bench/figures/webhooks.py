"""Webhooks: messages a second to a receiver that takes them while another hangs, and what one company's flood costs
another. Events are published to the bus, so that queueing, sending and settling are measured and nothing before it."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import uuid4

from bench import event_readers
from bench.companies import Company, found_company
from bench.figure import Figure, Goal, beside, percentile
from bench.rig import Rig
from bench.webhook_receiver import plain_posts_per_s, running_receiver, seen

RATE_GOAL = Goal("value", ">=", 500, "messages/s")
FLOOD_GOAL = Goal("value", "<", 10, "s")
_CONNECTIONS = 16
"""What one endpoint gets at once (FUNIA_WEBHOOK_ENDPOINT_CONCURRENCY)."""
_BODY = b"x" * 600
"""As long as an event of a contact."""
_ARRIVED_WITHIN_S = 300.0
_PROBE_EVERY_S = 0.1


def measure(rig: Rig) -> list[Figure]:
    """The rate beside plain posts, then the lag of a quiet company alone and under another's flood."""
    with running_receiver() as url:
        return [rate_figure(rig, url), flood_figure(rig, url)]


def rate_figure(rig: Rig, url: str) -> Figure:
    """Both endpoints belong to one company and want the same events."""
    rig.say("webhooks while a receiver hangs")
    count = rig.sizes.webhook_messages
    company = found_company(rig.stack.url, "Hooked")
    add_endpoint(company, f"{url}/hang")
    pairs = []
    for number in range(rig.sizes.rounds):
        path = f"/fast/{number}"
        endpoint_id = add_endpoint(company, f"{url}{path}")
        rig.settle()
        floor = plain_posts_per_s(f"{url}/plain", count=count, connections=_CONNECTIONS, body=_BODY)
        started = time.time()
        event_readers.publish_events(rig.stack.nats_url, [company.tenant_id], count)
        last = arrived(url, path, count)
        pairs.append((floor, count / (last - started)))
        remove_endpoint(company, endpoint_id)
    return beside("webhooks, one receiver hangs", "messages/s", pairs, RATE_GOAL)


def flood_figure(rig: Rig, url: str) -> Figure:
    """p99 from event to arrival of a company with ten events a second."""
    rig.say("webhooks under another's flood")
    quiet, loud = (found_company(rig.stack.url, name) for name in ("Quiet", "Loud"))
    add_endpoint(loud, f"{url}/flooded")
    alone = _lag_p99(rig, url, quiet, lambda: None)

    def flood() -> None:
        event_readers.publish_events(rig.stack.nats_url, [loud.tenant_id], rig.sizes.webhook_flood)

    under = _lag_p99(rig, url, quiet, flood)
    rig.settle()
    arrived(url, "/flooded", rig.sizes.webhook_flood)
    return Figure("webhook p99 under another's flood", under, "s", alone, under / alone, FLOOD_GOAL)


def _lag_p99(rig: Rig, url: str, company: Company, beforehand: Callable[[], None]) -> float:
    path = f"/lags/{uuid4().hex[:8]}"
    endpoint_id = add_endpoint(company, f"{url}{path}")
    rig.settle()
    beforehand()
    probes = max(3, round(rig.sizes.lag_s / _PROBE_EVERY_S))
    event_readers.publish_at_a_pace(rig.stack.nats_url, company.tenant_id, probes, every_s=_PROBE_EVERY_S)
    arrived(url, path, probes)
    remove_endpoint(company, endpoint_id)
    return percentile(seen(url, path)["lags"], 99)


def add_endpoint(company: Company, url: str) -> str:
    """An endpoint for the events that are published here; gives its id."""
    with company.http() as http:
        body = {"url": url, "event_types": [f"{event_readers.SERVICE}.*"]}
        answer = http.post("/v1/webhook-endpoints", json=body).raise_for_status().json()
    return str(answer["id"])


def remove_endpoint(company: Company, endpoint_id: str) -> None:
    """Removes it."""
    with company.http() as http:
        http.delete(f"/v1/webhook-endpoints/{endpoint_id}").raise_for_status()


def arrived(url: str, path: str, count: int) -> float:
    """When the last of so many messages came."""
    deadline = time.monotonic() + _ARRIVED_WITHIN_S
    while (found := seen(url, path))["count"] < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{found['count']} of {count} messages came to {path}")
        time.sleep(0.2)
    return float(found["last"])
