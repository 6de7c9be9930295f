"""Links that work once: made for a mail, used up by what the person does on the page they open.

The secret stands behind the # of the address, which browsers send to no server: not to us in a request that is logged
or that a mail scanner makes, and not to others as a referrer.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from chassis.work import Row

from gateway.errors import link_gone
from gateway.identity.platform import PlatformWork
from gateway.identity.queries import one_time
from gateway.identity.secret_values import digest, new_secret

CONFIRM_EMAIL = "confirm-email"
RESET_PASSWORD = "reset-password"
CHANGE_EMAIL = "change-email"


def make(platform: PlatformWork, issuer: str, purpose: str, user_id: UUID, *, email: str, lifetime: timedelta) -> str:
    """The address of a new link for this account and address; an earlier one for the same purpose stops working."""
    secret = new_secret()
    one_time.add(
        platform,
        digest(secret),
        purpose=purpose,
        user_id=user_id,
        email=email,
        expires_at=platform.now + lifetime,
    )
    return address(issuer, purpose, secret)


def address(issuer: str, page: str, secret: str) -> str:
    """Where a mail sends the person."""
    return f"{issuer}/{page}#{secret}"


def take(platform: PlatformWork, purpose: str, secret: str) -> Row:
    """Uses the link up. Raises FailedPrecondition where it was used before, replaced or is too old."""
    row = one_time.take(platform, digest(secret), purpose=purpose)
    if row is None:
        raise link_gone()
    return row
