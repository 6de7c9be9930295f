"""Consent: whether people may be written to, and what they say about it. What is said is added to a history that nobody
changes; where somebody stands is the newest of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.errors import NotFound, invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from marketing.events import consent_event
from marketing.queries import consent as queries
from marketing.queries import customers
from marketing.queries import suppression as suppressed
from marketing.usecases.decision import Decision, Standing, decide
from marketing.usecases.suppressions import digest

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far ahead of ours the clock may be that a statement was made by."""
_UNKNOWN = Standing(known=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A person, None for nobody who is known, and the address that a message would go to."""

    contact_id: UUID | None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What holds for a person: who stayed, where it was merged."""

    decision: Decision
    contact_id: UUID | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement came from, as hashes."""

    ip_digest: str = ""
    user_agent_digest: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said. `confirmed` tells that a purpose with double opt-in may take it."""

    contact_id: UUID
    purpose_id: UUID
    channel: str
    status: str
    source: str
    happened_at: datetime
    text_version: str = ""
    origin: Origin = Origin()
    confirmed: bool = False

    @property
    def place(self) -> tuple[UUID, UUID, str]:
        """What it is about."""
        return self.contact_id, self.purpose_id, self.channel


def can_contact(work: Work, purpose_id: UUID, channel: str, asked: Sequence[Asked]) -> list[Answer]:
    """What holds for each, in four statements for all of them. Raises NotFound, InvalidArgument on the purpose."""
    purpose = purpose_of(work, purpose_id)
    if channel not in purpose.channels:
        raise invalid_field("channel", "the purpose is not for this channel; add it to the purpose", reason="CHANNEL")
    known = customers.people(work, {one.contact_id for one in asked if one.contact_id is not None})
    stands = queries.statuses(work, purpose_id, channel, {row.id for row in known.values()})
    digests = [digest(work, channel, one.address) for one in asked]
    reasons = suppressed.reasons(work, channel, {one for one in digests if one})
    answers = []
    for one, address in zip(asked, digests, strict=True):
        row = None if one.contact_id is None else known.get(one.contact_id)
        standing = _UNKNOWN
        if row is not None:
            standing = Standing(True, row.do_not_contact, stands.get(row.id, ""), reasons.get(address, ""))
        elif one.contact_id is None:
            standing = Standing(suppressed=reasons.get(address, ""))
        answers.append(Answer(decide(purpose.lawful_basis, standing), None if row is None else row.id))
    return answers


def person(work: Work, contact_id: UUID) -> Row:
    """The person, or who it was merged into. Raises NotFound where the caller sees nobody."""
    row = customers.people(work, [contact_id]).get(contact_id)
    if row is None:
        raise NotFound(
            "There is no such person that you may see. One of a moment ago is known in a few seconds.",
            reason="CONTACT_NOT_FOUND",
        )
    return row


def purpose_of(work: Work, purpose_id: UUID) -> Row:
    """A living purpose. Raises NotFound."""
    found = next((one for one in queries.purposes(work) if one.id == purpose_id), None)
    if found is None:
        raise NotFound("There is no such purpose. It may lie in the bin.", reason="CONSENT_PURPOSE_NOT_FOUND")
    return found


def record(work: Work, statements: Sequence[Said]) -> tuple[int, int]:
    """Records what people said: how many statements were new, and how many changed where somebody stands.

    Raises InvalidArgument naming the first statement that cannot be recorded.
    """
    purposes = {one.id: one for one in queries.purposes(work)}
    known = customers.people(work, {one.contact_id for one in statements})
    for at, one in enumerate(statements):
        _check(work, purposes.get(one.purpose_id), one, f"statements[{at}]")
        if one.contact_id not in known:
            raise invalid_field(
                f"statements[{at}].contact_id", "there is no such person that you may see", reason="CONTACT_NOT_FOUND"
            )
    return write(work, [replace(one, contact_id=known[one.contact_id].id) for one in statements], purposes)


def write(work: Work, statements: Iterable[Said], purposes: Mapping[UUID, Row] | None = None) -> tuple[int, int]:
    """As `record`, for statements that are known to be right."""
    bases = {one.id: one.lawful_basis for one in (purposes or {row.id: row for row in queries.purposes(work)}).values()}
    said = [(uuid7(), one) for one in statements if one.purpose_id in bases]
    if not said:
        return 0, 0
    entered = queries.enter(
        work,
        {
            **_columns(said),
            "ids": [entry_id for entry_id, _ in said],
            "bases": [bases[one.purpose_id] for _, one in said],
            "text_versions": [one.text_version for _, one in said],
            "ip_digests": [one.origin.ip_digest for _, one in said],
            "user_agent_digests": [one.origin.user_agent_digest for _, one in said],
        },
    )
    newest: dict[tuple[UUID, UUID, str], tuple[UUID, Said]] = {}
    for entry_id, one in said:
        there = newest.get(one.place)
        if entry_id in entered and (there is None or _rank(there[1]) <= _rank(one)):
            newest[one.place] = (entry_id, one)
    last = [newest[place] for place in sorted(newest)]
    if not last:
        return 0, 0
    columns = {**_columns(last), "entry_ids": [one for one, _ in last], "ids": [uuid7() for _ in last]}
    changed = queries.stand(work, columns)
    work.record_all([consent_event(row, bases[row.purpose_id]) for row in changed])
    return len(entered), len(changed)


def origin(work: Work, *, ip_address: str, user_agent: str) -> Origin:
    """Where a statement came from, hashed under the company's own key."""
    return Origin(
        work.keyed_hash("consent-ip", ip_address).hex() if ip_address else "",
        work.keyed_hash("consent-user-agent", user_agent).hex() if user_agent else "",
    )


def take_over(work: Work, merged_id: UUID, stayed_id: UUID) -> None:
    """Gives who stayed what a merged person had said; of two statements about the same the newer counts."""
    write(
        work,
        [
            Said(stayed_id, purpose_id, channel, row.status, row.source, row.happened_at)
            for (purpose_id, channel), row in queries.of_contact(work, merged_id).items()
            if row.status in {"granted", "withdrawn"}
        ],
    )


def _check(work: Work, purpose: Row | None, one: Said, path: str) -> None:
    if purpose is None:
        raise invalid_field(f"{path}.purpose_id", "there is no such purpose", reason="CONSENT_PURPOSE_NOT_FOUND")
    if one.happened_at > work.now + CLOCKS_DIFFER:
        raise invalid_field(f"{path}.happened_at", "this moment is yet to come", reason="IN_THE_FUTURE")
    if one.status == "withdrawn":
        return
    if one.channel not in purpose.channels:
        raise invalid_field(f"{path}.channel", "the purpose is not for this channel", reason="CHANNEL")
    if purpose.double_opt_in and not one.confirmed:
        raise invalid_field(
            f"{path}.confirmed",
            "this purpose asks for a confirmation: request one, or say that the person confirmed it",
            reason="CONFIRMATION_REQUIRED",
        )


def _rank(one: Said) -> tuple[datetime, bool]:
    return one.happened_at, one.status == "withdrawn"


def _columns(said: Sequence[tuple[UUID, Said]]) -> dict[str, list[Any]]:
    return {
        "contact_ids": [one.contact_id for _, one in said],
        "purpose_ids": [one.purpose_id for _, one in said],
        "channels": [one.channel for _, one in said],
        "statuses": [one.status for _, one in said],
        "sources": [one.source for _, one in said],
        "happened": [one.happened_at for _, one in said],
    }
