"""HTTP to addresses that a customer names: resolved once, public only, connected to as resolved, never redirected.

Without this an administrator could make the gateway read what only the operator's network may see.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx2 as httpx

from gateway.webhooks.addresses import is_public

Resolve = Callable[[str, int], list[str]]


class ForbiddenAddress(httpx.TransportError):
    """The name leads to an address that is not on the public internet."""


def resolve(host: str, port: int) -> list[str]:
    """Addresses of a name, by the system's resolver."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise httpx.ConnectError(f"{host} has no address") from error


class PinnedTransport(httpx.HTTPTransport):
    """Connects to the very address it has judged, so that a name cannot be one thing first and another then."""

    def __init__(self, *, allow_private: bool, resolve: Resolve = resolve) -> None:
        super().__init__(retries=0)
        self._allow_private = allow_private
        self._resolve = resolve

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises ForbiddenAddress before anything is sent."""
        host = request.url.host
        addresses = self._resolve(host, request.url.port or (443 if request.url.scheme == "https" else 80))
        if not addresses or not (self._allow_private or all(map(is_public, addresses))):
            raise ForbiddenAddress(f"{host} is not on the public internet", request=request)
        if request.url.scheme != "https" and not self._allow_private:
            raise ForbiddenAddress("only https is asked", request=request)
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=addresses[0])
        return super().handle_request(request)
