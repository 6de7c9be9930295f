"""The fields of leads, needs and papers as the console shows them; their rules stay beside them in the protos."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.console.fields import Column, Field
from gateway.console.i18n import Lazy, lazy
from gateway.console.sales_fields import BUYING_ROLES, CREATED, UPDATED

LEAD_STATES: Mapping[str, Lazy] = {
    "new": lazy("Just come in"),
    "assigned": lazy("Given to somebody"),
    "contacted": lazy("Spoken to"),
    "qualified": lazy("Qualified"),
    "converted": lazy("Made a deal"),
    "nurturing": lazy("Kept warm"),
    "unqualified": lazy("No customer"),
}
RATINGS: Mapping[str, Lazy] = {"hot": lazy("Hot"), "warm": lazy("Warm"), "cold": lazy("Cold")}
TIMINGS: Mapping[str, Lazy] = {
    "now": lazy("Now"),
    "this_quarter": lazy("This quarter"),
    "this_year": lazy("This year"),
    "later": lazy("Later"),
    "unknown": lazy("Not known"),
}
AUTHORITIES: Mapping[str, Lazy] = {
    **{code: BUYING_ROLES[code] for code in ("decision_maker", "economic_buyer", "champion", "influencer", "user")},
    "unknown": lazy("Not known"),
}
NEED_STATES: Mapping[str, Lazy] = {
    "identified": lazy("Heard of"),
    "validated": lazy("Confirmed"),
    "addressed": lazy("Answered"),
    "dropped": lazy("Dropped"),
}
PRIORITIES: Mapping[str, Lazy] = {
    "must": lazy("Must have"),
    "should": lazy("Should have"),
    "could": lazy("Nice to have"),
}
QUOTE_STATES: Mapping[str, Lazy] = {
    "draft": lazy("Draft"),
    "sent": lazy("Sent"),
    "viewed": lazy("Looked at"),
    "accepted": lazy("Accepted"),
    "declined": lazy("Declined"),
    "expired": lazy("Expired"),
    "superseded": lazy("Replaced"),
    "ordered": lazy("Ordered"),
}
ORDER_STATES: Mapping[str, Lazy] = {
    "draft": lazy("Draft"),
    "pending_approval": lazy("Waits for approval"),
    "confirmed": lazy("Confirmed"),
    "partially_fulfilled": lazy("Partly handed over"),
    "fulfilled": lazy("Handed over"),
    "completed": lazy("Completed"),
    "canceled": lazy("Canceled"),
    "partially_returned": lazy("Partly returned"),
    "returned": lazy("Returned"),
}
PAYMENT_STATES: Mapping[str, Lazy] = {
    "unpaid": lazy("Unpaid"),
    "partially_paid": lazy("Partly paid"),
    "paid": lazy("Paid"),
    "partially_refunded": lazy("Partly paid back"),
    "refunded": lazy("Paid back"),
}
INVOICE_STATES: Mapping[str, Lazy] = {
    "draft": lazy("Draft"),
    "issued": lazy("Issued"),
    "partially_paid": lazy("Partly paid"),
    "paid": lazy("Paid"),
    "overdue": lazy("Overdue"),
    "written_off": lazy("Written off"),
    "void": lazy("Void"),
}
METHODS: Mapping[str, Lazy] = {
    "transfer": lazy("Bank transfer"),
    "cash": lazy("Cash"),
    "card": lazy("Card"),
    "other": lazy("Other"),
}
PAID_BY: Mapping[str, Lazy] = {**METHODS, "points": lazy("Points"), "gift_card": lazy("Gift card")}
"""Ways in which something was paid, those among them that nobody chooses when he notes a payment."""
PAPER_LANGUAGES: Mapping[str, Lazy] = {"en": lazy("English"), "ru": lazy("Russian"), "bg": lazy("Bulgarian")}
COMPANY = Field("account_id", lazy("Company"), "reference", in_form=True, refers="companies")
PERSON = Field("contact_id", lazy("Person"), "reference", in_form=True, refers="people")
DEAL = Field("deal_id", lazy("Deal"), "reference", in_form=True, refers="deals")
OWNER = Field("owner_id", lazy("Owner"), "owner", "work", filter="owner")
TEAM = Field("team_id", lazy("Team"), "one_of_few", "work", refers="teams")
OWNER_COLUMN = Column("owner_id", lazy("Owner"), default=True, cell="owner")
GROSS = Column("gross_amount", lazy("With tax"), default=True, cell="money", priority=1)


def state(states: Mapping[str, Lazy]) -> Field:
    """The state of a record, which acts change."""
    return Field("status", lazy("State"), "read_only", "hidden", states, filter="choice")


def state_shown(states: Mapping[str, Lazy]) -> Field:
    """The state as lists and pages show it."""
    return Field("status", lazy("State"), "choice", choices=states)


STATE_COLUMN = Column("status", lazy("State"), default=True, cell="field", priority=1)

LEAD_FIELDS: tuple[Field, ...] = (
    Field("given_name", lazy("First name"), in_form=True, max_length=120),
    Field("family_name", lazy("Last name"), filter="text", in_form=True, max_length=120),
    Field("company_name", lazy("Company name"), filter="text", in_form=True, max_length=200),
    Field("job_title", lazy("Job title"), in_form=True, max_length=200),
    Field("email", lazy("E-mail"), filter="text", in_form=True, max_length=254),
    Field("phone", lazy("Phone"), in_form=True, max_length=40),
    Field("source", lazy("Source"), filter="text", in_form=True, max_length=80),
    Field("budget", lazy("Budget"), "money", "work"),
    Field("authority", lazy("Part in the decision"), "choice", "work", AUTHORITIES, filter="choice"),
    Field("need", lazy("Need"), "long_text", "work", max_length=2000),
    Field("timing", lazy("When"), "choice", "work", TIMINGS, filter="choice"),
    Field("rating", lazy("Rating"), "choice", "work", RATINGS, filter="choice"),
    state(LEAD_STATES),
    OWNER,
    Field("tags", lazy("Tags"), "tags", "more"),
    Field("description", lazy("Notes about the lead"), "long_text", "more", max_length=5000),
)
LEAD_COLUMNS: tuple[Column, ...] = (
    Column("company_name", lazy("Company name"), default=True),
    STATE_COLUMN,
    Column("source", lazy("Source"), default=True),
    Column("rating", lazy("Rating"), default=True, cell="field"),
    Column("email", lazy("E-mail"), cell="field"),
    OWNER_COLUMN,
    CREATED,
    UPDATED,
)
NEED_FIELDS: tuple[Field, ...] = (
    Field("statement", lazy("What they need"), "long_text", in_form=True, max_length=2000),
    Field("priority", lazy("How much"), "choice", "main", PRIORITIES, filter="choice", in_form=True),
    Field("timeframe", lazy("When"), "choice", "main", TIMINGS, filter="choice", in_form=True),
    Field("budget", lazy("Budget"), "money", in_form=True),
    PERSON,
    COMPANY,
    DEAL,
    state(NEED_STATES),
    OWNER,
    Field("description", lazy("Notes"), "long_text", "more", max_length=5000),
)
NEED_COLUMNS: tuple[Column, ...] = (
    STATE_COLUMN,
    Column("priority", lazy("How much"), default=True, cell="field"),
    Column("timeframe", lazy("When"), default=True, cell="field"),
    Column("account_id", lazy("Company"), default=True, cell="field"),
    Column("deal_id", lazy("Deal"), cell="field"),
    OWNER_COLUMN,
    UPDATED,
)
QUOTE_FIELDS: tuple[Field, ...] = (
    Field("title", lazy("What it is about"), in_form=True, max_length=200),
    COMPANY,
    PERSON,
    DEAL,
    Field("recipient", lazy("Who it is for"), "long_text", in_form=True, max_length=500, hint=lazy("Name and address")),
    Field("language", lazy("Language"), "choice", "main", PAPER_LANGUAGES, in_form=True),
    Field("valid_until", lazy("Holds until"), "date", in_form=True),
    Field("introduction", lazy("Before the lines"), "long_text", "more", max_length=5000),
    Field("terms", lazy("After the lines"), "long_text", "more", max_length=5000),
    state(QUOTE_STATES),
    OWNER,
)
QUOTE_COLUMNS: tuple[Column, ...] = (
    STATE_COLUMN,
    GROSS,
    Column("account_id", lazy("Company"), default=True, cell="field"),
    Column("valid_until", lazy("Holds until"), default=True, cell="field"),
    Column("view_count", lazy("Looked at"), cell="number"),
    OWNER_COLUMN,
    UPDATED,
)
ORDER_FIELDS: tuple[Field, ...] = (
    COMPANY,
    PERSON,
    DEAL,
    Field("loyalty_member_id", lazy("Loyalty card"), "reference", in_form=True, refers="members"),
    Field("reference", lazy("Their reference"), in_form=True, max_length=120),
    Field("note", lazy("Note"), "long_text", in_form=True, max_length=2000),
    state(ORDER_STATES),
    OWNER,
)
ORDER_COLUMNS: tuple[Column, ...] = (
    STATE_COLUMN,
    Column("payment_status", lazy("Payment"), default=True, cell="field", priority=1),
    GROSS,
    Column("account_id", lazy("Company"), default=True, cell="field"),
    Column("ordered_on", lazy("Ordered on"), default=True, cell="field"),
    OWNER_COLUMN,
    UPDATED,
)
ORDER_LISTED: tuple[Field, ...] = (
    state_shown(ORDER_STATES),
    Field("payment_status", lazy("Payment"), "choice", choices=PAYMENT_STATES),
    Field("ordered_on", lazy("Ordered on"), "date"),
)
INVOICE_FIELDS: tuple[Field, ...] = (
    COMPANY,
    PERSON,
    Field("customer_name", lazy("Name on the invoice"), in_form=True, max_length=200),
    Field("customer_address", lazy("Address on the invoice"), "long_text", in_form=True, max_length=500),
    Field("customer_tax_number", lazy("Tax number"), in_form=True, max_length=40),
    Field("reference", lazy("Their reference"), max_length=120),
    Field("note", lazy("Note"), "long_text", max_length=2000),
    state(INVOICE_STATES),
    OWNER,
)
INVOICE_COLUMNS: tuple[Column, ...] = (
    STATE_COLUMN,
    GROSS,
    Column("open_amount", lazy("Still to pay"), default=True, cell="money", priority=1),
    Column("account_id", lazy("Company"), default=True, cell="field"),
    Column("issued_on", lazy("Issued on"), default=True, cell="field"),
    Column("due_on", lazy("Due on"), default=True, cell="field"),
    UPDATED,
)
INVOICE_LISTED: tuple[Field, ...] = (
    state_shown(INVOICE_STATES),
    Field("issued_on", lazy("Issued on"), "date"),
    Field("due_on", lazy("Due on"), "date"),
)
