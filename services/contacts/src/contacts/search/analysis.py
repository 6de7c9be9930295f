"""Turns a document into the tokens both engines index, so that they find and rank alike.

The engines do no analysis of their own: every token below is matched as it stands. Queries go through the
same functions (see `plan.py`); whoever changes a rule here must rebuild every index.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from contacts.search.errors import SearchDocumentInvalid
from contacts.search.limits import SearchLimits
from contacts.search.phonetics import fold, forms
from contacts.search.port import CustomerDocument

ANALYSIS_VERSION = 1
"""Raise it with every change of a rule: an index made by another version asks to be rebuilt."""

SOUND_MARK = "~"
EMAIL_GRAM = 3
PHONE_GRAM = 4
IDENTIFIER_MAX_CHARS = 320
"""The longest e-mail address SMTP allows (RFC 5321: 64 + 1 + 255)."""

_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ`´‘](?=\w)")
_WORD = re.compile(r"[^\W_]+")
_EMAIL_PARTS = re.compile(r"[^a-z0-9]+")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CACHED = 65_536


@dataclass(frozen=True, slots=True)
class Tokens:
    """What is indexed of one document, by field. No token holds a space; a token may repeat."""

    exact: list[str]
    """`p:` and the digits of a phone, `n:` all words of the title in order of the alphabet."""
    name: list[str]
    """Folded words of the title and the names."""
    any: list[str]
    """Everything a typed word may begin or be: folded words of names and text, `~` and the sound of each, whole
    e-mails (a local part is found as their prefix), domains and the words inside both. One field, so that a
    word costs the engine one look-up."""
    sound: list[str]
    """Sounds again, alone: typos are looked for here without wading through e-mails."""
    bones: list[str]
    gram: list[str]
    """Every three characters in a row of an e-mail."""
    phone: list[str]
    """Every four digits in a row of a phone; `$` marks its last four."""
    shortened: bool


def words_of(text: str) -> list[str]:
    """Case-folded words with their marks kept (the keys need them). An apostrophe joins: O'Brien is obrien."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = _APOSTROPHES.sub("", text.casefold())
        return _WORD.findall(text)
    return _WORD.findall(_APOSTROPHES.sub("", text.lower()) if "'" in text or "`" in text else text.lower())


def digits_of(phone: str) -> str:
    """ASCII digits of a phone number, without an international prefix and a trunk zero in brackets."""
    phone = phone.replace("(0)", "")
    if phone.isascii():
        digits = _NOT_DIGITS.sub("", phone)
    else:
        digits = "".join(str(unicodedata.digit(c)) for c in phone if c.isdigit())
    return digits.removeprefix("00")


def fold_email(email: str) -> str:
    """Lower-case ASCII form of an address, punctuation kept, white space dropped."""
    if not email.isprintable() or " " in email:
        email = "".join(email.split())
    if not email.isascii():
        email = "".join(fold(c.casefold()) if c.isalnum() else c for c in unicodedata.normalize("NFKC", email))
        email = "".join(c for c in email if c.isascii())
    return email.lower()


def grams(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(len(text) - size + 1)]


def domain_suffixes(domain: str) -> list[str]:
    """`mail.acme.com` and `acme.com`, not `com`."""
    labels = domain.split(".")
    return [".".join(labels[i:]) for i in range(len(labels) - 1)] or [domain]


def tokens_of(document: CustomerDocument, limits: SearchLimits) -> Tokens:
    """The document must have passed `check_bounds`."""
    longest = limits.word_max_chars
    name: list[str] = []
    anything: list[str] = []
    sound: list[str] = []
    bones: list[str] = []
    left = limits.document_max_words
    shortened = False
    title = words_of(document.title)
    texts = (title, *map(words_of, document.names), *map(words_of, document.text))
    for number, found in enumerate(texts):
        shortened |= len(found) > left
        for each in found[:left]:
            folded, heard, boned = forms(each if len(each) <= longest else each[:longest])
            if folded:
                anything.append(folded)
                if number <= len(document.names):
                    name.append(folded)
                if heard:
                    sound.append(heard)
                    anything.append(SOUND_MARK + heard)
                    if boned:
                        bones.append(boned)
        left = max(0, left - len(found))
    exact = ["n:" + name_key(title)] if title else []
    gram: list[str] = []
    for email in document.emails:
        address = fold_email(email)
        local, _, domain = address.rpartition("@")
        if address:
            anything.append(address)
            if not local.isalnum():
                anything += filter(None, _EMAIL_PARTS.split(local))
            anything += _domain_parts(domain)
            gram += grams(address, EMAIL_GRAM)
    phone: list[str] = []
    for typed in document.phones:
        digits = digits_of(typed)
        if digits:
            exact.append("p:" + digits)
            phone += grams(digits, PHONE_GRAM)
            phone.append(digits[-PHONE_GRAM:] + "$")
    return Tokens(exact, name, anything, sound, bones, gram, phone, shortened)


def name_key(words: Iterable[str]) -> str:
    """One token for a whole name, whatever the order of its words."""
    return "_".join(sorted([folded for word in words if (folded := forms(word)[0])]))


def check_identifier(field: str, value: str) -> None:
    """Tenant ids, kinds and the like become paths and keys: nothing else may get through."""
    if not _IDENTIFIER.fullmatch(value):
        raise SearchDocumentInvalid(field, "must be 1 to 64 letters, digits, '-' or '_'")


def check_bounds(document: CustomerDocument, limits: SearchLimits) -> None:
    """Raises SearchDocumentInvalid for what cannot be softened by indexing less of it."""
    identifiers = len(document.emails) + len(document.phones)
    if identifiers > limits.document_max_identifiers:
        raise SearchDocumentInvalid(
            "emails",
            f"{identifiers} e-mails and phones, at most {limits.document_max_identifiers} are searchable",
        )
    for field, values in (("emails", document.emails), ("phones", document.phones)):
        for value in values:
            if len(value) > IDENTIFIER_MAX_CHARS:
                raise SearchDocumentInvalid(field, f"longer than {IDENTIFIER_MAX_CHARS} characters")


@lru_cache(maxsize=_CACHED)
def _domain_parts(domain: str) -> tuple[str, ...]:
    """`my-acme.com` gives itself and `acme`; its first word is found as its prefix, `com` says nothing."""
    suffixes = domain_suffixes(domain)
    inner = [word for label in domain.split(".")[:-1] for word in label.split("-")[1:]]
    return tuple(dict.fromkeys(filter(None, (*suffixes, *inner))))
