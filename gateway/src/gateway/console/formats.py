"""Dates, numbers, money, countries and languages as the person's locale and the company's time zone write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_time as babel_time
from babel.dates import format_timedelta, get_day_names
from babel.numbers import format_currency, format_decimal, get_currency_precision
from flask import g
from funia.type.v1.money_pb2 import Money, UnitPrice
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.console.i18n import PSEUDO, current_locale, gettext

RELATIVE_FOR = dt.timedelta(days=7)


def babel_locale() -> str:
    """Locale of dates and numbers; English is written the European way, day before month."""
    locale = current_locale()
    return {"en": "en_GB", PSEUDO: "de"}.get(locale, locale)


def zone() -> ZoneInfo:
    session = getattr(g, "console_session", None)
    try:
        return ZoneInfo(session.time_zone or "UTC") if session else ZoneInfo("UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def now() -> dt.datetime:
    return dt.datetime.now(tz=zone())


def local(moment: Timestamp | dt.datetime) -> dt.datetime:
    if isinstance(moment, Timestamp):
        moment = moment.ToDatetime(tzinfo=dt.UTC)
    return moment.astimezone(zone())


def format_when(moment: Timestamp | dt.datetime | None) -> str:
    """Relative within a week, the date after that; empty for no moment."""
    if moment is None or (isinstance(moment, Timestamp) and moment.seconds == 0):
        return ""
    when = local(moment)
    distance = now() - when
    if abs(distance) < dt.timedelta(minutes=1):
        return gettext("just now")
    if abs(distance) < RELATIVE_FOR:
        return format_timedelta(-distance, add_direction=True, locale=babel_locale(), threshold=1.0)
    return format_day(when)


def format_day(moment: Timestamp | dt.datetime) -> str:
    when = local(moment)
    pattern = "d MMM" if when.year == now().year else "d MMM y"
    return babel_date(when.date(), format=pattern, locale=babel_locale())


def format_moment(moment: Timestamp | dt.datetime | None) -> str:
    """Full date and time, for tooltips and tables; empty for no moment."""
    if moment is None or (isinstance(moment, Timestamp) and moment.seconds == 0):
        return ""
    when = local(moment)
    return f"{babel_date(when.date(), format='medium', locale=babel_locale())}, {format_clock(when)}"


def format_clock(moment: Timestamp | dt.datetime) -> str:
    return babel_time(local(moment), format="short", locale=babel_locale())


def clock_raw(moment: Timestamp) -> str:
    """As a datetime-local control holds it, in the company's time zone; empty where there is none."""
    return f"{local(moment):%Y-%m-%dT%H:%M}" if moment.seconds else ""


def moment_of(text: str) -> dt.datetime | None:
    """A moment from a datetime-local control, read in the company's time zone; None where it holds none."""
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=zone()).astimezone(dt.UTC) if text else None
    except ValueError:
        return None


def format_iso(moment: Timestamp | None) -> str:
    return moment.ToJsonString() if moment is not None and moment.seconds else ""


def format_number(number: float) -> str:
    return format_decimal(number, locale=babel_locale())


def format_plain(number: Decimal) -> str:
    """A number as somebody would type it: no signs between thousands, no decimals that say nothing."""
    text = format_decimal(number.normalize(), "0.######", locale=babel_locale())
    return str(text)


def format_bytes(size: int) -> str:
    """Size of a file in the unit people expect."""
    if size >= 1024 * 1024:
        return gettext("%(size)s MB", size=format_number(round(size / 1024 / 1024, 1)))
    return gettext("%(size)s kB", size=format_number(max(1, round(size / 1024))))


def format_date(day: str) -> str:
    """A day such as 2026-11-22 as people write it; empty for none."""
    if not day:
        return ""
    on = dt.date.fromisoformat(day)
    pattern = "d MMM" if on.year == now().year else "d MMM y"
    return babel_date(on, format=pattern, locale=babel_locale())


def format_decimal_places(number: int, places: int) -> str:
    """A whole number of smallest parts, such as thousandths, as a decimal."""
    return format_decimal(Decimal(number) / 10**places, locale=babel_locale(), decimal_quantization=False)


