"""Drafts in their normal form: what a caller wrote, checked and made comparable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from chassis.errors import InvalidArgument, Violation
from psycopg.types.json import Jsonb

from contacts.imports.values import phone as phone_key
from contacts.model.contact import display_name
from contacts.model.drafts import AccountDraft, ContactDraft, Email, Phone, as_json
from contacts.model.names import domain_key, email_key, name_key

IdentityKeys = list[tuple[str, str]]


def normal_contact(draft: ContactDraft, tenant_country: Callable[[], str]) -> ContactDraft:
    """The draft with phones in E.164, one primary e-mail and phone, and a stage.

    National numbers are read in the contact's country, else the company's. Raises InvalidArgument naming the
    field where a number cannot be read, an address comes twice, or nothing identifies the person.
    """
    violations: list[Violation] = []
    emails = _with_one_primary(_distinct_emails(draft.emails, violations))
    phones = _with_one_primary(_normal_phones(draft, tenant_country, violations))
    if not (draft.given_name or draft.family_name or draft.middle_name or emails or phones):
        violations.append(
            Violation("contact", "give at least a name, an e-mail or a phone number", "NOTHING_TO_IDENTIFY_BY")
        )
    if violations:
        first = violations[0]
        raise InvalidArgument(f"{first.field}: {first.message}", reason=first.reason, violations=violations)
    return replace(draft, emails=emails, phones=phones, lifecycle_stage=draft.lifecycle_stage or "lead")


def normal_account(draft: AccountDraft) -> AccountDraft:
    """The draft with domains in their normal form and a type."""
    domains = tuple(dict.fromkeys(domain_key(domain) for domain in draft.domains if domain.strip()))
    return replace(draft, domains=domains, type=draft.type or "prospect")


def contact_keys(draft: ContactDraft) -> IdentityKeys:
    """The identities of a normal draft."""
    keys = [("email", email_key(email.address)) for email in draft.emails]
    keys += [("phone", phone.number) for phone in draft.phones]
    keys += [("external", f"{system}:{value}") for system, value in draft.external_ids.items()]
    return list(dict.fromkeys(keys))


def account_keys(draft: AccountDraft) -> IdentityKeys:
    """The identities of a normal draft."""
    keys = [("domain", domain) for domain in draft.domains]
    keys += [("external", f"{system}:{value}") for system, value in draft.external_ids.items()]
    return list(dict.fromkeys(keys))


def contact_values(draft: ContactDraft) -> dict[str, Any]:
    """Parameters that write a normal draft."""
    shown = contact_display_name(draft)
    keys = contact_keys(draft)
    return {
        **_plain(draft, ("emails", "phones", "addresses", "tags", "external_ids", "custom")),
        "display_name": shown,
        "name_key": name_key(shown),
        "emails": Jsonb(as_json(draft.emails)),
        "phones": Jsonb(as_json(draft.phones)),
        "addresses": Jsonb(as_json(draft.addresses)),
        "tags": list(draft.tags),
        "external_ids": Jsonb(draft.external_ids),
        "custom": Jsonb(draft.custom),
        "key_kinds": [kind for kind, _ in keys],
        "key_values": [value for _, value in keys],
    }


def account_values(draft: AccountDraft) -> dict[str, Any]:
    """Parameters that write a normal draft."""
    keys = account_keys(draft)
    return {
        **_plain(draft, ("domains", "addresses", "tags", "external_ids", "custom")),
        "name_key": name_key(draft.name),
        "domains": list(draft.domains),
        "addresses": Jsonb(as_json(draft.addresses)),
        "tags": list(draft.tags),
        "external_ids": Jsonb(draft.external_ids),
        "custom": Jsonb(draft.custom),
        "key_kinds": [kind for kind, _ in keys],
        "key_values": [value for _, value in keys],
    }


def contact_display_name(draft: ContactDraft) -> str:
    """Name as shown."""
    return display_name(
        draft.given_name,
        draft.middle_name,
        draft.family_name,
        (email.address for email in draft.emails),
        (phone.number for phone in draft.phones),
    )


def changed(before: ContactDraft | AccountDraft, after: ContactDraft | AccountDraft) -> tuple[str, ...]:
    """Names of the fields in which two drafts of the same kind differ."""
    return tuple(item.name for item in fields(before) if getattr(before, item.name) != getattr(after, item.name))


def _plain(draft: ContactDraft | AccountDraft, but: tuple[str, ...]) -> dict[str, Any]:
    return {item.name: getattr(draft, item.name) for item in fields(draft) if item.name not in but}


def _distinct_emails(emails: tuple[Email, ...], violations: list[Violation]) -> tuple[Email, ...]:
    seen: set[str] = set()
    for index, email in enumerate(emails):
        key = email_key(email.address)
        if key in seen:
            field = f"contact.emails[{index}].address"
            violations.append(Violation(field, "the same address comes twice; leave one out", "DUPLICATE_VALUE"))
        seen.add(key)
    return emails


def _normal_phones(
    draft: ContactDraft, tenant_country: Callable[[], str], violations: list[Violation]
) -> tuple[Phone, ...]:
    normal: dict[str, Phone] = {}
    for index, phone in enumerate(draft.phones):
        country = draft.country_code or ("" if phone.number.startswith("+") else tenant_country())
        number = phone_key(phone.number, country)
        field = f"contact.phones[{index}].number"
        if number is None:
            remedy = "write it with the country code, such as +359 2 123 4567, or set country_code"
            violations.append(Violation(field, f"this is not a phone number we can read; {remedy}", "INVALID_PHONE"))
        elif number in normal:
            violations.append(Violation(field, "the same number comes twice; leave one out", "DUPLICATE_VALUE"))
        else:
            normal[number] = replace(phone, number=number)
    return tuple(normal.values())


def _with_one_primary(items: tuple[Any, ...]) -> tuple[Any, ...]:
    if not items:
        return items
    chosen = next((index for index, item in enumerate(items) if item.primary), 0)
    return tuple(
        item if item.primary == (index == chosen) else replace(item, primary=index == chosen)
        for index, item in enumerate(items)
    )
