"""gRPC channels to the services, one a service and process. Made after a fork, never before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import grpc
from chassis.client import channel
from grpc_health.v1 import health_pb2, health_pb2_grpc

from gateway.settings import GatewaySettings

SERVICES = ("identity", "contacts", "sales", "marketing", "support", "analytics")


BULK = "-bulk"
"""Ends the name of the channel for calls that move many records, where a service has a process for them."""


def open_channels(settings: GatewaySettings) -> dict[str, grpc.Channel]:
    """Channels by the service's name. Raises ValueError naming the variable that is not set."""
    channels = {name: open_channel(settings, name) for name in SERVICES}
    if settings.contacts_bulk_address:
        max_bytes = settings.server_max_message_bytes
        channels[f"contacts{BULK}"] = channel(settings.contacts_bulk_address, max_message_bytes=max_bytes)
    return channels


def bulk_channel(channels: Mapping[str, grpc.Channel], name: str) -> grpc.Channel:
    """The channel for calls of a service that move many records."""
    return channels.get(f"{name}{BULK}") or channels[name]


def open_channel(settings: GatewaySettings, name: str) -> grpc.Channel:
    """The channel to one service. Raises ValueError naming the variable that is not set."""
    address = getattr(settings, f"{name}_address")
    if not address:
        raise ValueError(f"FUNIA_{name.upper()}_ADDRESS must be set to the address of the service")
    return channel(address, max_message_bytes=settings.server_max_message_bytes)


def services_away(channels: Mapping[str, grpc.Channel], *, timeout_s: float) -> dict[str, str]:
    """Names of services that do not answer "serving" in time, asked all at once, and why."""
    asked = {
        name: _checker(one).future(health_pb2.HealthCheckRequest(), timeout=timeout_s) for name, one in channels.items()
    }
    away = {}
    for name, answer in asked.items():
        try:
            if answer.result().status != health_pb2.HealthCheckResponse.SERVING:
                away[name] = "not serving"
        except grpc.RpcError as error:
            away[name] = error.code().name
    return away


def _checker(channel: grpc.Channel) -> grpc.UnaryUnaryMultiCallable[Any, Any]:
    stub: Any = health_pb2_grpc.HealthStub(channel)
    return cast("grpc.UnaryUnaryMultiCallable[Any, Any]", stub.Check)