def format_unit_price(price: UnitPrice) -> str:
    """The price of one; fractions of the smallest coin are shown where there are any."""
    if not price.currency_code:
        return ""
    amount = Decimal(price.amount_micros) / 1_000_000
    places = max(get_currency_precision(price.currency_code), -int(amount.normalize().as_tuple().exponent))
    return format_currency(
        amount, price.currency_code, format=currency_pattern(places), locale=babel_locale(),
        currency_digits=False, decimal_quantization=False,
    )  # fmt: skip


def format_money(money: Money, *, exact: bool = False) -> str:
    """An amount; cents that are nought are left out unless it is to be `exact`, as beside others that have them."""
    if not money.currency_code:
        return ""
    precision = get_currency_precision(money.currency_code)
    whole = money.amount_minor % 10**precision == 0
    amount = Decimal(money.amount_minor) / 10**precision
    pattern = currency_pattern(0 if whole and not exact else precision)
    return format_currency(amount, money.currency_code, format=pattern, locale=babel_locale(), currency_digits=False)


def format_minor(minor: int, currency: str, *, exact: bool = False) -> str:
    """Minor units of a currency as money."""
    return format_money(Money(currency_code=currency, amount_minor=minor), exact=exact)


def has_cents(minor: int, currency: str) -> bool:
    """Whether an amount is no whole number of its currency: all amounts beside it then show their cents."""
    return bool(currency) and minor % 10 ** get_currency_precision(currency) != 0


def currency_pattern(places: int) -> str:
    """How the locale writes amounts, with so many decimal places."""
    pattern = str(Locale.parse(babel_locale()).currency_formats["standard"].pattern)
    return pattern.replace("0.00", f"0.{'0' * places}" if places else "0")


def country_name(code: str) -> str:
    return str(Locale.parse(babel_locale()).territories.get(code.upper(), code)) if code else ""


def language_name(code: str) -> str:
    if not code:
        return ""
    name = Locale.parse(babel_locale()).languages.get(code.split("-", maxsplit=1)[0].lower(), code)
    return str(name)[:1].upper() + str(name)[1:]


def weekdays() -> list[tuple[int, str]]:
    """The days of the week by their numbers, 1 for Monday."""
    names = get_day_names("abbreviated", context="stand-alone", locale=babel_locale())
    return [(day + 1, names[day].capitalize()) for day in range(7)]


def countries() -> list[tuple[str, str]]:
    """Codes and names of all countries, in the order of the person's language."""
    territories = Locale.parse(babel_locale()).territories
    found = [(code, str(name)) for code, name in territories.items() if len(code) == 2 and code.isalpha()]
    return sorted(
        (pair for pair in found if pair[0] not in {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}), key=lambda p: p[1]
    )


COMMON_LANGUAGES = ("en", "ru", "bg", "de", "fr", "es", "it", "pl", "uk", "ro", "el", "tr", "sr", "cs", "pt", "nl")


def languages() -> list[tuple[str, str]]:
    return sorted(((code, language_name(code)) for code in COMMON_LANGUAGES), key=lambda pair: pair[1])


def initials(name: str) -> str:
    """One or two letters for an avatar."""
    words = [word for word in name.replace("@", " ").replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def tint(key: str) -> int:
    """A stable colour number, 0 to 7, for the avatar of a name."""
    return sum(key.encode()) % 8


def format_month(moment: Timestamp | dt.datetime) -> str:
    return babel_date(local(moment).date(), format="LLL y", locale=babel_locale())


def month_name(month: str) -> str:
    """A month such as 2026-11 as people write it."""
    return babel_date(dt.date.fromisoformat(f"{month}-01"), format="LLLL y", locale=babel_locale())


def span_name(span: str) -> str:
    """A month such as 2026-11 or a quarter such as 2026-Q4 as people write it."""
    year, _, quarter = span.partition("-Q")
    if not quarter:
        return month_name(span)
    return babel_date(dt.date(int(year), int(quarter) * 3, 1), format="QQQ y", locale=babel_locale())


def last_day(month: str) -> str:
    """The last day of a month such as 2026-11."""
    first = dt.date.fromisoformat(f"{month}-01")
    return str((first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1))
