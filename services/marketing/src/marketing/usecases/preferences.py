"""The preference centre: what a person wants to get, chosen by a signed link without a log-in.

The link is the person's id and the hash of the address it was sent to, signed under the company's own key. It is kept
nowhere and holds for as long as FUNIA_SECRET does: who unsubscribes by an old message must be heard.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from chassis.errors import NotFound, invalid_field
from chassis.work import Row, Work

from marketing.queries import consent as queries
from marketing.queries import suppression as suppressed
from marketing.usecases.consents import Origin, Said, person, write
from marketing.usecases.decision import SERVICE, Standing, decide
from marketing.usecases.suppressions import digest, suppress_digests, unsuppress_digest

CHANNELS = ("email", "sms", "phone", "messenger", "post")
SOURCE = "preference_centre"
UNSUBSCRIBED = "unsubscribed"
_SIGNATURE_BYTES = 16
_ID_BYTES = 16
Wanted = dict[tuple[UUID, str], bool]


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a link leads to: the person, and the address it was sent to, as its hash."""

    contact: Row
    channel: str
    address_digest: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a preference centre shows: public purposes, and what is wanted of each on each of its channels."""

    purposes: list[Row]
    wanted: Wanted
    nothing: bool


def token(work: Work, contact_id: UUID, channel: str, address: str) -> str:
    """The signed part of a link. Raises NotFound where the caller sees no such person."""
    row = person(work, contact_id)
    body = row.id.bytes + bytes([CHANNELS.index(channel)]) + bytes.fromhex(digest(work, channel, address))
    return base64.urlsafe_b64encode(_signature(work, body) + body).decode().rstrip("=")


def of_link(work: Work, text: str) -> Reader:
    """Whom a link leads to. Raises NotFound where it was not made here, or the person is gone."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        raw = b""
    signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if len(body) <= _ID_BYTES or not hmac.compare_digest(signature, _signature(work, body)):
        raise NotFound("This link leads nowhere. Open it as it stands in the message.", reason="CONSENT_LINK_NOT_FOUND")
    contact = person(work, UUID(bytes=body[:_ID_BYTES]))
    return Reader(contact, CHANNELS[body[_ID_BYTES]], body[_ID_BYTES + 1 :].hex())


def shown(work: Work, reader: Reader) -> Shown:
    """What holds now."""
    rows = [one for one in queries.purposes(work) if one.public and one.lawful_basis not in SERVICE]
    stands = queries.of_contact(work, reader.contact.id)
    stopped = bool(suppressed.reasons(work, reader.channel, {reader.address_digest} - {""}))
    stopped = stopped or reader.contact.do_not_contact
    wanted = {
        (row.id, channel): decide(row.lawful_basis, Standing(status=_status(stands, row.id, channel))).allowed
        for row in rows
        for channel in row.channels
    }
    return Shown(rows, wanted, stopped or not any(wanted.values()))


def choose(work: Work, reader: Reader, choices: Wanted, said_from: Origin) -> None:
    """Records what differs from what holds. Raises InvalidArgument for what the page does not offer."""
    now = shown(work, reader).wanted
    for place in choices:
        if place not in now:
            raise invalid_field("choices", "this cannot be chosen here", reason="NOT_OFFERED")
    if any(choices.values()) and reader.address_digest:
        unsuppress_digest(work, reader.channel, reader.address_digest, reason=UNSUBSCRIBED)
    differing = {place: wanted for place, wanted in choices.items() if now[place] is not wanted}
    write(
        work,
        [
            Said(
                reader.contact.id, purpose_id, channel, "granted" if wanted else "withdrawn", SOURCE, work.now,
                origin=said_from, confirmed=True,
            )
            for (purpose_id, channel), wanted in differing.items()
        ],
    )  # fmt: skip


def stop(work: Work, reader: Reader, said_from: Origin) -> None:
    """Nothing any more: everything is withdrawn on every channel, and the address is suppressed."""
    stands = queries.of_contact(work, reader.contact.id)
    write(
        work,
        [
            Said(reader.contact.id, row.id, channel, "withdrawn", SOURCE, work.now, origin=said_from)
            for row in queries.purposes(work)
            if row.lawful_basis not in SERVICE
            for channel in row.channels
            if _status(stands, row.id, channel) != "withdrawn"
        ],
    )
    if reader.address_digest:
        suppress_digests(work, reader.channel, [reader.address_digest], UNSUBSCRIBED)


def _status(stands: Mapping[tuple[UUID, str], Row], purpose_id: UUID, channel: str) -> str:
    row = stands.get((purpose_id, channel))
    return "" if row is None else row.status


def _signature(work: Work, body: bytes) -> bytes:
    return work.keyed_hash("preference-link", body.hex())[:_SIGNATURE_BYTES]
