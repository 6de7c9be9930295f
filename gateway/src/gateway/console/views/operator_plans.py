"""The operator's page of a company's plan, and what all companies used in a month, for billing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from uuid import UUID

from chassis.errors import FuniaError, invalid_field
from chassis.metering import METERS
from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound

from gateway.console.backend import parts
from gateway.console.guard import go
from gateway.console.operator_guard import operators_only
from gateway.console.page import HTTP_STATUS
from gateway.console.plan_words import METER_NAMES, amount, csv_file, plan_name
from gateway.console.views.account import freshly
from gateway.console.views.plan import HEADINGS, csv_answer
from gateway.console.words import say, violations
from gateway.identity.usecases.plans import months_before
from gateway.plans import LIMITS, NO_PLAN

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
NO_LIMIT = "-"
"""What lifts a limit of the plan, in a field that is left empty to keep it."""


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/operator/tenants/<uuid:tenant_id>/plan", "operator_plan", operator_plan)
    rule("/operator/tenants/<uuid:tenant_id>/plan", "operator_plan_give", give, methods=["POST"])
    rule("/operator/usage.csv", "operator_usage", usage_file)


@operators_only
def operator_plan(tenant_id: UUID) -> Response:
    return plan_page(tenant_id)


@operators_only
@freshly
def give(tenant_id: UUID) -> Response:
    """Gives the plan; a limit that is left empty is the plan's own."""
    said = {name: request.form.get(name, "").strip() for name in LIMITS}
    try:
        overrides = {name: _most(name, text) for name, text in said.items() if text}
        parts().companies.give_plan(tenant_id, request.form.get("plan", ""), overrides)
    except FuniaError as error:
        return plan_page(tenant_id, said, say(error), violations(error), HTTP_STATUS[error.kind])
    return go(url_for("console.operator_plan", tenant_id=tenant_id, saved=1))


def plan_page(
    tenant_id: UUID,
    said: dict[str, str] | None = None,
    problem: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    found = parts().companies.plan_of(tenant_id)
    own = {name: NO_LIMIT if most is None else str(most) for name, most in found.overrides.items()}
    page = render_template(
        "console/operator_plan.html",
        tenant_id=tenant_id,
        plan=found,
        chosen=request.form.get("plan", found.name),
        plans=[(name, plan_name(name)) for name in (NO_PLAN, *parts().settings.plans)],
        limits=LIMITS,
        of_plan=parts().settings.plans.get(found.name, {}),
        said=own if said is None else said,
        names=METER_NAMES,
        amount=amount,
        problem="" if errors else problem,
        errors=errors or {},
        saved=request.args.get("saved") == "1",
    )
    return make_response(page, status)


@operators_only
def usage_file() -> Response:
    """What all companies used in a month; the last one where none is named."""
    month = _month(request.args.get("month", ""))
    rows = [
        (str(tenant_id), plan, f"{one.month:%Y-%m}", one.meter, METERS[one.meter].unit, one.used)
        for tenant_id, plan, one in parts().companies.usage_of(month)
    ]
    return csv_answer(csv_file(("tenant", "plan", *HEADINGS), rows), f"usage-{month:%Y-%m}.csv")


def _most(name: str, text: str) -> int | None:
    if text == NO_LIMIT:
        return None
    if not text.isdecimal():
        raise invalid_field(name, "write a whole number, or a dash", reason="INVALID_LIMIT")
    return int(text)


def _month(text: str) -> date:
    if not text:
        return months_before(datetime.now(UTC).date(), 1)
    match = _MONTH.fullmatch(text)
    if match is None or match[1] == "0000":
        raise NotFound
    return date(int(match[1]), int(match[2]), 1)
