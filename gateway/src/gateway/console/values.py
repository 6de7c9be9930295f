"""Values of record fields, read from messages for the page and from forms into messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from funia.contacts.v1.contact_pb2 import Contact, EmailAddress, PhoneNumber, PostalAddress
from funia.type.v1.money_pb2 import Money
from werkzeug.datastructures import MultiDict

from gateway.console import amounts, custom_fields, references, support_values
from gateway.console.fields import Column, Field
from gateway.console.formats import (
    clock_raw,
    country_name,
    format_date,
    format_moment,
    language_name,
    moment_of,
)
from gateway.console.i18n import gettext

Record: TypeAlias = Any
"""A message of any kind of record: which fields it has is known where its kind is declared."""
Form = MultiDict[str, str]


def shown(record: Record, field: Field, owners: dict[str, str]) -> str:
    """The value as words on one line, empty where there is none."""
    if field.widget in support_values.WIDGETS:
        return support_values.shown(record, field)
    return custom_fields.shown(record, field) if custom_fields.is_custom(field) else _shown(record, field, owners)


def _shown(record: Record, field: Field, owners: dict[str, str]) -> str:
    if field.widget in amounts.WIDGETS:
        return amounts.shown(record, field)
    value = getattr(record, field.name)
    match field.widget:
        case "choice":
            return str((field.choices or {}).get(value, value))
        case "country":
            return country_name(value)
        case "language":
            return language_name(value)
        case "owner":
            return owners.get(value, "")
        case "flag":
            return gettext("Yes") if value else gettext("No")
        case "reference" | "one_of_few":
            return references.name_of(field.refers, value)
        case "date":
            return format_date(value)
        case "moment":
            return format_moment(value) if value.seconds else ""
        case _:
            return _several(field, value) if isinstance(value, Iterable) and not isinstance(value, str) else str(value)


def _several(field: Field, items: Iterable[Any]) -> str:
    match field.widget:
        case "many_choices":
            return ", ".join(str((field.choices or {}).get(one, one)) for one in items)
        case "emails":
            return ", ".join(email.address for email in items)
        case "phones":
            return ", ".join(phone.number for phone in items)
        case "addresses":
            return "; ".join(address_line(address) for address in items)
        case _:
            return ", ".join(items)


def raw(record: Record, field: Field) -> str:
    """The value as its form control holds it; also what two versions are compared by."""
    if field.widget in support_values.WIDGETS:
        return support_values.raw(record, field)
    return custom_fields.raw(record, field) if custom_fields.is_custom(field) else _raw(record, field)


def _raw(record: Record, field: Field) -> str:
    if field.widget in amounts.WIDGETS:
        return amounts.raw(record, field)
    value = getattr(record, field.name)
    match field.widget:
        case "flag":
            return "1" if value else ""
        case "moment":
            return clock_raw(value)
        case "many_choices" | "text_lines":
            return "\n".join(value)
        case "tags" | "domains":
            return ", ".join(value)
        case "emails":
            return "\n".join(f"{item.address}|{item.label}|{int(item.primary)}" for item in value)
        case "phones":
            return "\n".join(f"{item.number}|{item.label}|{int(item.primary)}" for item in value)
        case "addresses":
            return "\n".join(f"{item.label}|{address_line(item)}" for item in value)
        case _:
            return str(value)


def put(record: Record, field: Field, form: Form) -> None:
    """Writes the field from the form into the message. Raises InvalidArgument for what is no number, or no hours."""
    if field.widget in support_values.WIDGETS:
        support_values.put(record, field, form)
    else:
        _put(record, field, form)


def _put(record: Record, field: Field, form: Form) -> None:
    name = field.name
    if custom_fields.is_custom(field):
        # A new record has many fields to fill; one that is there changes in this one only.
        write = custom_fields.put if record.id else custom_fields.add
        write(record, field, form, custom_amount(field, form))
        return
    if field.widget in amounts.WIDGETS:
        amounts.put(record, field, form)
        return
    text = form.get(name, "").strip()
    match field.widget:
        case "flag":
            setattr(record, name, text == "1")
        case "reference":
            if not text and form.get(f"{name}_query", "").strip():
                raise amounts.wrong(field, gettext("Choose one from the list."))
            setattr(record, name, text)
        case "moment":
            record.ClearField(name)
            if (moment := moment_of(text)) is not None:
                getattr(record, name).FromDatetime(moment)
        case "many_choices":
            replace_items(record, name, form.getlist(name))
        case "tags" | "domains" | "text_lines":
            items = text.splitlines() if field.widget == "text_lines" else text.replace("\n", ",").split(",")
            replace_items(record, name, list(dict.fromkeys(item.strip() for item in items if item.strip())))
        case "emails" | "phones":
            put_reachable(record, field, form)
        case "addresses":
            put_addresses(record, form)
        case _:
            setattr(record, name, text)


def custom_amount(field: Field, form: Form) -> Money | None:
    text = form.get(field.name, "").strip()
    if field.widget != "money" or not text:
        return None
    return amounts.money_of(field, text, form.get(f"{field.name}_currency", ""))


def money_in(record: Record, field: Field) -> Money:
    """The amount that a money field holds."""
    if custom_fields.is_custom(field):
        return custom_fields.money(record, field)
    amount: Money = getattr(record, field.name)
    return amount


def cell(record: Record, name: str, singular: str) -> str:
    """What a list shows of a custom field."""
    field = next((one for one in custom_fields.fields_of(singular) if one.name == name), None)
    return custom_fields.shown(record, field) if field is not None else ""


def put_reachable(record: Record, field: Field, form: Form) -> None:
    """E-mails or phones: parallel lists of values and labels, and the index of the primary one."""
    values = form.getlist(f"{field.name}_value")
    labels = form.getlist(f"{field.name}_label") or [""] * len(values)
    primary = form.get(f"{field.name}_primary", "0")
    items: list[EmailAddress] | list[PhoneNumber]
    rows = [(i, v.strip(), label) for i, (v, label) in enumerate(zip(values, labels, strict=False)) if v.strip()]
    if field.widget == "emails":
        items = [EmailAddress(address=v, label=label, primary=str(i) == primary) for i, v, label in rows]
    else:
        items = [PhoneNumber(number=v, label=label, primary=str(i) == primary) for i, v, label in rows]
    if items and not any(item.primary for item in items):
        items[0].primary = True
    replace_items(record, field.name, items)


def put_addresses(record: Record, form: Form) -> None:
    parts = ("street", "city", "region", "postal_code", "country_code", "label")
    columns = [form.getlist(f"addresses_{part}") for part in parts]
    rows = [
        PostalAddress(**dict(zip(parts, (v.strip() for v in row), strict=True))) for row in zip(*columns, strict=False)
    ]
    replace_items(
        record, "addresses", [row for row in rows if any((row.street, row.city, row.region, row.postal_code))]
    )


def replace_items(record: Record, name: str, items: object) -> None:
    record.ClearField(name)
    getattr(record, name).extend(items)


def address_line(address: PostalAddress) -> str:
    town = " ".join(part for part in (address.postal_code, address.city) if part)
    parts = (address.street, town, address.region, country_name(address.country_code))
    return ", ".join(part for part in parts if part)


def primary_email(contact: Contact) -> str:
    chosen = next((email for email in contact.emails if email.primary), None) or next(iter(contact.emails), None)
    return chosen.address if chosen else ""


def primary_phone(contact: Contact) -> str:
    chosen = next((phone for phone in contact.phones if phone.primary), None) or next(iter(contact.phones), None)
    return chosen.number if chosen else ""


def exact_columns(records: Sequence[Record], columns: Sequence[Column]) -> dict[str, bool]:
    """For each column of amounts, whether any has cents: then all of them show theirs."""
    return {
        column.name: any(amounts.has_cents_in(one, column.name) for one in records)
        for column in columns
        if column.cell == "money"
    }


def record_name(record: Record) -> str:
    """What a record is called."""
    return references.called(record)


def record_subtitle(record: Record) -> str:
    """The one line that tells this record from others of its name."""
    return references.subtitle(record)
