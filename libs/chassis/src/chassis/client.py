"""Channels to other services and the metadata of a call: the caller's own token, ids and the time that is left."""

from __future__ import annotations

import time

import grpc

from chassis.caller import Caller
from chassis.errors import DeadlineExceeded

TAKES = ("x-takes", "json")
"""Metadata by which a caller says that it takes the JSON of the public API instead of the message. A method that can
write it straight from its rows does so; no message of proto3 begins with "{", so the answer tells which it is."""
PROOF = "dpop"
"""Metadata that carries the DPoP proof of the request that brought a bound token."""


def channel(address: str, *, max_message_bytes: int = 8 * 1024 * 1024) -> grpc.Channel:
    """A channel to `address` (host:port or unix:path). Make one a process and keep it; a new one costs 2 ms."""
    return grpc.insecure_channel(
        address,
        options=(
            ("grpc.max_receive_message_length", max_message_bytes),
            ("grpc.max_send_message_length", max_message_bytes),
            ("grpc.keepalive_time_ms", 30_000),
            ("grpc.keepalive_timeout_ms", 10_000),
            ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.max_reconnect_backoff_ms", 2_000),
            ("grpc.enable_retries", 0),
            # Over an address with many replicas behind it calls go round; over one socket this changes nothing.
            ("grpc.service_config", '{"loadBalancingConfig": [{"round_robin": {}}]}'),
        ),
    )


def metadata(caller: Caller) -> tuple[tuple[str, str], ...]:
    """Metadata that passes the caller on to the next service."""
    pairs = [*credentials(caller.token, caller.proof), ("x-request-id", caller.request_id)]
    if caller.traceparent:
        pairs.append(("traceparent", caller.traceparent))
    return tuple(pairs)


def credentials(token: str, proof: str = "") -> list[tuple[str, str]]:
    """Metadata that shows an access token, with its proof where it is bound to a key."""
    if not proof:
        return [("authorization", f"Bearer {token}")]
    return [("authorization", f"DPoP {token}"), (PROOF, proof)]


def time_left_s(caller: Caller, default_s: float) -> float:
    """Seconds the call may still take. Raises DeadlineExceeded where none are left."""
    if caller.deadline is None:
        return default_s
    left = caller.deadline - time.monotonic()
    if left <= 0:
        raise DeadlineExceeded("The request took too long. Try again, or ask for less.")
    return min(left, default_s)
