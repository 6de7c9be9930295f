"""The operator's page of companies: by id and state, to suspend, open, export, close and erase them.

It names nobody: what a company is called stays its own affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from uuid import UUID

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound

from gateway.console.backend import parts
from gateway.console.guard import go
from gateway.console.i18n import Lazy, lazy
from gateway.console.operator_guard import operators_only
from gateway.console.page import HTTP_STATUS
from gateway.console.plan_words import plan_name
from gateway.console.views.account import freshly
from gateway.console.words import say
from gateway.identity.usecases.operated_companies import DEEDS, Deed

ERASED_SHOWN = 20
STATUS_NAMES: Mapping[str, Lazy] = {
    "trial": lazy("On trial"),
    "active": lazy("Active"),
    "past_due": lazy("Past due"),
    "suspended": lazy("Suspended"),
    "closing": lazy("Closed"),
    "deleted": lazy("Being erased"),
}
DEED_NAMES: Mapping[str, Lazy] = {
    "suspend": lazy("Suspend"),
    "activate": lazy("Activate"),
    "export": lazy("Export"),
    "close": lazy("Close"),
    "reopen": lazy("Open again"),
    "erase": lazy("Erase now"),
}
CONFIRMED: Mapping[str, Lazy] = {
    "suspend": lazy("Its people and apps are shut out within seconds."),
    "close": lazy("Its people and apps are shut out, and after the time of grace it is erased."),
    "erase": lazy("The time of grace ends now. Nothing can be brought back."),
}


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/operator/tenants", "operator_tenants", operator_tenants)
    rule("/operator/tenants/<uuid:tenant_id>", "operator_tenant_change", change, methods=["POST"])
    rule("/operator/certificates/<uuid:erasure_id>.jws", "operator_certificate", certificate)


@operators_only
def operator_tenants() -> Response:
    return list_page()


@operators_only
@freshly
def change(tenant_id: UUID) -> Response:
    deed = request.form.get("deed", "")
    if deed not in DEED_NAMES:
        raise NotFound
    try:
        parts().companies.carry_out(tenant_id, cast(Deed, deed))
    except FuniaError as error:
        return list_page(say(error), HTTP_STATUS[error.kind])
    return go(url_for("console.operator_tenants", after=request.form.get("after") or None, done=deed))


@operators_only
def certificate(erasure_id: UUID) -> Response:
    """The certificate as a file."""
    answer = Response(parts().companies.certificate(erasure_id) + "\n", mimetype="application/jose")
    answer.headers["Content-Disposition"] = f'attachment; filename="{erasure_id}.jws"'
    return answer


def list_page(problem: str = "", status: int = 200) -> Response:
    size = parts().settings.operator_page_size
    after = request.values.get("after", "")
    rows = parts().companies.page(after=_uuid(after), limit=size + 1)
    page = render_template(
        "console/operator_tenants.html",
        tenants=rows[:size],
        plans=parts().companies.plans_of([row.tenant_id for row in rows[:size]]),
        plan_name=plan_name,
        after=after,
        next_after=rows[size - 1].tenant_id if len(rows) > size else "",
        deeds=DEEDS,
        deed_names=DEED_NAMES,
        confirmed=CONFIRMED,
        statuses=STATUS_NAMES,
        erased=parts().companies.erased(limit=ERASED_SHOWN),
        done=DEED_NAMES.get(request.args.get("done", ""), ""),
        problem=problem,
    )
    return make_response(page, status)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None
