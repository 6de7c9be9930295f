"""What sellers plan and are measured by: activities, goals, and the rules by which leads are given out."""

from __future__ import annotations

from typing import Any

from funia.sales.v1 import (
    goal_pb2,
    goal_pb2_grpc,
    lead_rule_pb2,
    lead_rule_pb2_grpc,
    mail_template_pb2,
    mail_template_pb2_grpc,
    record_mail_pb2,
    record_mail_pb2_grpc,
    sales_activity_pb2,
    sales_activity_pb2_grpc,
)

from gateway.console import planning_fields as shown
from gateway.console.acts import Action
from gateway.console.fields import Field
from gateway.console.i18n import lazy
from gateway.console.kind import Words
from gateway.console.sales_kind import SELLS, SETS_UP, SalesKind
from gateway.console.selling_fields import state_shown

_ACTIVITY: Any = sales_activity_pb2.DESCRIPTOR
_GOAL: Any = goal_pb2.DESCRIPTOR
_LEAD_RULE: Any = lead_rule_pb2.DESCRIPTOR
_TEMPLATE: Any = mail_template_pb2.DESCRIPTOR
_ACTIVITIES = sales_activity_pb2_grpc.SalesActivityServiceStub
_OPEN_TASK = frozenset({"not_started", "in_progress", "deferred"})
_PLANNED = frozenset({"planned"})
_OUTCOME = Field("outcome", lazy("What came of it?"), "long_text", in_form=True, max_length=2000)


def _to(key: str, label: Any, icon: str, states: frozenset[str], status: str, **more: Any) -> Action:
    request = sales_activity_pb2.MoveSalesActivityRequest
    return Action(key, label, icon, _ACTIVITIES, request, "MoveSalesActivity", states, fixed={"status": status}, **more)


ACTIVITY_ACTS = (
    _to("complete", lazy("Done"), "check", _OPEN_TASK, "completed", asks=(_OUTCOME,), main=True),
    _to("hold", lazy("It took place"), "check", _PLANNED, "held", asks=(_OUTCOME,), main=True),
    _to("start", lazy("Begin"), "player-play", frozenset({"not_started", "deferred"}), "in_progress"),
    _to("defer", lazy("Put off"), "clock", frozenset({"not_started", "in_progress"}), "deferred"),
    _to("miss", lazy("It did not take place"), "x", _PLANNED, "not_held", asks=(_OUTCOME,)),
    _to("cancel", lazy("Cancel it"), "x", _OPEN_TASK | _PLANNED, "canceled", danger=True),
    Action("resend", lazy("Send again"), "mail", record_mail_pb2_grpc.RecordMailServiceStub,
        record_mail_pb2.ResendRecordMailRequest, "ResendRecordMail", frozenset({"failed", "uncertain"}), main=True),
)  # fmt: skip

PLANNING_KINDS: tuple[SalesKind, ...] = (
    SalesKind(
        "activities", "sales_activity", lazy("Activities"), lazy("Activity"), "calendar-event",
        Words(
            intro=lazy("Tasks, meetings, calls and notes about leads and deals."),
            add=lazy("Plan an activity"),
            done=lazy("Plan it"),
            nobody=lazy("Nothing is planned yet"),
            first=lazy("Plan the next step of a deal, and be reminded of it."),
            name=lazy("What it is about"),
        ),
        shown.ACTIVITY_FIELDS, shown.ACTIVITY_COLUMNS, "SalesActivity", _ACTIVITY, _ACTIVITIES,
        writes=SELLS, name_sort="", found_by=("title",), page="console/selling_page.html",
        listed=(state_shown(shown.ACTIVITY_STATES),), acts=ACTIVITY_ACTS,
    ),
    SalesKind(
        "mail-templates", "mail_template", lazy("Mail templates"), lazy("Mail template"), "mail",
        Words(
            intro=lazy("Mails that you write often, with places that the record fills."),
            add=lazy("Add a template"),
            done=lazy("Add the template"),
            nobody=lazy("No template is here yet"),
            first=lazy("Write one for the first answer to a lead, and share it with your colleagues."),
        ),
        shown.TEMPLATE_FIELDS, shown.TEMPLATE_COLUMNS, "MailTemplate", _TEMPLATE,
        mail_template_pb2_grpc.MailTemplateServiceStub, writes=SELLS,
    ),
    SalesKind(
        "goals", "goal", lazy("Goals"), lazy("Goal"), "target",
        Words(
            intro=lazy("What people, teams or the whole company are to reach in a month or a quarter."),
            add=lazy("Set a goal"),
            done=lazy("Set the goal"),
            nobody=lazy("No goal is set yet"),
            first=lazy("Set one for a person, a team or everybody; how far it is shows in “How far we are”."),
            name=lazy("What counts"),
        ),
        shown.GOAL_FIELDS, shown.GOAL_COLUMNS, "Goal", _GOAL, goal_pb2_grpc.GoalServiceStub,
        reads=SETS_UP, name_sort="", found_by=("metric",),
    ),
    SalesKind(
        "lead-rules", "lead_rule", lazy("Who gets leads"), lazy("Rule for leads"), "switch-horizontal",
        Words(
            intro=lazy("Rules that give new leads to somebody; the first that fits counts."),
            add=lazy("Add a rule"),
            done=lazy("Add the rule"),
            nobody=lazy("No rule is here yet"),
            first=lazy("Without a rule, a new lead waits until somebody takes it."),
        ),
        shown.LEAD_RULE_FIELDS, shown.LEAD_RULE_COLUMNS, "LeadRule", _LEAD_RULE,
        lead_rule_pb2_grpc.LeadRuleServiceStub,
    ),
)  # fmt: skip
