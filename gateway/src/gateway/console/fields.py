"""The fields of people and companies as the console shows them: label, widget, place, and what a filter may do.

The rules of a field stay beside it in the proto and are enforced by the service; here is only how it looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from gateway.console.i18n import Lazy, lazy

Widget = Literal[
    "text", "long_text", "number", "choice", "country", "language", "owner", "flag", "tags", "emails", "phones",
    "domains", "money", "addresses", "read_only", "date", "decimal", "many_choices", "unit_price", "percent",
    "quantity", "micros", "billionths", "reference", "one_of_few", "rule_value", "goal_target", "moment", "text_lines",
    "working_hours", "holidays", "sla_targets",
]  # fmt: skip
FilterKind = Literal["", "text", "number", "choice", "time", "flag", "country", "language", "owner"]

STAGES: Mapping[str, Lazy] = {
    "visitor": lazy("Visitor"),
    "subscriber": lazy("Subscriber"),
    "lead": lazy("Lead"),
    "mql": lazy("Marketing qualified"),
    "sql": lazy("Sales qualified"),
    "opportunity": lazy("Opportunity"),
    "customer": lazy("Customer"),
    "evangelist": lazy("Evangelist"),
    "churned": lazy("Churned"),
    "other": lazy("Other"),
}
ACCOUNT_TYPES: Mapping[str, Lazy] = {
    "prospect": lazy("Prospect"),
    "customer": lazy("Customer"),
    "partner": lazy("Partner"),
    "competitor": lazy("Competitor"),
    "other": lazy("Other"),
}
EMAIL_LABELS: Mapping[str, Lazy] = {"work": lazy("Work"), "home": lazy("Private"), "other": lazy("Other")}
PHONE_LABELS: Mapping[str, Lazy] = {"mobile": lazy("Mobile"), **EMAIL_LABELS}
ADDRESS_LABELS: Mapping[str, Lazy] = {
    "billing": lazy("Billing"),
    "shipping": lazy("Delivery"),
    **EMAIL_LABELS,
}


class Label(Protocol):
    """Words of a field: our own, translated, or the company's."""

    def __str__(self) -> str: ...


YES = lazy("Yes")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `name` is its name in the message, `group` the heading it stands under."""

    name: str
    label: Label
    widget: Widget = "text"
    group: str = "main"
    choices: Mapping[str, Label] | None = None
    filter: FilterKind = ""
    in_form: bool = False
    max_length: int = 0
    multiline: bool = False
    refers: str = ""
    """Plural of the kind that a reference names."""
    yes: Label = YES
    """What the box of a flag says."""
    hint: Label | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list. `full` columns need the whole record, not the summary.

    A `field` column shows the field of its name as the record's page does.
    """

    name: str
    label: Label
    sort: str = ""
    full: bool = False
    default: bool = False
    cell: Literal[
        "text", "stage", "link", "owner", "when", "number", "bytes", "money", "country", "email", "tags", "field"
    ] = "text"
    priority: int = 2


GROUPS: Mapping[str, Lazy] = {
    "main": lazy("About"),
    "reach": lazy("How to reach"),
    "work": lazy("How we work together"),
    "more": lazy("More"),
    "custom": lazy("Your own fields"),
}

