"""NATS under our supervision: a real server, its store and its password."""

import asyncio
import socket
from pathlib import Path
from urllib.parse import urlsplit

import nats
import pytest
from local_stack import child
from local_stack.fixtures import nats_server, start_ready
from local_stack.nats import NatsServer, NatsSettings


async def _publish(url: str, text: bytes) -> int:
    client = await nats.connect(url)
    try:
        stream = client.jetstream()
        await stream.add_stream(name="KEPT", subjects=["kept.>"])
        return (await stream.publish("kept.one", text)).seq
    finally:
        await client.close()


async def _read(url: str, sequence: int) -> bytes | None:
    client = await nats.connect(url)
    try:
        return (await client.jetstream().get_msg("KEPT", seq=sequence)).data
    finally:
        await client.close()


def test_a_message_outlives_a_kill_of_the_server(tmp_path: Path) -> None:
    server = NatsServer(tmp_path / "nats", NatsSettings(sync_interval="always"))
    process = start_ready(server.program(), tmp_path / "log")
    sequence = asyncio.run(_publish(server.url, b"hello"))
    process.kill()
    process.wait()
    again = start_ready(server.program(), tmp_path / "log")
    try:
        assert asyncio.run(_read(server.url, sequence)) == b"hello"
    finally:
        assert child.stop(again, server.program()) in (0, 1)
    assert not server.is_ready()


def test_a_client_without_the_password_is_refused(tmp_path: Path) -> None:
    with nats_server(tmp_path / "nats") as url:
        address = urlsplit(url)
        assert address.hostname == "127.0.0.1"
        with socket.create_connection((address.hostname, address.port or 0), timeout=5) as connection:
            connection.sendall(b"CONNECT {}\r\nPING\r\n")
            with connection.makefile("rb") as answers:
                assert b"-ERR 'Authorization Violation'\r\n" in answers.read()


def test_a_server_left_by_an_earlier_run_is_stopped_before_the_next(tmp_path: Path) -> None:
    first = NatsServer(tmp_path / "nats")
    left = start_ready(first.program(), tmp_path / "log")
    second = NatsServer(tmp_path / "nats")
    running = start_ready(second.program(), tmp_path / "log")
    try:
        left.wait(5)
        assert second.is_ready()
        assert not first.is_ready()
    finally:
        child.stop(running, second.program())


def test_a_url_of_ones_own_is_given_instead_of_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNIA_NATS_URL", "nats://elsewhere:4222")
    with nats_server(tmp_path / "nats") as url:
        assert url == "nats://elsewhere:4222"
    assert not (tmp_path / "nats").exists()
