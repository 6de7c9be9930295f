"""The company's plan: what it allows, what is used of it, and what was used by month."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template
from funia.identity.v1.plan_pb2 import GetPlanRequest, GetUsageRequest, PlanUse

from gateway.console.backend import call, parts, stubs
from gateway.console.guard import needs
from gateway.console.plan_words import BY_MONTH, METER_NAMES, amount, csv_file, plan_name

SCOPE = "identity.admin"
MONTHS_SHOWN = 2
MONTHS_EXPORTED = 25
HEADINGS = ("month", "meter", "unit", "used")


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/plan", "plan", plan)
    rule("/settings/plan/usage.csv", "plan_usage", usage_file)


@needs(SCOPE)
def plan() -> Response:
    found = call(stubs().plan.GetPlan, GetPlanRequest())
    months = call(stubs().plan.GetUsage, GetUsageRequest(months=MONTHS_SHOWN)).months
    by_meter: dict[str, dict[str, int]] = {}
    for one in months:
        by_meter.setdefault(one.meter, {})[one.month] = one.used
    page = render_template(
        "console/settings_plan.html",
        plan=found,
        plan_name=plan_name(found.name),
        uses=found.uses,
        names=METER_NAMES,
        by_month=BY_MONTH,
        amount=amount,
        level=level,
        months=sorted({one.month for one in months}, reverse=True),
        history=by_meter,
    )
    return make_response(page)


def level(use: PlanUse) -> str:
    """How near the limit is: "", "near" or "reached"."""
    if not use.HasField("most"):
        return ""
    if use.used >= use.most:
        return "reached"
    return "near" if use.used * 100 >= use.most * parts().settings.usage_warn_percent else ""


@needs(SCOPE)
def usage_file() -> Response:
    """What was used by month, as CSV."""
    usage = call(stubs().plan.GetUsage, GetUsageRequest(months=MONTHS_EXPORTED))
    rows = [(one.month, one.meter, one.unit, one.used) for one in usage.months]
    return csv_answer(csv_file(HEADINGS, rows), "usage.csv")


def csv_answer(content: str, name: str) -> Response:
    """A CSV file to keep."""
    answer = Response(content, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
