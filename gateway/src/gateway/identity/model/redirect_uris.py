"""Redirect addresses of OAuth clients: which may be registered, and when an asked one is a registered one.

Exact comparison as texts (RFC 9700, 2.1), except that the loopback address of a native app may have any port
(RFC 8252, 7.3).
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def problem(uri: str) -> str:
    """Why the address may not be registered, or "" where it may."""
    parts = _split(uri)
    if not uri.isascii() or not uri.isprintable() or any(sign in uri for sign in ' \\*"<>'):
        return "use a plain address without spaces, quotes, backslashes and wildcards"
    if parts is None or not parts.scheme or (parts.scheme in ("http", "https") and not parts.hostname):
        return "write a whole address such as https://app.example.com/callback"
    if "#" in uri or parts.username is not None:
        return "leave out fragment, user and password"
    return _scheme_problem(parts)


def is_registered(asked: str, registered: Iterable[str]) -> bool:
    """Whether the asked address is one of the registered ones."""
    known = list(registered)
    if asked in known:
        return True
    parts = _split(asked)
    if parts is None or not _is_loopback(parts):
        return False
    return any(_is_same_but_port(parts, _split(one)) for one in known)


def origin(uri: str) -> str:
    """What a content security policy calls the place the address leads to."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"


def _scheme_problem(parts: SplitResult) -> str:
    if parts.scheme == "https":
        return ""
    if parts.scheme == "http":
        return "" if parts.hostname in _LOOPBACK else "use https; http is for loopback addresses only"
    if "." not in parts.scheme:
        return "use https, a loopback address, or a private scheme such as com.example.app:/callback"
    return ""


def _is_loopback(parts: SplitResult) -> bool:
    return parts.scheme == "http" and parts.hostname in _LOOPBACK and parts.username is None and not parts.fragment


def _is_same_but_port(asked: SplitResult, known: SplitResult | None) -> bool:
    if known is None or not _is_loopback(known):
        return False
    return (asked.hostname, asked.path, asked.query) == (known.hostname, known.path, known.query)


def _split(uri: str) -> SplitResult | None:
    try:
        parts = urlsplit(uri)
        _ = parts.port  # a port that is no number is found only here
    except ValueError:
        return None
    return parts