PERSON_FIELDS: tuple[Field, ...] = (
    Field("given_name", lazy("First name"), filter="text", in_form=True, max_length=120),
    Field("middle_name", lazy("Middle name"), max_length=120),
    Field("family_name", lazy("Last name"), filter="text", in_form=True, max_length=120),
    Field("title", lazy("Form of address"), max_length=50),
    Field("job_title", lazy("Job title"), filter="text", in_form=True, max_length=200),
    Field("emails", lazy("E-mail addresses"), "emails", "reach", EMAIL_LABELS, in_form=True),
    Field("phones", lazy("Phone numbers"), "phones", "reach", PHONE_LABELS, in_form=True),
    Field("addresses", lazy("Addresses"), "addresses", "reach", ADDRESS_LABELS),
    Field("country_code", lazy("Country"), "country", "reach", filter="country", in_form=True),
    Field("language", lazy("Language"), "language", "reach", filter="language"),
    Field(
        "do_not_contact",
        lazy("Do not contact"),
        "flag",
        "reach",
        filter="flag",
        yes=lazy("Yes, please never contact"),
    ),
    Field("lifecycle_stage", lazy("Stage"), "choice", "work", STAGES, filter="choice", in_form=True),
    Field("owner_id", lazy("Owner"), "owner", "work", filter="owner"),
    Field("score", lazy("Score"), "number", "work", filter="number"),
    Field("source", lazy("Source"), group="work", filter="text", max_length=80),
    Field("tags", lazy("Tags"), "tags", "more"),
    Field("description", lazy("Notes about the person"), "long_text", "more", max_length=5000),
)
COMPANY_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Company name"), filter="text", in_form=True, max_length=200),
    Field("industry", lazy("Industry"), filter="text", in_form=True, max_length=120),
    Field("employees", lazy("Employees"), "number", filter="number", in_form=True),
    Field("annual_revenue", lazy("Revenue a year"), "money"),
    Field("founded_year", lazy("Founded in"), "number", filter="number"),
    Field("domains", lazy("Web domains"), "domains", "reach", in_form=True),
    Field("website", lazy("Web site"), group="reach", max_length=300),
    Field("phone", lazy("Phone"), group="reach", in_form=True, max_length=40),
    Field("addresses", lazy("Addresses"), "addresses", "reach", ADDRESS_LABELS),
    Field("country_code", lazy("Country"), "country", "reach", filter="country", in_form=True),
    Field("type", lazy("Type"), "choice", "work", ACCOUNT_TYPES, filter="choice", in_form=True),
    Field("tier", lazy("Importance"), group="work", filter="text", max_length=30),
    Field("owner_id", lazy("Owner"), "owner", "work", filter="owner"),
    Field("tags", lazy("Tags"), "tags", "more"),
    Field("description", lazy("Notes about the company"), "long_text", "more", max_length=5000),
)

PERSON_COLUMNS: tuple[Column, ...] = (
    Column("job_title", lazy("Job title"), default=True),
    Column("company", lazy("Company"), default=True, cell="link"),
    Column("lifecycle_stage", lazy("Stage"), default=True, cell="stage", priority=1),
    Column("email", lazy("E-mail"), default=True, cell="email", priority=1),
    Column("phone", lazy("Phone")),
    Column("owner_id", lazy("Owner"), default=True, cell="owner"),
    Column("country_code", lazy("Country"), full=True, cell="country"),
    Column("source", lazy("Source"), full=True),
    Column("score", lazy("Score"), sort="score", full=True, cell="number"),
    Column("tags", lazy("Tags"), full=True, cell="tags"),
    Column("created_at", lazy("Added"), sort="created_at", cell="when"),
    Column("updated_at", lazy("Last change"), sort="updated_at", default=True, cell="when"),
)
COMPANY_COLUMNS: tuple[Column, ...] = (
    Column("industry", lazy("Industry"), default=True),
    Column("type", lazy("Type"), default=True, cell="stage", priority=1),
    Column("domain", lazy("Web domain"), default=True, priority=1),
    Column("employees", lazy("Employees"), sort="employees", default=True, cell="number"),
    Column("annual_revenue", lazy("Revenue a year"), cell="money", full=True),
    Column("country_code", lazy("Country"), default=True, cell="country"),
    Column("phone", lazy("Phone"), full=True),
    Column("tier", lazy("Importance"), full=True),
    Column("tags", lazy("Tags"), full=True, cell="tags"),
    Column("owner_id", lazy("Owner"), default=True, cell="owner"),
    Column("created_at", lazy("Added"), sort="created_at", cell="when"),
    Column("updated_at", lazy("Last change"), sort="updated_at", default=True, cell="when"),
)
