"""Events of marketing: ids and states, never names, addresses or texts."""

from __future__ import annotations

from uuid import UUID

from chassis.envelope import Event
from chassis.work import Row
from funia.marketing.v1 import events_pb2 as pb

_VERBS = {"pending": "requested", "granted": "granted", "withdrawn": "withdrawn", "expired": "expired"}


def consent_event(row: Row, lawful_basis: str) -> Event:
    """Where somebody stands changed."""
    payload = pb.ConsentChanged(
        consent_id=str(row.id),
        contact_id=str(row.contact_id),
        consent_purpose_id=str(row.purpose_id),
        channel=row.channel,
        status=row.status,
        lawful_basis=lawful_basis,
        entry_id=str(row.entry_id),
    )
    return Event(f"marketing.consent.{_VERBS[row.status]}", row.id, row.version, payload)


def suppression_event(verb: str, suppression_id: UUID, *, channel: str, reason: str) -> Event:
    """An address was suppressed (1), or is no more (2)."""
    payload = pb.SuppressionChanged(suppression_id=str(suppression_id), channel=channel, reason=reason)
    return Event(f"marketing.suppression.{verb}", suppression_id, 1 if verb == "added" else 2, payload)
