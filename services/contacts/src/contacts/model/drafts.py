"""Records as callers write them: checked and normalised, not yet rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail address of a person."""

    address: str
    label: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number of a person, in E.164 once normalised."""

    number: str
    label: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address."""

    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country_code: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """A contact as a caller writes it."""

    title: str = ""
    given_name: str = ""
    middle_name: str = ""
    family_name: str = ""
    job_title: str = ""
    lifecycle_stage: str = ""
    language: str = ""
    country_code: str = ""
    source: str = ""
    owner_id: UUID | None = None
    team_id: UUID | None = None
    do_not_contact: bool = False
    score: int = 0
    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    addresses: tuple[Address, ...] = ()
    tags: tuple[str, ...] = ()
    external_ids: dict[str, str] = field(default_factory=dict)
    description: str = ""
    custom: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """An account as a caller writes it. `revenue_minor` is in minor units of `revenue_currency`."""

    name: str = ""
    domains: tuple[str, ...] = ()
    industry: str = ""
    employees: int = 0
    revenue_currency: str = ""
    revenue_minor: int = 0
    founded_year: int = 0
    type: str = ""
    tier: str = ""
    parent_id: UUID | None = None
    phone: str = ""
    website: str = ""
    addresses: tuple[Address, ...] = ()
    country_code: str = ""
    owner_id: UUID | None = None
    team_id: UUID | None = None
    tags: tuple[str, ...] = ()
    external_ids: dict[str, str] = field(default_factory=dict)
    description: str = ""
    custom: dict[str, Any] = field(default_factory=dict)


def as_json(items: tuple[Email, ...] | tuple[Phone, ...] | tuple[Address, ...]) -> list[dict[str, Any]]:
    """The items as a jsonb column holds them."""
    return [{name: getattr(item, name) for name in item.__slots__} for item in items]
