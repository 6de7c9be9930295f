"""Normal forms by which names, e-mails and phones are compared."""

from __future__ import annotations

import phonenumbers
from chassis.name_keys import name_key

__all__ = ["domain_key", "email_key", "name_key", "phone_key"]


def email_key(address: str) -> str:
    """An e-mail address for comparing: trimmed and case-folded."""
    return address.strip().casefold()


def domain_key(domain: str) -> str:
    """A web domain for comparing: lower case, without scheme, ``www.`` and path."""
    bare = domain.strip().casefold().removeprefix("https://").removeprefix("http://").split("/", 1)[0]
    return bare.removeprefix("www.").rstrip(".")


def phone_key(number: str, country: str) -> str | None:
    """A phone number in E.164, a national one read in `country` (ISO alpha-2); None where it cannot be one."""
    try:
        parsed = phonenumbers.parse(number, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
