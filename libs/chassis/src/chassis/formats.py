"""Named text formats of the field rules: what a text must look like, and how to say so when it does not.

Shape only: whether a mailbox or a number exists is not asked here. Cheap enough for every request.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from zoneinfo import available_timezones

from funia.type.v1 import options_pb2

_COUNTRY_CODES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM
    FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT
    JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN
    MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT
    PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL
    TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_COUNTRY_CODES.split())

_CURRENCY_CODES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
    HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD
    MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR
    RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS
    UAH UGX USD UYI UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CURRENCY_CODES.split())

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOMAIN = rf"(?:{_LABEL}\.)+(?:[^\W\d_]{{2,63}}|xn--[a-z0-9-]{{2,59}})"


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its test, and the remedy for a text that fails it."""

    name: str
    fits: Callable[[str], object]
    remedy: str
    example: str
    pattern: str = ""

    @property
    def reason(self) -> str:
        """Reason of a violation, such as INVALID_EMAIL."""
        return f"INVALID_{self.name.upper()}"


@cache
def timezones() -> frozenset[str]:
    """IANA zones this machine knows; read from disk once."""
    return frozenset(available_timezones())


def _is_day(text: str) -> bool:
    if len(text) != 10:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _regex_format(name: str, pattern: str, remedy: str, example: str, flags: int = 0) -> Format:
    return Format(name, re.compile(pattern, flags).fullmatch, remedy, example, pattern)


FORMATS: dict[int, Format] = {
    options_pb2.FORMAT_UUID: _regex_format(
        "uuid",
        r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
        "Give a UUID in its hyphenated form.",
        "0197a3c2-7d1e-7000-8000-5f2a41c6e001",
    ),
    options_pb2.FORMAT_EMAIL: _regex_format(
        "email",
        rf"[^\s@\"<>(),:;\[\]\\\0-\x1f\x7f]{{1,64}}@{_DOMAIN}",
        "Give an e-mail address such as anna@example.com.",
        "anna@example.com",
        re.IGNORECASE,
    ),
    options_pb2.FORMAT_PHONE: _regex_format(
        "phone",
        r"\+?(?:[ .()/-]*[0-9]){5,17}[ .()/-]*(?:(?:x|ext\.?) ?[0-9]{1,6})?",
        "Give a phone number of 5 to 17 digits, best with + and the country code.",
        "+359 2 981 1234",
        re.IGNORECASE,
    ),
    options_pb2.FORMAT_URL: _regex_format(
        "url",
        rf"https?://(?:{_DOMAIN}|localhost|[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}})(?::[0-9]{{1,5}})?(?:[/?#][^\s\0-\x1f\x7f]*)?",
        "Give a whole address that starts with https:// or http://.",
        "https://example.com/about",
        re.IGNORECASE,
    ),
    options_pb2.FORMAT_COUNTRY: Format(
        "country", COUNTRIES.__contains__, 'Give an ISO 3166 code of two capitals, such as "BG".', "BG", "[A-Z]{2}"
    ),
    options_pb2.FORMAT_LANGUAGE: _regex_format(
        "language",
        r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*",
        'Give a BCP 47 language tag such as "en" or "pt-BR".',
        "bg",
    ),
    options_pb2.FORMAT_CURRENCY: Format(
        "currency",
        CURRENCIES.__contains__,
        'Give an ISO 4217 code of three capitals, such as "EUR".',
        "EUR",
        "[A-Z]{3}",
    ),
    options_pb2.FORMAT_TIMEZONE: Format(
        "timezone",
        lambda text: text in timezones(),
        'Give an IANA time zone such as "Europe/Sofia".',
        "Europe/Sofia",
    ),
    options_pb2.FORMAT_DOMAIN: _regex_format(
        "domain",
        _DOMAIN,
        'Give a domain without scheme or path, such as "example.com".',
        "example.com",
        re.IGNORECASE,
    ),
    options_pb2.FORMAT_DATE: Format(
        "date", _is_day, "Give a day such as 2026-11-22.", "2026-11-22", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    ),
}
