"""Files that the API answers with, read while they arrive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx2

from funia_sdk.errors import ConnectionFailed


class Download:
    """A file on its way. Read it once, by one of the methods, or in a `with` block that ends it early."""

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response
        self.content_type: str = response.headers.get("content-type", "")

    def __enter__(self) -> Download:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def chunks(self) -> Iterator[bytes]:
        """The bytes as they come. Raises ConnectionFailed where the file breaks off."""
        try:
            yield from self._response.iter_bytes()
        except httpx2.TransportError as error:
            raise ConnectionFailed(f"The file broke off: {error}") from error
        finally:
            self.close()

    def lines(self) -> Iterator[str]:
        """The lines of a text file."""
        try:
            yield from self._response.iter_lines()
        except httpx2.TransportError as error:
            raise ConnectionFailed(f"The file broke off: {error}") from error
        finally:
            self.close()

    def json_lines(self) -> Iterator[Any]:
        """The values of a file of JSON lines."""
        for line in self.lines():
            if line:
                yield json.loads(line)

    def read(self) -> bytes:
        """The whole file."""
        return b"".join(self.chunks())

    def save(self, path: str | Path) -> int:
        """Writes the file to `path`; returns its size in bytes."""
        size = 0
        with Path(path).open("wb") as target:
            for chunk in self.chunks():
                size += target.write(chunk)
        return size

    def close(self) -> None:
        """Ends the transfer."""
        self._response.close()
