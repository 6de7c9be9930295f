"""A call waits for a process that is being replaced, and not for one that has been away for longer."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from chassis.client import channel
from chassis.repeating import Absences, repeated
from grpc_health.v1 import health, health_pb2, health_pb2_grpc


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def served(port: int) -> grpc.Server:
    server = grpc.server(ThreadPoolExecutor(2))
    health_pb2_grpc.add_HealthServicer_to_server(health.HealthServicer(), server)
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return server


def test_a_call_waits_for_a_process_that_takes_the_place_of_another() -> None:
    port = free_port()
    servers: list[grpc.Server] = []
    with channel(f"127.0.0.1:{port}") as open_channel:
        stub = health_pb2_grpc.HealthStub(open_channel)
        tries = 0

        def ask() -> object:
            nonlocal tries
            tries += 1
            if tries == 3:
                servers.append(served(port))
            return stub.Check(health_pb2.HealthCheckRequest(), timeout=5)

        assert repeated(ask, to="replaced", patience_s=30) == health_pb2.HealthCheckResponse(status="SERVING")
        assert tries >= 3
        servers[0].stop(None).wait()


def test_what_has_been_away_for_long_is_told_at_once() -> None:
    with channel(f"127.0.0.1:{free_port()}") as open_channel:
        stub = health_pb2_grpc.HealthStub(open_channel)
        tries = 0

        def ask() -> object:
            nonlocal tries
            tries += 1
            return stub.Check(health_pb2.HealthCheckRequest(), timeout=5)

        with pytest.raises(grpc.RpcError):
            repeated(ask, to="away", patience_s=1)
        waited, tries = tries, 0
        with pytest.raises(grpc.RpcError):
            repeated(ask, to="away", patience_s=0.3)
        assert (waited > 1, tries) == (True, 1)


def test_an_absence_is_a_new_one_after_a_while() -> None:
    absences = Absences()
    now = time.monotonic()
    assert absences.since("sales", now) == now
    assert absences.since("sales", now + 3) == now
    assert absences.since("support", now + 3) == now + 3
    assert absences.since("sales", now + 7) == now
    assert absences.since("sales", now + 20) == now + 20
