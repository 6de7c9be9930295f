"""The words of papers in the languages that papers are written in, and how these write amounts and days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sales.pricing.amounts import BASIS_POINTS, MILLI, digits

LANGUAGES = ("en", "ru", "bg")
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "quote": "Quote",
        "draft": "DRAFT",
        "version": "Version",
        "day": "Date",
        "valid_until": "Valid until",
        "for": "For",
        "item": "Item",
        "quantity": "Quantity",
        "price": "Unit price",
        "discount": "Discount",
        "amount": "Amount",
        "list": "At list prices",
        "off": "Discounts",
        "net": "Without tax",
        "tax": "Tax {rate}",
        "tax_within": "Tax included {rate}",
        "total": "Total",
        "terms": "Terms",
        "enclosed": "Enclosed",
        "tax_number": "Tax number",
        "page": "Page {page} of {{nb}}",
    },
    "ru": {
        "quote": "Коммерческое предложение",
        "draft": "ЧЕРНОВИК",
        "version": "Версия",
        "day": "Дата",
        "valid_until": "Действует до",
        "for": "Кому",
        "item": "Наименование",
        "quantity": "Количество",
        "price": "Цена за единицу",
        "discount": "Скидка",
        "amount": "Сумма",
        "list": "По прейскуранту",
        "off": "Скидки",
        "net": "Без налога",
        "tax": "Налог {rate}",
        "tax_within": "В том числе налог {rate}",
        "total": "Итого",
        "terms": "Условия",
        "enclosed": "Приложения",
        "tax_number": "ИНН",
        "page": "Страница {page} из {{nb}}",
    },
    "bg": {
        "quote": "Оферта",
        "draft": "ЧЕРНОВА",
        "version": "Версия",
        "day": "Дата",
        "valid_until": "Валидна до",
        "for": "За",
        "item": "Артикул",
        "quantity": "Количество",
        "price": "Единична цена",
        "discount": "Отстъпка",
        "amount": "Сума",
        "list": "По ценова листа",
        "off": "Отстъпки",
        "net": "Без данък",
        "tax": "Данък {rate}",
        "tax_within": "В т.ч. данък {rate}",
        "total": "Общо",
        "terms": "Условия",
        "enclosed": "Приложения",
        "tax_number": "Данъчен номер",
        "page": "Страница {page} от {{nb}}",
    },
}
_MARKS = {"en": (",", "."), "ru": ("\u00a0", ","), "bg": ("\u00a0", ",")}
"""What stands between thousands, and before the decimals."""


def money(minor: int, currency: str, language: str) -> str:
    """An amount with its currency."""
    return f"{_decimal(minor, digits(currency), language)}\u00a0{currency}"


def quantity(milli: int, language: str) -> str:
    """A quantity without zeroes that say nothing."""
    places = 0 if milli % MILLI == 0 else next(one for one in (1, 2, 3) if milli % 10 ** (3 - one) == 0)
    return _decimal(milli // 10 ** (3 - places), places, language)


def percent(basis_points: int, language: str) -> str:
    """A share in per cent."""
    whole, rest = divmod(basis_points, BASIS_POINTS // 100)
    mark = _MARKS[language][1]
    return f"{whole}{mark}{rest:02}".rstrip("0") + "\u00a0%" if rest else f"{whole}\u00a0%"


def day(value: date, language: str) -> str:
    """A day as the language writes it."""
    return f"{value:%d %B %Y}".lstrip("0") if language == "en" else f"{value:%d.%m.%Y}"


def _decimal(value: int, places: int, language: str) -> str:
    between, before = _MARKS[language]
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), 10**places)
    return f"{sign}{whole:,}".replace(",", between) + (f"{before}{rest:0{places}}" if places else "")
