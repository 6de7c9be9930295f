"""Existing records that a refusal names because the new one looks like them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.errors import FuniaError
from flask import url_for
from funia.contacts.v1.account_pb2 import Account
from funia.contacts.v1.contact_pb2 import Contact, DuplicateCandidate
from google.protobuf.any_pb2 import Any

from gateway.console.i18n import Lazy, lazy
from gateway.console.values import primary_email, record_name, record_subtitle

REASONS: dict[str, Lazy] = {
    "email": lazy("same e-mail"),
    "phone": lazy("same phone"),
    "external_id": lazy("same id in another system"),
    "name": lazy("similar name"),
    "domain": lazy("same web domain"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that is there already, and what agrees."""

    name: str
    subtitle: str
    href: str
    reasons: tuple[str, ...]


def candidates_of(error: FuniaError) -> Sequence[Candidate]:
    """The candidates among the error's details, in the order of the service."""
    found: list[Candidate] = []
    for detail in error.details:
        if not isinstance(detail, Any):
            continue
        candidate, account = DuplicateCandidate(), Account()
        if detail.Unpack(candidate):
            found.append(of_contact(candidate.contact, tuple(candidate.reasons)))
        elif detail.Unpack(account):
            href = url_for("console.record_page", plural="companies", record_id=account.id)
            found.append(Candidate(record_name(account), record_subtitle(account), href, ()))
    return found


def of_contact(contact: Contact, reasons: tuple[str, ...]) -> Candidate:
    subtitle = " · ".join(part for part in (record_subtitle(contact), primary_email(contact)) if part)
    said = tuple(str(REASONS.get(reason, reason)) for reason in reasons)
    href = url_for("console.record_page", plural="people", record_id=contact.id)
    return Candidate(record_name(contact), subtitle, href, said)
