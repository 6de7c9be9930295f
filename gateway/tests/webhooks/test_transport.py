"""What a webhook may reach, over real sockets: judged addresses only, no redirects, no proxies, bounded."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from gateway.settings import GatewaySettings
from gateway.webhooks.transport import Answer, PinnedNetwork, Transport, public_trust

FREE = GatewaySettings(webhook_private_addresses=True, webhook_timeout_s=3.0)
HOST = "hooks.example.com"


class Names:
    """A resolver that gives one answer after the other, as an attacker's does, and counts."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


class Plain:
    """A server that reads one request and then does what the test says with the socket."""

    def __init__(self, then: Callable[[socket.socket], None], trust: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._then = then
        self._trust = trust
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        try:
            if self._trust is not None:
                connection = self._trust.wrap_socket(connection, server_side=True)
            with connection:
                while request := connection.recv(65536):
                    self.requests.append(request)
                    self._then(connection)
        except OSError:
            return

    def close(self) -> None:
        self._listening.close()


def answering(response: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(response)


OK = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def plain() -> Iterator[Callable[..., Plain]]:
    made: list[Plain] = []

    def make(*arguments: object) -> Plain:
        made.append(Plain(*arguments))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()


def post(
    names: Names, *urls: str, settings: GatewaySettings = FREE, trust: ssl.SSLContext | None = None
) -> list[Answer]:
    async def run() -> list[Answer]:
        network = PinnedNetwork(names, allow_private=settings.webhook_private_addresses)
        transport = Transport(settings, network, trust or public_trust(), most=4)
        try:
            return [await transport.post(url, [("webhook-id", "x")], b"{}") for url in urls]
        finally:
            await transport.close()

    return asyncio.run(run())


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"]]
)
def test_a_name_that_leads_inside_is_not_connected_to(plain: Callable[..., Plain], addresses: list[str]) -> None:
    server = plain(OK)
    settings = GatewaySettings(webhook_ports=(server.port,))
    names = Names(addresses)
    (answer,) = post(names, f"https://{HOST}:{server.port}/", settings=settings)
    assert (answer.status, answer.is_taken) == (0, False)
    assert "not public" in answer.error
    assert server.connections == 0
    assert names.asked == [HOST]


def test_a_name_that_changes_after_it_was_judged_changes_nothing(plain: Callable[..., Plain]) -> None:
    """DNS rebinding: the address that was judged is the one connected to, and the name is asked once a connection."""
    judged, rebound = plain(OK), plain(OK)
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    first, second = post(names, *[f"http://{HOST}:{judged.port}/"] * 2)
    assert (first.status, second.status) == (200, 200)
    assert names.asked == [HOST], "the connection is kept, so the name is not asked again"
    assert (judged.connections, rebound.connections) == (1, 0)
    inside = Names(["93.184.215.14"], ["127.0.0.1"])
    asyncio.run(_ask_twice(inside))


async def _ask_twice(names: Names) -> None:
    """The second connection judges what the name says then, and refuses."""
    from gateway.webhooks.transport import Refused

    network = PinnedNetwork(names, allow_private=False)
    connected: list[str] = []

    class Inner:
        async def connect_tcp(self, host: str, port: int, **_: object) -> None:
            connected.append(host)

    network._inner = Inner()  # type: ignore[assignment]
    await network.connect_tcp(HOST, 443)
    with pytest.raises(Refused):
        await network.connect_tcp(HOST, 443)
    assert connected == ["93.184.215.14"]


def test_a_literal_private_address_is_refused_before_any_connection(plain: Callable[..., Plain]) -> None:
    server = plain(OK)
    settings = GatewaySettings(webhook_ports=(server.port,))
    (answer,) = post(Names(["127.0.0.1"]), f"https://127.0.0.1:{server.port}/", settings=settings)
    assert answer.error.startswith("not sent")
    assert server.connections == 0


def test_redirects_are_an_error_and_are_not_followed(plain: Callable[..., Plain]) -> None:
    target = plain(OK)
    location = f"Location: http://127.0.0.1:{target.port}/\r\n".encode()
    server = plain(answering(b"HTTP/1.1 307 Temporary Redirect\r\n" + location + b"Content-Length: 0\r\n\r\n"))
    (answer,) = post(Names(["127.0.0.1"]), f"http://{HOST}:{server.port}/")
    assert (answer.status, answer.is_taken, answer.error) == (307, False, "answered 307")
    assert target.connections == 0


def test_proxies_of_the_environment_are_not_used(plain: Callable[..., Plain], monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, server = plain(OK), plain(OK)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    (answer,) = post(Names(["127.0.0.1"]), f"http://{HOST}:{server.port}/")
    assert answer.status == 200
    assert (proxy.connections, server.connections) == (0, 1)


def test_tls_and_host_carry_the_name_and_the_certificate_is_held_to_it(
    plain: Callable[..., Plain], tmp_path: Path
) -> None:
    serving, trust = certificate(HOST, tmp_path)
    seen: list[str | None] = []
    serving.sni_callback = lambda _socket, name, _context: seen.append(name)
    server = plain(OK, serving)
    names = Names(["127.0.0.1"])
    url = f"https://{HOST}:{server.port}/x"
    (answer,) = post(names, url, trust=trust)
    assert (answer.status, answer.error) == (200, "")
    assert seen == [HOST]
    assert f"Host: {HOST}:{server.port}".encode() in server.requests[0]
    (foreign,) = post(names, f"https://other.example.com:{server.port}/", trust=trust)
    assert (foreign.status, "certificate" in foreign.error.lower()) == (0, True)
    (untrusted,) = post(names, url)
    assert untrusted.status == 0


def test_an_answer_that_drips_for_ever_ends_with_the_time(plain: Callable[..., Plain]) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(0.05)

    server = plain(drip)
    quick = FREE.model_copy(update={"webhook_timeout_s": 0.6})
    started = time.monotonic()
    (answer,) = post(Names(["127.0.0.1"]), f"http://{HOST}:{server.port}/", settings=quick)
    assert time.monotonic() - started < 5
    assert "no answer within 0.6 s" in answer.error


def test_an_endless_answer_is_read_up_to_its_bound(plain: Callable[..., Plain]) -> None:
    sent = []

    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            sent.append(4096)

    server = plain(flood)
    (answer,) = post(Names(["127.0.0.1"]), f"http://{HOST}:{server.port}/")
    assert answer.status == 200
    assert sum(sent) < 20_000_000


def test_what_is_no_http_and_who_does_not_listen_are_failures(plain: Callable[..., Plain]) -> None:
    nonsense = plain(answering(b"SSH-2.0-OpenSSH\r\n\r\n"))
    with socket.create_server(("127.0.0.1", 0)) as gone:
        nobody = gone.getsockname()[1]
    answers = post(Names(["127.0.0.1"]), f"http://{HOST}:{nonsense.port}/", f"http://{HOST}:{nobody}/")
    assert [(answer.status, answer.is_taken) for answer in answers] == [(0, False), (0, False)]
    assert all(answer.error.startswith("no answer") for answer in answers)


def certificate(host: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for this host, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return serving, ssl.create_default_context(cafile=str(folder / "cert.pem"))
