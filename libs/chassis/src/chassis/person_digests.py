"""How services know an erased person's addresses again without the bus carrying them: hashes of their normal forms
under a key of the company. They are compared, never looked up in a list of what might have been hashed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from chassis.work import Work

Kind = Literal["email", "phone", "family_name"]
_PURPOSE = "person-digests"
_PHONE_DIGITS = 9
_PHONE_LEAST = 6


def digest_of(work: Work, kind: Kind, text: str) -> str:
    """What stands for this address or name, in hex; empty where the text is none.

    Ways of writing one e-mail address or one number share their digest, and a name is compared word by word.
    """
    plain = phone_digits(text) if kind == "phone" else text.strip().casefold()
    return work.keyed_hash(_PURPOSE, f"{kind}:{plain}").hex() if plain else ""


def digests_of(work: Work, kind: Kind, texts: Iterable[str]) -> list[str]:
    """Digests of several, each once; of every word of names."""
    words = (word for text in texts for word in (text.split() if kind == "family_name" else (text,)))
    return list(dict.fromkeys(digest for word in words if (digest := digest_of(work, kind, word))))


def phone_digits(number: str) -> str:
    """What two ways of writing one number share: its last nine digits, without country and trunk codes."""
    digits = "".join(one for one in number if one.isdigit())
    return digits[-_PHONE_DIGITS:] if len(digits) >= _PHONE_LEAST else ""
