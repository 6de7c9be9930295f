"""Values of record fields, read from messages for the page and from forms into messages."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from babel.numbers import NumberFormatError, get_currency_precision, parse_decimal
from chassis.errors import InvalidArgument, Violation
from funia.contacts.v1.account_pb2 import Account
from funia.contacts.v1.contact_pb2 import Contact, EmailAddress, PhoneNumber, PostalAddress
from funia.type.v1.money_pb2 import Money
from werkzeug.datastructures import MultiDict

from gateway.console import custom_fields
from gateway.console.fields import Field
from gateway.console.formats import babel_locale, country_name, format_money, format_number, language_name
from gateway.console.i18n import gettext

Record = Contact | Account
Form = MultiDict[str, str]


def shown(record: Record, field: Field, owners: dict[str, str]) -> str:
    """The value as words on one line, empty where there is none."""
    return custom_fields.shown(record, field) if custom_fields.is_custom(field) else _shown(record, field, owners)


def _shown(record: Record, field: Field, owners: dict[str, str]) -> str:
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
        case "number":
            return format_number(value) if value and field.name != "founded_year" else str(value or "")
        case "flag":
            return gettext("Yes") if value else gettext("No")
        case "money":
            return format_money(value)
        case "emails":
            return ", ".join(email.address for email in value)
        case "phones":
            return ", ".join(phone.number for phone in value)
        case "tags" | "domains":
            return ", ".join(value)
        case "addresses":
            return "; ".join(address_line(address) for address in value)
        case _:
            return str(value)


def raw(record: Record, field: Field) -> str:
    """The value as its form control holds it; also what two versions are compared by."""
    return custom_fields.raw(record, field) if custom_fields.is_custom(field) else _raw(record, field)


def _raw(record: Record, field: Field) -> str:
    value = getattr(record, field.name)
    match field.widget:
        case "number":
            return str(value) if value else ""
        case "flag":
            return "1" if value else ""
        case "money":
            return f"{money_amount(value)} {value.currency_code}" if value.currency_code else ""
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
    """Writes the field from the form into the message. Raises InvalidArgument for what is no number."""
    name = field.name
    if custom_fields.is_custom(field):
        # A new record has many fields to fill; one that is there changes in this one only.
        write = custom_fields.put if record.id else custom_fields.add
        write(record, field, form, custom_amount(field, form))
        return
    text = form.get(name, "").strip()
    match field.widget:
        case "number":
            setattr(record, name, whole_number(field, text))
        case "flag":
            setattr(record, name, text == "1")
        case "money":
            record.ClearField("annual_revenue")  # type: ignore[arg-type]
            if text and isinstance(record, Account):
                record.annual_revenue.CopyFrom(money_of(field, text, form.get(f"{name}_currency", "")))
        case "tags" | "domains":
            items = [item.strip() for item in text.replace("\n", ",").split(",")]
            replace_items(record, name, list(dict.fromkeys(item for item in items if item)))
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
    return money_of(field, text, form.get(f"{field.name}_currency", ""))


def money_in(record: Record, field: Field) -> Money:
    """The amount that a money field holds."""
    if custom_fields.is_custom(field):
        return custom_fields.money(record, field)
    return record.annual_revenue if isinstance(record, Account) else Money()


def cell(record: Record, name: str) -> str:
    """What a list shows of a custom field."""
    fields = custom_fields.fields_of("account" if isinstance(record, Account) else "contact")
    field = next((one for one in fields if one.name == name), None)
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
    record.ClearField(name)  # type: ignore[arg-type]
    getattr(record, name).extend(items)


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


def record_name(record: Record) -> str:
    name = record.name if isinstance(record, Account) else record.display_name
    return name or gettext("No name")


def record_subtitle(record: Record) -> str:
    """The one line that tells this record from others of its name."""
    if isinstance(record, Account):
        return ", ".join(part for part in (record.industry, country_name(record.country_code)) if part)
    company = next((link.account_name for link in record.accounts if link.primary), "") or next(
        (link.account_name for link in record.accounts), ""
    )
    return ", ".join(part for part in (record.job_title, company) if part)
