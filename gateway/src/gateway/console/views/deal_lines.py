"""What is sold in a deal: its lines, priced anew with every change of one."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import zip_longest

from babel.numbers import NumberFormatError, parse_decimal
from chassis.errors import FuniaError, InvalidArgument, Violation
from flask import Blueprint, Response, make_response, render_template, request
from funia.sales.v1 import lines_pb2, lines_pb2_grpc
from funia.type.v1.money_pb2 import Money

from gateway.console.amounts import SCALES, plain_decimal
from gateway.console.backend import call, stubs
from gateway.console.formats import babel_locale, format_decimal_places, format_money
from gateway.console.guard import needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS
from gateway.console.words import say

QUANTITY, MICROS, PERCENT = SCALES["quantity"], SCALES["micros"], SCALES["percent"]


def add(blueprint: Blueprint) -> None:
    address = "/deals/<uuid:record_id>/lines"
    blueprint.add_url_rule(address, "deal_lines", deal_lines)
    blueprint.add_url_rule(address, "deal_lines_saved", deal_lines_saved, methods=["POST"])


def service() -> lines_pb2_grpc.DealLineServiceStub:
    return stubs().sales(lines_pb2_grpc.DealLineServiceStub)


@needs("sales.read")
def deal_lines(record_id: object) -> Response:
    return page(call(service().GetDealLines, lines_pb2.GetDealLinesRequest(deal_id=str(record_id))))


@needs("sales.write")
def deal_lines_saved(record_id: object) -> Response:
    """Writes all lines of the form. What was written stays in the form where it is refused."""
    message = lines_pb2.SetDealLinesRequest(deal_id=str(record_id))
    try:
        message.lines.extend(written_lines())
        return page(call(service().SetDealLines, message))
    except FuniaError as error:
        if not error.violations:
            raise
        stored = call(service().GetDealLines, lines_pb2.GetDealLinesRequest(deal_id=str(record_id)))
        return page(stored, error.violations[0].message or say(error), HTTP_STATUS[error.kind])


def written_lines() -> list[lines_pb2.LineItem]:
    """The lines of the form; a row without an article is none."""
    names = ("line_id", "variant", "quantity", "price", "discount")
    rows = zip_longest(*(request.form.getlist(name) for name in names), fillvalue="")
    found = []
    for at, (line_id, variant, quantity, price, discount) in enumerate(rows):
        if not variant or quantity.strip() in {"0", "-"}:
            continue
        line = lines_pb2.LineItem(id=line_id, product_variant_id=variant)
        line.quantity_milli = number(quantity or "1", QUANTITY, f"lines[{at}].quantity")
        if price.strip():
            line.unit_micros = number(price, MICROS, f"lines[{at}].price")
        if discount.strip():
            line.discount_basis_points = number(discount.rstrip("% "), PERCENT, f"lines[{at}].discount")
        found.append(line)
    return found


def number(text: str, places: int, field: str) -> int:
    """A decimal as the whole number of the message. Raises InvalidArgument."""
    try:
        value = Decimal(parse_decimal(text.strip(), locale=babel_locale(), strict=False))
        return int((value * 10**places).to_integral_value(ROUND_HALF_UP))
    except (NumberFormatError, InvalidOperation, ValueError):
        message = gettext("Write a number, such as 12.5.")
        raise InvalidArgument(
            message, reason="INVALID_VALUE", violations=[Violation(field, message, "INVALID_VALUE")]
        ) from None


def page(lines: lines_pb2.DealLines, problem: str = "", status: int = 200) -> Response:
    def money(minor: int) -> str:
        return format_money(Money(currency_code=lines.currency_code, amount_minor=minor))

    shown = render_template(
        "console/deal_lines.html",
        lines=lines,
        money=money,
        decimal=lambda value, places: plain_decimal(value, places) if value else "",
        quantity=lambda line: format_decimal_places(line.quantity_milli, QUANTITY),
        percent=lambda line: format_decimal_places(line.discount_basis_points, PERCENT),
        problem=problem,
    )
    return make_response(shown, status)
