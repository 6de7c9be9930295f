"""What can go wrong, as exceptions: problem documents of the API by status, refused tokens, broken connections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class FuniaError(Exception):
    """Everything that this library raises on purpose."""


class ConnectionFailed(FuniaError):
    """The API could not be reached, or broke off, as often as it was tried. What was sent may have taken effect."""


class TokenRefused(FuniaError):
    """The authorization server gave no token (RFC 6749, 5.2)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}" if description else error)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Violation:
    """A field that broke a rule."""

    field: str
    """Path in the body, or name of a parameter or header."""
    message: str
    """What to do."""
    reason: str
    """The rule, for programs."""


class ApiError(FuniaError):
    """An answer that is a problem (RFC 9457)."""

    def __init__(
        self,
        status: int,
        reason: str,
        detail: str,
        *,
        violations: Sequence[Violation] = (),
        details: Sequence[Mapping[str, Any]] = (),
        request_id: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        broken = "".join(f"\n  {one.field}: {one.message}" for one in violations)
        super().__init__(f"{status} {reason}: {detail}{broken}\n  (request {request_id or 'without id'})")
        self.status = status
        """HTTP status."""
        self.reason = reason
        """What happened, for programs; stable."""
        self.detail = detail
        """What happened and what to do, for people."""
        self.violations = tuple(violations)
        """Fields that broke a rule."""
        self.details = tuple(details)
        """What some reasons carry besides, such as duplicate candidates."""
        self.request_id = request_id
        """Tell it to Funia's support."""
        self.retry_after_s = retry_after_s
        """Seconds to wait, where the API said so."""


class BadRequest(ApiError):
    """400: the request is wrong as it stands; `violations` names each field."""


class Unauthenticated(ApiError):
    """401: no access token, or one that is expired or revoked."""


class PermissionDenied(ApiError):
    """403: the token does not carry the right that this needs."""


class NotFound(ApiError):
    """404: there is no such record, or it is not visible to the caller."""


class Conflict(ApiError):
    """409: the record has changed since (stale etag), looks like a duplicate, or is in another state."""


class CursorExpired(ApiError):
    """410: events behind the cursor are not kept any more. Read the records anew and go on from `latest`."""


class TooLarge(ApiError):
    """413: the body is over the limit."""


class Unprocessable(ApiError):
    """422: the Idempotency-Key was used before with another request."""


class RateLimited(ApiError):
    """429, as often as it was tried: too many requests."""


class ServerError(ApiError):
    """5xx: not your fault. With the request id, support can find out."""


_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequest,
    401: Unauthenticated,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    410: CursorExpired,
    413: TooLarge,
    422: Unprocessable,
    429: RateLimited,
}


def error_of(status: int, problem: object, *, request_id: str = "", retry_after_s: float | None = None) -> ApiError:
    """The exception for an answer. `problem` is the parsed body, whatever it is."""
    known: Mapping[str, Any] = problem if isinstance(problem, dict) else {}
    kind = _BY_STATUS.get(status, ServerError if status >= 500 else ApiError)
    return kind(
        status,
        str(known.get("reason") or f"HTTP_{status}"),
        str(known.get("detail") or "The answer holds no problem document; something between here and the API gave it."),
        violations=[
            Violation(str(one.get("field", "")), str(one.get("message", "")), str(one.get("reason", "")))
            for one in known.get("violations") or ()
            if isinstance(one, dict)
        ],
        details=[one for one in known.get("details") or () if isinstance(one, dict)],
        request_id=str(known.get("request_id") or request_id),
        retry_after_s=retry_after_s,
    )
