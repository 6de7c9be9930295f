"""The bus: connects to NATS, declares the streams, and publishes whole batches atomically."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

import orjson
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.errors import APIError, NotFoundError

from chassis.envelope import stream_name, stream_subjects
from chassis.errors import Unavailable
from chassis.settings import Settings

log = logging.getLogger(__name__)

DEAD_LETTERS = "FUNIA_DEAD_LETTERS"
DEAD_LETTER_ROOT = "funia-dead"
TRACEPARENT = "traceparent"
_NANOSECONDS = 1_000_000_000
_ATOMIC_MAX = 500


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to publish; the id keeps a repeated publish from being stored twice."""

    id: str
    subject: str
    body: bytes
    traceparent: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers every publish of it carries."""
        own = {"Nats-Msg-Id": self.id}
        return {**own, TRACEPARENT: self.traceparent} if self.traceparent else own


async def connect(
    settings: Settings,
    name: str,
    *,
    on_closed: Callable[[], Awaitable[None]] | None = None,
    client: Client | None = None,
) -> Client:
    """A connection that reconnects for ever. Once it is closed for good the process ends, to be started anew.

    `client` is one that is not connected yet, where another kind than nats-py's own is wanted.
    """

    async def closed() -> None:
        if on_closed is not None:
            await on_closed()

    async def failed(error: Exception) -> None:
        log.warning("nats: %s", error)

    client = client or Client()
    await client.connect(
        settings.nats_url,
        name=name,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.25,  # type: ignore[arg-type]  # parts of a second are taken, whatever the hint says
        ping_interval=10,
        max_outstanding_pings=3,
        allow_reconnect=True,
        closed_cb=closed,
        error_cb=failed,
        pending_size=64 * 1024 * 1024,
    )
    return client


def exit_process() -> None:
    """Ends the process at once; the supervisor starts it anew with a fresh connection."""
    log.error("the bus connection closed for good; the process ends to be started anew")
    os._exit(70)


async def declare_stream(client: Client, service: str, settings: Settings) -> None:
    """Creates or updates the stream of a service's events."""
    await _declare(
        client,
        {
            "name": stream_name(service),
            "subjects": stream_subjects(service),
            "retention": "limits",
            "storage": "file",
            "discard": "new",
            "num_replicas": settings.stream_replicas,
            "max_age": settings.stream_max_age_days * 86_400 * _NANOSECONDS,
            "max_bytes": settings.stream_max_bytes,
            "duplicate_window": settings.duplicate_window_s * _NANOSECONDS,
            "allow_direct": True,
            "allow_atomic": True,
        },
    )


async def declare_dead_letters(client: Client, settings: Settings) -> None:
    """Creates or updates the stream of messages that no consumer could handle."""
    await _declare(
        client,
        {
            "name": DEAD_LETTERS,
            "subjects": [f"{DEAD_LETTER_ROOT}.>"],
            "retention": "limits",
            "storage": "file",
            "discard": "old",
            "num_replicas": settings.stream_replicas,
            "max_age": settings.stream_max_age_days * 86_400 * _NANOSECONDS,
            "max_bytes": settings.stream_max_bytes,
            "allow_direct": True,
        },
    )


async def publish_batch(client: Client, messages: Sequence[Outgoing], *, timeout_s: float, concurrency: int) -> None:
    """Stores all messages in order, each once; on return every one is acknowledged by the stream.

    Tries one atomic batch first. A batch is refused whole where one of its ids is known already, so then the
    messages go singly, where the stream drops the known ones. Raises where not every message was acknowledged;
    the caller repeats the call with the same ids.
    """
    for start in range(0, len(messages), _ATOMIC_MAX):
        part = messages[start : start + _ATOMIC_MAX]
        if len(part) == 1 or not await _publish_atomically(client, part, timeout_s=timeout_s):
            await _publish_singly(client, part, timeout_s=timeout_s, concurrency=concurrency)


async def _publish_atomically(client: Client, messages: Sequence[Outgoing], *, timeout_s: float) -> bool:
    batch = uuid4().hex
    last = len(messages)
    for sequence, message in enumerate(messages[:-1], start=1):
        await client.publish(
            message.subject,
            message.body,
            headers={**message.headers, "Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(sequence)},
        )
    final = messages[-1]
    reply = await client.request(
        final.subject,
        final.body,
        timeout=timeout_s,
        headers={
            **final.headers,
            "Nats-Batch-Id": batch,
            "Nats-Batch-Sequence": str(last),
            "Nats-Batch-Commit": "1",
        },
    )
    answer = orjson.loads(reply.data)
    if "error" in answer:
        log.info("an atomic batch was refused (%s); publishing singly", answer["error"].get("description"))
        return False
    # A server that knows no batches stores the messages one by one and counts none; then each is published again,
    # to be sure of every one, under the id that keeps it from being stored twice.
    return bool(answer.get("count") == last)


async def _publish_singly(client: Client, messages: Sequence[Outgoing], *, timeout_s: float, concurrency: int) -> None:
    for start in range(0, len(messages), concurrency):
        part = messages[start : start + concurrency]
        replies = await asyncio.gather(
            *(
                client.request(message.subject, message.body, timeout=timeout_s, headers=message.headers)
                for message in part
            )
        )
        for reply in replies:
            answer = orjson.loads(reply.data)
            if "error" in answer:
                raise Unavailable(f"the stream refused an event: {answer['error'].get('description')}")


async def _declare(client: Client, config: dict[str, object]) -> None:
    name = config["name"]
    answer = await _api(client, f"STREAM.CREATE.{name}", config)
    error = answer.get("error")
    if isinstance(error, dict) and error.get("err_code") == 10058:  # exists with another configuration
        answer = await _api(client, f"STREAM.UPDATE.{name}", config)
        error = answer.get("error")
    if isinstance(error, dict):
        raise Unavailable(f"stream {name}: {error.get('description')}", reason="STREAM_REFUSED")


async def _api(client: Client, subject: str, body: dict[str, object]) -> dict[str, object]:
    reply = await client.request(f"$JS.API.{subject}", orjson.dumps(body), timeout=10.0)
    answer: dict[str, object] = orjson.loads(reply.data)
    return answer


PASSING_ERRORS = (NatsError, NatsTimeoutError, NoRespondersError, APIError, NotFoundError, TimeoutError, OSError)
"""What the bus may throw while it is away; the caller waits and tries again."""
