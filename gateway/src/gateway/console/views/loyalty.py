"""Loyalty: the programme in Settings, what is owed by month, what happened to points, and codes of new gift cards."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from babel.numbers import NumberFormatError, get_currency_precision, parse_decimal
from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.sales.v1 import gift_card_pb2, gift_card_pb2_grpc, loyalty_pb2, loyalty_pb2_grpc
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console import references, values
from gateway.console.backend import call, form_key, stubs
from gateway.console.colleagues import colleagues
from gateway.console.formats import babel_locale
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.kinds import KINDS
from gateway.console.loyalty_fields import POSTING_KINDS
from gateway.console.loyalty_kinds import issue
from gateway.console.page import HTTP_STATUS, is_fragment, with_toast
from gateway.console.views.records import form_page
from gateway.console.words import say, violations

POSTINGS_SHOWN = 50
MILLI = 1_000
NUMBERS = ("pending_days", "expiry_months")


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/settings/loyalty", "loyalty_settings", loyalty_settings)
    rule("/settings/loyalty", "loyalty_settings_saved", loyalty_settings_saved, methods=["POST"])
    rule("/loyalty/liability", "loyalty_liability", loyalty_liability)
    rule("/members/<uuid:record_id>/postings", "point_postings", point_postings)
    rule("/gift-cards/<uuid:record_id>/postings", "gift_card_postings", gift_card_postings)
    rule("/gift-cards", "gift_card_issued", gift_card_issued, methods=["POST"])


@needs("sales.admin")
def loyalty_settings() -> Response:
    return _settings(call(_service().GetLoyaltyProgram, loyalty_pb2.GetLoyaltyProgramRequest()))


@needs("sales.admin")
def loyalty_settings_saved() -> Response:
    form = request.form
    wanted = loyalty_pb2.LoyaltyProgram(
        etag=form.get("etag", ""),
        active=form.get("active") == "1",
        currency_code=form.get("currency_code", ""),
        rounding=form.get("rounding", "down"),
        earn_rules=_rules(),
    )
    errors: dict[str, str] = {}
    places = get_currency_precision(wanted.currency_code) if wanted.currency_code else 2
    for name, scale in (("earn_milli", MILLI), ("point_value_minor", 10**places)):
        number = _decimal(form.get(name, ""))
        if number is None or number < 0:
            errors[name] = gettext("Write a number, such as 1.5.")
        else:
            setattr(wanted, name, int(number * scale))
    for name in NUMBERS:
        text = form.get(name, "").strip()
        setattr(wanted, name, int(text) if text.isdecimal() and len(text) < 6 else 0)
    if errors:
        return _settings(wanted, errors=errors, status=400)
    paths = ["active", "currency_code", "rounding", "earn_rules", "earn_milli", "point_value_minor", *NUMBERS]
    message = loyalty_pb2.UpdateLoyaltyProgramRequest(
        program=wanted, update_mask=FieldMask(paths=paths), etag=wanted.etag
    )
    try:
        call(_service().UpdateLoyaltyProgram, message, idempotency_key=form_key())
    except FuniaError as error:
        if error.kind not in {ErrorKind.INVALID_ARGUMENT, ErrorKind.CONFLICT}:
            raise
        return _settings(wanted, say(error), violations(error), HTTP_STATUS[error.kind])
    return with_toast(go(url_for("console.loyalty_settings")), gettext("Saved."))


@needs("sales.read")
def loyalty_liability() -> Response:
    """What the company owes in points and on gift cards, the newest month first."""
    report = call(_service().GetLiabilityReport, loyalty_pb2.GetLiabilityReportRequest())
    units = list(dict.fromkeys(one.unit for one in report.months))
    tables = {unit: [one for one in reversed(report.months) if one.unit == unit] for unit in units}
    return make_response(render_template("console/loyalty_liability.html", tables=tables))


@needs("sales.read")
def point_postings(record_id: object) -> Response:
    """What happened to the points of a member."""
    service = stubs().sales(loyalty_pb2_grpc.LoyaltyMemberServiceStub)
    message = loyalty_pb2.ListPointPostingsRequest(
        member_id=str(record_id), page_size=POSTINGS_SHOWN, page_token=request.args.get("token", "")
    )
    answer = call(service.ListPointPostings, message)
    return _postings("console.point_postings", record_id, answer, "")


@needs("sales.read")
def gift_card_postings(record_id: object) -> Response:
    """What happened to the money of a card."""
    service = stubs().sales(gift_card_pb2_grpc.GiftCardServiceStub)
    message = gift_card_pb2.ListGiftCardPostingsRequest(
        gift_card_id=str(record_id), page_size=POSTINGS_SHOWN, page_token=request.args.get("token", "")
    )
    answer = call(service.ListGiftCardPostings, message)
    return _postings("console.gift_card_postings", record_id, answer, request.args.get("currency", ""))


@needs("sales.write")
def gift_card_issued() -> Response:
    """Issues a card and shows its code, which is kept nowhere."""
    kind = KINDS["gift-cards"]
    record = kind.new()
    try:
        for field in kind.fields:
            if field.in_form:
                values.put(record, field, request.form)
        issued = issue(record, form_key())
    except FuniaError as error:
        if error.kind in {ErrorKind.UNAVAILABLE, ErrorKind.INTERNAL}:
            raise
        return form_page(kind, record, HTTP_STATUS[error.kind], problem=say(error), errors=violations(error))
    page = render_template(
        "console/gift_card_code.html",
        kind=kind,
        card=issued.gift_card,
        code=issued.code,
        whole="console/empty_frame.html" if is_fragment() else "console/frame.html",
    )
    return make_response(page)


def _postings(endpoint: str, record_id: object, answer: object, currency: str) -> Response:
    page = render_template(
        "console/point_postings.html",
        endpoint=endpoint,
        record_id=record_id,
        answer=answer,
        kinds_of=POSTING_KINDS,
        currency=currency,
        owners=colleagues(),
        more=bool(request.args.get("token")),
    )
    return make_response(page)


def _settings(
    program: loyalty_pb2.LoyaltyProgram,
    problem: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    places = get_currency_precision(program.currency_code) if program.currency_code else 2
    shown = render_template(
        "console/settings_loyalty.html",
        program=program,
        earned=_plain(Decimal(program.earn_milli) / MILLI),
        worth=_plain(Decimal(program.point_value_minor) / 10**places),
        categories=references.options("categories"),
        percents={one.category_id: one.percent for one in program.earn_rules if one.category_id},
        problem=problem,
        errors=errors or {},
    )
    return make_response(shown, status)


def _rules() -> list[loyalty_pb2.EarnRule]:
    """Categories that earn otherwise; rules of single products, which the API sets, stay as they are."""
    known = call(_service().GetLoyaltyProgram, loyalty_pb2.GetLoyaltyProgramRequest()).earn_rules
    rules = [one for one in known if one.product_id]
    for category_id, _ in references.options("categories"):
        text = request.form.get(f"percent_{category_id}", "").strip()
        if text.isdecimal() and len(text) < 6 and int(text) != 100:
            rules.append(loyalty_pb2.EarnRule(category_id=category_id, percent=int(text)))
    return rules


def _decimal(text: str) -> Decimal | None:
    if not text.strip():
        return Decimal(0)
    try:
        return parse_decimal(text.strip(), locale=babel_locale())
    except (NumberFormatError, InvalidOperation):
        return None


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else ""


def _service() -> loyalty_pb2_grpc.LoyaltyServiceStub:
    return stubs().sales(loyalty_pb2_grpc.LoyaltyServiceStub)
