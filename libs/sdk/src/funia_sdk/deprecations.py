"""Warns once a process of each method that the API says will go, by the headers of RFC 9745 and RFC 8594."""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime

_LINK = re.compile(r'<([^>]+)>\s*;[^,]*rel="?deprecation"?')
_DATE = re.compile(r"@(-?\d{1,12})")
_lock = threading.Lock()
_told: set[str] = set()


class FuniaDeprecationWarning(DeprecationWarning):
    """Something that the program uses will be taken away."""


def warn_of(operation: str, headers: Mapping[str, str]) -> None:
    """Warns where the answer says that the operation, or a field it used, is deprecated."""
    since = headers.get("deprecation")
    if since is None:
        return
    with _lock:
        if operation in _told:
            return
        _told.add(operation)
    date = _DATE.fullmatch(since.strip())
    text = f"{operation}: deprecated" + (f" since {datetime.fromtimestamp(int(date[1]), UTC):%Y-%m-%d}" if date else "")
    if sunset := headers.get("sunset"):
        text += f", gone from {sunset}"
    if link := _LINK.search(headers.get("link", "")):
        text += f"; see {link[1]}"
    warnings.warn(text, FuniaDeprecationWarning, stacklevel=5)
