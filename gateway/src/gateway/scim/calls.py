"""A SCIM request and its answer, as they pass between Flask and what is loaded with the first request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""


@dataclass(frozen=True, slots=True)
class ScimCall:
    """What a directory asks. `path` is relative to /scim/v2 and begins with a slash."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    request_id: str
