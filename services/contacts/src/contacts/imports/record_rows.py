"""Drafts as rows of the tables and as the former values that undoing needs, and back. Runs once per row: be quick."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from uuid import UUID

from contacts.model.contact import display_name
from contacts.model.drafts import AccountDraft, Address, ContactDraft, Email, Phone
from contacts.model.names import email_key, name_key

Keys = list[tuple[str, str]]

_CONTACT_PLAIN = tuple(
    item.name
    for item in fields(ContactDraft)
    if item.name not in ("emails", "phones", "addresses", "tags", "external_ids", "custom")
)
_ACCOUNT_PLAIN = tuple(
    item.name
    for item in fields(AccountDraft)
    if item.name not in ("domains", "addresses", "tags", "external_ids", "custom")
)


def contact_row(contact_id: UUID, version: int, draft: ContactDraft) -> dict[str, Any]:
    """The row that writes a contact."""
    row = contact_values(draft)
    row["id"] = contact_id
    row["version"] = version
    shown = display_name(
        draft.given_name,
        draft.middle_name,
        draft.family_name,
        [one.address for one in draft.emails],
        [one.number for one in draft.phones],
    )
    row["display_name"] = shown
    row["name_key"] = name_key(shown)
    return row


def account_row(account_id: UUID, version: int, draft: AccountDraft) -> dict[str, Any]:
    """The row that writes a company."""
    row = account_values(draft)
    row["id"] = account_id
    row["version"] = version
    row["name_key"] = name_key(draft.name)
    return row


def contact_values(draft: ContactDraft) -> dict[str, Any]:
    """A contact as JSON can hold it."""
    row: dict[str, Any] = {name: getattr(draft, name) for name in _CONTACT_PLAIN}
    row["emails"] = [{"address": one.address, "label": one.label, "primary": one.primary} for one in draft.emails]
    row["phones"] = [{"number": one.number, "label": one.label, "primary": one.primary} for one in draft.phones]
    row["addresses"] = [_address(one) for one in draft.addresses]
    row["tags"] = draft.tags
    row["external_ids"] = draft.external_ids
    row["custom"] = draft.custom
    return row


def account_values(draft: AccountDraft) -> dict[str, Any]:
    """A company as JSON can hold it."""
    row: dict[str, Any] = {name: getattr(draft, name) for name in _ACCOUNT_PLAIN}
    row["domains"] = draft.domains
    row["addresses"] = [_address(one) for one in draft.addresses]
    row["tags"] = draft.tags
    row["external_ids"] = draft.external_ids
    row["custom"] = draft.custom
    return row


def contact_from(values: Any) -> ContactDraft:
    """The contact of a mapping of former values, or of a row."""
    get = values.__getitem__ if isinstance(values, dict) else lambda name: getattr(values, name)
    # Former values kept before there were custom fields have none.
    custom = values.get("custom") if isinstance(values, dict) else values.custom
    return ContactDraft(
        **{name: get(name) for name in _CONTACT_PLAIN if name not in ("owner_id", "team_id")},
        owner_id=_id(get("owner_id")),
        team_id=_id(get("team_id")),
        emails=tuple(Email(**one) for one in get("emails")),
        phones=tuple(Phone(**one) for one in get("phones")),
        addresses=tuple(Address(**one) for one in get("addresses")),
        tags=tuple(get("tags")),
        external_ids=dict(get("external_ids")),
        custom=dict(custom or {}),
    )


def account_from(values: Any) -> AccountDraft:
    """The company of a mapping of former values, or of a row."""
    get = values.__getitem__ if isinstance(values, dict) else lambda name: getattr(values, name)
    # Former values kept before there were custom fields have none.
    custom = values.get("custom") if isinstance(values, dict) else values.custom
    return AccountDraft(
        **{name: get(name) for name in _ACCOUNT_PLAIN if name not in ("owner_id", "team_id", "parent_id")},
        owner_id=_id(get("owner_id")),
        team_id=_id(get("team_id")),
        parent_id=_id(get("parent_id")),
        domains=tuple(get("domains")),
        addresses=tuple(Address(**one) for one in get("addresses")),
        tags=tuple(get("tags")),
        external_ids=dict(get("external_ids")),
        custom=dict(custom or {}),
    )


def contact_keys(draft: ContactDraft) -> Keys:
    """The identities of a contact."""
    keys = [("email", email_key(one.address)) for one in draft.emails]
    keys += [("phone", one.number) for one in draft.phones]
    keys += [("external", f"{system}:{value}") for system, value in draft.external_ids.items()]
    return keys


def account_keys(draft: AccountDraft) -> Keys:
    """The identities of a company."""
    keys = [("domain", domain) for domain in draft.domains]
    keys += [("external", f"{system}:{value}") for system, value in draft.external_ids.items()]
    return keys


def changed(before: ContactDraft | AccountDraft, after: ContactDraft | AccountDraft) -> tuple[str, ...]:
    """Names of the fields in which two drafts of the same kind differ."""
    return tuple(item.name for item in fields(before) if getattr(before, item.name) != getattr(after, item.name))


def _address(one: Address) -> dict[str, str]:
    return {
        "street": one.street,
        "city": one.city,
        "region": one.region,
        "postal_code": one.postal_code,
        "country_code": one.country_code,
        "label": one.label,
    }


def _id(value: UUID | str | None) -> UUID | None:
    return UUID(value) if isinstance(value, str) else value
