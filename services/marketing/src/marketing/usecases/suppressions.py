"""Addresses that nothing is sent to: known by a hash under the company's own key, whoever they belong to.

No entry names a person, so an entry stays when the person is erased, and a list imported later meets it again.
"""

from __future__ import annotations

from collections.abc import Sequence

from chassis.errors import NotFound, invalid_field
from chassis.ids import uuid7
from chassis.work import Work

from marketing.events import suppression_event
from marketing.queries import suppression as queries

_PURPOSE = "suppressed-address"
_NUMBERS = frozenset({"sms", "phone"})


def digest(work: Work, channel: str, address: str) -> str:
    """The hash of an address; how it was typed does not count. Empty for an address of nothing."""
    plain = normal(channel, address)
    return work.keyed_hash(_PURPOSE, f"{channel}:{plain}").hex() if plain else ""


def normal(channel: str, address: str) -> str:
    """An address as it is compared: e-mail in small letters, numbers as digits, all others without extra blanks."""
    if channel in _NUMBERS:
        number = "".join(one for one in address if one.isdecimal())
        return number.removeprefix("00") if address.strip().startswith("00") else number
    return " ".join(address.casefold().split())


def suppress(work: Work, channel: str, addresses: Sequence[str], reason: str) -> int:
    """Suppresses addresses; how many were not before. Raises InvalidArgument for one that is none."""
    digests = []
    for at, address in enumerate(addresses):
        digests.append(digest(work, channel, address))
        if not digests[-1]:
            raise invalid_field(f"addresses[{at}]", "write an address of this channel", reason="NO_ADDRESS")
    return suppress_digests(work, channel, digests, reason)


def suppress_digests(work: Work, channel: str, digests: Sequence[str], reason: str) -> int:
    """The same for hashes."""
    wanted = sorted(set(digests))
    rows = queries.add(work, channel, wanted, [uuid7() for _ in wanted], reason)
    added = [row for row in rows if row.added]
    work.record_all([suppression_event("added", row.id, channel=channel, reason=reason) for row in added])
    return len(added)


def unsuppress(work: Work, channel: str, address: str) -> None:
    """Lets an address be written to again. Raises NotFound where it is not suppressed."""
    if not unsuppress_digest(work, channel, digest(work, channel, address)):
        raise NotFound("This address is not suppressed on this channel.", reason="SUPPRESSION_NOT_FOUND")


def unsuppress_digest(work: Work, channel: str, known_by: str, *, reason: str = "") -> bool:
    """The same for a hash, where it is suppressed for this reason; whether it was."""
    row = queries.remove(work, channel, known_by, reason=reason)
    if row is None:
        return False
    work.record(suppression_event("removed", row.id, channel=channel, reason=row.reason))
    return True
