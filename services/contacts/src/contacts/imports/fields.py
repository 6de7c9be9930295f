"""Fields a column may fill. Their bounds are those of the API's messages; a test keeps the two equal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from chassis.formats import CURRENCIES

CONTACT_TEXTS = {
    "title": 50,
    "given_name": 120,
    "middle_name": 120,
    "family_name": 120,
    "job_title": 200,
    "source": 80,
    "description": 5000,
}
ACCOUNT_TEXTS = {"name": 200, "industry": 120, "tier": 30, "phone": 40, "website": 300, "description": 5000}
ADDRESS_TEXTS = {"street": 300, "city": 120, "region": 120, "postal_code": 20}
EMAIL_MAX_CHARS = 254
PHONE_MAX_CHARS = 40
DOMAIN_MAX_CHARS = 253
TAG_MAX_CHARS = 60
EXTERNAL_ID_MAX_CHARS = 200
ROLE_MAX_CHARS = 80
FULL_NAME_MAX_CHARS = 300
LIST_MAX = {"emails": 20, "phones": 20, "domains": 20, "tags": 50, "external_ids": 20, "addresses": 10}
SCORE_MAX = 1000
EMPLOYEES_MAX = 10_000_000
YEAR_MAX = 2200
REVENUE_SCALES = {"annual_revenue": 1, "annual_revenue_thousands": 1_000, "annual_revenue_millions": 1_000_000}

_ADDRESS = tuple(f"address.{name}" for name in (*ADDRESS_TEXTS, "country_code"))
CONTACT_FIELDS = (
    *CONTACT_TEXTS,
    "full_name",
    "lifecycle_stage",
    "language",
    "country_code",
    "owner_id",
    "do_not_contact",
    "score",
    "emails",
    "phones",
    "tags",
    "account_name",
    "account_role",
    *_ADDRESS,
)
ACCOUNT_FIELDS = (
    *ACCOUNT_TEXTS,
    "domains",
    "employees",
    "annual_revenue",
    "annual_revenue_thousands",
    "annual_revenue_millions",
    "founded_year",
    "type",
    "country_code",
    "owner_id",
    "parent_name",
    "tags",
    *_ADDRESS,
)
MANY = frozenset({"emails", "phones", "tags", "domains"})
"""Fields that several columns may fill."""
_EXTERNAL = re.compile(r"external_ids\.([a-z0-9][a-z0-9_-]{0,59})")
_CUSTOM = re.compile(r"custom\.([a-z][a-z0-9_]{0,39})")
_REVENUE = re.compile(r"(annual_revenue(?:_thousands|_millions)?)(?::([A-Z]{3}))?")


@dataclass(frozen=True, slots=True)
class Target:
    """A field with its option: the system of an external id, the currency of a revenue, the key of a custom field."""

    name: str
    option: str = ""


def target(kind: str, text: str) -> Target | None:
    """The field a mapping names, such as ``emails``, ``external_ids.mailchimp`` or ``annual_revenue_millions:EUR``."""
    if external := _EXTERNAL.fullmatch(text):
        return Target("external_ids", external.group(1))
    if custom := _CUSTOM.fullmatch(text):
        return Target("custom", custom.group(1))
    if kind == "account" and (revenue := _REVENUE.fullmatch(text)):
        currency = revenue.group(2) or ""
        return Target(revenue.group(1), currency) if not currency or currency in CURRENCIES else None
    return Target(text) if text in (CONTACT_FIELDS if kind == "contact" else ACCOUNT_FIELDS) else None


def governed(kind: str, text: str) -> str:
    """The field of the record that a mapping fills, as field rights name it; "" where no role can hide or lock it."""
    one = target(kind, text)
    if one is None:
        return ""
    if one.name == "custom":
        return f"custom.{one.option}"
    if one.name in REVENUE_SCALES:
        return "annual_revenue"
    if one.name.startswith("address."):
        return "addresses"
    return "parent_id" if one.name == "parent_name" else one.name


def unknown_field(kind: str, text: str) -> str:
    """What to say of a field that does not exist."""
    names = [*(CONTACT_FIELDS if kind == "contact" else ACCOUNT_FIELDS), "external_ids.<system>", "custom.<key>"]
    near = get_close_matches(text, names, n=1, cutoff=0.6)
    hint = f'did you mean "{near[0]}"?' if near else f"known are: {', '.join(names)}."
    return f'There is no field "{text[:80]}"; {hint}'


def repeated(targets: Iterable[Target]) -> str | None:
    """A field that two columns fill although it holds one value."""
    seen: set[Target] = set()
    for one in targets:
        key = Target("annual_revenue") if one.name in REVENUE_SCALES else one
        if one.name not in MANY and key in seen:
            return one.name
        seen.add(key)
    return None
