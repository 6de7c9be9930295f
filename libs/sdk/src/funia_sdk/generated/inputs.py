"""What the API takes, as dictionaries with known keys; None empties a field. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Required, TypedDict


class AccountInput(TypedDict, total=False):
    """A company."""

    name: Required[str]
    """Name of the company."""
    domains: list[str] | None
    """Web domains, without scheme."""
    industry: str | None
    """Industry, as the company's own people call it."""
    employees: int | None
    """Number of employees."""
    annual_revenue: MoneyInput | None
    """Revenue a year."""
    founded_year: int | None
    """Year of foundation."""
    type: Literal["prospect", "customer", "partner", "competitor", "other"] | None
    """What it is to us: prospect, customer, partner, competitor, other."""
    tier: str | None
    """Importance, such as "A" or "key"."""
    parent_id: str | None
    """Parent company."""
    phone: str | None
    """Telephone."""
    website: str | None
    """Web site."""
    addresses: list[PostalAddressInput] | None
    """Addresses."""
    country_code: str | None
    """Country of the seat."""
    owner_id: str | None
    """User who owns the relationship."""
    team_id: str | None
    """Team of the owner."""
    tags: list[str] | None
    """Tags."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""
    description: str | None
    """Free text about the company."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one; in
    filters they are custom.<key>.
    """


class AccountItem(TypedDict, total=False):
    """A company."""

    id: str | None
    """UUIDv7."""
    etag: str | None
    """Changes with every write."""
    name: str | None
    """Name of the company."""
    domains: list[str] | None
    """Web domains, without scheme."""
    industry: str | None
    """Industry, as the company's own people call it."""
    employees: int | None
    """Number of employees."""
    annual_revenue: MoneyInput | None
    """Revenue a year."""
    founded_year: int | None
    """Year of foundation."""
    type: Literal["prospect", "customer", "partner", "competitor", "other"] | None
    """What it is to us: prospect, customer, partner, competitor, other."""
    tier: str | None
    """Importance, such as "A" or "key"."""
    parent_id: str | None
    """Parent company."""
    phone: str | None
    """Telephone."""
    website: str | None
    """Web site."""
    addresses: list[PostalAddressInput] | None
    """Addresses."""
    country_code: str | None
    """Country of the seat."""
    owner_id: str | None
    """User who owns the relationship."""
    team_id: str | None
    """Team of the owner."""
    tags: list[str] | None
    """Tags."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""
    description: str | None
    """Free text about the company."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one; in
    filters they are custom.<key>.
    """


class AccountPatch(TypedDict, total=False):
    """A company."""

    name: str | None
    """Name of the company."""
    domains: list[str] | None
    """Web domains, without scheme."""
    industry: str | None
    """Industry, as the company's own people call it."""
    employees: int | None
    """Number of employees."""
    annual_revenue: MoneyInput | None
    """Revenue a year."""
    founded_year: int | None
    """Year of foundation."""
    type: Literal["prospect", "customer", "partner", "competitor", "other"] | None
    """What it is to us: prospect, customer, partner, competitor, other."""
    tier: str | None
    """Importance, such as "A" or "key"."""
    parent_id: str | None
    """Parent company."""
    phone: str | None
    """Telephone."""
    website: str | None
    """Web site."""
    addresses: list[PostalAddressInput] | None
    """Addresses."""
    country_code: str | None
    """Country of the seat."""
    owner_id: str | None
    """User who owns the relationship."""
    team_id: str | None
    """Team of the owner."""
    tags: list[str] | None
    """Tags."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""
    description: str | None
    """Free text about the company."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one; in
    filters they are custom.<key>.
    """


class ActivityInput(TypedDict, total=False):
    """A note, task, meeting or call."""

    kind: Required[Literal["note", "task", "meeting", "call"]]
    """Kind of activity."""
    subject_id: Required[str]
    """Contact or account it belongs to."""
    title: str | None
    """Short line."""
    body: str | None
    """Text."""
    due_at: datetime | str | None
    """When it is due or takes place."""
    assignee_id: str | None
    """Who shall do it."""


class ApprovalPolicyInput(TypedDict, total=False):
    """An operation waits for approval where the condition fits."""

    name: Required[str]
    """What it is for, in the company's words."""
    operation: Required[str]
    """Operation, such as "sales.order.confirm"."""
    condition: str | None
    """Filter over the facts of the operation, such as "discount_basis_points > 2000"; empty for every time."""
    steps: Required[list[ApprovalStepInput]]
    """Who agrees, one after another."""
    priority: int | None
    """Where several policies fit, the one of the lowest number asks."""
    paused: bool | None
    """True where it asks nobody for now."""


class ApprovalPolicyPatch(TypedDict, total=False):
    """An operation waits for approval where the condition fits."""

    name: str | None
    """What it is for, in the company's words."""
    operation: str | None
    """Operation, such as "sales.order.confirm"."""
    condition: str | None
    """Filter over the facts of the operation, such as "discount_basis_points > 2000"; empty for every time."""
    steps: list[ApprovalStepInput] | None
    """Who agrees, one after another."""
    priority: int | None
    """Where several policies fit, the one of the lowest number asks."""
    paused: bool | None
    """True where it asks nobody for now."""


class ApprovalStepInput(TypedDict, total=False):
    """Somebody agrees."""

    approver_kind: Required[Literal["role", "user", "lead"]]
    """Who: "role" for anybody of a role, "user" for one person, "lead" for the lead of the team of whoever
    asks (of the team above where that is the asker himself; owners where there is none).
    """
    approver_id: str | None
    """Name of the role, or id of the person; empty for "lead"."""
    escalate_after_hours: int | None
    """Hours after which it goes to somebody else; 0 for never."""
    escalate_kind: Literal["role", "user"] | None
    """To whom it goes then: "role" or "user"."""
    escalate_id: str | None
    """Name of that role, or id of that person."""
    expires_after_hours: int | None
    """Hours after which nobody can agree any more; 0 for the default of the installation."""


class BulkJobInput(TypedDict, total=False):
    """A bulk job and its progress."""

    object: Required[Literal["contact", "account"]]
    """contact or account."""
    operation: Required[Literal["create", "update", "upsert", "delete"]]
    """create, update, upsert or delete."""
    format: Required[Literal["jsonl", "csv"]]
    """jsonl: items as the batch methods take them, one a line. csv: columns as in an import, and id and etag."""
    system: str | None
    """For upserts: system by whose external ids records are recognised."""
    allow_duplicate: bool | None
    """For CSV: create records even where they look like duplicates."""


class BusinessCalendarInput(TypedDict, total=False):
    """The hours in which a company works"""

    name: Required[str]
    """Name."""
    time_zone: Required[str]
    """Time zone of its hours, such as "Europe/Sofia"."""
    hours: Required[list[WorkingHoursInput]]
    """When work is done, in any order; several a day may be given."""
    holidays: list[HolidayInput] | None
    """Days on which nobody works."""


class BusinessCalendarPatch(TypedDict, total=False):
    """The hours in which a company works"""

    name: str | None
    """Name."""
    time_zone: str | None
    """Time zone of its hours, such as "Europe/Sofia"."""
    hours: list[WorkingHoursInput] | None
    """When work is done, in any order; several a day may be given."""
    holidays: list[HolidayInput] | None
    """Days on which nobody works."""


class CashCountInput(TypedDict, total=False):
    """So many notes or coins of a kind."""

    value_minor: int | None
    """Value of one in minor units."""
    quantity: int | None
    """How many."""


class CloseCompanyInput(TypedDict, total=False):
    """CloseCompanyInput"""

    confirm_name: Required[str]
    """The company's name as it stands, to confirm."""
    password: Required[str]
    """The owner's password, once more."""


class ConsentPurposeInput(TypedDict, total=False):
    """What people may be written to for, such as a newsletter"""

    name: Required[str]
    """Name, as people read it in the preference centre."""
    description: str | None
    """What it means for them, as they read it there."""
    channels: Required[list[Literal["email", "sms", "phone", "messenger", "post"]]]
    """Channels on which it may be used."""
    lawful_basis: Literal["consent", "legitimate_interest", "contract", "legal_obligation"] | None
    """What allows it; "consent" where not given. Consent is asked for before; legitimate interest holds until
    somebody objects; contract and legal obligation are service messages, which nobody can object to.
    """
    double_opt_in: bool | None
    """Consent counts once it is confirmed by the link in a message."""
    public: bool | None
    """People see it in the preference centre."""
    position: int | None
    """Place among the purposes."""


class ConsentPurposePatch(TypedDict, total=False):
    """What people may be written to for, such as a newsletter"""

    name: str | None
    """Name, as people read it in the preference centre."""
    description: str | None
    """What it means for them, as they read it there."""
    channels: list[Literal["email", "sms", "phone", "messenger", "post"]] | None
    """Channels on which it may be used."""
    lawful_basis: Literal["consent", "legitimate_interest", "contract", "legal_obligation"] | None
    """What allows it; "consent" where not given. Consent is asked for before; legitimate interest holds until
    somebody objects; contract and legal obligation are service messages, which nobody can object to.
    """
    double_opt_in: bool | None
    """Consent counts once it is confirmed by the link in a message."""
    public: bool | None
    """People see it in the preference centre."""
    position: int | None
    """Place among the purposes."""


class ConsentStatementInput(TypedDict, total=False):
    """What somebody said about being written to, with its evidence."""

    contact_id: Required[str]
    """Person who said it."""
    purpose_id: Required[str]
    """Purpose."""
    channel: Required[Literal["email", "sms", "phone", "messenger", "post"]]
    """Channel."""
    status: Required[Literal["granted", "withdrawn"]]
    """What was said."""
    source: Required[str]
    """Where it was said, such as "form:spring-offer", "paper" or "phone"."""
    text_version: str | None
    """Version of the text that the person was shown."""
    happened_at: datetime | str | None
    """When it was said; now where not given. Not in the future."""
    ip_address: str | None
    """Internet address it came from. Kept as a hash only."""
    user_agent: str | None
    """Browser it came from. Kept as a hash only."""
    confirmed: bool | None
    """The person confirmed it, as by a link in a message. A purpose with double opt-in takes no other consent
    here; use RequestConsent to have it confirmed.
    """


class ContactAskedInput(TypedDict, total=False):
    """A person, and the address that the message would go to."""

    contact_id: str | None
    """Person. Empty for an address of nobody who is known: what needs consent is then refused."""
    address: str | None
    """E-mail address, number or postal address. Without it, suppressed addresses cannot be told."""


class ContactInput(TypedDict, total=False):
    """A person."""

    title: str | None
    """Title such as "Dr"."""
    given_name: str | None
    """Given name."""
    middle_name: str | None
    """Middle name or patronymic."""
    family_name: str | None
    """Family name."""
    job_title: str | None
    """Job title."""
    lifecycle_stage: (
        Literal[
            "visitor", "subscriber", "lead", "mql", "sql", "opportunity", "customer", "evangelist", "churned", "other"
        ]
        | None
    )
    """Stage of the relationship."""
    language: str | None
    """Preferred language."""
    country_code: str | None
    """Country of residence."""
    source: str | None
    """Where the contact came from, such as "import", "web form", "referral"."""
    owner_id: str | None
    """User who owns the relationship."""
    team_id: str | None
    """Team of the owner."""
    do_not_contact: bool | None
    """The person asked not to be contacted at all."""
    score: int | None
    """Lead score."""
    emails: list[EmailAddressInput] | None
    """E-mail addresses; at most one is primary, the first where none is marked."""
    phones: list[PhoneNumberInput] | None
    """Phone numbers; at most one is primary, the first where none is marked."""
    addresses: list[PostalAddressInput] | None
    """Postal addresses."""
    tags: list[str] | None
    """Tags."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system: {"mailchimp": "x81"}."""
    description: str | None
    """Free text about the person."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one; in
    filters they are custom.<key>.
    """


