"""Puts load on a loopback HTTP server from other processes: wrk where it is installed, else `bench.raw_load`.

Both send requests made ahead, byte for byte, on keep-alive connections, for a bounded time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import orjson

_EXTRA_S = 60.0
_SCRIPT = Path(__file__).parent / "wrk.lua"


class LoadError(Exception):
    """Requests were refused or broke, so a rate would say nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a load."""

    answers: int
    seconds: float
    refused: int
    broken: int
    p95_ms: float

    @property
    def per_s(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


def raw_request(
    url: str,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    content_type: str = "application/json",
) -> bytes:
    """The bytes of one HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(url).netloc}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def put_load(url: str, requests: Sequence[bytes], *, connections: int, seconds: float) -> Outcome:
    """Sends the requests in turn on `connections` connections for that long.

    Raises LoadError where any answer is not a success.
    """
    with tempfile.TemporaryDirectory(prefix="funia-bench-") as scratch:
        file, answer = Path(scratch) / "requests", Path(scratch) / "outcome"
        with file.open("wb") as out:
            for request in requests:
                out.write(f"{len(request):08x}".encode() + request)
        wrk = shutil.which("wrk")
        command: tuple[str, ...]
        if wrk:
            timing = ("-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "20s")
            command = (wrk, *timing, "-s", str(_SCRIPT), url)
        else:
            command = (sys.executable, "-m", "bench.raw_load", url, str(connections), str(seconds))
        done = subprocess.run(
            command,
            env={**os.environ, "BENCH_REQUESTS": str(file), "BENCH_OUTCOME": str(answer)},
            capture_output=True,
            text=True,
            timeout=seconds + _EXTRA_S,
            check=False,
        )
        if done.returncode != 0 or not answer.is_file():
            raise LoadError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        outcome = Outcome(**orjson.loads(answer.read_bytes()))
    if outcome.refused or outcome.broken or not outcome.answers:
        raise LoadError(
            f"{outcome.refused} of {outcome.answers} requests were refused and {outcome.broken} broke: "
            f"{requests[0].split(b' HTTP', 1)[0].decode()} on {url}"
        )
    return outcome
