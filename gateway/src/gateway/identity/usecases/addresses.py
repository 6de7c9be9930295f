"""The normal form of e-mail addresses, by which accounts are known."""

from __future__ import annotations

from chassis.errors import invalid_field
from email_validator import EmailNotValidError, validate_email

EMAIL_MAX_LENGTH = 254


def normalise_email(text: str) -> str:
    """The address as accounts are known by: Unicode-normalised and in lower case; "" where it is none."""
    if len(text) > EMAIL_MAX_LENGTH:
        return ""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.casefold()
    except EmailNotValidError:
        return ""


def checked_email(text: str, *, field: str = "email") -> str:
    """The normalised address. Raises InvalidArgument naming the field."""
    email = normalise_email(text)
    if not email:
        raise invalid_field(field, "write a whole e-mail address: name@example.com", reason="INVALID_EMAIL")
    return email


def counted_email(text: str) -> str:
    """What tries are counted under, also for texts that are no address."""
    return normalise_email(text) or text.replace("\0", "").strip().casefold()[:EMAIL_MAX_LENGTH]