class ContactItem(TypedDict, total=False):
    """A person."""

    id: str | None
    """UUIDv7."""
    etag: str | None
    """Changes with every write; send it back in If-Match or in the request to avoid overwriting others."""
    title: str | None
    """Title such as "Dr"."""
    given_name: str | None
    """Given name."""
    middle_name: str | None
    """Middle name or patronymic."""
    family_name: str | None
    """Family name."""
    job_title: str | None
    """Job title."""
    lifecycle_stage: (
        Literal[
            "visitor", "subscriber", "lead", "mql", "sql", "opportunity", "customer", "evangelist", "churned", "other"
        ]
        | None
    )
    """Stage of the relationship."""
    language: str | None
    """Preferred language."""
    country_code: str | None
    """Country of residence."""
    source: str | None
    """Where the contact came from, such as "import", "web form", "referral"."""
    owner_id: str | None
    """User who owns the relationship."""
    team_id: str | None
    """Team of the owner."""
    do_not_contact: bool | None
    """The person asked not to be contacted at all."""
    score: int | None
    """Lead score."""
    emails: list[EmailAddressInput] | None
    """E-mail addresses; at most one is primary, the first where none is marked."""
    phones: list[PhoneNumberInput] | None
    """Phone numbers; at most one is primary, the first where none is marked."""
    addresses: list[PostalAddressInput] | None
    """Postal addresses."""
    tags: list[str] | None
    """Tags."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system: {"mailchimp": "x81"}."""
    description: str | None
    """Free text about the person."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one; in
    filters they are custom.<key>.
    """


class ContactPatch(TypedDict, total=False):
    """A person."""

    title: str | None
    """Title such as "Dr"."""
    given_name: str | None
    """Given name."""
    middle_name: str | None
    """Middle name or patronymic."""
    family_name: str | None
    """Family name."""
    job_title: str | None
    """Job title."""
    lifecycle_stage: (
        Literal[
            "visitor", "subscriber", "lead", "mql", "sql", "opportunity", "customer", "evangelist", "churned", "other"
        ]
        | None
    )
    """Stage of the relationship."""
    language: str | None
    """Preferred language."""
    country_code: str | None
    """Country of residence."""
    source: str | None
    """Where the contact came from, such as "import", "web form", "referral"."""
    owner_id: str | None
    """User who owns the relationship."""
    team_id: str | None
    """Team of the owner."""
    do_not_contact: bool | None
    """The person asked not to be contacted at all."""
    score: int | None
    """Lead score."""
    emails: list[EmailAddressInput] | None
    """E-mail addresses; at most one is primary, the first where none is marked."""
    phones: list[PhoneNumberInput] | None
    """Phone numbers; at most one is primary, the first where none is marked."""
    addresses: list[PostalAddressInput] | None
    """Postal addresses."""
    tags: list[str] | None
    """Tags."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system: {"mailchimp": "x81"}."""
    description: str | None
    """Free text about the person."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one; in
    filters they are custom.<key>.
    """


class CouponInput(TypedDict, total=False):
    """A code that takes something off a document"""

    code: Required[str]
    """Code, its own; letters count the same in either case."""
    name: Required[str]
    """Name, as receipts show it."""
    discount_basis_points: int | None
    """Share it takes off, or"""
    discount_amount: MoneyInput | None
    """the amount it takes off."""
    min_amount: MoneyInput | None
    """What its goods must come to."""
    variant_ids: list[str] | None
    """Variants it holds for."""
    product_ids: list[str] | None
    """Products it holds for."""
    category_ids: list[str] | None
    """Branches of the catalogue it holds for. With no goods named it holds for all."""
    segment: str | None
    """Segment it is for; empty for all."""
    store_id: str | None
    """Store it is for; empty for all."""
    channel: Literal["sales", "pos", "web"] | None
    """Channel it is for; empty for all."""
    valid_from: str | None
    """First day; empty for always."""
    valid_to: str | None
    """Last day; empty for ever."""
    max_uses: int | None
    """Times it can be used in all; 0 for no bound."""
    max_uses_per_customer: int | None
    """Times one customer can use it; 0 for no bound."""
    active: bool | None
    """Only active coupons are taken; true where not given."""


class CouponPatch(TypedDict, total=False):
    """A code that takes something off a document"""

    code: str | None
    """Code, its own; letters count the same in either case."""
    name: str | None
    """Name, as receipts show it."""
    discount_basis_points: int | None
    """Share it takes off, or"""
    discount_amount: MoneyInput | None
    """the amount it takes off."""
    min_amount: MoneyInput | None
    """What its goods must come to."""
    variant_ids: list[str] | None
    """Variants it holds for."""
    product_ids: list[str] | None
    """Products it holds for."""
    category_ids: list[str] | None
    """Branches of the catalogue it holds for. With no goods named it holds for all."""
    segment: str | None
    """Segment it is for; empty for all."""
    store_id: str | None
    """Store it is for; empty for all."""
    channel: Literal["sales", "pos", "web"] | None
    """Channel it is for; empty for all."""
    valid_from: str | None
    """First day; empty for always."""
    valid_to: str | None
    """Last day; empty for ever."""
    max_uses: int | None
    """Times it can be used in all; 0 for no bound."""
    max_uses_per_customer: int | None
    """Times one customer can use it; 0 for no bound."""
    active: bool | None
    """Only active coupons are taken; true where not given."""


class CreateAccountRequestInput(TypedDict, total=False):
    """Request of CreateAccount."""

    account: Required[AccountInput]
    """Account to create."""
    allow_duplicate: bool | None
    """Create it even where it looks like a duplicate."""


class CreateContactRequestInput(TypedDict, total=False):
    """Request of CreateContact."""

    contact: Required[ContactInput]
    """Contact to create."""
    allow_duplicate: bool | None
    """Create it even where it looks like a duplicate."""
    account_id: str | None
    """Company to link the person to at once."""


class CreateLeadRequestInput(TypedDict, total=False):
    """Request of CreateLead."""

    lead: Required[LeadInput]
    """Lead to create."""


class CurrencyRateInput(TypedDict, total=False):
    """What one unit of a currency is in another from a day on"""

    source_currency: Required[str]
    """Currency changed from."""
    target_currency: Required[str]
    """Currency changed into."""
    valid_from: Required[str]
    """Day, such as 2026-11-22, from which the rate holds until the next."""
    rate_billionths: Required[int]
    """Units of the target for one of the source, in billionths."""


class CustomFieldInput(TypedDict, total=False):
    """A field that the company added."""

    object: Required[Literal["contact", "account", "lead", "deal", "quote", "order", "invoice"]]
    """Kind of record: contact, account, lead, deal, quote, order or invoice."""
    key: Required[str]
    """Name in the API, in filters as custom.<key>, and in files."""
    label: Required[str]
    """Name that people read."""
    type: Required[Literal["text", "number", "money", "date", "boolean", "choice", "choices", "reference"]]
    """text (500 characters), number, money ({currency_code, amount_minor}), date (YYYY-MM-DD), boolean, choice
    (one of the options), choices (some of them) or reference (id of a record).
    """
    options: list[str] | None
    """What a choice offers, in the order shown."""
    references: Literal["", "contact", "account"] | None
    """What a reference points to: contact or account."""
    required: bool | None
    """New records need a value, and nobody can empty it."""
    searchable: bool | None
    """Search finds records by its value; for text, choice and choices. Records written before are found after
    their next change or a rebuild.
    """
    position: int | None
    """Place among the fields of the record."""
    archived: bool | None
    """Not shown and not writable any more."""


class CustomFieldPatch(TypedDict, total=False):
    """A field that the company added."""

    object: Literal["contact", "account", "lead", "deal", "quote", "order", "invoice"] | None
    """Kind of record: contact, account, lead, deal, quote, order or invoice."""
    key: str | None
    """Name in the API, in filters as custom.<key>, and in files."""
    label: str | None
    """Name that people read."""
    type: Literal["text", "number", "money", "date", "boolean", "choice", "choices", "reference"] | None
    """text (500 characters), number, money ({currency_code, amount_minor}), date (YYYY-MM-DD), boolean, choice
    (one of the options), choices (some of them) or reference (id of a record).
    """
    options: list[str] | None
    """What a choice offers, in the order shown."""
    references: Literal["", "contact", "account"] | None
    """What a reference points to: contact or account."""
    required: bool | None
    """New records need a value, and nobody can empty it."""
    searchable: bool | None
    """Search finds records by its value; for text, choice and choices. Records written before are found after
    their next change or a rebuild.
    """
    position: int | None
    """Place among the fields of the record."""
    archived: bool | None
    """Not shown and not writable any more."""


class DashboardInput(TypedDict, total=False):
    """Figures that are looked at together."""

    name: Required[str]
    """What it is called."""
    shared: bool | None
    """True where everybody who may see figures may see it."""
    tiles: list[TileInput] | None
    """Tiles in their order."""


class DashboardPatch(TypedDict, total=False):
    """Figures that are looked at together."""

    name: str | None
    """What it is called."""
    shared: bool | None
    """True where everybody who may see figures may see it."""
    tiles: list[TileInput] | None
    """Tiles in their order."""


class DealContactInput(TypedDict, total=False):
    """A person on the buying side."""

    contact_id: Required[str]
    """Person."""
    role: (
        Literal["buyer", "decision_maker", "economic_buyer", "champion", "influencer", "user", "blocker", "other"]
        | None
    )
    """What the person is in it."""
    is_primary: bool | None
    """The one to talk to first."""


class DealInput(TypedDict, total=False):
    """Something that may be sold"""

    name: Required[str]
    """Name."""
    account_id: str | None
    """Company that would buy."""
    contacts: list[DealContactInput] | None
    """People on the buying side."""
    pipeline_id: str | None
    """Pipeline; the first where not given."""
    stage_id: str | None
    """Stage; the first of its pipeline where not given. MoveDeal changes it."""
    amount: MoneyInput | None
    """What it is worth: the sum of its lines without tax, unless given. Emptied, it follows the lines again."""
    expected_close_date: str | None
    """Day on which it should close; thirty days ahead where not given."""
    probability: int | None
    """Chance in per cent; its stage's where not given."""
    forecast_category: Literal["pipeline", "best_case", "commit", "omitted"] | None
    """Where it counts in the forecast; as its stage says where not given."""
    source: str | None
    """Where it came from, such as "trade fair"."""
    lead_id: str | None
    """Lead it was made of."""
    campaign_id: str | None
    """Campaign that brought it."""
    next_step: str | None
    """What is to be done next."""
    need_ids: list[str] | None
    """Needs it answers."""
    description: str | None
    """Text."""
    tags: list[str] | None
    """Tags."""
    owner_id: str | None
    """Person who owns it."""
    team_id: str | None
    """Team it belongs to."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one."""


class DealPatch(TypedDict, total=False):
    """Something that may be sold"""

    name: str | None
    """Name."""
    account_id: str | None
    """Company that would buy."""
    contacts: list[DealContactInput] | None
    """People on the buying side."""
    pipeline_id: str | None
    """Pipeline; the first where not given."""
    stage_id: str | None
    """Stage; the first of its pipeline where not given. MoveDeal changes it."""
    amount: MoneyInput | None
    """What it is worth: the sum of its lines without tax, unless given. Emptied, it follows the lines again."""
    expected_close_date: str | None
    """Day on which it should close; thirty days ahead where not given."""
    probability: int | None
    """Chance in per cent; its stage's where not given."""
    forecast_category: Literal["pipeline", "best_case", "commit", "omitted"] | None
    """Where it counts in the forecast; as its stage says where not given."""
    source: str | None
    """Where it came from, such as "trade fair"."""
    lead_id: str | None
    """Lead it was made of."""
    campaign_id: str | None
    """Campaign that brought it."""
    next_step: str | None
    """What is to be done next."""
    need_ids: list[str] | None
    """Needs it answers."""
    description: str | None
    """Text."""
    tags: list[str] | None
    """Tags."""
    owner_id: str | None
    """Person who owns it."""
    team_id: str | None
    """Team it belongs to."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one."""


