"""The normal form by which names are compared and ordered."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)


def name_key(name: str) -> str:
    """A name for comparing and ordering: case-folded, accents and punctuation gone, single blanks."""
    folded = name.casefold()
    if folded.isascii():
        return _NOT_WORD.sub(" ", folded).strip()
    decomposed = unicodedata.normalize("NFKD", folded)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", bare).strip()
