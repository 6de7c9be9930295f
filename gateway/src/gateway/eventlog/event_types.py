"""Which event types a caller asks for and may see: patterns such as ``contacts.*``, by the read scopes of services.

A type is ``<service>.<entity>.<event>``; a pattern may end in ``*`` after the service or the entity, or be ``*`` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from chassis.caller import Caller
from chassis.envelope import SUBJECT_ROOT
from chassis.errors import InvalidArgument, PermissionDenied, Violation

SERVICES = ("identity", "contacts", "sales", "marketing", "support", "analytics")
EVERYTHING = "*"
_NAME = "[a-z][a-z0-9_]*"
_PATTERN = re.compile(rf"(?:{_NAME}\.){{1,2}}\*|{_NAME}\.{_NAME}\.{_NAME}")
PATTERN_TEXT = "contacts.contact.created, contacts.contact.*, contacts.* or *"


@dataclass(frozen=True)
class Wanted:
    """Event types of one service, by patterns; none of them means all of the service's."""

    service: str
    patterns: tuple[str, ...] = ()

    def subject(self, tenant_id: UUID) -> str:
        """The narrowest bus subject that holds all of them. Only this tenant's, by construction."""
        only = self.patterns[0] if len(self.patterns) == 1 else f"{self.service}.*"
        return f"{SUBJECT_ROOT}.{tenant_id}.{only[:-1] + '>' if only.endswith('.*') else only}"

    def has(self, event_type: str) -> bool:
        """Whether the type matches one of the patterns."""
        return not self.patterns or event_type in self._exact or event_type.startswith(self._beginnings)

    @cached_property
    def needs_check(self) -> bool:
        """Whether the subject lets more through than the patterns do."""
        return len(self.patterns) > 1

    @cached_property
    def _exact(self) -> frozenset[str]:
        return frozenset(self.patterns)

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        return tuple(one[:-1] for one in self.patterns if one.endswith("*"))


def readable_services(scopes: Iterable[str]) -> frozenset[str]:
    """Services whose events a caller with these scopes may know of."""
    return frozenset(scope.partition(".")[0] for scope in scopes if scope.endswith(".read"))


def wanted_of(caller: Caller, patterns: Sequence[str], *, field: str, most: int) -> list[Wanted]:
    """What the caller asked for, a service each; everything readable where no pattern is given.

    Raises InvalidArgument naming a bad pattern, PermissionDenied where a scope is missing or the caller does not see
    the records of the whole company: an event tells of a record, and visibility is a property of the record.
    """
    check_patterns(patterns, field=field, most=most)
    if caller.visibility != "all":
        raise PermissionDenied(
            "Events tell of every record of the company, and your role shows only a part of them. "
            'Use a role or an app with the visibility "all".',
            reason="VISIBILITY_TOO_NARROW",
        )
    readable = readable_services(caller.scopes) & frozenset(SERVICES)
    by_service: dict[str, list[str]] = {}
    for pattern in patterns:
        if pattern != EVERYTHING:
            by_service.setdefault(pattern.partition(".")[0], []).append(pattern)
    for service in by_service:
        if service not in readable:
            raise _missing(service)
    if not patterns or EVERYTHING in patterns:
        if not readable:
            raise _missing("contacts")
        return [Wanted(service) for service in SERVICES if service in readable]
    return [Wanted(service, _narrowed(by_service[service])) for service in SERVICES if service in by_service]


def matches(patterns: Iterable[str], event_type: str) -> bool:
    """Whether the type matches one of the patterns."""
    return any(
        one in (EVERYTHING, event_type) or (one.endswith("*") and event_type.startswith(one[:-1])) for one in patterns
    )


def check_patterns(patterns: Sequence[str], *, field: str, most: int) -> None:
    """Raises InvalidArgument for too many patterns, and for one that is none or names an unknown service."""
    if len(patterns) > most:
        raise _bad(field, f"Give {most} types or fewer.", "TOO_MANY")
    for pattern in patterns:
        if pattern == EVERYTHING:
            continue
        if not _PATTERN.fullmatch(pattern):
            raise _bad(field, f'"{pattern[:80]}" is no event type. Write one as {PATTERN_TEXT}.', "INVALID_EVENT_TYPE")
        if pattern.partition(".")[0] not in SERVICES:
            raise _bad(field, f'"{pattern[:80]}" begins with none of {", ".join(SERVICES)}.', "INVALID_EVENT_TYPE")


def _narrowed(patterns: list[str]) -> tuple[str, ...]:
    unique = tuple(dict.fromkeys(patterns))
    whole = f"{unique[0].partition('.')[0]}.*"
    return () if whole in unique else unique


def _missing(service: str) -> PermissionDenied:
    return PermissionDenied(
        f'Events of {service} need the scope "{service}.read". Ask an administrator of your company for it.',
        reason="MISSING_SCOPE",
        metadata={"scope": f"{service}.read"},
    )


def _bad(field: str, message: str, reason: str) -> InvalidArgument:
    return InvalidArgument(f"{field}: {message}", reason=reason, violations=[Violation(field, message, reason)])
