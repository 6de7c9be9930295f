"""Settings, Selling: currency and taxes, how long quotes hold, what stands on papers, why deals are lost."""

from __future__ import annotations

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.sales.v1 import settings_pb2, settings_pb2_grpc
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console.amounts import SCALES
from gateway.console.backend import call, form_key, stubs
from gateway.console.formats import format_decimal_places
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS, with_toast
from gateway.console.views.record_lines import number
from gateway.console.words import say, violations

SETS_UP = "sales.admin"
TEXTS = ("seller_name", "seller_address", "seller_tax_number", "paper_footer")
NUMBERS = ("quote_valid_days", "payment_days")


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/settings/selling", "selling_settings", selling_settings)
    blueprint.add_url_rule("/settings/selling", "selling_settings_saved", selling_settings_saved, methods=["POST"])


@needs(SETS_UP)
def selling_settings() -> Response:
    return page(call(service().GetSalesSettings, settings_pb2.GetSalesSettingsRequest()))


@needs(SETS_UP)
def selling_settings_saved() -> Response:
    form = request.form
    wanted = settings_pb2.SalesSettings(
        tax_included=form.get("tax_included") == "1",
        lost_reasons=list(
            dict.fromkeys(one.strip() for one in form.get("lost_reasons", "").splitlines() if one.strip())
        ),
    )
    for name in TEXTS:
        setattr(wanted, name, form.get(name, "").strip())
    for name in NUMBERS:
        text = form.get(name, "").strip()
        setattr(wanted, name, int(text) if text.isdecimal() and len(text) < 6 else 0)
    try:
        wanted.low_stock_milli = number(form.get("low_stock_milli", ""), SCALES["quantity"], "low_stock_milli")
    except FuniaError as error:
        wanted.etag = form.get("etag", "")
        return page(wanted, say(error), violations(error), HTTP_STATUS[error.kind])
    message = settings_pb2.UpdateSalesSettingsRequest(
        settings=wanted,
        update_mask=FieldMask(paths=["tax_included", "lost_reasons", "low_stock_milli", *TEXTS, *NUMBERS]),
        etag=form.get("etag", ""),
    )
    try:
        call(service().UpdateSalesSettings, message, idempotency_key=form_key())
    except FuniaError as error:
        if error.kind not in {ErrorKind.INVALID_ARGUMENT, ErrorKind.CONFLICT}:
            raise
        wanted.etag = form.get("etag", "")
        return page(wanted, say(error), violations(error), HTTP_STATUS[error.kind])
    return with_toast(go(url_for("console.selling_settings")), gettext("Saved."))


def service() -> settings_pb2_grpc.SalesSettingsServiceStub:
    return stubs().sales(settings_pb2_grpc.SalesSettingsServiceStub)


def page(
    settings: settings_pb2.SalesSettings, problem: str = "", errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    shown = render_template(
        "console/settings_selling.html",
        settings=settings,
        low_stock=request.form.get(
            "low_stock_milli", format_decimal_places(settings.low_stock_milli, SCALES["quantity"])
        ),
        problem=problem,
        errors=errors or {},
    )
    return make_response(shown, status)
