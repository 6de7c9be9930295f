"""A load generator for machines without wrk: two processes with raw keep-alive sockets, cheap enough not to count.

Reads and writes the files `bench.wrk` does (BENCH_REQUESTS, BENCH_OUTCOME). Understands answers with a
Content-Length only, which is all that is measured here.
"""

from __future__ import annotations

import multiprocessing
import os
import selectors
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from bench.figure import percentile

PROCESSES = 2
_BUFFER_BYTES = 256 * 1024
_SILENCE_S = 20.0


class _Connection:
    """One keep-alive connection with one request on its way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=_SILENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self._received = b""

    def send(self, request: bytes) -> None:
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def status(self) -> int:
        """HTTP status once the answer is whole, 0 before. Raises ConnectionError where the peer is gone."""
        piece = self.socket.recv(_BUFFER_BYTES)
        if not piece:
            raise ConnectionError("the server closed the connection")
        received = self._received = self._received + piece if self._received else piece
        end = received.find(b"\r\n\r\n")
        if end < 0:
            return 0
        head = received[:end].lower()
        at = head.index(b"content-length:") + 15
        line_end = head.find(b"\r\n", at)
        length = int(head[at : line_end if line_end > 0 else end])
        if len(received) < end + 4 + length:
            return 0
        self._received = b""
        return int(received[9:12])


def read_requests(file: Path) -> list[bytes]:
    """Requests from a file of lengths (8 hexadecimal digits) and bytes."""
    requests = []
    with file.open("rb") as source:
        while head := source.read(8):
            requests.append(source.read(int(head, 16)))
    return requests


def send_for(
    address: tuple[str, int], requests: list[bytes], first: int, connections: int, seconds: float
) -> tuple[int, int, int, list[float]]:
    """Sends every PROCESSES-th request from `first` on; returns answers, refused, broken and times in ms."""
    selector = selectors.DefaultSelector()
    at = first
    for _ in range(connections):
        connection = _Connection(address)
        connection.send(requests[at % len(requests)])
        at += PROCESSES
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    answers = refused = broken = 0
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end and selector.get_map():
        for key, _ in selector.select(timeout=0.1):
            connection = key.data
            try:
                status = connection.status()
                if not status:
                    continue
                answers += 1
                refused += status >= 400
                times.append((time.perf_counter() - connection.sent_at) * 1000)
                connection.send(requests[at % len(requests)])
                at += PROCESSES
            except OSError:
                broken += 1
                selector.unregister(connection.socket)
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    return answers, refused, broken, times


def main(argv: list[str]) -> int:
    """``raw_load <url> <connections> <seconds>``."""
    url, connections, seconds = urlsplit(argv[0]), int(argv[1]), float(argv[2])
    address = (url.hostname or "127.0.0.1", url.port or 80)
    requests = read_requests(Path(os.environ["BENCH_REQUESTS"]))
    shares = [connections // PROCESSES + (number < connections % PROCESSES) for number in range(PROCESSES)]
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        parts = pool.starmap(
            send_for,
            [(address, requests, number, share, seconds) for number, share in enumerate(shares) if share],
        )
    times = [one for part in parts for one in part[3]]
    outcome = {
        "answers": sum(part[0] for part in parts),
        "seconds": seconds,
        "refused": sum(part[1] for part in parts),
        "broken": sum(part[2] for part in parts),
        "p95_ms": percentile(times, 95) if times else 0.0,
    }
    Path(os.environ["BENCH_OUTCOME"]).write_bytes(orjson.dumps(outcome))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