class DeleteAccountRequestInput(TypedDict, total=False):
    """Request of DeleteAccount."""

    id: Required[str]
    """Account."""
    etag: str | None
    """Etag last seen. Over HTTP: If-Match."""


class DeleteContactRequestInput(TypedDict, total=False):
    """Request of DeleteContact."""

    id: Required[str]
    """Contact."""
    etag: str | None
    """Etag last seen. Over HTTP: If-Match."""


class DiscountPolicyInput(TypedDict, total=False):
    """How much may be taken off by hand before somebody must agree; the highest that holds counts"""

    name: Required[str]
    """Name."""
    team_id: str | None
    """Team whose people it is for; empty for all."""
    store_id: str | None
    """Store it is for; empty for all."""
    channel: Literal["sales", "pos", "web"] | None
    """Channel it is for; empty for all."""
    max_discount_basis_points: int | None
    """Share that may be taken off a line."""
    min_margin_basis_points: int | None
    """Margin that must be left of a line with a discount; none where not given."""
    priority: int | None
    """Of several that hold, the highest counts."""
    active: bool | None
    """Only active policies count; true where not given."""


class DiscountPolicyPatch(TypedDict, total=False):
    """How much may be taken off by hand before somebody must agree; the highest that holds counts"""

    name: str | None
    """Name."""
    team_id: str | None
    """Team whose people it is for; empty for all."""
    store_id: str | None
    """Store it is for; empty for all."""
    channel: Literal["sales", "pos", "web"] | None
    """Channel it is for; empty for all."""
    max_discount_basis_points: int | None
    """Share that may be taken off a line."""
    min_margin_basis_points: int | None
    """Margin that must be left of a line with a discount; none where not given."""
    priority: int | None
    """Of several that hold, the highest counts."""
    active: bool | None
    """Only active policies count; true where not given."""


class DocumentInput(TypedDict, total=False):
    """A document that sellers use."""

    name: Required[str]
    """What it is called; one name is given once."""
    description: str | None
    """What it is for."""
    category: Literal["brochure", "price_list", "contract", "manual", "presentation", "other"] | None
    """Kind: "brochure", "price_list", "contract", "manual", "presentation" or "other"; "other" where empty."""
    language: Literal["en", "ru", "bg"] | None
    """Language that it is written in; empty where it has none."""
    tags: list[str] | None
    """Tags, 20 at most."""
    product_ids: list[str] | None
    """Products that it is about."""
    valid_until: str | None
    """Last day on which it holds; empty where it holds until it is withdrawn."""
    archived: bool | None
    """True where it is withdrawn: it stays, and is sent to nobody any more."""


class DocumentPatch(TypedDict, total=False):
    """A document that sellers use."""

    name: str | None
    """What it is called; one name is given once."""
    description: str | None
    """What it is for."""
    category: Literal["brochure", "price_list", "contract", "manual", "presentation", "other"] | None
    """Kind: "brochure", "price_list", "contract", "manual", "presentation" or "other"; "other" where empty."""
    language: Literal["en", "ru", "bg"] | None
    """Language that it is written in; empty where it has none."""
    tags: list[str] | None
    """Tags, 20 at most."""
    product_ids: list[str] | None
    """Products that it is about."""
    valid_until: str | None
    """Last day on which it holds; empty where it holds until it is withdrawn."""
    archived: bool | None
    """True where it is withdrawn: it stays, and is sent to nobody any more."""


class EarnRuleInput(TypedDict, total=False):
    """Goods that earn more or less than others."""

    product_id: str | None
    """Product, or"""
    category_id: str | None
    """category with all below it."""
    percent: int | None
    """Points in per cent of those that others earn; 0 earns none."""


class EmailAddressInput(TypedDict, total=False):
    """An e-mail address of a person."""

    address: Required[str]
    """Address; stored as given, compared case-folded."""
    label: str | None
    """Label such as "work" or "home"."""
    primary: bool | None
    """The one to use first."""


class GoalInput(TypedDict, total=False):
    """What somebody is to reach in a month or a quarter"""

    user_id: str | None
    """Person; the team's or the company's goal where not given."""
    team_id: str | None
    """Team."""
    pipeline_id: str | None
    """Only deals of this pipeline."""
    metric: Required[Literal["amount_won", "deals_won", "activities_done"]]
    """What is counted."""
    period: Required[Literal["month", "quarter"]]
    """How long it runs."""
    starts_on: Required[str]
    """First day of its month or quarter."""
    target: Required[int]
    """How much: minor units of the company's currency for amount_won, else a number."""


class GoalPatch(TypedDict, total=False):
    """What somebody is to reach in a month or a quarter"""

    user_id: str | None
    """Person; the team's or the company's goal where not given."""
    team_id: str | None
    """Team."""
    pipeline_id: str | None
    """Only deals of this pipeline."""
    metric: Literal["amount_won", "deals_won", "activities_done"] | None
    """What is counted."""
    period: Literal["month", "quarter"] | None
    """How long it runs."""
    starts_on: str | None
    """First day of its month or quarter."""
    target: int | None
    """How much: minor units of the company's currency for amount_won, else a number."""


class HolidayInput(TypedDict, total=False):
    """A day on which nobody works."""

    day: Required[str]
    """The day."""
    name: str | None
    """What it is called."""
    yearly: bool | None
    """It is so on this day of every year."""


class InvitationInput(TypedDict, total=False):
    """An invitation into the company."""

    email: Required[str]
    """Address the mail goes to, and which the account of the person will have."""
    role: Required[str]
    """Role that the person will have."""
    team_id: str | None
    """Team that the person will be in."""
    locale: Literal["en", "ru", "bg"] | None
    """Language of the mail, the company's where unset."""


class InvoiceInput(TypedDict, total=False):
    """An invoice or a credit note. From when it is issued nothing of what it says changes"""

    account_id: str | None
    """Company that pays."""
    contact_id: str | None
    """Person who pays."""
    customer_name: str | None
    """Name of the customer on the paper."""
    customer_address: str | None
    """Address of the customer on the paper."""
    customer_tax_number: str | None
    """Tax number of the customer on the paper."""
    reference: str | None
    """The customer's own number for it."""
    note: str | None
    """Text."""
    lines: list[LineItemInput] | None
    """Lines. Lists leave them out."""
    currency_code: str | None
    """Currency; the company's own where not given."""
    due_on: str | None
    """Day by which it is to be paid; by the company's settings where not given."""
    owner_id: str | None
    """Person who owns it."""
    team_id: str | None
    """Team it belongs to."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key; never printed. In updates, fields that are not named stay and null
    empties one.
    """


class InvoicePatch(TypedDict, total=False):
    """An invoice or a credit note. From when it is issued nothing of what it says changes"""

    account_id: str | None
    """Company that pays."""
    contact_id: str | None
    """Person who pays."""
    customer_name: str | None
    """Name of the customer on the paper."""
    customer_address: str | None
    """Address of the customer on the paper."""
    customer_tax_number: str | None
    """Tax number of the customer on the paper."""
    reference: str | None
    """The customer's own number for it."""
    note: str | None
    """Text."""
    lines: list[LineItemInput] | None
    """Lines. Lists leave them out."""
    currency_code: str | None
    """Currency; the company's own where not given."""
    due_on: str | None
    """Day by which it is to be paid; by the company's settings where not given."""
    owner_id: str | None
    """Person who owns it."""
    team_id: str | None
    """Team it belongs to."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key; never printed. In updates, fields that are not named stay and null
    empties one.
    """


class LeadInput(TypedDict, total=False):
    """Somebody who may become a customer"""

    given_name: str | None
    """Given name."""
    family_name: str | None
    """Family name."""
    company_name: str | None
    """Company, as it was told."""
    job_title: str | None
    """Job title."""
    email: str | None
    """E-mail address."""
    phone: str | None
    """Phone number."""
    website: str | None
    """Web site of the company."""
    country_code: str | None
    """Country."""
    language: str | None
    """Language to talk in."""
    industry: str | None
    """Industry."""
    description: str | None
    """What was said or written."""
    source: str | None
    """Where it came from, such as "web form" or "trade fair"."""
    form_id: str | None
    """Form that captured it."""
    campaign_id: str | None
    """Campaign that brought it."""
    rating: Literal["hot", "warm", "cold"] | None
    """How warm it is."""
    score: int | None
    """Score; the higher, the sooner somebody should call."""
    budget: MoneyInput | None
    """What may be spent."""
    authority: Literal["decision_maker", "economic_buyer", "champion", "influencer", "user", "unknown"] | None
    """What the person decides."""
    need: str | None
    """What is needed."""
    timing: Literal["now", "this_quarter", "this_year", "later", "unknown"] | None
    """When it is wanted."""
    product_ids: list[str] | None
    """Products asked for."""
    tags: list[str] | None
    """Tags."""
    owner_id: str | None
    """Person who owns it. Where not given, the rules of assignment choose."""
    team_id: str | None
    """Team it belongs to."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one."""


class LeadPatch(TypedDict, total=False):
    """Somebody who may become a customer"""

    given_name: str | None
    """Given name."""
    family_name: str | None
    """Family name."""
    company_name: str | None
    """Company, as it was told."""
    job_title: str | None
    """Job title."""
    email: str | None
    """E-mail address."""
    phone: str | None
    """Phone number."""
    website: str | None
    """Web site of the company."""
    country_code: str | None
    """Country."""
    language: str | None
    """Language to talk in."""
    industry: str | None
    """Industry."""
    description: str | None
    """What was said or written."""
    source: str | None
    """Where it came from, such as "web form" or "trade fair"."""
    form_id: str | None
    """Form that captured it."""
    campaign_id: str | None
    """Campaign that brought it."""
    rating: Literal["hot", "warm", "cold"] | None
    """How warm it is."""
    score: int | None
    """Score; the higher, the sooner somebody should call."""
    budget: MoneyInput | None
    """What may be spent."""
    authority: Literal["decision_maker", "economic_buyer", "champion", "influencer", "user", "unknown"] | None
    """What the person decides."""
    need: str | None
    """What is needed."""
    timing: Literal["now", "this_quarter", "this_year", "later", "unknown"] | None
    """When it is wanted."""
    product_ids: list[str] | None
    """Products asked for."""
    tags: list[str] | None
    """Tags."""
    owner_id: str | None
    """Person who owns it. Where not given, the rules of assignment choose."""
    team_id: str | None
    """Team it belongs to."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one."""


class LeadRuleInput(TypedDict, total=False):
    """Who gets leads of a kind. The first rule that fits decides"""

    name: Required[str]
    """Name."""
    position: int | None
    """Place among the rules, the lowest first."""
    active: bool | None
    """In use."""
    condition: str | None
    """Filter over fields of leads, in the one filter language; empty fits all."""
    method: Required[Literal["round_robin", "least_busy"]]
    """In turn, or to who has the fewest open leads."""
    team_id: str | None
    """Team whose people take part."""
    user_ids: list[str] | None
    """People who take part, in place of a team."""


class LeadRulePatch(TypedDict, total=False):
    """Who gets leads of a kind. The first rule that fits decides"""

    name: str | None
    """Name."""
    position: int | None
    """Place among the rules, the lowest first."""
    active: bool | None
    """In use."""
    condition: str | None
    """Filter over fields of leads, in the one filter language; empty fits all."""
    method: Literal["round_robin", "least_busy"] | None
    """In turn, or to who has the fewest open leads."""
    team_id: str | None
    """Team whose people take part."""
    user_ids: list[str] | None
    """People who take part, in place of a team."""


