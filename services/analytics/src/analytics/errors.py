"""Errors of analytics, each raised where its rule is."""

from __future__ import annotations

from chassis.errors import (
    DeadlineExceeded,
    InvalidArgument,
    ResourceExhausted,
    Unavailable,
    Violation,
)


class StoreUnavailable(Unavailable):
    """The columnar store cannot be reached, opened or written now."""


class StoreInUse(Exception):
    """Another process owns the embedded store; said to the operator, never to a caller."""


class UnscopedQuery(Exception):
    """A statement that could read past its tenant. A fault of the code that wrote it, never of the caller."""


class StatementFailed(Exception):
    """The engine refused a statement. `code` is ClickHouse's error code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def query_too_slow() -> DeadlineExceeded:
    """The report needs more time than it may take."""
    return DeadlineExceeded(
        "This report takes too long. Ask for a shorter period or a narrower type.", reason="REPORT_TOO_SLOW"
    )


def query_too_large() -> ResourceExhausted:
    """The report needs more memory or gives more rows than it may."""
    return ResourceExhausted(
        "This report is too large. Ask for a shorter period, longer steps or a narrower type.",
        reason="REPORT_TOO_LARGE",
    )


def invalid_field(field: str, message: str, reason: str) -> InvalidArgument:
    """One field of the request is wrong; the message says what to write instead."""
    return InvalidArgument(f"{field}: {message}", reason=reason, violations=[Violation(field, message, reason)])
