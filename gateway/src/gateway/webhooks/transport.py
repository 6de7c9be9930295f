"""Posts a message to an endpoint: the host is resolved once, judged, and that very address is connected to.

No redirects, no proxies, no cookies; TLS and the Host header carry the name that was asked for. What an endpoint
answers is read up to a few kilobytes and thrown away.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import certifi
import httpcore2

from gateway.settings import GatewaySettings
from gateway.webhooks.addresses import is_public, problem_of_url

Resolve = Callable[[str, int], Awaitable[list[str]]]
_RESOLVERS = 8


class Refused(Exception):
    """We do not send there; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a post. `status` is 0 where there was no answer; `error` is "" for a success."""

    status: int
    duration_ms: int
    error: str

    @property
    def is_taken(self) -> bool:
        """Whether the endpoint took the message."""
        return 200 <= self.status < 300


class Resolver:
    """Asks the system's resolver on threads of its own, so that slow names hold up nothing else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="webhook-dns")

    async def __call__(self, host: str, port: int) -> list[str]:
        """All addresses of the host. Raises OSError where there is none."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return [str(entry[4][0]) for entry in found]

    def close(self) -> None:
        """Waits for nothing."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class PinnedNetwork(httpcore2.AsyncNetworkBackend):
    """Connects to the address it has judged, never to a name."""

    def __init__(self, resolve: Resolve, *, allow_private: bool) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to the first address of the host that answers. Raises Refused unless all are public."""
        try:
            addresses = list(dict.fromkeys(await self._resolve(host, port)))
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError("the host name is not known") from error
        if not addresses:
            raise httpcore2.ConnectError("the host name is not known")
        if not self._allow_private and not all(map(is_public, addresses)):
            raise Refused("the host name leads to an address that is not public")
        return await self._first(addresses, port, timeout, socket_options)

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.AsyncNetworkStream:
        """Never."""
        raise Refused("sockets of this machine are not reached")

    async def sleep(self, seconds: float) -> None:
        """As the inner backend."""
        await self._inner.sleep(seconds)

    async def _first(
        self, addresses: Sequence[str], port: int, timeout: float | None, options: Iterable[Any] | None
    ) -> httpcore2.AsyncNetworkStream:
        failure: Exception = httpcore2.ConnectError("no address answers")
        for address in addresses[:3]:
            try:
                return await self._inner.connect_tcp(address, port, timeout=timeout, socket_options=options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


class Transport:
    """Connections to one endpoint. Nothing of it is shared with another endpoint."""

    def __init__(
        self, settings: GatewaySettings, network: httpcore2.AsyncNetworkBackend, trust: ssl.SSLContext, *, most: int
    ) -> None:
        self._settings = settings
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=trust,
            max_connections=most,
            max_keepalive_connections=most,
            keepalive_expiry=settings.webhook_keep_alive_s,
            network_backend=network,
        )

    async def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Answer:
        """Sends and waits for the answer, within the time an endpoint is given."""
        started = time.monotonic()
        status = 0
        try:
            if wrong := problem_of_url(url, self._settings):
                raise Refused(wrong)
            async with asyncio.timeout(self._settings.webhook_timeout_s):
                status = await self._exchange(url, headers, body)
            error = "" if 200 <= status < 300 else f"answered {status}"
        except TimeoutError:
            error = f"no answer within {self._settings.webhook_timeout_s:g} s"
        except Refused as refusal:
            error = f"not sent: {refusal}"
        except (
            httpcore2.NetworkError,
            httpcore2.ProtocolError,
            httpcore2.TimeoutException,
            OSError,
            ValueError,
        ) as failure:
            error = f"no answer: {type(failure).__name__}: {failure}"[:200]
        return Answer(status, round((time.monotonic() - started) * 1000), error)

    async def _exchange(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> int:
        async with self._pool.stream("POST", url, headers=list(headers), content=body) as response:
            read = 0
            async for piece in response.aiter_stream():
                read += len(piece)
                if read > self._settings.webhook_answer_max_bytes:
                    break
            return int(response.status)

    async def close(self) -> None:
        """Ends the connections."""
        await self._pool.aclose()


def public_trust() -> ssl.SSLContext:
    """The certificate authorities of the public web."""
    return ssl.create_default_context(cafile=certifi.where())