class LineItemInput(TypedDict, total=False):
    """A line of a document, with its waterfall: list - rule - discount - coupon - document discount = net (+
    tax = gross). Prices stay as they were when it was priced. Amounts are in minor units of the document's
    currency.
    """

    id: str | None
    """Line. Made by the server where not given."""
    product_variant_id: Required[str]
    """Variant."""
    quantity_milli: Required[int]
    """Quantity in thousandths of the unit."""
    unit_micros: int | None
    """Price of one given by hand, in millionths of the currency; no rule then applies."""
    discount_basis_points: int | None
    """Discount on the line as a share, or"""
    discount_minor: int | None
    """as an amount."""
    description: str | None
    """What is to be said about the line."""
    suggestion_id: str | None
    """Suggestion for which the line was added."""


class LineQuantityInput(TypedDict, total=False):
    """So much of a line."""

    line_id: Required[str]
    """Line."""
    quantity_milli: Required[int]
    """Quantity in thousandths of the unit."""


class LineToPriceInput(TypedDict, total=False):
    """A line to price."""

    product_variant_id: Required[str]
    """Variant."""
    quantity_milli: Required[int]
    """Quantity in thousandths of the unit."""
    unit_micros: int | None
    """Price of one given by hand, in millionths of the currency; no rule then applies."""
    discount_basis_points: int | None
    """Discount on the line as a share, or"""
    discount_minor: int | None
    """as an amount."""


class LoyaltyMemberPatch(TypedDict, total=False):
    """A member."""

    contact_id: str | None
    """Person."""
    account_id: str | None
    """Company."""
    card_number: str | None
    """Number of the card, as its barcode has it."""
    name: str | None
    """Name, for a member who is no contact."""
    phone: str | None
    """Phone number; kept in E.164."""
    email: str | None
    """E-mail address; kept in lower case."""


class LoyaltyProgramPatch(TypedDict, total=False):
    """How points are earned, and what they are worth."""

    active: bool | None
    """Orders earn points, and points can be spent."""
    currency_code: str | None
    """Currency in which points are earned and spent; the company's own where not given."""
    earn_milli: int | None
    """Thousandths of a point for each unit of the currency that is paid: 1000 is a point for each euro."""
    earn_rules: list[EarnRuleInput] | None
    """Products and categories that earn more or less; the first that fits decides."""
    rounding: Literal["down", "nearest"] | None
    """How points of a line are rounded; "down" where not given."""
    point_value_minor: int | None
    """What a point is worth when it is spent, in minor units of the currency. Without it points cannot be
    spent.
    """
    pending_days: int | None
    """Days until points can be spent, such as the time in which goods may come back."""
    expiry_months: int | None
    """Months after which points expire, counted from when they can be spent; 0 is never."""


class LoyaltyTierInput(TypedDict, total=False):
    """A tier of members."""

    name: Required[str]
    """Name."""
    threshold_points: int | None
    """Points earned in twelve months from which on a member belongs to it."""
    earn_percent: int | None
    """Points in per cent of those that others earn; 100 where not given."""
    segment: str | None
    """Segment that its members belong to, for price books and price rules."""


class LoyaltyTierPatch(TypedDict, total=False):
    """A tier of members."""

    name: str | None
    """Name."""
    threshold_points: int | None
    """Points earned in twelve months from which on a member belongs to it."""
    earn_percent: int | None
    """Points in per cent of those that others earn; 100 where not given."""
    segment: str | None
    """Segment that its members belong to, for price books and price rules."""


class MailTemplateInput(TypedDict, total=False):
    """A mail with places that a record's values fill: {{ contact.given_name }}, {{ deal.amount }} and so on,
    in the Liquid language without its loops and its including of other templates.
    """

    name: Required[str]
    """What it is called."""
    subject: Required[str]
    """Subject."""
    body: Required[str]
    """Text."""
    language: Literal["en", "ru", "bg"] | None
    """Language that it is written in: amounts and dates are written so."""
    shared: bool | None
    """True where colleagues may use it."""


class MailTemplatePatch(TypedDict, total=False):
    """A mail with places that a record's values fill: {{ contact.given_name }}, {{ deal.amount }} and so on,
    in the Liquid language without its loops and its including of other templates.
    """

    name: str | None
    """What it is called."""
    subject: str | None
    """Subject."""
    body: str | None
    """Text."""
    language: Literal["en", "ru", "bg"] | None
    """Language that it is written in: amounts and dates are written so."""
    shared: bool | None
    """True where colleagues may use it."""


class MetricFilterInput(TypedDict, total=False):
    """Only records that have this value."""

    dimension: Required[str]
    """Dimension."""
    key: str | None
    """Value, as a row has it for its key; empty for records without one."""


class ModelParametersInput(TypedDict, total=False):
    """What a model is computed with."""

    model: Literal["bg_nbd", "pareto_nbd"] | None
    """Of lifetime_value: bg_nbd (the default) or pareto_nbd."""
    horizon_days: int | None
    """Days to look ahead: 365 for lifetime_value, 90 for churn."""
    discount_permille: int | None
    """Of lifetime_value: what money a year later is worth less, in thousandths; 100 where nothing is given."""
    least_clusters: int | None
    """Of clusters: the fewest of them to try, 2 where not given."""
    most_clusters: int | None
    """Of clusters: the most of them to try, 8 where not given; the same as the fewest fixes their number."""
    as_of: str | None
    """Last day to look at; the day of the run where not given. A run of the night looks at its own day again."""
    first_day: str | None
    """First day of orders that count; all where not given."""
    store_id: str | None
    """Of baskets: only orders of this store. The night looks at all."""
    group: str | None
    """Of baskets: only orders of customers who are in this group of rfm on the last day, such as champions.
    The night looks at all.
    """
    least_support_ppm: int | None
    """Of baskets: least share of the orders that hold a set of products, in millionths; 5000 (half a per cent)
    where not given. A set must be in three orders at least.
    """
    least_confidence_permille: int | None
    """Of baskets: least confidence of a rule in thousandths, 100 where not given."""
    longest: int | None
    """Of baskets: products of a rule at most, both sides together; 3 where not given."""
    significance_permille: int | None
    """Of baskets: the greatest chance, in thousandths, that a rule is kept with; 50 where not given, 1000
    keeps all. It is corrected for the number of rules that were tested.
    """
    correction: Literal["hochberg", "bonferroni"] | None
    """Of baskets: the correction: hochberg (the default: of the rules kept, that share is by chance, after
    Benjamini and Hochberg) or bonferroni (the chance that any of them is).
    """


class MoneyInput(TypedDict, total=False):
    """An amount in the minor unit of its currency (cents, kopecks, stotinki)."""

    currency_code: str | None
    """ISO 4217 code."""
    amount_minor: int | None
    """Amount in minor units."""


class NeedInput(TypedDict, total=False):
    """What a customer wants"""

    statement: Required[str]
    """What is wanted, in the customer's words."""
    priority: Literal["must", "should", "could"] | None
    """How much it matters; "should" where not given."""
    budget: MoneyInput | None
    """What may be spent."""
    timeframe: Literal["now", "this_quarter", "this_year", "later", "unknown"] | None
    """When it is wanted."""
    product_ids: list[str] | None
    """Products that would answer it."""
    description: str | None
    """What else was said."""
    contact_id: str | None
    """Person who has it."""
    account_id: str | None
    """Company that has it."""
    lead_id: str | None
    """Lead that has it."""
    deal_id: str | None
    """Deal that answers it."""
    owner_id: str | None
    """Person who owns it; who owns its deal or lead, where not given."""
    team_id: str | None
    """Team it belongs to."""


class NeedPatch(TypedDict, total=False):
    """What a customer wants"""

    statement: str | None
    """What is wanted, in the customer's words."""
    priority: Literal["must", "should", "could"] | None
    """How much it matters; "should" where not given."""
    budget: MoneyInput | None
    """What may be spent."""
    timeframe: Literal["now", "this_quarter", "this_year", "later", "unknown"] | None
    """When it is wanted."""
    product_ids: list[str] | None
    """Products that would answer it."""
    description: str | None
    """What else was said."""
    contact_id: str | None
    """Person who has it."""
    account_id: str | None
    """Company that has it."""
    lead_id: str | None
    """Lead that has it."""
    deal_id: str | None
    """Deal that answers it."""
    owner_id: str | None
    """Person who owns it; who owns its deal or lead, where not given."""
    team_id: str | None
    """Team it belongs to."""


class OAuthClientInput(TypedDict, total=False):
    """An app that calls the API in the company's name."""

    name: Required[str]
    """Name shown to people."""
    redirect_uris: list[str] | None
    """Where the browser may return to. Empty for clients without a browser."""
    scopes: list[str] | None
    """Scopes the client may ask for."""
    grant_types: (
        list[
            Literal[
                "authorization_code",
                "refresh_token",
                "client_credentials",
                "urn:ietf:params:oauth:grant-type:device_code",
            ]
        ]
        | None
    )
    """Grants: authorization_code, refresh_token, client_credentials,
    urn:ietf:params:oauth:grant-type:device_code.
    """
    public: bool | None
    """A client that cannot keep a secret (a browser or mobile app); PKCE alone protects it."""
    jwks: str | None
    """Public keys of private_key_jwt, the text of a JWK Set; such a client has no secret."""
    require_pushed_requests: bool | None
    """A client whose authorization requests are taken only through /oauth/par."""
    description: str | None
    """What the app does, for those who are asked to let it in."""
    homepage_url: str | None
    """Page of the app."""
    visibility: Literal["own", "all"] | None
    """Whose records a client of client_credentials sees: all where unset; "own" are those it made itself."""
    dpop_bound_access_tokens: bool | None
    """A client that gets access tokens bound to a key of its own (DPoP, RFC 9449), and no others."""


class OrderInput(TypedDict, total=False):
    """Something sold"""

    channel: Literal["sales", "pos", "web"] | None
    """Where it is sold; "sales" where not given."""
    account_id: str | None
    """Company that buys."""
    contact_id: str | None
    """Person who buys."""
    deal_id: str | None
    """Deal it comes from."""
    store_id: str | None
    """Store it is sold in."""
    reference: str | None
    """The customer's own number for it."""
    note: str | None
    """Text."""
    lines: list[LineItemInput] | None
    """Lines. Lists leave them out."""
    currency_code: str | None
    """Currency; the company's own where not given."""
    coupon_codes: list[str] | None
    """Coupons."""
    document_discount_basis_points: int | None
    """Discount on the whole order as a share, or"""
    document_discount_minor: int | None
    """as an amount in minor units."""
    owner_id: str | None
    """Person who owns it."""
    team_id: str | None
    """Team it belongs to."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key; never printed. In updates, fields that are not named stay and null
    empties one.
    """
    loyalty_member_id: str | None
    """Member whose card was shown; found by the customer where not given."""


class OrderPatch(TypedDict, total=False):
    """Something sold"""

    channel: Literal["sales", "pos", "web"] | None
    """Where it is sold; "sales" where not given."""
    account_id: str | None
    """Company that buys."""
    contact_id: str | None
    """Person who buys."""
    deal_id: str | None
    """Deal it comes from."""
    store_id: str | None
    """Store it is sold in."""
    reference: str | None
    """The customer's own number for it."""
    note: str | None
    """Text."""
    lines: list[LineItemInput] | None
    """Lines. Lists leave them out."""
    currency_code: str | None
    """Currency; the company's own where not given."""
    coupon_codes: list[str] | None
    """Coupons."""
    document_discount_basis_points: int | None
    """Discount on the whole order as a share, or"""
    document_discount_minor: int | None
    """as an amount in minor units."""
    owner_id: str | None
    """Person who owns it."""
    team_id: str | None
    """Team it belongs to."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key; never printed. In updates, fields that are not named stay and null
    empties one.
    """
    loyalty_member_id: str | None
    """Member whose card was shown; found by the customer where not given."""


