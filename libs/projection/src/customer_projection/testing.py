"""Events of contacts for tests. Nothing but tests imports this."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from chassis.envelope import Event
from funia.contacts.v1.events_pb2 import AccountChanged, AccountContactChanged, ContactChanged


def contact(contact_id: UUID, version: int, verb: str = "updated", **fields: object) -> Event:
    """``contacts.contact.<verb>``."""
    payload = ContactChanged(contact_id=str(contact_id), **_texts(fields))  # type: ignore[arg-type]
    return Event(f"contacts.contact.{verb}", contact_id, version, payload, occurred_at=datetime.now(UTC))


def account(account_id: UUID, version: int, verb: str = "updated", **fields: object) -> Event:
    """``contacts.account.<verb>``."""
    payload = AccountChanged(account_id=str(account_id), **_texts(fields))  # type: ignore[arg-type]
    return Event(f"contacts.account.{verb}", account_id, version, payload, occurred_at=datetime.now(UTC))


def link(contact_id: UUID, account_id: UUID, version: int, verb: str = "linked", *, primary: bool = False) -> Event:
    """``contacts.account_contact.<verb>``; the version is the contact's."""
    payload = AccountContactChanged(account_id=str(account_id), contact_id=str(contact_id), primary=primary)
    return Event(f"contacts.account_contact.{verb}", contact_id, version, payload, occurred_at=datetime.now(UTC))


def _texts(fields: dict[str, object]) -> dict[str, object]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in fields.items()}
