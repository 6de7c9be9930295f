"""What a new company begins with: an address name, and the currency and time zone of its country."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_territory_currencies

LOCALES = ("en", "ru", "bg")
SLUG_MAX_LENGTH = 40
_LATIN = "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y - e yu ya"
_CYRILLIC = {
    letter: latin.strip("-") for letter, latin in zip("абвгдежзийклмнопрстуфхцчшщъыьэюя", _LATIN.split(), strict=True)
} | {"ё": "e"}


def slug_of(name: str) -> str:
    """Lower-case letters, digits and hyphens that recall the name."""
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in name.lower())
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_MAX_LENGTH].strip("-") or "company"


def is_country(code: str) -> bool:
    """Whether it is the code of a country."""
    try:
        territories = Locale.parse("en").territories
    except UnknownLocaleError:
        return False
    return len(code) == 2 and code.isalpha() and code in territories and code != "ZZ"


def currency_of(country_code: str, today: date) -> str:
    """The country's money; EUR where the country is not known."""
    currencies = get_territory_currencies(country_code, today, today) if country_code else []
    return str(currencies[0]) if currencies else "EUR"


def time_zone_of(country_code: str) -> str:
    """The country's time zone where it has one only, UTC otherwise."""
    zones = get_global("territory_zones").get(country_code, [])
    return str(zones[0]) if len(zones) == 1 else "UTC"
