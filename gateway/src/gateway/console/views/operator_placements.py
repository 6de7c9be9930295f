"""The operator's page of placements: which databases companies live in, who reaches them, and who lives where.

A move is a command of the operator's own: it needs the owner's passwords, which no running process has.
"""

from __future__ import annotations

from uuid import UUID

from chassis.errors import Unavailable
from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import NotFound

from gateway.channels import SERVICES
from gateway.console.backend import parts
from gateway.console.operator_guard import operators_only
from gateway.console.views.operator import desk
from gateway.console.views.operator_tenants import STATUS_NAMES
from gateway.console.words import say
from gateway.operating import placements_of


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/operator/placements", "operator_placements", operator_placements)
    blueprint.add_url_rule("/operator/placements/<name>", "operator_placement", operator_placement)


@operators_only
def operator_placements() -> Response:
    problem = ""
    try:
        signs = desk().signs()
    except Unavailable as error:
        problem, signs = say(error), []
    page = render_template(
        "console/operator_placements.html",
        placements=placements_of(parts().companies.placed(), signs),
        services=[name for name in SERVICES if name != "identity"],
        problem=problem,
    )
    return make_response(page)


@operators_only
def operator_placement(name: str) -> Response:
    """Companies of one placement, by id."""
    size = parts().settings.operator_page_size
    try:
        after = UUID(request.args["after"]) if request.args.get("after") else None
    except ValueError:
        raise NotFound from None
    rows = parts().companies.page(after=after, limit=size + 1, placement=name[:100])
    page = render_template(
        "console/operator_placement.html",
        name=name,
        tenants=rows[:size],
        statuses=STATUS_NAMES,
        next_after=rows[size - 1].tenant_id if len(rows) > size else "",
    )
    return make_response(page)
