"""Double opt-in: a link that works once, and until it expires. Its secret is kept as a hash alone."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from chassis.errors import NotFound, invalid_field
from chassis.ids import uuid7
from chassis.jobs import set_timer
from chassis.work import Row, Work

from marketing.queries import consent as queries
from marketing.usecases.consents import Origin, Said, person, write

EXPIRY = "consent_request"
"""The timer that ends a request."""
LINK_BYTES = 24


def request(
    work: Work, contact_id: UUID, purpose_ids: Sequence[UUID], channel: str, *, source: str, text_version: str,
    valid: timedelta,
) -> tuple[str, datetime]:  # fmt: skip
    """Asks a person to confirm; the secret of the link, and until when it holds. Raises NotFound, InvalidArgument."""
    row = person(work, contact_id)
    known = {one.id: one for one in queries.purposes(work)}
    for at, purpose_id in enumerate(purpose_ids):
        if purpose_id not in known or channel not in known[purpose_id].channels:
            raise invalid_field(f"purpose_ids[{at}]", "there is no such purpose for this channel", reason="PURPOSE")
    request_id, secret, expires_at = uuid7(), secrets.token_urlsafe(LINK_BYTES), work.now + valid
    queries.ask(
        work, request_id, row.id, list(dict.fromkeys(purpose_ids)), channel=channel, source=source,
        text_version=text_version, secret_hash=_hashed(secret), expires_at=expires_at,
    )  # fmt: skip
    set_timer(work, EXPIRY, request_id, expires_at)
    write(
        work,
        [
            Said(row.id, purpose_id, channel, "pending", source, work.now, text_version)
            for purpose_id in dict.fromkeys(purpose_ids)
        ],
    )
    return secret, expires_at


def of_link(work: Work, secret: str) -> Row:
    """What a link asks. Raises NotFound where it leads nowhere, or no longer."""
    row = queries.asked(work, _hashed(secret))
    if row is None or row.status == "expired" or (row.status == "open" and row.expires_at <= work.now):
        raise NotFound(
            "This link leads nowhere, or no longer. Sign up again and confirm within the time that the message names.",
            reason="CONSENT_LINK_NOT_FOUND",
        )
    return row


def confirm(work: Work, row: Row, said_from: Origin) -> None:
    """Confirms what a link asks; a link that was used does nothing. Raises NotFound where the person is gone."""
    contact_id = person(work, row.contact_id).id
    if not queries.end(work, row.id, "confirmed"):
        return
    write(
        work,
        [
            Said(
                contact_id, purpose_id, row.channel, "granted", row.source, work.now, row.text_version, said_from,
                confirmed=True,
            )
            for purpose_id in row.purpose_ids
        ],
    )  # fmt: skip


def expire(work: Work, request_id: UUID) -> datetime | None:
    """Ends a request whose time is up; when to look again, where it is not."""
    row = queries.waiting(work, request_id)
    if row is None or row.status != "open":
        return None
    if row.expires_at > work.now:
        return row.expires_at  # type: ignore[no-any-return]
    if queries.end(work, request_id, "expired"):
        write(
            work,
            [
                Said(row.contact_id, purpose_id, row.channel, "expired", row.source, work.now, row.text_version)
                for purpose_id in row.purpose_ids
            ],
        )
    return None


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
