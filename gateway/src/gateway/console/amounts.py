"""Numbers, money and prices of record fields: as words, as form controls hold them, and back."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, TypeAlias

from babel.numbers import NumberFormatError, get_currency_precision, parse_decimal
from chassis.errors import InvalidArgument, Violation
from funia.type.v1.money_pb2 import Money, UnitPrice
from werkzeug.datastructures import MultiDict

from gateway.console.backend import session
from gateway.console.fields import Field
from gateway.console.formats import (
    babel_locale,
    format_decimal_places,
    format_money,
    format_number,
    format_unit_price,
    has_cents,
)
from gateway.console.i18n import gettext

Record: TypeAlias = Any
Form = MultiDict[str, str]
SCALES = {"percent": 2, "quantity": 3, "micros": 6, "billionths": 9}
"""Decimal places of numbers that messages carry as whole ones, by widget."""
WIDGETS = frozenset({"number", "money", "unit_price", "rule_value", "goal_target", *SCALES})


def has_cents_in(record: Record, name: str) -> bool:
    """Whether a field is an amount with cents, so that the amounts beside it have to show theirs."""
    value = getattr(record, name)
    return isinstance(value, Money) and has_cents(value.amount_minor, value.currency_code)


def shown(record: Record, field: Field) -> str:
    """The number as words, empty where there is none."""
    value = getattr(record, field.name)
    match field.widget:
        case "money":
            return format_money(value, exact=any(has_cents_in(record, one.name) for one in record.DESCRIPTOR.fields))
        case "unit_price":
            return format_unit_price(value)
        case "number":
            return format_number(value) if value and field.name != "founded_year" else str(value or "")
    if not has_value(record, field):
        return ""
    text = format_decimal_places(value, places_of(record, field))
    return gettext("%(number)s %%", number=text) if is_percent(record, field) else text


def raw(record: Record, field: Field) -> str:
    """The number as its form control holds it."""
    value = getattr(record, field.name)
    match field.widget:
        case "money":
            return f"{money_amount(value)} {value.currency_code}" if value.currency_code else ""
        case "unit_price":
            return f"{unit_amount(value)} {value.currency_code}" if value.currency_code else ""
        case "number":
            return str(value) if value else ""
    return plain_decimal(value, places_of(record, field)) if has_value(record, field) else ""


def put(record: Record, field: Field, form: Form) -> None:
    """Writes the number from the form into the message; nothing where the control is empty."""
    text = form.get(field.name, "").strip()
    if not text:
        record.ClearField(field.name)
        return
    currency = form.get(f"{field.name}_currency", "")
    match field.widget:
        case "money":
            getattr(record, field.name).CopyFrom(money_of(field, text, currency))
        case "unit_price":
            getattr(record, field.name).CopyFrom(unit_price_of(field, text, currency))
        case "number":
            setattr(record, field.name, whole_number(field, text))
        case _:
            setattr(record, field.name, scaled(field, text, places_of(record, field)))


def has_value(record: Record, field: Field) -> bool:
    """Whether a number is there at all; a zero of a field without presence is none."""
    described = record.DESCRIPTOR.fields_by_name[field.name]
    return bool(record.HasField(field.name) if described.has_presence else getattr(record, field.name))


def is_percent(record: Record, field: Field) -> bool:
    """Whether the number counts hundredths."""
    return field.widget == "percent" or (field.widget == "rule_value" and record.effect == "percent_off")


def places_of(record: Record, field: Field) -> int:
    """Decimal places of the number. The value of a price rule is a share or the price of one; the target of a goal is
    an amount in the company's currency or a number of things."""
    if field.widget == "goal_target":
        return get_currency_precision(session().currency_code) if record.metric == "amount_won" else 0
    if field.widget == "rule_value":
        return SCALES["percent" if is_percent(record, field) else "micros"]
    return SCALES[field.widget]


def scaled(field: Field, text: str, places: int) -> int:
    """A decimal as the whole number that the message carries."""
    try:
        number = parse_decimal(text.rstrip("% "), locale=babel_locale(), strict=False)
        return int((number * 10**places).to_integral_value(ROUND_HALF_UP))
    except (NumberFormatError, InvalidOperation, ValueError):
        raise wrong(field, gettext("Write a number, such as 12.5.")) from None


def plain_decimal(number: int, places: int) -> str:
    """A whole number of smallest parts as a decimal without zeros at its end."""
    return f"{(Decimal(number) / 10**places).normalize():f}"


def unit_amount(price: UnitPrice) -> str:
    """Amount of a unit price for its form control."""
    return plain_decimal(price.amount_micros, SCALES["micros"]) if price.currency_code else ""


def unit_price_of(field: Field, text: str, currency: str) -> UnitPrice:
    """The unit price that a form holds."""
    if not currency:
        raise wrong(field, gettext("Choose a currency."))
    try:
        amount = parse_decimal(text, locale=babel_locale(), strict=False)
    except (NumberFormatError, InvalidOperation, ValueError):
        raise wrong(field, gettext("Write an amount, such as 12500.")) from None
    micros = (amount * 10 ** SCALES["micros"]).to_integral_value(ROUND_HALF_UP)
    return UnitPrice(currency_code=currency, amount_micros=int(micros))


def whole_number(field: Field, text: str) -> int:
    try:
        return int(parse_decimal(text, locale=babel_locale(), strict=False)) if text else 0
    except (NumberFormatError, InvalidOperation, ValueError):
        raise wrong(field, gettext("Write a whole number, such as 250.")) from None


def money_of(field: Field, text: str, currency: str) -> Money:
    if not currency:
        raise wrong(field, gettext("Choose a currency."))
    try:
        amount = Decimal(parse_decimal(text, locale=babel_locale(), strict=False))
    except (NumberFormatError, InvalidOperation, ValueError):
        raise wrong(field, gettext("Write an amount, such as 12500.")) from None
    return Money(currency_code=currency, amount_minor=int(amount * 10 ** get_currency_precision(currency)))


def money_amount(money: Money) -> str:
    if not money.currency_code:
        return ""
    amount = Decimal(money.amount_minor) / 10 ** get_currency_precision(money.currency_code)
    return f"{amount.normalize():f}"


def wrong(field: Field, message: str) -> InvalidArgument:
    return InvalidArgument(
        message, reason="INVALID_VALUE", violations=[Violation(field.name, message, "INVALID_VALUE")]
    )
