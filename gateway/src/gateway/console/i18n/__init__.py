"""Words of the console in every language it speaks.

English sentences in code and templates are the keys; ``<locale>.po`` beside this file holds the others, compiled in
memory when the console is built. A missing translation shows the English sentence.
"""

from __future__ import annotations

import gettext as stdlib_gettext
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import g, request

FOLDER = Path(__file__).resolve().parent
LOCALES = ("en", "ru", "bg")
NAMES: Mapping[str, str] = {"en": "English", "ru": "Русский", "bg": "Български"}
# Longer than any real language: it shows where a page would overflow. Offered to nobody, used by the tests.
PSEUDO = "xl"
LOCALE_COOKIE = "funia_locale"


@dataclass(frozen=True, slots=True)
class Lazy:
    """A sentence named where it is known and translated where it is shown."""

    key: str

    def __str__(self) -> str:
        return gettext(self.key)


def lazy(key: str) -> Lazy:
    return Lazy(key)


@cache
def translations(locale: str) -> stdlib_gettext.NullTranslations:
    path = FOLDER / f"{locale}.po"
    if not path.is_file():
        return stdlib_gettext.NullTranslations()
    with path.open("rb") as source:
        catalog = read_po(source, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return stdlib_gettext.GNUTranslations(compiled)


def gettext(message: str, **values: object) -> str:
    text = translations(current_locale()).gettext(message) if message else ""
    if current_locale() == PSEUDO:
        text = stretched(text)
    return text % values if values else text


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    text = translations(current_locale()).ngettext(singular, plural, count)
    if current_locale() == PSEUDO:
        text = stretched(text)
    return text % {"num": count, **values} if "%(" in text else text


def stretched(text: str) -> str:
    """The sentence made 40 % longer, with words as long as German ones; placeholders keep their place."""
    longest = max(text.split(" "), key=lambda word: 0 if "%(" in word else len(word), default="")
    if "%(" in longest or not longest:
        return text
    padding = "ungen" * max(1, round(len(text) * 0.4 / 5))
    return text.replace(longest, longest + padding, 1)


def current_locale() -> str:
    """Language of this request: the session's, else the cookie's, else the best the browser asks for."""
    found = getattr(g, "console_locale", None)
    if found is None:
        found = g.console_locale = choose_locale()
    return str(found)


def choose_locale() -> str:
    session = getattr(g, "console_session", None)
    cookie = request.cookies.get(LOCALE_COOKIE, "")
    if cookie == PSEUDO:
        return PSEUDO
    for wanted in (session.locale if session else "", cookie):
        if wanted in LOCALES:
            return wanted
    return request.accept_languages.best_match(LOCALES) or "en"
