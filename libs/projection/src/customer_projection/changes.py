"""From events of contacts to what they say of a customer. Pure: the newest statement about a thing wins.

Contacts, and each link between a person and a company, are ordered by the aggregate's version, so any order and
any repetition of the same events ends in the same picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from funia.contacts.v1.events_pb2 import AccountChanged, AccountContactChanged, ContactChanged
from google.protobuf.message import Message

SUBJECTS = ("contacts.contact.*", "contacts.account.*", "contacts.account_contact.*")
_GONE = ("contacts.contact.erased", "contacts.account.erased")
_UNLINKED = "contacts.account_contact.unlinked"


class ContactsEvent(Protocol):
    """What is read of an event."""

    @property
    def type(self) -> str: ...
    @property
    def subject_id(self) -> UUID: ...
    @property
    def version(self) -> int: ...
    @property
    def payload(self) -> Message | None: ...


@dataclass(frozen=True, slots=True)
class Customer:
    """A contact or account as of a version."""

    id: UUID
    kind: str
    version: int
    stage: str
    owner_id: UUID | None
    team_id: UUID | None
    parent_id: UUID | None
    language: str
    country_code: str
    do_not_contact: bool
    deleted: bool
    merged_into_id: UUID | None


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place in a company as of a version of the person."""

    contact_id: UUID
    account_id: UUID
    version: int
    is_primary: bool
    removed: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """At most one statement about each thing."""

    customers: tuple[Customer, ...]
    places: tuple[Place, ...]


def newest(events: Iterable[ContactsEvent]) -> Changes:
    """The newest statement about each customer and place. Raises ValueError on an id that is none."""
    customers: dict[UUID, Customer] = {}
    places: dict[tuple[UUID, UUID], Place] = {}
    for event in events:
        customer, place = _customer(event), _place(event)
        if customer and (customer.id not in customers or customers[customer.id].version < customer.version):
            customers[customer.id] = customer
        if place:
            key = (place.contact_id, place.account_id)
            if key not in places or places[key].version < place.version:
                places[key] = place
    # Rows are written in the order of their ids, so that a rebuild and the live consumer cannot wait for each other.
    return Changes(
        tuple(customers[key] for key in sorted(customers)),
        tuple(places[key] for key in sorted(places)),
    )


def _customer(event: ContactsEvent) -> Customer | None:
    payload = event.payload
    gone = event.type in _GONE
    if isinstance(payload, ContactChanged):
        return Customer(
            id=event.subject_id,
            kind="contact",
            version=event.version,
            stage=payload.lifecycle_stage,
            owner_id=_id(payload.owner_id),
            team_id=_id(payload.team_id),
            parent_id=None,
            language=payload.language,
            country_code=payload.country_code,
            do_not_contact=payload.do_not_contact,
            deleted=payload.deleted or gone,
            merged_into_id=_id(payload.merged_into_id),
        )
    if isinstance(payload, AccountChanged):
        return Customer(
            id=event.subject_id,
            kind="account",
            version=event.version,
            stage=payload.type,
            owner_id=_id(payload.owner_id),
            team_id=_id(payload.team_id),
            parent_id=_id(payload.parent_id),
            language="",
            country_code=payload.country_code,
            do_not_contact=False,
            deleted=payload.deleted or gone,
            merged_into_id=None,
        )
    return None


def _place(event: ContactsEvent) -> Place | None:
    payload = event.payload
    if isinstance(payload, AccountContactChanged):
        return Place(
            contact_id=UUID(payload.contact_id),
            account_id=UUID(payload.account_id),
            version=event.version,
            is_primary=payload.primary,
            removed=event.type == _UNLINKED,
        )
    if isinstance(payload, ContactChanged) and payload.account_id:
        # A contact's event names its main company but not that it has none, so only a name is a statement.
        return Place(event.subject_id, UUID(payload.account_id), event.version, is_primary=True, removed=False)
    return None


def _id(value: str) -> UUID | None:
    return UUID(value) if value else None
