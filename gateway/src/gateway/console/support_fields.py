"""The fields of support's records as the console shows them; their rules stay beside them in the protos."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.console.fields import Column, Field
from gateway.console.i18n import Lazy, lazy
from gateway.console.references import Listed
from gateway.console.sales_fields import CREATED, UPDATED

TICKET_TYPES: Mapping[str, Lazy] = {
    "question": lazy("Question"),
    "incident": lazy("Incident"),
    "problem": lazy("Problem"),
    "task": lazy("Task"),
    "complaint": lazy("Complaint"),
}
TICKET_STATES: Mapping[str, Lazy] = {
    "new": lazy("New ticket"),
    "open": lazy("In work"),
    "pending": lazy("Waits for the customer"),
    "on_hold": lazy("Waits for others"),
    "solved": lazy("Solved"),
    "closed": lazy("Closed ticket"),
    "merged": lazy("Merged ticket"),
    "spam": lazy("Spam"),
}
PRIORITIES: Mapping[str, Lazy] = {
    "low": lazy("Low"),
    "normal": lazy("Normal"),
    "high": lazy("High"),
    "urgent": lazy("Urgent"),
}
TICKET_CHANNELS: Mapping[str, Lazy] = {
    "email": lazy("E-mail"),
    "chat": lazy("Chat"),
    "phone": lazy("Phone"),
    "sms": lazy("Text message"),
    "whatsapp": lazy("WhatsApp"),
    "telegram": lazy("Telegram"),
    "web_form": lazy("Web form"),
    "portal": lazy("Customer portal"),
    "api": lazy("API"),
    "console": lazy("Written here"),
}
SLA_STATES: Mapping[str, Lazy] = {
    "running": lazy("In time"),
    "paused": lazy("Paused"),
    "warned": lazy("Due soon"),
    "breached": lazy("Too late"),
    "met": lazy("Kept"),
}
CLOCKS: Mapping[str, Lazy] = {
    "first_response": lazy("First answer"),
    "next_response": lazy("Next answer"),
    "resolution": lazy("Solution"),
}
_CHANNEL = Field("channel", lazy("Came by"), "choice", "form", TICKET_CHANNELS, filter="choice", in_form=True)
TICKET_FIELDS: tuple[Field, ...] = (
    Field("subject", lazy("Subject"), filter="text", in_form=True, max_length=300),
    Field("description", lazy("What is asked"), "long_text", in_form=True, max_length=50000),
    Field("contact_id", lazy("Who asks"), "reference", in_form=True, refers="people"),
    Field("account_id", lazy("Company"), "reference", in_form=True, refers="companies"),
    Field("type", lazy("Kind"), "choice", "work", TICKET_TYPES, filter="choice", in_form=True),
    Field("priority", lazy("Priority"), "choice", "work", PRIORITIES, filter="choice", in_form=True),
    Field("queue_id", lazy("Queue"), "one_of_few", "work", in_form=True, refers="queues"),
    Field("owner_id", lazy("Assigned to"), "owner", "work", filter="owner", in_form=True),
    Field("team_id", lazy("Team"), "one_of_few", "work", refers="teams"),
    Field("status", lazy("State"), "read_only", "hidden", TICKET_STATES, filter="choice"),
    Field("sla_state", lazy("Promise"), "read_only", "hidden", SLA_STATES, filter="choice"),
    _CHANNEL,
    Field("product_id", lazy("Product"), "reference", "more", refers="products"),
    Field("order_id", lazy("Order"), "reference", "more", refers="orders"),
    Field("problem_id", lazy("Comes from the problem"), "reference", "more", refers="tickets"),
    Field("tags", lazy("Tags"), "tags", "more"),
)
TICKET_LISTED: tuple[Field, ...] = (
    Field("status", lazy("State"), "choice", choices=TICKET_STATES),
    Field("sla_state", lazy("Promise"), "choice", choices=SLA_STATES),
    Field("next_due_at", lazy("Due"), "moment"),
)
"""Fields that only columns show."""
TICKET_COLUMNS: tuple[Column, ...] = (
    Column("status", lazy("State"), default=True, cell="field", priority=1),
    Column("priority", lazy("Priority"), default=True, cell="field"),
    Column("contact_id", lazy("Who asks"), default=True, cell="field"),
    Column("sla_state", lazy("Promise"), default=True, cell="field"),
    Column("next_due_at", lazy("Due"), default=True, cell="when"),
    Column("queue_id", lazy("Queue"), default=True, cell="field"),
    Column("owner_id", lazy("Assigned to"), default=True, cell="owner"),
    Column("account_id", lazy("Company"), cell="field"),
    Column("type", lazy("Kind"), cell="field"),
    Column("channel", lazy("Came by"), cell="field"),
    Column("tags", lazy("Tags"), cell="tags"),
    CREATED,
    UPDATED,
)
QUEUE_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field("description", lazy("What belongs here"), "long_text", in_form=True, max_length=2000),
    Field("team_id", lazy("Team"), "one_of_few", in_form=True, refers="teams"),
    Field("priority", lazy("Priority of its tickets"), "choice", "main", PRIORITIES, filter="choice", in_form=True),
    Field("position", lazy("Place in lists"), "number", in_form=True),
)
QUEUE_COLUMNS: tuple[Column, ...] = (
    Column("team_id", lazy("Team"), default=True, cell="field", priority=1),
    Column("priority", lazy("Priority of its tickets"), default=True, cell="field", priority=1),
    Column("position", lazy("Place in lists"), sort="position", default=True, cell="number"),
    UPDATED,
)
CALENDAR_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field(
        "time_zone", lazy("Time zone"), filter="text", in_form=True, max_length=60, hint=lazy("Such as Europe/Sofia"),
    ),
    Field(
        "hours", lazy("Working hours"), "working_hours", in_form=True,
        hint=lazy("As 09:00-13:00, 14:00-18:00. Empty: nobody works on that day."),
    ),
    Field(
        "holidays", lazy("Holidays"), "holidays", in_form=True, max_length=20000,
        hint=lazy("One a line: 2026-12-24 Christmas Eve. Without the year it is every year: 12-25 Christmas."),
    ),
)  # fmt: skip
CALENDAR_COLUMNS: tuple[Column, ...] = (
    Column("time_zone", lazy("Time zone"), default=True, priority=1),
    Column("hours", lazy("Working hours"), default=True, cell="field"),
    Column("holidays", lazy("Holidays"), default=True, cell="field"),
    UPDATED,
)
POLICY_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field(
        "targets", lazy("What is promised"), "sla_targets", in_form=True,
        hint=lazy("Hours and minutes of working time, such as 4:00. Empty: nothing is promised."),
    ),
    Field(
        "business_calendar_id", lazy("Working hours"), "one_of_few", in_form=True, refers="business-calendars",
        hint=lazy("Empty: every hour of every day counts."),
    ),
    Field("position", lazy("Place in lists"), "number", in_form=True, hint=lazy("The first policy that fits holds.")),
    Field("active", lazy("In use"), "flag", in_form=True, filter="flag"),
    Field("warn_percent", lazy("Warn after per cent of the time"), "number", "work"),
    Field("queue_ids", lazy("Only for the queues"), "many_choices", "more", Listed("queues")),
    Field("types", lazy("Only for the kinds"), "many_choices", "more", TICKET_TYPES),
    Field("channels", lazy("Only when it came by"), "many_choices", "more", TICKET_CHANNELS),
)  # fmt: skip
POLICY_COLUMNS: tuple[Column, ...] = (
    Column("business_calendar_id", lazy("Working hours"), default=True, cell="field", priority=1),
    Column("targets", lazy("What is promised"), default=True, cell="field"),
    Column("position", lazy("Place in lists"), sort="position", default=True, cell="number"),
    Column("active", lazy("In use"), default=True, cell="field"),
    UPDATED,
)
