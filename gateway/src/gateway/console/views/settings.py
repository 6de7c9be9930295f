"""Settings of the company."""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale
from chassis.errors import Conflict, FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.identity.v1.tenant_pb2 import (
    GetTenantRequest,
    Tenant,
    UpdateTenantRequest,
)
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console.accent import DEFAULT
from gateway.console.backend import call, form_key, stubs
from gateway.console.formats import babel_locale, countries
from gateway.console.guard import go, needs
from gateway.console.i18n import LOCALES, NAMES, Lazy, gettext, lazy
from gateway.console.page import HTTP_STATUS
from gateway.console.words import say, violations

TENANT_FIELDS = ("name", "country_code", "currency_code", "time_zone", "locale", "accent_color")
SIGHTS: Mapping[str, Lazy] = {
    "all": lazy("Every record"),
    "team": lazy("Records of their teams"),
    "own": lazy("Only their own records"),
}
CURRENCIES = (
    "EUR",
    "USD",
    "GBP",
    "BGN",
    "RUB",
    "CHF",
    "PLN",
    "RON",
    "CZK",
    "SEK",
    "NOK",
    "DKK",
    "UAH",
    "KZT",
    "TRY",
    "AED",
    "CNY",
    "JPY",
)
ZONES = (
    "UTC", "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Europe/Warsaw",
    "Europe/Sofia", "Europe/Athens", "Europe/Bucharest", "Europe/Kyiv", "Europe/Istanbul", "Europe/Moscow",
    "Europe/Samara", "Asia/Dubai", "Asia/Tashkent", "Asia/Almaty", "Asia/Yekaterinburg", "Asia/Novosibirsk",
    "Asia/Vladivostok", "Asia/Kolkata", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney",
    "America/Sao_Paulo", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
)  # fmt: skip


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/company", "company_settings", company_settings, methods=["GET", "POST"])


@needs("identity.read")
def company_settings() -> Response:
    tenant = call(stubs().tenant.GetTenant, GetTenantRequest())
    if request.method == "GET":
        return company_page(tenant)
    changed = Tenant()
    for name in TENANT_FIELDS:
        setattr(changed, name, request.form.get(name, "").strip())
    changed.second_factor_required = request.form.get("second_factor_required") == "1"
    changed.owner_visibility = request.form.get("owner_visibility", tenant.owner_visibility)
    paths = [
        name
        for name in (*TENANT_FIELDS, "second_factor_required", "owner_visibility")
        if getattr(changed, name) != getattr(tenant, name)
    ]
    message = UpdateTenantRequest(tenant=changed, update_mask=FieldMask(paths=paths), etag=request.form.get("etag", ""))
    try:
        if paths:
            call(stubs().tenant.UpdateTenant, message, idempotency_key=form_key())
    except Conflict:
        problem = gettext("A colleague has changed these settings in the meantime. Look at them, then save again.")
        return company_page(tenant, problem, status=409)
    except FuniaError as error:
        if error.reason == "VISIBILITY_BEYOND_OWN":
            return company_page(tenant, say(error), status=HTTP_STATUS[error.kind])
        if error.kind is not ErrorKind.INVALID_ARGUMENT:
            raise
        changed.etag, changed.slug = tenant.etag, tenant.slug
        return company_page(changed, say(error), violations(error), HTTP_STATUS[error.kind])
    return go(url_for("console.company_settings", saved=1))


def company_page(
    tenant: Tenant, problem: str = "", errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    names = Locale.parse(babel_locale()).currencies
    page = render_template(
        "console/settings_company.html",
        tenant=tenant,
        problem="" if errors else problem,
        errors=errors or {},
        countries=countries(),
        currencies=[(code, f"{code} · {names.get(code, code)}") for code in CURRENCIES],
        zones=[(name, name.replace("_", " ")) for name in sorted({*ZONES, tenant.time_zone} - {""})],
        languages=[(code, NAMES[code]) for code in LOCALES],
        sights=[(name, str(words)) for name, words in SIGHTS.items()],
        default_accent=f"#{DEFAULT}",
        saved=request.args.get("saved") == "1",
    )
    return make_response(page, status)
