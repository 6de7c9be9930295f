"""Sessions at tills and their receipts in the console: X and Z reports, the count of the cash, and paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.sales.v1 import pos_session_pb2, pos_session_pb2_grpc, till_order_pb2, till_order_pb2_grpc
from funia.type.v1.money_pb2 import Money

from gateway.console import amounts
from gateway.console.backend import call, form_key, stubs
from gateway.console.colleagues import colleagues
from gateway.console.fields import Field
from gateway.console.formats import format_money
from gateway.console.guard import go, needs
from gateway.console.i18n import Lazy, current_locale, lazy
from gateway.console.words import say

READS, SELLS = "sales.read", "sales.write"
RECEIPTS_SHOWN = 50
PAPER_LANGUAGES = ("en", "ru", "bg")
WAYS: Mapping[str, Lazy] = {
    "cash": lazy("Cash"),
    "card": lazy("Card"),
    "transfer": lazy("Bank transfer"),
    "gift_card": lazy("Gift card"),
    "points": lazy("Points"),
    "exchange": lazy("Exchange"),
    "other": lazy("Other"),
}
FLAGS: Mapping[str, Lazy] = {
    "price_differs": lazy("The price was another one"),
    "not_priced": lazy("Could not be priced any more"),
    "stock_negative": lazy("More sold than on hand"),
    "discount_not_agreed": lazy("Nobody agreed to the discount"),
    "clock_off": lazy("The till's clock was off"),
    "session_closed": lazy("Came after its session was closed"),
    "customer_unknown": lazy("The customer is not known"),
    "coupon_not_valid": lazy("A coupon did not hold any more"),
    "rate_missing": lazy("No currency rate for that day"),
}
_COUNTED = Field("counted", lazy("Cash counted"), "money")


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/pos-sessions/<uuid:session_id>/report", "session_report", session_report)
    rule("/pos-sessions/<uuid:session_id>/closing", "session_closing", session_closing, methods=["POST"])
    rule("/pos-sessions/<uuid:session_id>/count", "session_count", session_count, methods=["POST"])
    rule("/receipts", "receipt_find", receipt_find)
    rule("/receipts/<uuid:receipt_id>", "till_receipt", till_receipt)
    rule("/receipts/<uuid:receipt_id>/paper", "till_receipt_paper", till_receipt_paper)


def sessions() -> pos_session_pb2_grpc.PosSessionServiceStub:
    return stubs().sales(pos_session_pb2_grpc.PosSessionServiceStub)


def orders() -> till_order_pb2_grpc.TillOrderServiceStub:
    return stubs().sales(till_order_pb2_grpc.TillOrderServiceStub)


@needs(READS)
def session_report(session_id: object, problem: str = "") -> Response:
    """The X report of a session, or the Z report with which it was closed, its cash, and its last receipts."""
    found = call(sessions().GetPosSession, pos_session_pb2.GetPosSessionRequest(id=str(session_id)))
    z_report = None
    if found.status == "closed":
        z_report = call(sessions().GetZReport, pos_session_pb2.GetZReportRequest(session_id=found.id))
    asked = pos_session_pb2.GetXReportRequest(session_id=found.id)
    listed = till_order_pb2.ListTillReceiptsRequest(
        register_id=found.register_id, session_id=found.id, page_size=RECEIPTS_SHOWN
    )
    moved = pos_session_pb2.ListCashMovementsRequest(session_id=found.id)
    page = render_template(
        "console/session_report.html",
        pos_session=found,
        z_report=z_report,
        report=z_report.figures if z_report is not None else call(sessions().GetXReport, asked),
        movements=call(sessions().ListCashMovements, moved).movements,
        receipts=call(orders().ListTillReceipts, listed).receipts,
        problem=problem,
        **_shown(found.currency_code),
    )
    return make_response(page)


@needs(SELLS)
def session_closing(session_id: object) -> Response:
    """Ends selling, so that the cash can be counted."""
    register_done = pos_session_pb2.BeginClosingPosSessionRequest(id=str(session_id))
    return _after(session_id, lambda: call(sessions().BeginClosingPosSession, register_done))


@needs(SELLS)
def session_count(session_id: object) -> Response:
    """Closes a session by the cash that was counted, and makes its Z report."""

    def close() -> None:
        found = call(sessions().GetPosSession, pos_session_pb2.GetPosSessionRequest(id=str(session_id)))
        message = pos_session_pb2.ClosePosSessionRequest(
            id=found.id,
            counted_minor=amounts.money_of(_COUNTED, request.form.get("counted", ""), found.currency_code).amount_minor,
            note=request.form.get("note", "").strip(),
        )
        call(sessions().ClosePosSession, message, idempotency_key=form_key())

    return _after(session_id, close)


@needs(READS)
def receipt_find() -> Response:
    """Finds a receipt by the number that is printed on it."""
    number, problem = request.args.get("number", "").strip(), ""
    if number:
        try:
            found = call(orders().FindTillReceipt, till_order_pb2.FindTillReceiptRequest(number=number))
            return go(url_for("console.till_receipt", receipt_id=found.id))
        except FuniaError as error:
            if error.kind not in (ErrorKind.NOT_FOUND, ErrorKind.INVALID_ARGUMENT):
                raise
            problem = say(error)
    return make_response(render_template("console/receipt_find.html", number=number, problem=problem))


@needs(READS)
def till_receipt(receipt_id: object) -> Response:
    """A receipt with everything that is to be looked at."""
    found = call(orders().GetTillReceipt, till_order_pb2.GetTillReceiptRequest(id=str(receipt_id)))
    page = render_template("console/till_receipt.html", receipt=found, **_shown(found.currency_code))
    return make_response(page)


@needs(READS)
def till_receipt_paper(receipt_id: object) -> Response:
    """The receipt as a PDF."""
    language = current_locale() if current_locale() in PAPER_LANGUAGES else "en"
    asked = till_order_pb2.GetTillReceiptPaperRequest(id=str(receipt_id), language=language)
    paper = call(orders().GetTillReceiptPaper, asked)
    response = Response(paper.content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{paper.file_name}"'
    return response


def _after(session_id: object, does: Any) -> Response:
    try:
        does()
    except FuniaError as error:
        if error.kind not in (ErrorKind.INVALID_ARGUMENT, ErrorKind.CONFLICT, ErrorKind.FAILED_PRECONDITION):
            raise
        return session_report(session_id, say(error))
    return go(url_for("console.record_page", plural="pos-sessions", record_id=session_id))


def _shown(currency: str) -> dict[str, Any]:
    def money(minor: int) -> str:
        return format_money(Money(currency_code=currency, amount_minor=minor), exact=True)

    return {"money": money, "ways": WAYS, "flags": FLAGS, "owners": colleagues()}
