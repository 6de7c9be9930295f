"""Fetches batches from a pull consumer of JetStream without a task and a timer for every message.

nats-py's own `fetch` takes five turns of the event loop a message, which is most of the cost of consuming one.
"""

from __future__ import annotations

import asyncio
import time
from types import TracebackType

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import NoRespondersError
from nats.js.errors import NotFoundError

_ANSWER_WAIT_S = 2.0
_PAUSE_S = 0.1
_LOOK_EVERY_S = 0.5
_TOKENS_AT_FIRST, _SEQUENCE_AT_FIRST, _SEQUENCE = 9, 5, 7
"""The reply's subject begins with $JS.ACK; newer servers put a domain and an account after it."""
_ENDINGS = frozenset({"404", "408", "409"})


def stream_sequence(message: Msg) -> int:
    """The message's place in its stream, without all else that `metadata` makes of the reply's subject."""
    tokens = message.reply.split(".")
    return int(tokens[_SEQUENCE_AT_FIRST if len(tokens) == _TOKENS_AT_FIRST else _SEQUENCE])


class Pull:
    """A consumer's batches, for one task. Use as an async context manager."""

    def __init__(self, client: Client, stream: str, consumer: str) -> None:
        self._client = client
        self._request_subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._inbox = client.new_inbox()
        self._requests = 0
        self._messages: list[Msg] = []
        self._wanted = 0
        self._ended = asyncio.Event()
        self._status: tuple[str, str] = ("", "")
        self._subscription: Subscription | None = None
        self.answered = False
        """Whether the server answered the last request at all, be it with nothing."""

    async def __aenter__(self) -> Pull:
        # The consumer's own max_ack_pending bounds what can wait here.
        self._subscription = await self._client.subscribe(
            f"{self._inbox}.*", cb=self._take, pending_msgs_limit=0, pending_bytes_limit=0
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._subscription and not self._client.is_closed:
            await self._subscription.unsubscribe()

    async def fetch(self, most: int, *, wait_s: float) -> list[Msg]:
        """What there is, up to `most`; waits that long for a first message, and gives none after it.

        Raises NotFoundError where the consumer is gone, NoRespondersError where JetStream is.
        """
        await self._request({"batch": most, "no_wait": True}, most, _ANSWER_WAIT_S)
        if not self._messages:
            await self._request({"batch": 1, "expires": int(wait_s * 1_000_000_000)}, 1, wait_s + _ANSWER_WAIT_S)
        messages, self._messages = self._messages[:most], self._messages[most:]
        return messages

    def interrupt(self) -> None:
        """Ends a `fetch` that waits. From the loop's own thread only."""
        self._ended.set()

    async def _request(self, body: dict[str, object], wanted: int, wait_s: float) -> None:
        self._requests += 1
        self._wanted = wanted
        self._status = ("", "")
        self._ended.clear()
        if len(self._messages) >= wanted:
            self.answered = True
            return
        started = time.monotonic()
        reply = f"{self._inbox}.{self._requests}"
        await self._client.publish(self._request_subject, orjson.dumps(body), reply=reply)
        self.answered = await self._answered(wait_s)
        if not self.answered:
            return
        status, description = self._status
        if status == "503":
            raise NoRespondersError
        if status == "409" and "Consumer" in description:
            raise NotFoundError(description=description)
        if status == "409" and not self._messages and time.monotonic() - started < _PAUSE_S:
            # The consumer may give nothing for a while (unacknowledged batches, a new leader); do not ask in a circle.
            await asyncio.sleep(_PAUSE_S)

    async def _answered(self, wait_s: float) -> bool:
        """Waits for the end of the request; False where it is lost, by time or with the connection it was made on."""
        reconnects = self._client.stats["reconnects"]
        deadline = time.monotonic() + wait_s
        while (left := deadline - time.monotonic()) > 0 and self._client.stats["reconnects"] == reconnects:
            try:
                async with asyncio.timeout(min(left, _LOOK_EVERY_S)):
                    await self._ended.wait()
            except TimeoutError:
                continue
            return True
        return False

    async def _take(self, message: Msg) -> None:
        if message.reply:
            self._messages.append(message)
            if len(self._messages) >= self._wanted:
                self._ended.set()
            return
        headers = message.headers or {}
        status = headers.get("Status", "")
        if message.subject == f"{self._inbox}.{self._requests}" and (status in _ENDINGS or status == "503"):
            self._status = (status, headers.get("Description", ""))
            self._ended.set()
