"""Numbers and money as people write them in cells. None where a text means none."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from chassis.formats import CURRENCIES

_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "₽": "RUB", "лв": "BGN", "лв.": "BGN", "руб": "RUB", "руб.": "RUB"}
_NUMBER = re.compile(r"[-+]?\d[\d\s\u00a0\u202f.,']*")
_MONEY = re.compile(r"(?P<before>[^\d\s.,+-]*)\s*(?P<number>[-+]?\d[\d\s\u00a0\u202f.,']*?)\s*(?P<after>[^\d\s,]*)")
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_MOST_MINOR = 10**17


def decimal(text: str) -> Decimal | None:
    """A number as people write it: blanks or commas between thousands, a comma or a point before the fraction."""
    bare = text.strip()
    if not _NUMBER.fullmatch(bare):
        return None
    bare = re.sub(r"[\s\u00a0\u202f']", "", bare)
    last = max(bare.rfind(","), bare.rfind("."))
    if last >= 0:
        mark = bare[last]
        other = "." if mark == "," else ","
        bare = bare.replace(other, "")
        if bare.count(mark) > 1 or (mark == "," and other not in text and len(bare) - bare.rfind(",") == 4):
            bare = bare.replace(mark, "")
        bare = bare.replace(",", ".")
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def whole_number(text: str, *, most: int) -> int | None:
    """A whole number between 0 and `most`."""
    value = decimal(text)
    if value is None or value != value.to_integral_value() or not 0 <= value <= most:
        return None
    return int(value)


def money(text: str, *, scale: int, currency: str) -> tuple[str, int] | None:
    """Currency and amount in minor units. A sign or code in the cell goes before `currency`."""
    match = _MONEY.fullmatch(text.strip())
    if match is None:
        return None
    marks = [mark for mark in (match["before"], match["after"]) if mark]
    if len(marks) > 1:
        return None
    if marks:
        code = _SYMBOLS.get(marks[0].lower(), marks[0].upper())
        if code not in CURRENCIES:
            return None
        currency = code
    value = decimal(match["number"])
    if value is None:
        return None
    minor = value * scale * 10 ** digits(currency)
    if abs(minor) > _MOST_MINOR:
        return None
    return currency, int(minor.to_integral_value(ROUND_HALF_EVEN))


def money_text(currency: str, amount_minor: int) -> str:
    """An amount as `money` reads it back."""
    return f"{currency} {Decimal(amount_minor).scaleb(-digits(currency)):f}"


def digits(currency: str) -> int:
    """How many digits a currency has after the point."""
    return 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2
