"""The page of a quote for its customer: no log-in, the secret of the link is enough. Nothing else of the company shows.

It speaks the quote's language, sends no referrer, is kept out of search engines, and counts looks without a cookie.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from babel.dates import format_date
from babel.numbers import format_currency, get_currency_precision
from chassis.errors import FuniaError
from flask import Blueprint, Response, g, make_response, render_template, request, url_for
from funia.sales.v1.lines_pb2 import LineItem
from funia.sales.v1.quote_link_pb2 import LinkedQuote
from funia.type.v1.money_pb2 import Money

from gateway.console.backend import services
from gateway.console.formats import babel_locale
from gateway.console.guard import go
from gateway.console.i18n import LOCALES
from gateway.console.page import HTTP_STATUS
from gateway.console.ports import QuotePages
from gateway.console.views.documents import saved
from gateway.console.views.links import without_referrer
from gateway.console.words import say


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    at = "/q/<uuid:tenant_id>/<secret>"
    rule(at, "quote_page", quote_page, methods=["GET"])
    rule(f"{at}/paper.pdf", "quote_page_paper", quote_page_paper, methods=["GET"])
    rule(f"{at}/documents/<uuid:document_id>", "quote_page_document", quote_page_document, methods=["GET"])
    rule(f"{at}/accept", "quote_page_accept", quote_page_accept, methods=["POST"])
    rule(f"{at}/decline", "quote_page_decline", quote_page_decline, methods=["POST"])


@without_referrer
def quote_page(tenant_id: UUID, secret: str) -> Response:
    """The quote, and what the customer can say to it."""
    try:
        found = pages().open(tenant_id, secret, address=address())
    except FuniaError as error:
        return page(None, tenant_id, secret, error)
    return page(found, tenant_id, secret)


@without_referrer
def quote_page_paper(tenant_id: UUID, secret: str) -> Response:
    """The very paper that was sent."""
    try:
        paper = pages().paper(tenant_id, secret, address=address())
    except FuniaError as error:
        return page(None, tenant_id, secret, error)
    answer = make_response(paper.content)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{paper.file_name}"'
    return hidden(answer)


@without_referrer
def quote_page_document(tenant_id: UUID, secret: str, document_id: UUID) -> Response:
    """A document that goes with the quote: always saved and never shown."""
    try:
        pieces = pages().document(tenant_id, secret, str(document_id), address=address())
        version = next(pieces).version
    except FuniaError as error:
        return page(None, tenant_id, secret, error)
    return hidden(saved((one.chunk for one in pieces), version))


@without_referrer
def quote_page_accept(tenant_id: UUID, secret: str) -> Response:
    """Accepts the paper that the page showed."""
    name = request.form.get("name", "").strip()[:200]
    try:
        pages().accept(
            tenant_id,
            secret,
            name=name,
            paper_digest=request.form.get("paper_digest", "")[:64],
            address=address(),
            user_agent=request.headers.get("User-Agent", ""),
        )
    except FuniaError as error:
        return again(tenant_id, secret, error)
    return go(url_for("console.quote_page", tenant_id=tenant_id, secret=secret))


@without_referrer
def quote_page_decline(tenant_id: UUID, secret: str) -> Response:
    """Declines."""
    try:
        pages().decline(tenant_id, secret, reason=request.form.get("reason", "").strip()[:500], address=address())
    except FuniaError as error:
        return again(tenant_id, secret, error)
    return go(url_for("console.quote_page", tenant_id=tenant_id, secret=secret))


def again(tenant_id: UUID, secret: str, refused: FuniaError) -> Response:
    """The page once more, with why what was asked cannot be done."""
    try:
        found = pages().open(tenant_id, secret, address=address(), looked=False)
    except FuniaError as error:
        return page(None, tenant_id, secret, error)
    return page(found, tenant_id, secret, refused)


def page(found: LinkedQuote | None, tenant_id: UUID, secret: str, refused: FuniaError | None = None) -> Response:
    if found is not None and found.quote.language in LOCALES:
        g.console_locale = found.quote.language
    answer = make_response(
        render_template(
            "console/quote_page.html",
            found=found,
            quote=found.quote if found is not None else None,
            valid_until="" if found is None else day_of(found.quote.valid_until),
            amounts=[] if found is None else [amount_of(line, found.quote.currency_code) for line in found.quote.lines],
            refusal="" if refused is None else say(refused),
            money=money_text,
            tenant_id=tenant_id,
            secret=secret,
        ),
        HTTP_STATUS[refused.kind] if refused is not None else 200,
    )
    return hidden(answer)


def day_of(text: str) -> str:
    return str(format_date(date.fromisoformat(text), format="long", locale=babel_locale()))


def amount_of(line: LineItem, currency: str) -> str:
    """What a line comes to, as its prices are meant."""
    minor = line.gross_minor if line.tax_included else line.net_minor
    return money_text(Money(currency_code=currency, amount_minor=minor))


def money_text(money: Money) -> str:
    """An amount with its cents, also where there are none: a column of prices lines up."""
    amount = money.amount_minor / 10 ** get_currency_precision(money.currency_code)
    return str(format_currency(amount, money.currency_code, locale=babel_locale()))


def hidden(answer: Response) -> Response:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def address() -> str:
    return request.remote_addr or ""


def pages() -> QuotePages:
    found = services().quote_pages
    assert found is not None, "the console was composed without quotes"
    return found
