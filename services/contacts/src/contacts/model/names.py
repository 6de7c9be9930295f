"""Normal forms by which names, e-mails and phones are compared."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)


def name_key(name: str) -> str:
    """A name for comparing and ordering: case-folded, accents and punctuation gone, single blanks."""
    folded = name.casefold()
    if folded.isascii():
        return _NOT_WORD.sub(" ", folded).strip()
    decomposed = unicodedata.normalize("NFKD", folded)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", bare).strip()


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