class OwnLimitInput(TypedDict, total=False):
    """A limit of a company's own."""

    name: Required[str]
    """What is limited, such as "contacts", or "requests_per_s"."""
    most: int | None
    """The most there may be; where unset, the plan's limit is lifted."""


class PhoneNumberInput(TypedDict, total=False):
    """A phone number of a person."""

    number: Required[str]
    """Number; answered in E.164. A national number is read in the contact's country, else the tenant's."""
    label: str | None
    """Label such as "mobile"."""
    primary: bool | None
    """The one to use first."""


class PipelineInput(TypedDict, total=False):
    """A way that deals go, stage by stage"""

    name: Required[str]
    """Name."""
    position: int | None
    """Place among the pipelines."""
    after_sales: bool | None
    """Deals of it come after the sale: onboarding, renewal."""


class PipelinePatch(TypedDict, total=False):
    """A way that deals go, stage by stage"""

    name: str | None
    """Name."""
    position: int | None
    """Place among the pipelines."""
    after_sales: bool | None
    """Deals of it come after the sale: onboarding, renewal."""


class PostalAddressInput(TypedDict, total=False):
    """A postal address."""

    street: str | None
    """Street, house, flat."""
    city: str | None
    """City or town."""
    region: str | None
    """State, province or oblast."""
    postal_code: str | None
    """Postal code."""
    country_code: str | None
    """Country."""
    label: str | None
    """Label such as "billing"."""


class PriceBookEntryInput(TypedDict, total=False):
    """The price of a variant in a book, from a quantity on"""

    price_book_id: Required[str]
    """Price book."""
    product_variant_id: Required[str]
    """Variant."""
    min_quantity_milli: int | None
    """Quantity from which it holds, in thousandths of the unit."""
    unit_micros: Required[int]
    """Price of one in millionths of the book's currency."""
    valid_from: str | None
    """First day; empty for always."""
    valid_to: str | None
    """Last day; empty for ever."""


class PriceBookEntryPatch(TypedDict, total=False):
    """The price of a variant in a book, from a quantity on"""

    price_book_id: str | None
    """Price book."""
    product_variant_id: str | None
    """Variant."""
    min_quantity_milli: int | None
    """Quantity from which it holds, in thousandths of the unit."""
    unit_micros: int | None
    """Price of one in millionths of the book's currency."""
    valid_from: str | None
    """First day; empty for always."""
    valid_to: str | None
    """Last day; empty for ever."""


class PriceBookInput(TypedDict, total=False):
    """Prices in one currency for some or all buyers; the nearest that holds is asked first"""

    name: Required[str]
    """Name."""
    currency_code: Required[str]
    """Currency of its prices."""
    tax_included: bool | None
    """Its prices include tax."""
    priority: int | None
    """Of two books as near to the buyer, the higher is asked first."""
    account_id: str | None
    """Company it is for; empty for all."""
    segment: str | None
    """Segment it is for; empty for all."""
    store_id: str | None
    """Store it is for; empty for all."""
    channel: Literal["sales", "pos", "web"] | None
    """Channel it is for; empty for all."""
    valid_from: str | None
    """First day, such as 2026-11-22; empty for always."""
    valid_to: str | None
    """Last day; empty for ever."""
    active: bool | None
    """Only active books are asked; true where not given."""


class PriceBookPatch(TypedDict, total=False):
    """Prices in one currency for some or all buyers; the nearest that holds is asked first"""

    name: str | None
    """Name."""
    currency_code: str | None
    """Currency of its prices."""
    tax_included: bool | None
    """Its prices include tax."""
    priority: int | None
    """Of two books as near to the buyer, the higher is asked first."""
    account_id: str | None
    """Company it is for; empty for all."""
    segment: str | None
    """Segment it is for; empty for all."""
    store_id: str | None
    """Store it is for; empty for all."""
    channel: Literal["sales", "pos", "web"] | None
    """Channel it is for; empty for all."""
    valid_from: str | None
    """First day, such as 2026-11-22; empty for always."""
    valid_to: str | None
    """Last day; empty for ever."""
    active: bool | None
    """Only active books are asked; true where not given."""


class PriceRuleInput(TypedDict, total=False):
    """What comes off the list price by itself"""

    name: Required[str]
    """Name, as receipts show it."""
    effect: Required[Literal["percent_off", "amount_off", "fixed_price", "buy_get"]]
    """What it does."""
    value: int | None
    """Basis points for percent_off, millionths of the currency a unit for amount_off and fixed_price."""
    buy_quantity: int | None
    """For buy_get: units paid in each group."""
    get_quantity: int | None
    """For buy_get: units free in each group."""
    currency_code: str | None
    """Currency it is for; required for amounts, empty for all otherwise."""
    variant_ids: list[str] | None
    """Variants it holds for."""
    product_ids: list[str] | None
    """Products it holds for."""
    category_ids: list[str] | None
    """Branches of the catalogue it holds for, with all below them. With no goods named it holds for all."""
    account_id: str | None
    """Company it is for; empty for all."""
    segment: str | None
    """Segment it is for; empty for all."""
    store_id: str | None
    """Store it is for; empty for all."""
    channel: Literal["sales", "pos", "web"] | None
    """Channel it is for; empty for all."""
    valid_from: str | None
    """First day; empty for always."""
    valid_to: str | None
    """Last day; empty for ever."""
    min_quantity_milli: int | None
    """Quantity of a line from which it holds, in thousandths of the unit."""
    priority: int | None
    """Stackable rules apply from the highest down."""
    stackable: bool | None
    """Applies after the best of the others; others exclude one another."""
    active: bool | None
    """Only active rules apply; true where not given."""


class PriceRulePatch(TypedDict, total=False):
    """What comes off the list price by itself"""

    name: str | None
    """Name, as receipts show it."""
    effect: Literal["percent_off", "amount_off", "fixed_price", "buy_get"] | None
    """What it does."""
    value: int | None
    """Basis points for percent_off, millionths of the currency a unit for amount_off and fixed_price."""
    buy_quantity: int | None
    """For buy_get: units paid in each group."""
    get_quantity: int | None
    """For buy_get: units free in each group."""
    currency_code: str | None
    """Currency it is for; required for amounts, empty for all otherwise."""
    variant_ids: list[str] | None
    """Variants it holds for."""
    product_ids: list[str] | None
    """Products it holds for."""
    category_ids: list[str] | None
    """Branches of the catalogue it holds for, with all below them. With no goods named it holds for all."""
    account_id: str | None
    """Company it is for; empty for all."""
    segment: str | None
    """Segment it is for; empty for all."""
    store_id: str | None
    """Store it is for; empty for all."""
    channel: Literal["sales", "pos", "web"] | None
    """Channel it is for; empty for all."""
    valid_from: str | None
    """First day; empty for always."""
    valid_to: str | None
    """Last day; empty for ever."""
    min_quantity_milli: int | None
    """Quantity of a line from which it holds, in thousandths of the unit."""
    priority: int | None
    """Stackable rules apply from the highest down."""
    stackable: bool | None
    """Applies after the best of the others; others exclude one another."""
    active: bool | None
    """Only active rules apply; true where not given."""


class ProductCategoryInput(TypedDict, total=False):
    """A branch of the catalogue"""

    name: Required[str]
    """Name."""
    parent_id: str | None
    """Branch above, empty at the top."""
    position: int | None
    """Place among its sisters."""


class ProductCategoryPatch(TypedDict, total=False):
    """A branch of the catalogue"""

    name: str | None
    """Name."""
    parent_id: str | None
    """Branch above, empty at the top."""
    position: int | None
    """Place among its sisters."""


class ProductInput(TypedDict, total=False):
    """Something a company sells; what is bought is one of its variants"""

    name: Required[str]
    """Name."""
    kind: Literal["good", "service", "gift_card"] | None
    """What it is; a good where not given."""
    category_id: str | None
    """Branch of the catalogue."""
    description: str | None
    """Text for quotes and catalogues."""
    unit: Literal["piece", "hour", "day", "month", "kg", "g", "l", "m", "m2", "m3", "pack"] | None
    """What a quantity of one is; a piece where not given."""
    tax_code: str | None
    """Code of its tax rate; "standard" where not given."""
    status: Literal["active", "archived"] | None
    """Archived products are kept for old orders and cannot be sold."""
    options: list[str] | None
    """Names of what its variants differ in, such as "size"."""
    track_stock: bool | None
    """Its variants have a stock in each store."""
    tags: list[str] | None
    """Tags."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one."""
    low_stock_milli: int | None
    """From here down what is on hand of its variants is shown as little, in thousandths of the unit; 0 is the
    company's own threshold.
    """


class ProductPatch(TypedDict, total=False):
    """Something a company sells; what is bought is one of its variants"""

    name: str | None
    """Name."""
    kind: Literal["good", "service", "gift_card"] | None
    """What it is; a good where not given."""
    category_id: str | None
    """Branch of the catalogue."""
    description: str | None
    """Text for quotes and catalogues."""
    unit: Literal["piece", "hour", "day", "month", "kg", "g", "l", "m", "m2", "m3", "pack"] | None
    """What a quantity of one is; a piece where not given."""
    tax_code: str | None
    """Code of its tax rate; "standard" where not given."""
    status: Literal["active", "archived"] | None
    """Archived products are kept for old orders and cannot be sold."""
    options: list[str] | None
    """Names of what its variants differ in, such as "size"."""
    track_stock: bool | None
    """Its variants have a stock in each store."""
    tags: list[str] | None
    """Tags."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one."""
    low_stock_milli: int | None
    """From here down what is on hand of its variants is shown as little, in thousandths of the unit; 0 is the
    company's own threshold.
    """


