"""Lets the browser of a logged-in person call the REST API: the session cookie stands for a token of its own rights.

A cookie travels with requests that other sites start, so whatever changes something must carry the CSRF token too.
"""

from __future__ import annotations

import hmac
from typing import Any

from chassis.errors import PermissionDenied
from werkzeug.http import parse_cookie

from gateway.console.ports import SESSION_COOKIE
from gateway.identity.usecases.sessions import Sessions

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SessionTokens:
    """`gateway.transcode.calls.SessionToken` over the sessions of identity."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def __call__(self, environ: dict[str, Any]) -> str | None:
        """A token for the session of the request, None without one. Raises PermissionDenied where CSRF is missing."""
        cookie = cookie_of(environ)
        present = self._sessions.read(cookie) if cookie else None
        if present is None:
            return None
        if environ.get("HTTP_SEC_FETCH_SITE", "same-origin") not in ("same-origin", "none"):
            raise PermissionDenied("This request was made from another site.", reason="CROSS_SITE")
        if environ["REQUEST_METHOD"] not in _SAFE:
            sent = environ.get("HTTP_X_CSRF_TOKEN", "")
            if not hmac.compare_digest(sent.encode(), present.csrf_token.encode()):
                raise PermissionDenied(
                    "Send the session's CSRF token in X-CSRF-Token, or use an access token.", reason="BAD_CSRF_TOKEN"
                )
        return self._sessions.access_token(present)


def cookie_of(environ: dict[str, Any]) -> str:
    """The session cookie's value, "" where there is none."""
    header = environ.get("HTTP_COOKIE", "")
    return parse_cookie(header).get(SESSION_COOKIE, "") if SESSION_COOKIE in header else ""
