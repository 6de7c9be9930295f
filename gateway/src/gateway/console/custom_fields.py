"""Custom fields of the company as the console's forms and lists need them.

They are asked for once a request. Where identity does not answer, records are shown without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from babel.numbers import NumberFormatError, format_decimal, parse_decimal
from chassis.errors import InvalidArgument, Violation
from chassis.structs import plain
from flask import g
from funia.identity.v1.custom_field_pb2 import CustomField, ListCustomFieldsRequest
from funia.type.v1.money_pb2 import Money
from werkzeug.datastructures import MultiDict

from gateway.console.backend import allowed, stubs, try_call
from gateway.console.fields import Column, Field, FilterKind, Label, Widget
from gateway.console.formats import babel_locale, format_money
from gateway.console.i18n import Lazy, gettext, lazy

Record: TypeAlias = Any
PREFIX = "custom."
TYPES: Mapping[str, Lazy] = {
    "text": lazy("Text"),
    "number": lazy("Number"),
    "money": lazy("Amount of money"),
    "date": lazy("Date"),
    "boolean": lazy("Yes or no"),
    "choice": lazy("One of a list"),
    "choices": lazy("Several of a list"),
    "reference": lazy("Link to a record"),
}
OBJECTS: Mapping[str, Lazy] = {
    "contact": lazy("People"),
    "account": lazy("Companies"),
    "lead": lazy("Leads"),
    "deal": lazy("Deals"),
    "quote": lazy("Quotes"),
    "order": lazy("Orders"),
    "invoice": lazy("Invoices"),
}
_WIDGETS: Mapping[str, Widget] = {
    "text": "text",
    "number": "decimal",
    "money": "money",
    "date": "date",
    "boolean": "choice",
    "choice": "choice",
    "choices": "many_choices",
    "reference": "text",
}
_FILTERS: Mapping[str, FilterKind] = {"text": "text", "number": "number", "choice": "choice", "date": "time"}
_YES_OR_NO: Mapping[str, Lazy] = {"true": lazy("Yes"), "false": lazy("No")}


@dataclass(frozen=True, slots=True)
class Words:
    """A text that the company wrote itself: shown as it is in every language."""

    text: str

    def __str__(self) -> str:
        return self.text


def fields_of(singular: str) -> tuple[Field, ...]:
    """Custom fields of a kind of record, in the order the company gave them."""
    return tuple(_field(one) for one in _definitions() if one.object == singular)


def columns_of(singular: str) -> tuple[Column, ...]:
    """Columns that lists can show of them."""
    return tuple(
        Column(f"{PREFIX}{one.key}", Words(one.label), full=True) for one in _definitions() if one.object == singular
    )


def is_custom(field: Field) -> bool:
    """Whether the company defined it."""
    return field.name.startswith(PREFIX)


def shown(record: Record, field: Field) -> str:
    """The value as words on one line, empty where there is none."""
    value = _values(record).get(_key(field))
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, dict):
        return format_money(Money(**value))
    if isinstance(value, list):
        return ", ".join(value)
    return format_decimal(value, locale=babel_locale()) if isinstance(value, int | float) else str(value)


def raw(record: Record, field: Field) -> str:
    """The value as its form control holds it; also what two versions are compared by."""
    value = _values(record).get(_key(field))
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return f"{value['amount_minor']} {value['currency_code']}"
    return "\n".join(value) if isinstance(value, list) else str(value)


def money(record: Record, field: Field) -> Money:
    """The amount of a field, empty where there is none."""
    value = _values(record).get(_key(field))
    return Money(**value) if isinstance(value, dict) else Money()


def put(record: Record, field: Field, form: MultiDict[str, str], amount: Money | None) -> None:
    """Writes the field from the form into the message, and no other custom field beside it."""
    value = _read(field, form, amount)
    record.ClearField("custom")
    record.custom.update({_key(field): value})


def add(record: Record, field: Field, form: MultiDict[str, str], amount: Money | None) -> None:
    """Writes the field of a new record from the form, beside the others."""
    value = _read(field, form, amount)
    if value is not None:
        record.custom.update({_key(field): value})


def _read(field: Field, form: MultiDict[str, str], amount: Money | None) -> Any:
    text = form.get(field.name, "").strip()
    if field.widget == "many_choices":
        return form.getlist(field.name) or None
    if field.widget == "money":
        return None if amount is None else {"currency_code": amount.currency_code, "amount_minor": amount.amount_minor}
    if not text:
        return None
    if field.widget == "decimal":
        return _number(field, text)
    return text == "true" if field.choices is _YES_OR_NO else text


def _number(field: Field, text: str) -> float:
    try:
        return float(Decimal(parse_decimal(text, locale=babel_locale(), strict=False)))
    except (NumberFormatError, InvalidOperation, ValueError):
        message = gettext("Write a number, such as 12.5.")
        raise InvalidArgument(
            message, reason="INVALID_VALUE", violations=[Violation(field.name, message, "INVALID_VALUE")]
        ) from None


def _values(record: Record) -> dict[str, Any]:
    return plain(record.custom) if record.HasField("custom") else {}


def _key(field: Field) -> str:
    return field.name.removeprefix(PREFIX)


def _field(one: CustomField) -> Field:
    choices: Mapping[str, Label] | None = None
    if one.type == "boolean":
        choices = _YES_OR_NO
    elif one.options:
        choices = {option: Words(option) for option in one.options}
    return Field(
        f"{PREFIX}{one.key}",
        Words(one.label),
        _WIDGETS[one.type],
        "custom",
        choices,
        filter=_FILTERS.get(one.type, ""),
        in_form=one.required,
        max_length=500 if one.type == "text" else 0,
    )


def _definitions() -> list[CustomField]:
    known: list[CustomField] | None = getattr(g, "console_custom_fields", None)
    if known is None:
        answer = try_call(stubs().custom_fields.ListCustomFields, ListCustomFieldsRequest()) if may_read() else None
        known = g.console_custom_fields = list(answer.custom_fields) if answer is not None else []
    return known


def may_read() -> bool:
    """Whether this person may read what the company defined."""
    return allowed("identity.read")