class ProductVariantInput(TypedDict, total=False):
    """A product as it is sold: one size, one colour, one price"""

    product_id: Required[str]
    """Product."""
    sku: Required[str]
    """Stock keeping unit, its own among all variants."""
    name: str | None
    """Name, such as "Red, large"; empty where the product has but one."""
    barcodes: list[str] | None
    """Barcodes (EAN, UPC or the company's own), each its own among all variants."""
    option_values: Mapping[str, str] | None
    """What it is by each option of its product."""
    price: UnitPriceInput | None
    """The catalogue's own price, where no price book has one."""
    cost: UnitPriceInput | None
    """What one costs the company; margins are counted from it."""
    weight_grams: int | None
    """Weight of one."""
    position: int | None
    """Place among its product's variants."""
    status: Literal["active", "archived"] | None
    """Archived variants are kept for old orders and cannot be sold."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""


class ProductVariantPatch(TypedDict, total=False):
    """A product as it is sold: one size, one colour, one price"""

    product_id: str | None
    """Product."""
    sku: str | None
    """Stock keeping unit, its own among all variants."""
    name: str | None
    """Name, such as "Red, large"; empty where the product has but one."""
    barcodes: list[str] | None
    """Barcodes (EAN, UPC or the company's own), each its own among all variants."""
    option_values: Mapping[str, str] | None
    """What it is by each option of its product."""
    price: UnitPriceInput | None
    """The catalogue's own price, where no price book has one."""
    cost: UnitPriceInput | None
    """What one costs the company; margins are counted from it."""
    weight_grams: int | None
    """Weight of one."""
    position: int | None
    """Place among its product's variants."""
    status: Literal["active", "archived"] | None
    """Archived variants are kept for old orders and cannot be sold."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""


class QueueInput(TypedDict, total=False):
    """A place where tickets wait for somebody"""

    name: Required[str]
    """Name."""
    description: str | None
    """What belongs here."""
    team_id: str | None
    """Team whose tickets they become."""
    priority: Literal["low", "normal", "high", "urgent"] | None
    """Priority of tickets that name none; "normal" where not given."""
    position: int | None
    """Place among the queues."""


class QueuePatch(TypedDict, total=False):
    """A place where tickets wait for somebody"""

    name: str | None
    """Name."""
    description: str | None
    """What belongs here."""
    team_id: str | None
    """Team whose tickets they become."""
    priority: Literal["low", "normal", "high", "urgent"] | None
    """Priority of tickets that name none; "normal" where not given."""
    position: int | None
    """Place among the queues."""


class QuoteDocumentInput(TypedDict, total=False):
    """A document that goes with a quote."""

    document_id: Required[str]
    """Document."""


class QuoteInput(TypedDict, total=False):
    """An offer at fixed prices, good until a day"""

    title: Required[str]
    """What it offers, as the paper is headed."""
    deal_id: str | None
    """Deal it is for."""
    account_id: str | None
    """Company that would buy; the deal's where not given."""
    contact_id: str | None
    """Person it goes to; the deal's first where not given."""
    recipient: str | None
    """Name and address of the customer, as the paper shows them."""
    language: Literal["en", "ru", "bg"] | None
    """Language of paper and page; English where not given."""
    valid_until: str | None
    """Last day on which it can be accepted, at the company's place. By the company's settings where not given."""
    introduction: str | None
    """Text above the lines."""
    terms: str | None
    """Text below the lines."""
    lines: list[LineItemInput] | None
    """Lines. Lists leave them out."""
    currency_code: str | None
    """Currency; the company's own where not given."""
    coupon_codes: list[str] | None
    """Coupons."""
    document_discount_basis_points: int | None
    """Discount on the whole as a share, or"""
    document_discount_minor: int | None
    """as an amount in minor units."""
    owner_id: str | None
    """Person who owns it; the deal's where not given."""
    team_id: str | None
    """Team it belongs to."""
    documents: list[QuoteDocumentInput] | None
    """Documents of the library that go with it, each in the version that it had when it was added. Lists leave
    them out.
    """
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key; never printed. In updates, fields that are not named stay and null
    empties one.
    """
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""


class QuotePatch(TypedDict, total=False):
    """An offer at fixed prices, good until a day"""

    title: str | None
    """What it offers, as the paper is headed."""
    deal_id: str | None
    """Deal it is for."""
    account_id: str | None
    """Company that would buy; the deal's where not given."""
    contact_id: str | None
    """Person it goes to; the deal's first where not given."""
    recipient: str | None
    """Name and address of the customer, as the paper shows them."""
    language: Literal["en", "ru", "bg"] | None
    """Language of paper and page; English where not given."""
    valid_until: str | None
    """Last day on which it can be accepted, at the company's place. By the company's settings where not given."""
    introduction: str | None
    """Text above the lines."""
    terms: str | None
    """Text below the lines."""
    lines: list[LineItemInput] | None
    """Lines. Lists leave them out."""
    currency_code: str | None
    """Currency; the company's own where not given."""
    coupon_codes: list[str] | None
    """Coupons."""
    document_discount_basis_points: int | None
    """Discount on the whole as a share, or"""
    document_discount_minor: int | None
    """as an amount in minor units."""
    owner_id: str | None
    """Person who owns it; the deal's where not given."""
    team_id: str | None
    """Team it belongs to."""
    documents: list[QuoteDocumentInput] | None
    """Documents of the library that go with it, each in the version that it had when it was added. Lists leave
    them out.
    """
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key; never printed. In updates, fields that are not named stay and null
    empties one.
    """
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""


class RecordShareInput(TypedDict, total=False):
    """A record that somebody sees although neither role nor rules show it."""

    grantee_kind: Required[Literal["team", "user"]]
    """"team" for the people of a team and of the teams below it, "user" for one person."""
    grantee_id: Required[str]
    """Team or person."""
    level: Required[Literal["read", "write"]]
    """"read": they see the record; "write": they change it, too, but do not delete it, give it away or share
    it on.
    """
    until: datetime | str | None
    """When it ends by itself; unset where it does not."""


class RegisterInput(TypedDict, total=False):
    """A till: one drawer, one sequence of receipts"""

    store_id: Required[str]
    """Store it stands in."""
    name: Required[str]
    """Name."""
    active: bool | None
    """It can be opened; true where not given."""
    receipt_prefix: str | None
    """What the numbers of its receipts begin with, its own; the store's code and a number where not given."""


class RegisterPatch(TypedDict, total=False):
    """A till: one drawer, one sequence of receipts"""

    store_id: str | None
    """Store it stands in."""
    name: str | None
    """Name."""
    active: bool | None
    """It can be opened; true where not given."""
    receipt_prefix: str | None
    """What the numbers of its receipts begin with, its own; the store's code and a number where not given."""


class ReportConditionInput(TypedDict, total=False):
    """A figure of the company that lies above or below a value, as far as the schedule's owner may see it."""

    metric: Required[str]
    """Figure of the catalogue, such as sales."""
    period: Required[
        Literal[
            "today",
            "yesterday",
            "7_days",
            "30_days",
            "month",
            "last_month",
            "quarter",
            "year",
            "last_year",
            "12_months",
        ]
    ]
    """Time that is counted, moving with the days."""
    comparison: Required[Literal["above", "below"]]
    """On which side of the value it is told."""
    value: int | None
    """Value in the figure's unit, such as minor units of the currency. It is told where any currency lies on
    that side.
    """


class ReportScheduleInput(TypedDict, total=False):
    """A report that is sent regularly."""

    name: Required[str]
    """What it is called; it is the subject of its mails."""
    report: Required[str]
    """Address of the report's page, such as /reports/sales/sales?period=last_month&by=store. A period by its
    name moves with the time; one from day to day stays.
    """
    format: Required[Literal["csv", "xlsx", "pdf"]]
    """Kind of file that is attached."""
    every: Required[Literal["day", "week", "month"]]
    """How often."""
    weekday: int | None
    """Day of the week, 1 for Monday to 7, where it is sent weekly."""
    month_day: int | None
    """Day of the month, where it is sent monthly; the last day of months that are shorter."""
    hour: int | None
    """Hour of the day, 0 to 23."""
    time_zone: str | None
    """Time zone of hour and day, such as Europe/Sofia; the company's where not given."""
    recipient_ids: Required[list[str]]
    """People of the company who get it. They see what the owner may see."""
    paused: bool | None
    """True where nothing is sent for now. False lets it go on."""
    condition: ReportConditionInput | None
    """Makes it an alert: it is looked at each time it is due, and sent when this has come to hold. Needs
    analytics.read.
    """


class ReportSchedulePatch(TypedDict, total=False):
    """A report that is sent regularly."""

    name: str | None
    """What it is called; it is the subject of its mails."""
    report: str | None
    """Address of the report's page, such as /reports/sales/sales?period=last_month&by=store. A period by its
    name moves with the time; one from day to day stays.
    """
    format: Literal["csv", "xlsx", "pdf"] | None
    """Kind of file that is attached."""
    every: Literal["day", "week", "month"] | None
    """How often."""
    weekday: int | None
    """Day of the week, 1 for Monday to 7, where it is sent weekly."""
    month_day: int | None
    """Day of the month, where it is sent monthly; the last day of months that are shorter."""
    hour: int | None
    """Hour of the day, 0 to 23."""
    time_zone: str | None
    """Time zone of hour and day, such as Europe/Sofia; the company's where not given."""
    recipient_ids: list[str] | None
    """People of the company who get it. They see what the owner may see."""
    paused: bool | None
    """True where nothing is sent for now. False lets it go on."""
    condition: ReportConditionInput | None
    """Makes it an alert: it is looked at each time it is due, and sent when this has come to hold. Needs
    analytics.read.
    """


class ReturnLineInput(TypedDict, total=False):
    """So much of a line of the order."""

    line_id: Required[str]
    """Line of the order."""
    quantity_milli: Required[int]
    """What is sent back, in thousandths of the unit."""
    accepted_milli: int | None
    """What of it is taken back."""
    restocked_milli: int | None
    """What of that can be sold again."""


class RoleInput(TypedDict, total=False):
    """A set of scopes and a visibility."""

    name: Required[str]
    """Name by which users carry the role, such as "seller". Cannot be changed later."""
    scopes: Required[list[str]]
    """Scopes."""
    visibility: Required[Literal["own", "team", "all"]]
    """Whose records the role shows: own, team (with every team below it) or all."""
    title: str | None
    """What people read. Built-in roles have none here; the console translates their names."""
    description: str | None
    """What the role is for."""
    hidden_fields: list[str] | None
    """Fields of records that the role does not show, such as "contact.score" or "account.custom.margin"."""
    read_only_fields: list[str] | None
    """Fields of records that the role shows and does not let change."""


class RolePatch(TypedDict, total=False):
    """A set of scopes and a visibility."""

    name: str | None
    """Name by which users carry the role, such as "seller". Cannot be changed later."""
    scopes: list[str] | None
    """Scopes."""
    visibility: Literal["own", "team", "all"] | None
    """Whose records the role shows: own, team (with every team below it) or all."""
    title: str | None
    """What people read. Built-in roles have none here; the console translates their names."""
    description: str | None
    """What the role is for."""
    hidden_fields: list[str] | None
    """Fields of records that the role does not show, such as "contact.score" or "account.custom.margin"."""
    read_only_fields: list[str] | None
    """Fields of records that the role shows and does not let change."""


class SalesActivityInput(TypedDict, total=False):
    """A task, a meeting, a call or a note"""

    kind: Required[Literal["task", "meeting", "call", "note"]]
    """What it is; also "email" for mails, which are made by sending one."""
    title: Required[str]
    """Short line."""
    body: str | None
    """Text."""
    priority: Literal["high", "normal", "low"] | None
    """How much it matters; "normal" where not given."""
    deal_id: str | None
    """Deal it is about."""
    lead_id: str | None
    """Lead it is about."""
    contact_id: str | None
    """Person it is with."""
    account_id: str | None
    """Company it is with."""
    due_at: datetime | str | None
    """When it is due, or begins."""
    minutes: int | None
    """How long it takes."""
    location: str | None
    """Where it takes place."""
    remind_at: datetime | str | None
    """When its owner is to be reminded by mail."""
    owner_id: str | None
    """Person who does it; who enters it, where not given."""
    team_id: str | None
    """Team it belongs to."""


class SalesActivityPatch(TypedDict, total=False):
    """A task, a meeting, a call or a note"""

    kind: Literal["task", "meeting", "call", "note"] | None
    """What it is; also "email" for mails, which are made by sending one."""
    title: str | None
    """Short line."""
    body: str | None
    """Text."""
    priority: Literal["high", "normal", "low"] | None
    """How much it matters; "normal" where not given."""
    deal_id: str | None
    """Deal it is about."""
    lead_id: str | None
    """Lead it is about."""
    contact_id: str | None
    """Person it is with."""
    account_id: str | None
    """Company it is with."""
    due_at: datetime | str | None
    """When it is due, or begins."""
    minutes: int | None
    """How long it takes."""
    location: str | None
    """Where it takes place."""
    remind_at: datetime | str | None
    """When its owner is to be reminded by mail."""
    owner_id: str | None
    """Person who does it; who enters it, where not given."""
    team_id: str | None
    """Team it belongs to."""


class SalesImportChoiceInput(TypedDict, total=False):
    """What a value means."""

    field: Required[Literal["stage", "product", "owner", "account", "customer"]]
    """Field it stands in."""
    value: Required[str]
    """The value as it stands in the file."""
    choice: Required[str]
    """An id, "new", "text" or "none"; see `SalesImportValue.choice`."""


class SalesImportOptionsInput(TypedDict, total=False):
    """How a file is to be understood."""

    system: str | None
    """Name of the system the file comes from: ids of rows, customers and products are kept under it, and found
    by it when the file comes again.
    """
    currency_code: str | None
    """Currency of amounts that name none; the company's own where empty."""
    pipeline_id: str | None
    """Pipeline of the deals; the first where empty."""
    channel: Literal["sales", "pos", "web"] | None
    """Where the orders were placed; "web" where empty."""
    date_order: Literal["day", "month"] | None
    """Which comes first in dates such as 03/04/2026: "day" or "month"; "day" where empty."""


class SalesSettingsPatch(TypedDict, total=False):
    """How a company sells."""

    tax_included: bool | None
    """The catalogue's own prices include tax."""
    quote_valid_days: int | None
    """Days for which a quote holds where nothing is said; 30 at first."""
    payment_days: int | None
    """Days in which an invoice is due where nothing is said; 14 at first."""
    seller_name: str | None
    """Name of the seller on papers."""
    seller_address: str | None
    """Address of the seller on papers."""
    seller_tax_number: str | None
    """Tax number of the seller on papers."""
    lost_reasons: list[str] | None
    """Why deals are lost, in the order that sellers choose from."""
    paper_footer: str | None
    """Text below every paper, such as bank details."""
    number_formats: Mapping[str, str] | None
    """How numbers of papers look, by kind: order, invoice, credit_note, return. "INV-{year}-{number:5}" gives
    INV-2026-00001; each year begins with one.
    """
    backorders: bool | None
    """Goods whose stock is counted may be sold beyond what is on hand."""
    low_stock_milli: int | None
    """From here down what is on hand is shown as little, in thousandths of the unit; 5000 at first. A product
    can have its own.
    """


class SharingRuleInput(TypedDict, total=False):
    """Records of a source are shown to a grantee."""

    name: Required[str]
    """What the rule is for, in the company's words."""
    source_kind: Required[Literal["team", "user"]]
    """Whose records: "team" for those of a team and the teams below it, "user" for those that a person owns."""
    source_id: Required[str]
    """Team or person."""
    grantee_kind: Required[Literal["team", "role", "user"]]
    """To whom: "team" for the people of a team and of the teams below it, "role" for everybody with a role,
    "user" for one person.
    """
    grantee_id: Required[str]
    """Id of the team or person, or name of the role."""
    level: Required[Literal["read", "write"]]
    """"read": they see the records; "write": they change them, too. Deleting, giving away and sharing stay
    with those who see them by their own role.
    """


class SharingRulePatch(TypedDict, total=False):
    """Records of a source are shown to a grantee."""

    name: str | None
    """What the rule is for, in the company's words."""
    source_kind: Literal["team", "user"] | None
    """Whose records: "team" for those of a team and the teams below it, "user" for those that a person owns."""
    source_id: str | None
    """Team or person."""
    grantee_kind: Literal["team", "role", "user"] | None
    """To whom: "team" for the people of a team and of the teams below it, "role" for everybody with a role,
    "user" for one person.
    """
    grantee_id: str | None
    """Id of the team or person, or name of the role."""
    level: Literal["read", "write"] | None
    """"read": they see the records; "write": they change them, too. Deleting, giving away and sharing stay
    with those who see them by their own role.
    """


class SignUpInput(TypedDict, total=False):
    """SignUpInput"""

    company_name: Required[str]
    """Name of the company."""
    full_name: Required[str]
    """Full name of its owner."""
    email: Required[str]
    """Log-in name of the owner."""
    password: Required[str]
    """New password, or that of the account that has this e-mail already."""
    locale: Literal["en", "ru", "bg"] | None
    """Language."""
    country_code: str | None
    """Two-letter country code; sets currency and time zone."""


class SlaPolicyInput(TypedDict, total=False):
    """What is promised for some tickets"""

    name: Required[str]
    """Name."""
    position: int | None
    """Place among the policies; the first that fits a ticket counts."""
    active: bool | None
    """Tickets come under it."""
    business_calendar_id: str | None
    """Hours in which its clocks run; around the clock where not given."""
    queue_ids: list[str] | None
    """Queues whose tickets it is for; all where not given."""
    types: list[Literal["question", "incident", "problem", "task", "complaint"]] | None
    """Types of ticket it is for; all where not given."""
    channels: (
        list[Literal["email", "chat", "phone", "sms", "whatsapp", "telegram", "web_form", "portal", "api", "console"]]
        | None
    )
    """Channels it is for; all where not given."""
    targets: Required[list[SlaTargetInput]]
    """What is promised, by priority. Tickets of other priorities do not come under it."""
    warn_percent: int | None
    """Share of a promised time after which is warned; 80 where not given."""


class SlaPolicyPatch(TypedDict, total=False):
    """What is promised for some tickets"""

    name: str | None
    """Name."""
    position: int | None
    """Place among the policies; the first that fits a ticket counts."""
    active: bool | None
    """Tickets come under it."""
    business_calendar_id: str | None
    """Hours in which its clocks run; around the clock where not given."""
    queue_ids: list[str] | None
    """Queues whose tickets it is for; all where not given."""
    types: list[Literal["question", "incident", "problem", "task", "complaint"]] | None
    """Types of ticket it is for; all where not given."""
    channels: (
        list[Literal["email", "chat", "phone", "sms", "whatsapp", "telegram", "web_form", "portal", "api", "console"]]
        | None
    )
    """Channels it is for; all where not given."""
    targets: list[SlaTargetInput] | None
    """What is promised, by priority. Tickets of other priorities do not come under it."""
    warn_percent: int | None
    """Share of a promised time after which is warned; 80 where not given."""


class SlaTargetInput(TypedDict, total=False):
    """What is promised for tickets of a priority, in minutes of the calendar. Zero promises nothing."""

    priority: Required[Literal["low", "normal", "high", "urgent"]]
    """Priority."""
    first_response_minutes: int | None
    """Until the customer is first answered."""
    next_response_minutes: int | None
    """Until each later answer, since the customer wrote."""
    resolution_minutes: int | None
    """Until it is solved; time in which we wait for the customer or a third party does not count."""


class SsoConnectionInput(TypedDict, total=False):
    """A company's OpenID provider."""

    issuer: Required[str]
    """Issuer, as the provider names itself."""
    client_id: Required[str]
    """client_id that the provider gave to Funia."""
    client_secret: str | None
    """client_secret that the provider gave to Funia. Never read back."""
    default_role: Required[str]
    """Role of people who come for the first time; any but owner."""
    sso_only: bool | None
    """Whether passwords are refused. Owners keep theirs, so that nobody is locked out."""


class StageInput(TypedDict, total=False):
    """A step of a pipeline"""

    pipeline_id: Required[str]
    """Pipeline."""
    name: Required[str]
    """Name."""
    position: int | None
    """Place in the pipeline."""
    category: Literal["open", "won", "lost"] | None
    """What a deal is while it stands here; open where not given."""
    probability: int | None
    """Chance, in per cent, that a deal here is won."""
    forecast_category: Literal["pipeline", "best_case", "commit", "omitted"] | None
    """Where a deal here counts in the forecast; pipeline where not given."""
    entry_criteria: (
        list[
            Literal[
                "need",
                "account",
                "contact",
                "decision_maker",
                "amount",
                "expected_close_date",
                "next_step",
                "products",
                "quote_accepted",
                "lost_reason",
                "checklist",
            ]
        ]
        | None
    )
    """What a deal must have before it comes here."""
    rot_days: int | None
    """Days here without anything happening after which a deal rots; 0 for never."""
    guidance: str | None
    """What to do with a deal that stands here: shown beside it."""
    checklist: list[str] | None
    """What is ticked off for each deal that stands here. The criterion "checklist" of the next stage asks for
    all of it.
    """
    document_ids: list[str] | None
    """Documents of the library that help with a deal here: shown beside it."""


class StagePatch(TypedDict, total=False):
    """A step of a pipeline"""

    pipeline_id: str | None
    """Pipeline."""
    name: str | None
    """Name."""
    position: int | None
    """Place in the pipeline."""
    category: Literal["open", "won", "lost"] | None
    """What a deal is while it stands here; open where not given."""
    probability: int | None
    """Chance, in per cent, that a deal here is won."""
    forecast_category: Literal["pipeline", "best_case", "commit", "omitted"] | None
    """Where a deal here counts in the forecast; pipeline where not given."""
    entry_criteria: (
        list[
            Literal[
                "need",
                "account",
                "contact",
                "decision_maker",
                "amount",
                "expected_close_date",
                "next_step",
                "products",
                "quote_accepted",
                "lost_reason",
                "checklist",
            ]
        ]
        | None
    )
    """What a deal must have before it comes here."""
    rot_days: int | None
    """Days here without anything happening after which a deal rots; 0 for never."""
    guidance: str | None
    """What to do with a deal that stands here: shown beside it."""
    checklist: list[str] | None
    """What is ticked off for each deal that stands here. The criterion "checklist" of the next stage asks for
    all of it.
    """
    document_ids: list[str] | None
    """Documents of the library that help with a deal here: shown beside it."""


class StoreInput(TypedDict, total=False):
    """A place where the company sells over the counter"""

    name: Required[str]
    """Name."""
    code: Required[str]
    """Short name on receipts and reports, one's own."""
    address: str | None
    """Address, as receipts show it."""
    phone: str | None
    """Phone, as receipts show it."""
    time_zone: str | None
    """Time zone: a day of sales is a day there. The company's where not given."""
    currency_code: str | None
    """Currency of its tills. The company's where not given."""
    channel: Literal["pos", "sales", "web"] | None
    """Channel whose prices hold here; pos where not given."""
    receipt_footer: str | None
    """Text below every receipt."""
    active: bool | None
    """Tills of it can be opened; true where not given."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""


class StorePatch(TypedDict, total=False):
    """A place where the company sells over the counter"""

    name: str | None
    """Name."""
    code: str | None
    """Short name on receipts and reports, one's own."""
    address: str | None
    """Address, as receipts show it."""
    phone: str | None
    """Phone, as receipts show it."""
    time_zone: str | None
    """Time zone: a day of sales is a day there. The company's where not given."""
    currency_code: str | None
    """Currency of its tills. The company's where not given."""
    channel: Literal["pos", "sales", "web"] | None
    """Channel whose prices hold here; pos where not given."""
    receipt_footer: str | None
    """Text below every receipt."""
    active: bool | None
    """Tills of it can be opened; true where not given."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system."""


class TaxRateInput(TypedDict, total=False):
    """A tax rate that products name by its code"""

    code: Required[str]
    """Code, such as "standard" or "reduced"."""
    name: Required[str]
    """Name on invoices."""
    rate_basis_points: int | None
    """Rate in basis points: 2,000 is 20 %."""


class TaxRatePatch(TypedDict, total=False):
    """A tax rate that products name by its code"""

    code: str | None
    """Code, such as "standard" or "reduced"."""
    name: str | None
    """Name on invoices."""
    rate_basis_points: int | None
    """Rate in basis points: 2,000 is 20 %."""


class TeamInput(TypedDict, total=False):
    """A team."""

    name: Required[str]
    """Name, unlike that of any other team below the same one."""
    parent_id: str | None
    """Team above it; empty for one at the top."""
    lead_id: str | None
    """Person who leads it, and sees its records as if a member."""


class TeamPatch(TypedDict, total=False):
    """A team."""

    name: str | None
    """Name, unlike that of any other team below the same one."""
    parent_id: str | None
    """Team above it; empty for one at the top."""
    lead_id: str | None
    """Person who leads it, and sees its records as if a member."""


class TenantPatch(TypedDict, total=False):
    """A company."""

    name: str | None
    """Name of the company."""
    country_code: str | None
    """Country in which national phone numbers are read."""
    currency_code: str | None
    """Currency of new amounts."""
    time_zone: str | None
    """Time zone in which days begin."""
    locale: Literal["en", "ru", "bg"] | None
    """Language of the console where a person has not chosen one."""
    accent_color: str | None
    """Accent colour, "#rrggbb"."""
    second_factor_required: bool | None
    """Whether people must log in with a second factor; who has none is asked to add one before anything else."""
    owner_visibility: Literal["own", "team", "all"] | None
    """Whose records owners see: all, those of their teams, or their own. Only an owner changes it, and makes
    it no wider than what the owner sees; with break-glass an owner sees all for a while.
    """


class TicketInput(TypedDict, total=False):
    """Something a customer asked for"""

    subject: Required[str]
    """Short line."""
    description: str | None
    """What was asked for, in the requester's words."""
    type: Literal["question", "incident", "problem", "task", "complaint"] | None
    """What it is; "question" where not given. A problem is what many incidents come from."""
    priority: Literal["low", "normal", "high", "urgent"] | None
    """How much it matters; that of its queue, or "normal", where not given."""
    channel: (
        Literal["email", "chat", "phone", "sms", "whatsapp", "telegram", "web_form", "portal", "api", "console"] | None
    )
    """How it came; "api" where not given."""
    contact_id: str | None
    """Person who asks."""
    account_id: str | None
    """Company that asks."""
    queue_id: str | None
    """Queue it waits in."""
    product_id: str | None
    """Product it is about."""
    order_id: str | None
    """Order it is about."""
    problem_id: str | None
    """Problem that it comes from, a ticket of that type."""
    watcher_ids: list[str] | None
    """Colleagues who follow it."""
    tags: list[str] | None
    """Tags."""
    owner_id: str | None
    """Person it is assigned to; empty while nobody has it."""
    team_id: str | None
    """Team it belongs to; that of its queue where not given."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system. Each is one ticket's in its system."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one."""


class TicketPatch(TypedDict, total=False):
    """Something a customer asked for"""

    subject: str | None
    """Short line."""
    description: str | None
    """What was asked for, in the requester's words."""
    type: Literal["question", "incident", "problem", "task", "complaint"] | None
    """What it is; "question" where not given. A problem is what many incidents come from."""
    priority: Literal["low", "normal", "high", "urgent"] | None
    """How much it matters; that of its queue, or "normal", where not given."""
    channel: (
        Literal["email", "chat", "phone", "sms", "whatsapp", "telegram", "web_form", "portal", "api", "console"] | None
    )
    """How it came; "api" where not given."""
    contact_id: str | None
    """Person who asks."""
    account_id: str | None
    """Company that asks."""
    queue_id: str | None
    """Queue it waits in."""
    product_id: str | None
    """Product it is about."""
    order_id: str | None
    """Order it is about."""
    problem_id: str | None
    """Problem that it comes from, a ticket of that type."""
    watcher_ids: list[str] | None
    """Colleagues who follow it."""
    tags: list[str] | None
    """Tags."""
    owner_id: str | None
    """Person it is assigned to; empty while nobody has it."""
    team_id: str | None
    """Team it belongs to; that of its queue where not given."""
    external_ids: Mapping[str, str] | None
    """Ids in other systems, by system. Each is one ticket's in its system."""
    custom: Mapping[str, Any] | None
    """Values of the custom fields by key. In updates, fields that are not named stay and null empties one."""


class TileInput(TypedDict, total=False):
    """A question of a dashboard, and how its answer is drawn."""

    title: str | None
    """What it is called; empty for the name of its figure."""
    metrics: Required[list[str]]
    """Figures; all of one fact."""
    group_by: list[str] | None
    """What rows are made of, such as month or seller; not given for one figure of everything."""
    filters: list[MetricFilterInput] | None
    """Only records with these values."""
    period: Required[
        Literal[
            "today",
            "yesterday",
            "7_days",
            "30_days",
            "month",
            "last_month",
            "quarter",
            "year",
            "last_year",
            "12_months",
        ]
    ]
    """Time that is counted, moving with the days."""
    chart: Required[Literal["number", "line", "bars", "table"]]
    """How it is drawn: a number, a line, bars or a table."""
    compared: bool | None
    """True to count the time before, too: as many days, or the same days of the month, quarter or year before."""
    limit: int | None
    """Rows at most, 10 where not given; where rows are times, all of them."""


class TillOrderInput(TypedDict, total=False):
    """What a till has sold, as it sold it."""

    id: Required[str]
    """Made by the till: the id of the receipt and of the order. Sent again, it changes nothing."""
    session_id: Required[str]
    """Session it was sold in."""
    sequence: int | None
    """Place in the till's own order, from 1 on without gaps."""
    sold_at: Required[datetime | str]
    """When it was sold, by the till's clock."""
    age_seconds: int | None
    """How many seconds ago that was when this is sent, by the till's clock; the server counts back from its
    own.
    """
    sold_by: str | None
    """Person who sold it; the caller where not given."""
    account_id: str | None
    """Company that buys."""
    contact_id: str | None
    """Person who buys."""
    card_number: str | None
    """Number of the loyalty card that was shown. Its member earns, and their points pay, however the card was
    found.
    """
    lines: Required[list[TillOrderLineInput]]
    """Lines with the prices that were taken."""
    document_discount_basis_points: int | None
    """Discount on the whole sale as a share, or"""
    document_discount_minor: int | None
    """as an amount in minor units."""
    payments: list[TillTenderInput] | None
    """What was paid; adds up to what the lines cost."""
    discount_grant: str | None
    """Word of somebody who may go beyond the discount policy (GrantTillDiscount)."""
    strict: bool | None
    """Refuse it where prices, stock or leave say otherwise, in place of taking it as it was sold."""
    coupon_codes: list[str] | None
    """Coupons that were taken."""
    phone: str | None
    """Phone number that the customer said, for a till that could not look it up and was shown no card."""
    shown_suggestion_ids: list[str] | None
    """Suggestions that the clerk was shown while the sale was made."""


class TillOrderLineInput(TypedDict, total=False):
    """A line as the till sold it, in minor units: list - rule - discount - document discount = net, or gross
    where prices include tax.
    """

    id: Required[str]
    """Made by the till."""
    product_variant_id: Required[str]
    """Variant."""
    quantity_milli: int | None
    """Quantity in thousandths of the unit."""
    discount_basis_points: int | None
    """Discount on the line as a share, or"""
    discount_minor: int | None
    """as an amount."""
    list_unit_micros: int | None
    """List price of one, in millionths of the currency."""
    tax_included: bool | None
    """Prices include tax."""
    list_minor: int | None
    """Price at the list price."""
    rule_minor: int | None
    """What price rules took off."""
    discounted_minor: int | None
    """What its own discount took off."""
    document_discount_minor: int | None
    """Its part of the discount on the whole sale."""
    tax_rate_basis_points: int | None
    """Tax rate."""
    net_minor: int | None
    """Without tax."""
    tax_minor: int | None
    """Tax."""
    gross_minor: int | None
    """With tax."""
    coupon_minor: int | None
    """Its part of what coupons took off."""
    suggestion_id: str | None
    """Suggestion for which the clerk added the line."""


class TillReturnLineInput(TypedDict, total=False):
    """So much of a line comes back."""

    line_id: Required[str]
    """Line of the order."""
    quantity_milli: int | None
    """Thousandths of its unit."""
    damaged: bool | None
    """It cannot be sold again."""


class TillTenderInput(TypedDict, total=False):
    """A way in which a part was paid."""

    id: Required[str]
    """Made by the till: the id of the payment."""
    method: Required[Literal["cash", "card", "transfer", "other", "points", "gift_card"]]
    """How; "card" is one taken by a terminal that Funia does not know. Points are those of the member whose
    card was shown. Where points or a gift card do not cover their part, the sale is refused: they are not
    for tills without a network.
    """
    amount_minor: int | None
    """What of it pays the sale, in minor units."""
    tendered_minor: int | None
    """Cash that was handed over; what is above the amount was given back as change."""
    reference: str | None
    """What the terminal printed, or whatever finds it again."""
    points: int | None
    """Points that pay the amount, where the method is points."""
    gift_card_code: str | None
    """Code of the gift card that pays it, where the method is gift_card. It is kept nowhere."""


class UnitPriceInput(TypedDict, total=False):
    """The price of one unit in millionths of its currency, since a screw may cost a quarter of a cent."""

    currency_code: Required[str]
    """ISO 4217 code."""
    amount_micros: int | None
    """Price in millionths of the currency's major unit: 1,500,000 is 1.50 EUR."""


class UpdateAccountRequestInput(TypedDict, total=False):
    """Request of UpdateAccount."""

    account: Required[AccountItem]
    """Account with its id and the new values."""
    update_mask: str | None
    """Fields to change. Over HTTP: the fields present in the body, where not given."""
    etag: str | None
    """Etag last seen. Over HTTP: If-Match."""


class UpdateContactRequestInput(TypedDict, total=False):
    """Request of UpdateContact."""

    contact: Required[ContactItem]
    """Contact with its id and the new values."""
    update_mask: str | None
    """Fields to change. Over HTTP: the fields present in the body, where not given."""
    etag: str | None
    """Etag last seen; the change is refused where the contact has changed since. Over HTTP: If-Match."""
    reason: str | None
    """Why the lifecycle stage goes backward; required then."""


class UpsertAccountRequestInput(TypedDict, total=False):
    """An account to create, or to change where it is there."""

    account: Required[AccountItem]
    """Account with its id, or with its id in the system that the batch names. Other external ids are kept."""
    update_mask: str | None
    """Fields to change where it is there. Over HTTP: the fields present in the item, where not given."""
    allow_duplicate: bool | None
    """Create it even where it looks like a duplicate."""


class UpsertContactRequestInput(TypedDict, total=False):
    """A contact to create, or to change where it is there."""

    contact: Required[ContactItem]
    """Contact with its id, or with its id in the system that the batch names. Other external ids are kept."""
    update_mask: str | None
    """Fields to change where it is there. Over HTTP: the fields present in the item, where not given."""
    allow_duplicate: bool | None
    """Create it even where it looks like a duplicate."""
    reason: str | None
    """Why the lifecycle stage goes backward; required then."""
    account_id: str | None
    """Company to link the person to, where the contact is created."""


class UpsertTicketInput(TypedDict, total=False):
    """A ticket as another system has it."""

    ticket: Required[TicketInput]
    """Ticket with its id in the system. An update changes the fields that have values."""
    status: Literal["new", "open", "pending", "on_hold", "solved", "closed"] | None
    """Status there; "new" where not given."""


class UserPatch(TypedDict, total=False):
    """A person of the company."""

    full_name: str | None
    """Full name."""
    role: str | None
    """Role in this company."""
    status: Literal["invited", "active", "suspended", "deactivated"] | None
    """State: invited, active, suspended, deactivated."""
    locale: Literal["en", "ru", "bg"] | None
    """Language of the console."""
    team_id: str | None
    """Team."""


class VerifyErasureCertificateInput(TypedDict, total=False):
    """VerifyErasureCertificateInput"""

    statement: Required[str]
    """The certificate, a JWS."""


class WebhookEndpointInput(TypedDict, total=False):
    """An address that events are sent to."""

    url: Required[str]
    """Where messages are posted to: https, at a public address."""
    description: str | None
    """What it is for."""
    event_types: Required[list[str]]
    """Event types such as contacts.contact.created, contacts.contact.*, contacts.* or *."""
    disabled: bool | None
    """Nothing is sent, and no new event is kept for it, while this is true."""


class WebhookEndpointPatch(TypedDict, total=False):
    """An address that events are sent to."""

    url: str | None
    """Where messages are posted to: https, at a public address."""
    description: str | None
    """What it is for."""
    event_types: list[str] | None
    """Event types such as contacts.contact.created, contacts.contact.*, contacts.* or *."""
    disabled: bool | None
    """Nothing is sent, and no new event is kept for it, while this is true."""


class WorkingHoursInput(TypedDict, total=False):
    """Hours of one day of the week."""

    weekday: Required[int]
    """Day of the week, 1 is Monday."""
    opens: Required[str]
    """When work begins, such as 09:00."""
    closes: Required[str]
    """When it ends, such as 18:00; at most 24:00."""
