"""Errors of contacts."""

from __future__ import annotations

from uuid import UUID

from chassis.errors import Conflict, NotFound


def contact_not_found(contact_id: UUID | str) -> NotFound:
    """No such contact, or none the caller may see."""
    return NotFound(f"There is no contact {contact_id} that you may see.", reason="CONTACT_NOT_FOUND")


def account_not_found(account_id: UUID | str) -> NotFound:
    """No such account, or none the caller may see."""
    return NotFound(f"There is no account {account_id} that you may see.", reason="ACCOUNT_NOT_FOUND")


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
