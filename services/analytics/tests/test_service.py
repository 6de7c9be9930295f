"""The whole service as its operator runs it: migrate, all, report over gRPC, stop, rebuild."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from uuid import UUID

import grpc
import orjson
import pytest
from chassis.envelope import subject
from chassis.launch import migrations_of
from chassis.settings import Settings
from chassis.streams import connect
from chassis.testing.databases import migrated
from chassis.testing.tokens import ISSUER, TokenIssuer
from funia.analytics.v1 import activity_pb2 as pb
from funia.analytics.v1.activity_pb2_grpc import ActivityReportServiceStub
from funia.events.v1.envelope_pb2 import Envelope

MakeEvent = Callable[..., Envelope]


@contextmanager
def key_server(issuer: TokenIssuer) -> Iterator[str]:
    """URL of the issuer's public keys."""
    keys = orjson.dumps({"keys": [issuer.key.as_dict(private=False)]})

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(keys)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name is the parent's
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/jwks.json"
        server.shutdown()
        thread.join()


@pytest.fixture
def environment(admin_url: str, nats_url: str, tmp_path: Path) -> Iterator[tuple[dict[str, str], TokenIssuer]]:
    issuer = TokenIssuer()
    with migrated(admin_url, "analytics", migrations_of("analytics")) as database, key_server(issuer) as keys:
        yield (
            {
                **os.environ,
                "FUNIA_DATABASE_URL": database.app_url,
                "FUNIA_OWNER_DATABASE_URL": database.owner_url,
                "FUNIA_RELAY_DATABASE_URL": database.relay_url,
                "FUNIA_NATS_URL": nats_url,
                "FUNIA_STATE_DIR": str(tmp_path),
                "FUNIA_LISTEN": f"unix:{tmp_path}/analytics.sock",
                "FUNIA_ISSUER": ISSUER,
                "FUNIA_JWKS_URL": keys,
                "FUNIA_SECRET": "s" * 32,
            },
            issuer,
        )


def command(environment: dict[str, str], name: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "analytics", name],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def assert_no_error(done: subprocess.CompletedProcess[str]) -> None:
    """Events of other tests on the same server may be warned of."""
    assert done.returncode == 0, done.stderr
    assert '"level": "error"' not in done.stderr, done.stderr


async def publish(nats_url: str, events: list[Envelope]) -> None:
    client = await connect(Settings(nats_url=nats_url), "test")
    for event in events:
        await client.jetstream().publish(subject(event.type, event.tenant_id), event.SerializeToString())
    await client.close()


def test_an_event_on_the_bus_comes_to_the_report_of_its_tenant_alone(
    environment: tuple[dict[str, str], TokenIssuer],
    nats_url: str,
    tmp_path: Path,
    tenant: UUID,
    second_tenant: UUID,
    make_event: MakeEvent,
) -> None:
    variables, issuer = environment
    assert command(variables, "migrate").returncode == 0
    with subprocess.Popen([sys.executable, "-m", "analytics", "all"], env=variables) as process:
        try:
            with grpc.insecure_channel(f"unix:{tmp_path}/analytics.sock") as channel:
                grpc.channel_ready_future(channel).result(timeout=30)
                stub = ActivityReportServiceStub(channel)

                def total(of: UUID) -> int:
                    bearer = issuer.token(of, ["analytics.read"])
                    answer = stub.GetActivityReport(
                        pb.GetActivityReportRequest(), metadata=(("authorization", f"Bearer {bearer}"),), timeout=10
                    )
                    return int(answer.total)

                assert (total(tenant), total(second_tenant)) == (0, 0)
                asyncio.run(publish(nats_url, [make_event(), make_event("sales.deal.won")]))
                deadline = time.monotonic() + 20  # its worker may still be starting on a busy machine
                while total(tenant) < 2:
                    assert time.monotonic() < deadline, "the report is late"
                    time.sleep(0.05)
                assert (total(tenant), total(second_tenant)) == (2, 0)

                no_scope = issuer.token(tenant, ["contacts.read"])
                with pytest.raises(grpc.RpcError) as refused:
                    stub.GetActivityReport(
                        pb.GetActivityReportRequest(), metadata=(("authorization", f"Bearer {no_scope}"),), timeout=10
                    )
                assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED

                second = command(variables, "work")
                assert second.returncode == 1
                assert "Another process owns the columnar store" in second.stderr

                rebuilt = command(variables, "rebuild")
                assert_no_error(rebuilt)
                assert total(tenant) == 2
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=15) == 0
    after_stop = command(variables, "rebuild")
    assert_no_error(after_stop)
