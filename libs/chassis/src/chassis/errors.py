"""Errors of Funia, free of any transport.

Raised where the rule is, mapped once per border by `chassis.status` (gRPC) and `gateway.problems` (HTTP).
The message is for the user and says what to do next; internal detail belongs in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from google.protobuf.message import Message


class Kind(Enum):
    """What sort of failure it is; every border maps kinds, never single errors."""

    INVALID_ARGUMENT = "invalid_argument"
    UNAUTHENTICATED = "unauthenticated"
    PERMISSION_DENIED = "permission_denied"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    UNPROCESSABLE = "unprocessable"
    FAILED_PRECONDITION = "failed_precondition"
    TOO_LARGE = "too_large"
    RESOURCE_EXHAUSTED = "resource_exhausted"
    UNAVAILABLE = "unavailable"
    DEADLINE_EXCEEDED = "deadline_exceeded"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Violation:
    """One field that broke a rule. `field` is a path such as ``contact.emails[0].address``."""

    field: str
    message: str
    reason: str = ""


class FuniaError(Exception):
    """Base of every error a caller may see."""

    kind: ClassVar[Kind] = Kind.INTERNAL

    def __init__(
        self,
        message: str,
        *,
        reason: str = "",
        violations: Iterable[Violation] = (),
        metadata: Mapping[str, str] | None = None,
        details: Iterable[Message] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason or self.kind.name
        self.violations = tuple(violations)
        self.metadata = dict(metadata or {})
        self.details = tuple(details)


class InvalidArgument(FuniaError):
    """The request can never work as it is."""

    kind = Kind.INVALID_ARGUMENT


class Unauthenticated(FuniaError):
    """No token, or one that is not good any more."""

    kind = Kind.UNAUTHENTICATED


class PermissionDenied(FuniaError):
    """The caller is known and may not do this."""

    kind = Kind.PERMISSION_DENIED


class NotFound(FuniaError):
    """No such thing for this caller; also for what exists but is not visible."""

    kind = Kind.NOT_FOUND


class Conflict(FuniaError):
    """The state has moved on: stale etag, already there, duplicate."""

    kind = Kind.CONFLICT


class Unprocessable(FuniaError):
    """An idempotency key was used again for something else."""

    kind = Kind.UNPROCESSABLE


class FailedPrecondition(FuniaError):
    """Right request, wrong moment: something else must be done first."""

    kind = Kind.FAILED_PRECONDITION


class TooLarge(FuniaError):
    """The request is over a documented limit."""

    kind = Kind.TOO_LARGE


class ResourceExhausted(FuniaError):
    """Too much at once; try again later."""

    kind = Kind.RESOURCE_EXHAUSTED


class Unavailable(FuniaError):
    """Something needed is away for the moment; try again."""

    kind = Kind.UNAVAILABLE


class DeadlineExceeded(FuniaError):
    """The time given for the call ran out."""

    kind = Kind.DEADLINE_EXCEEDED


class Internal(FuniaError):
    """Our fault. The log has the story under the request id."""

    kind = Kind.INTERNAL


BY_KIND: dict[Kind, type[FuniaError]] = {
    error.kind: error
    for error in (
        InvalidArgument,
        Unauthenticated,
        PermissionDenied,
        NotFound,
        Conflict,
        Unprocessable,
        FailedPrecondition,
        TooLarge,
        ResourceExhausted,
        Unavailable,
        DeadlineExceeded,
        Internal,
    )
}


def invalid_field(field: str, message: str, *, reason: str = "INVALID_VALUE") -> InvalidArgument:
    """An InvalidArgument about one field."""
    return InvalidArgument(f"{field}: {message}", reason=reason, violations=[Violation(field, message, reason)])
