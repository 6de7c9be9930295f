"""Leave for one sale at a till to go beyond the discount policy: a word that only the server can write."""

from __future__ import annotations

import hmac
from uuid import UUID

from chassis.work import Work

_PURPOSE = "till discount"


def grant(work: Work, register_id: UUID, sale_id: UUID) -> str:
    """The caller's leave for a sale."""
    return f"{work.caller.actor_id}.{_signature(work, register_id, sale_id, work.caller.actor_id)}"


def granted_by(work: Work, register_id: UUID, sale_id: UUID, word: str) -> UUID | None:
    """Who gave leave for a sale; None where the word is not ours, or is for another sale."""
    said, _, signature = word.partition(".")
    try:
        person = UUID(said)
    except ValueError:
        return None
    return person if hmac.compare_digest(signature, _signature(work, register_id, sale_id, person)) else None


def _signature(work: Work, register_id: UUID, sale_id: UUID, person: UUID) -> str:
    return work.keyed_hash(_PURPOSE, f"{register_id}|{sale_id}|{person}").hex()
