"""What is sold in a deal, a quote, an order or an invoice: lines, priced anew with every change of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import zip_longest

from babel.numbers import NumberFormatError, parse_decimal
from chassis.errors import FuniaError, InvalidArgument, Violation
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.sales.v1 import lines_pb2, lines_pb2_grpc, suggestion_pb2, suggestion_pb2_grpc
from funia.type.v1.money_pb2 import Money, UnitPrice

from gateway.console.amounts import SCALES, plain_decimal
from gateway.console.backend import allowed, call, stubs, try_call
from gateway.console.figures import percent
from gateway.console.formats import babel_locale, format_decimal_places, format_money, format_unit_price
from gateway.console.guard import needs
from gateway.console.i18n import gettext
from gateway.console.kinds import KINDS
from gateway.console.page import HTTP_STATUS
from gateway.console.values import Record
from gateway.console.words import say

WITH_LINES = ", ".join(f'"{kind.plural}"' for kind in KINDS.values() if kind.lines)
_WAITS = frozenset({"APPROVAL_PENDING", "APPROVAL_NEEDED"})
SUGGESTS = {"deals": "deal", "quotes": "quote", "orders": "order"}
"""Kinds whose lines are still being sold, as suggestions name them."""
BASKET_MAX = 100
"""Products for which suggestions are asked at once."""
BASIS_POINTS = 10_000
QUANTITY, MICROS, PERCENT = SCALES["quantity"], SCALES["micros"], SCALES["percent"]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a document as the page shows them. Amounts are in minor units of the currency."""

    kind: str
    record_id: str
    address: str
    currency_code: str
    lines: Sequence[lines_pb2.LineItem]
    net_minor: int
    tax_minor: int
    gross_minor: int
    edits: bool
    amount_by_hand: bool = False
    suggests: bool = False
    store_id: str = ""


def add(blueprint: Blueprint) -> None:
    address = f"/<any({WITH_LINES}):plural>/<uuid:record_id>/lines"
    blueprint.add_url_rule(address, "record_lines", record_lines)
    blueprint.add_url_rule(address, "record_lines_saved", record_lines_saved, methods=["POST"])


def service() -> lines_pb2_grpc.DealLineServiceStub:
    return stubs().sales(lines_pb2_grpc.DealLineServiceStub)


@needs("sales.read")
def record_lines(plural: str, record_id: object) -> Response:
    return page(lines_of(plural, str(record_id)))


@needs("sales.write")
def record_lines_saved(plural: str, record_id: object) -> Response:
    """Writes all lines of the form. What is refused changes nothing."""
    try:
        return page(save(plural, str(record_id), written_lines()))
    except FuniaError as error:
        if not error.violations and error.reason not in _WAITS:
            raise
        said = error.violations[0].message if error.violations else ""
        return page(lines_of(plural, str(record_id)), said or say(error), HTTP_STATUS[error.kind])


def lines_of(plural: str, record_id: str) -> Lines:
    """The lines of a deal, or of a paper."""
    if plural == "deals":
        return of_deal(call(service().GetDealLines, lines_pb2.GetDealLinesRequest(deal_id=record_id)))
    return of_paper(plural, KINDS[plural].get(record_id))


def save(plural: str, record_id: str, lines: Sequence[lines_pb2.LineItem]) -> Lines:
    """Writes the lines and prices them anew."""
    if plural == "deals":
        return of_deal(call(service().SetDealLines, lines_pb2.SetDealLinesRequest(deal_id=record_id, lines=lines)))
    kind = KINDS[plural]
    paper = kind.get(record_id)
    paper.ClearField("lines")
    paper.lines.extend(lines)
    return of_paper(plural, kind.update(paper, ["lines"], paper.etag, reason="", key=""))


def of_deal(lines: lines_pb2.DealLines) -> Lines:
    return Lines(
        "deal",
        lines.deal_id,
        url_for("console.record_lines_saved", plural="deals", record_id=lines.deal_id),
        lines.currency_code,
        lines.lines,
        lines.net_minor,
        lines.tax_minor,
        lines.gross_minor,
        allowed("sales.write"),
        lines.amount_by_hand,
        suggests=True,
    )


def of_paper(plural: str, paper: Record) -> Lines:
    """Only a draft's lines are changed."""
    return Lines(
        SUGGESTS.get(plural, ""),
        paper.id,
        url_for("console.record_lines_saved", plural=plural, record_id=paper.id),
        paper.currency_code,
        paper.lines,
        paper.net_amount.amount_minor,
        paper.tax_amount.amount_minor,
        paper.gross_amount.amount_minor,
        allowed("sales.write") and paper.status == "draft",
        suggests=plural in SUGGESTS,
        store_id=paper.store_id if "store_id" in paper.DESCRIPTOR.fields_by_name else "",
    )


def written_lines() -> list[lines_pb2.LineItem]:
    """The lines of the form; a row without an article is none."""
    names = ("line_id", "variant", "suggestion", "quantity", "price", "discount")
    rows = zip_longest(*(request.form.getlist(name) for name in names), fillvalue="")
    found = []
    for at, (line_id, variant, suggestion, quantity, price, discount) in enumerate(rows):
        if not variant or quantity.strip() in {"0", "-"}:
            continue
        line = lines_pb2.LineItem(id=line_id, product_variant_id=variant, suggestion_id=suggestion)
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


def page(lines: Lines, problem: str = "", status: int = 200) -> Response:
    def money(minor: int) -> str:
        return format_money(Money(currency_code=lines.currency_code, amount_minor=minor), exact=True)

    def price(micros: int) -> str:
        return format_unit_price(UnitPrice(currency_code=lines.currency_code, amount_micros=micros))

    shown = render_template(
        "console/record_lines.html",
        lines=lines,
        money=money,
        price=price,
        decimal=lambda value, places: plain_decimal(value, places) if value else "",
        quantity=lambda line: format_decimal_places(line.quantity_milli, QUANTITY),
        percent=lambda line: format_decimal_places(line.discount_basis_points, PERCENT),
        problem=problem,
        suggestions=suggestions(lines),
        share=lambda one: percent(one.share_basis_points, BASIS_POINTS),
    )
    return make_response(shown, status)


def suggestions(lines: Lines) -> Sequence[suggestion_pb2.Suggestion]:
    """What to offer beside these lines, while they can be changed; nothing where sales does not say. What is shown is
    recorded, so that analysis knows what is taken of it."""
    if not (lines.edits and lines.suggests and lines.lines):
        return ()
    products = list(dict.fromkeys(line.product_id for line in lines.lines))[:BASKET_MAX]
    message = suggestion_pb2.SuggestProductsRequest(product_ids=products, store_id=lines.store_id)
    service = stubs().sales(suggestion_pb2_grpc.SuggestionServiceStub)
    answer = try_call(service.SuggestProducts, message)
    shown = () if answer is None else answer.suggestions
    if shown or any(line.suggestion_id for line in lines.lines):
        ids = [one.suggestion_id for one in shown]
        try_call(
            service.RecordShownSuggestions,
            suggestion_pb2.RecordShownSuggestionsRequest(
                document_kind=lines.kind, document_id=lines.record_id, suggestion_ids=ids
            ),
        )
    return shown
