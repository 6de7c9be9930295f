"""The fields of sellers' activities, of goals and of the rules that give out leads, as the console shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.console.colleagues import colleagues
from gateway.console.fields import Column, Field
from gateway.console.i18n import Lazy, lazy
from gateway.console.sales_fields import UPDATED
from gateway.console.selling_fields import (
    COMPANY,
    DEAL,
    OWNER,
    OWNER_COLUMN,
    PAPER_LANGUAGES,
    PERSON,
    STATE_COLUMN,
    state,
)


class Colleagues(Mapping[str, str]):
    """The people of the company as choices, read when they are shown."""

    def __getitem__(self, user_id: str) -> str:
        return colleagues()[user_id]

    def __iter__(self) -> Iterator[str]:
        return iter(colleagues())

    def __len__(self) -> int:
        return len(colleagues())


class ActivityKinds(dict[str, Lazy]):
    """Kinds that people choose among. A mail is called one where it is shown, but made by sending one."""

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        return lazy("E-mail") if key == "email" else super().get(key, default)


ACTIVITY_KINDS: Mapping[str, Lazy] = ActivityKinds(
    task=lazy("Task"), meeting=lazy("Meeting"), call=lazy("Call"), note=lazy("Note")
)
ACTIVITY_STATES: Mapping[str, Lazy] = {
    "not_started": lazy("To do"),
    "in_progress": lazy("Being done"),
    "deferred": lazy("Put off"),
    "completed": lazy("Done"),
    "planned": lazy("Planned"),
    "held": lazy("Took place"),
    "not_held": lazy("Did not take place"),
    "canceled": lazy("Canceled"),
    "noted": lazy("Noted"),
    "queued": lazy("Being sent"),
    "sent": lazy("Sent"),
    "failed": lazy("Could not be sent"),
    "uncertain": lazy("Perhaps sent"),
}
ACTIVITY_PRIORITIES: Mapping[str, Lazy] = {"high": lazy("High"), "normal": lazy("Normal"), "low": lazy("Low")}
LEAD = Field("lead_id", lazy("Lead"), "reference", in_form=True, refers="leads")
ACTIVITY_FIELDS: tuple[Field, ...] = (
    Field("kind", lazy("Kind"), "choice", "hidden", ACTIVITY_KINDS, filter="choice", in_form=True),
    Field("title", lazy("What it is about"), in_form=True, max_length=200),
    Field("body", lazy("Notes"), "long_text", in_form=True, max_length=20000),
    Field("due_at", lazy("When"), "moment", in_form=True),
    Field("remind_at", lazy("Remind me by mail"), "moment", in_form=True),
    Field("minutes", lazy("Minutes"), "number"),
    Field("location", lazy("Place"), max_length=300),
    Field("priority", lazy("Priority"), "choice", "main", ACTIVITY_PRIORITIES, filter="choice"),
    DEAL,
    LEAD,
    PERSON,
    COMPANY,
    state(ACTIVITY_STATES),
    OWNER,
)
ACTIVITY_COLUMNS: tuple[Column, ...] = (
    Column("kind", lazy("Kind"), default=True, cell="field", priority=1),
    STATE_COLUMN,
    Column("due_at", lazy("When"), default=True, cell="field", priority=1),
    Column("deal_id", lazy("Deal"), default=True, cell="field"),
    Column("lead_id", lazy("Lead"), cell="field"),
    Column("account_id", lazy("Company"), cell="field"),
    Column("priority", lazy("Priority"), cell="field"),
    OWNER_COLUMN,
    UPDATED,
)
TEMPLATE_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field("subject", lazy("Subject"), in_form=True, max_length=300),
    Field(
        "body",
        lazy("Text"),
        "long_text",
        in_form=True,
        max_length=20000,
        hint=lazy(
            "Places are filled from the record: {{ contact.given_name }}, {{ company.name }}, {{ deal.name }},"
            " {{ deal.amount }}, {{ quote.number }}, {{ quote.total }}, {{ quote.valid_until }}, {{ me.name }}."
        ),
    ),
    Field("language", lazy("Language"), "choice", "main", PAPER_LANGUAGES, in_form=True),
    Field("shared", lazy("Shared"), "flag", in_form=True, filter="flag", yes=lazy("Yes, colleagues may use it")),
)
TEMPLATE_COLUMNS: tuple[Column, ...] = (
    Column("subject", lazy("Subject"), default=True, priority=1),
    Column("language", lazy("Language"), default=True, cell="field"),
    Column("shared", lazy("Shared"), default=True, cell="field"),
    UPDATED,
)
METRICS: Mapping[str, Lazy] = {
    "amount_won": lazy("Amount won"),
    "deals_won": lazy("Deals won"),
    "activities_done": lazy("Activities done"),
}
PERIODS: Mapping[str, Lazy] = {"month": lazy("Month"), "quarter": lazy("Quarter")}
SELLER = Field("user_id", lazy("Person"), "owner", in_form=True, hint=lazy("Nobody here and no team: everybody"))
GOAL_TEAM = Field("team_id", lazy("Team"), "one_of_few", in_form=True, refers="teams")
GOAL_FIELDS: tuple[Field, ...] = (
    Field("metric", lazy("What counts"), "choice", "hidden", METRICS, filter="choice", in_form=True),
    Field("target", lazy("Goal"), "goal_target", in_form=True, hint=lazy("An amount in your currency, or a number")),
    Field("period", lazy("For a"), "choice", "hidden", PERIODS, filter="choice", in_form=True),
    Field(
        "starts_on",
        lazy("Beginning on"),
        "date",
        "hidden",
        in_form=True,
        hint=lazy("The first day of the month or quarter"),
    ),
    SELLER,
    GOAL_TEAM,
    Field("pipeline_id", lazy("Pipeline"), "one_of_few", in_form=True, refers="pipelines"),
)
GOAL_COLUMNS: tuple[Column, ...] = (
    Column("target", lazy("Goal"), default=True, cell="field", priority=1),
    Column("starts_on", lazy("Beginning on"), sort="starts_on", default=True, cell="field", priority=1),
    Column("user_id", lazy("Person"), default=True, cell="owner"),
    Column("team_id", lazy("Team"), default=True, cell="field"),
    Column("pipeline_id", lazy("Pipeline"), default=True, cell="field"),
    UPDATED,
)
ASSIGNING: Mapping[str, Lazy] = {
    "round_robin": lazy("One after the other"),
    "least_busy": lazy("Who has least to do"),
}
LEAD_RULE_FIELDS: tuple[Field, ...] = (
    Field("name", lazy("Name"), filter="text", in_form=True, max_length=120),
    Field("position", lazy("Position"), "number", in_form=True, hint=lazy("Smaller ones are tried first")),
    Field("active", lazy("In use"), "flag", in_form=True, filter="flag", yes=lazy("Yes, give out leads by it")),
    Field(
        "condition",
        lazy("Only leads that fit"),
        in_form=True,
        max_length=4000,
        hint=lazy('Such as source = "fair" AND rating = "hot"; empty fits every lead'),
    ),
    Field("method", lazy("Given to"), "choice", "main", ASSIGNING, in_form=True),
    Field("team_id", lazy("Of the team"), "one_of_few", in_form=True, refers="teams"),
    Field("user_ids", lazy("Or of these people"), "many_choices", "main", Colleagues(), in_form=True),
)
LEAD_RULE_COLUMNS: tuple[Column, ...] = (
    Column("active", lazy("In use"), default=True, cell="field", priority=1),
    Column("condition", lazy("Only leads that fit"), default=True),
    Column("method", lazy("Given to"), default=True, cell="field"),
    Column("team_id", lazy("Of the team"), default=True, cell="field"),
    Column("assigned_count", lazy("Leads given out"), default=True, cell="number"),
    UPDATED,
)
