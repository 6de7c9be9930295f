"""Errors of contacts."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from chassis.errors import Conflict, NotFound, Violation


def contact_not_found(contact_id: UUID | str) -> NotFound:
    """No such contact, or none the caller may see."""
    return NotFound(f"There is no contact {contact_id} that you may see.", reason="CONTACT_NOT_FOUND")


def account_not_found(account_id: UUID | str) -> NotFound:
    """No such account, or none the caller may see."""
    return NotFound(f"There is no account {account_id} that you may see.", reason="ACCOUNT_NOT_FOUND")


def customer_not_found(record_id: UUID | str) -> NotFound:
    """No such contact or account, or none the caller may see."""
    return NotFound(f"There is no contact or account {record_id} that you may see.", reason="CUSTOMER_NOT_FOUND")


def stale(etag: str, version: int) -> Conflict:
    """The record has changed since the caller read it."""
    return Conflict(
        "Somebody changed this record after you read it. Read it again and repeat your change.",
        reason="STALE_ETAG",
        metadata={"your_etag": etag, "current_etag": str(version)},
    )


def in_the_bin(kind: str) -> Conflict:
    """The record lies in the bin."""
    return Conflict(f"This {kind} is in the bin. Take it out of the bin first.", reason="DELETED")


ERASED_PERSON = "ERASED_PERSON"
_IDENTITY_FIELDS = {"email": "emails", "phone": "phones", "external": "external_ids"}
_SAID = {"email": "e-mail address", "phone": "phone number", "external": "external id"}


def erased_words(kinds: Iterable[str]) -> str:
    """Why somebody with identities of these kinds cannot come back, and what can be done about it."""
    said = " and ".join(_SAID[kind] for kind in sorted(set(kinds)))
    return (
        f"The {said} belonged to a person who was erased for good. Leave the person out. Only where the person wants "
        "to be here again, let an administrator lift the erasure and say why, then repeat."
    )


def erased_person(kinds: Iterable[str]) -> Conflict:
    """Somebody who was erased would come back."""
    found = sorted(set(kinds))
    words = erased_words(found)
    violations = [Violation(f"contact.{_IDENTITY_FIELDS[kind]}", words, ERASED_PERSON) for kind in found]
    return Conflict(words, reason=ERASED_PERSON, violations=violations)
