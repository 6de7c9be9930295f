"""The page of a quote for its customer: in the quote's language, hidden, and opening it does nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from chassis.errors import FailedPrecondition, FuniaError, NotFound
from console_site import MemoryIdentity
from flask import Flask
from flask.testing import FlaskClient
from funia.sales.v1 import document_pb2 as library
from funia.sales.v1 import lines_pb2 as lines
from funia.sales.v1 import quote_link_pb2 as links
from funia.sales.v1 import quote_pb2 as quotes
from funia.type.v1.money_pb2 import Money
from gateway.console.blueprint import console_blueprint
from gateway.console.ports import ConsoleServices
from peer import Peer

TENANT = UUID("01a20000-0000-7000-8000-00000000aaaa")
AT = f"/q/{TENANT}/secret"
ENCLOSED, OTHER = "01a20000-0000-7000-8000-00000000bbbb", "01a20000-0000-7000-8000-00000000cccc"


def euros(cents: int) -> Money:
    return Money(currency_code="EUR", amount_minor=cents)


class OneQuote:
    """Sales, as far as the page sees it: one quote behind one link."""

    def __init__(self) -> None:
        self.looks = 0
        self.said: list[dict[str, str]] = []
        self.language = "bg"
        self.status = "viewed"
        self.refusal: FuniaError | None = None

    def open(self, tenant_id: UUID, secret: str, *, address: str, looked: bool = True) -> links.LinkedQuote:
        if (tenant_id, secret) != (TENANT, "secret"):
            raise NotFound("no link", reason="LINK_NOT_FOUND")
        self.looks += looked
        line = lines.LineItem(name="Cup <b>", quantity_milli=1_500, net_minor=2_000, gross_minor=2_400)
        quote = quotes.Quote(
            title="Cups", number="QUO-2026-00001", revision=2, status=self.status, language=self.language,
            valid_until="2026-12-22", currency_code="EUR", net_amount=euros(2_000), tax_amount=euros(455),
            gross_amount=euros(2_455), paper_digest="d" * 64, lines=[line],
        )  # fmt: skip
        quote.documents.add(document_id=ENCLOSED, name="Prices <b>", file_name="prices.pdf", size_bytes=2_048)
        return links.LinkedQuote(quote=quote, seller_name="Aurora", open=self.status == "viewed")

    def paper(self, tenant_id: UUID, secret: str, *, address: str) -> quotes.QuotePaper:
        return quotes.QuotePaper(content=b"%PDF-1.3", file_name="quo-2026-00001-2.pdf")

    def document(
        self, tenant_id: UUID, secret: str, document_id: str, *, address: str
    ) -> Iterator[library.DownloadDocumentResponse]:
        if document_id != ENCLOSED:
            raise NotFound("no such document", reason="DOCUMENT_NOT_FOUND")
        version = library.DocumentVersion(file_name='Preis"liste.txt', content_type="text/plain")
        yield library.DownloadDocumentResponse(version=version)
        yield library.DownloadDocumentResponse(chunk=b"<script>1</script>")

    def accept(self, tenant_id: UUID, secret: str, **said: str) -> links.LinkedQuote:
        if self.refusal is not None:
            raise self.refusal
        self.said.append(said)
        self.status = "accepted"
        return self.open(tenant_id, secret, address="", looked=False)

    def decline(self, tenant_id: UUID, secret: str, **said: str) -> links.LinkedQuote:
        self.said.append(said)
        self.status = "declined"
        return self.open(tenant_id, secret, address="", looked=False)


@pytest.fixture
def quote() -> OneQuote:
    return OneQuote()


@pytest.fixture
def browser_of(quote: OneQuote) -> FlaskClient:
    app = Flask("quote_site", static_folder=None)
    services = ConsoleServices(MemoryIdentity(Peer.__new__(Peer)), lambda: pytest.fail("no call"), quote_pages=quote)
    app.register_blueprint(console_blueprint(services))
    return app.test_client()


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize(
    ("language", "total", "day"),
    [
        ("en", "€24.55", "22 December 2026"),
        ("ru", "24,55\u00a0€", "22 декабря 2026"),
        ("bg", "24,55\u00a0€", "22 декември 2026"),
    ],
)  # fmt: skip
def test_the_page_speaks_the_quotes_language_and_hides_itself(
    browser_of: FlaskClient, quote: OneQuote, language: str, total: str, day: str
) -> None:
    quote.language = language
    answer = browser_of.get(AT, headers={"Accept-Language": "fr"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, quote.looks, quote.said) == (200, 1, [])
    assert f'<html lang="{language}"' in page
    assert total in page
    assert day in page
    assert "Cup &lt;b&gt;" in page
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(re.findall(r"^(\w+)=", "\n".join(answer.headers.getlist("Set-Cookie")), re.MULTILINE)) <= {"funia_entry"}


def test_accepting_sends_name_address_browser_and_the_digest_that_was_shown(
    browser_of: FlaskClient, quote: OneQuote
) -> None:
    token = csrf_of(browser_of.get(AT).get_data(as_text=True))
    without = browser_of.post(f"{AT}/accept", data={"name": "Ann"})
    assert (without.status_code, quote.said) == (400, [])
    sent = {"csrf_token": token, "name": " Ann Buyer ", "paper_digest": "d" * 64}
    answer = browser_of.post(f"{AT}/accept", data=sent, headers={"User-Agent": "Firefox"})
    assert (answer.status_code, answer.headers["Location"]) == (303, AT)
    assert quote.said == [
        {"name": "Ann Buyer", "paper_digest": "d" * 64, "address": "127.0.0.1", "user_agent": "Firefox"}
    ]
    assert "Приета" in browser_of.get(AT).get_data(as_text=True)


def test_an_expired_offer_says_so_and_a_wrong_link_shows_nothing(browser_of: FlaskClient, quote: OneQuote) -> None:
    token = csrf_of(browser_of.get(AT).get_data(as_text=True))
    quote.refusal = FailedPrecondition("over", reason="QUOTE_EXPIRED")
    late = browser_of.post(f"{AT}/accept", data={"csrf_token": token, "name": "Ann", "paper_digest": "d"})
    assert late.status_code == 409
    assert "вече не е валидна" in late.get_data(as_text=True)
    wrong = browser_of.get(f"/q/{TENANT}/other")
    assert wrong.status_code == 404
    assert "QUO-" not in wrong.get_data(as_text=True)


def test_a_customer_declines_with_a_reason_and_gets_the_paper(browser_of: FlaskClient, quote: OneQuote) -> None:
    paper = browser_of.get(f"{AT}/paper.pdf")
    assert (paper.data, paper.mimetype) == (b"%PDF-1.3", "application/pdf")
    token = csrf_of(browser_of.get(AT).get_data(as_text=True))
    browser_of.post(f"{AT}/decline", data={"csrf_token": token, "reason": "Too dear"})
    assert quote.said == [{"reason": "Too dear", "address": "127.0.0.1"}]


def test_a_document_of_the_offer_is_saved_and_never_shown(browser_of: FlaskClient) -> None:
    page = browser_of.get(AT).get_data(as_text=True)
    assert f"{AT}/documents/{ENCLOSED}" in page
    assert "Prices &lt;b&gt;" in page
    file = browser_of.get(f"{AT}/documents/{ENCLOSED}")
    assert (file.status_code, file.data) == (200, b"<script>1</script>")
    assert file.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Preis%22liste.txt"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert (file.headers["X-Content-Type-Options"], file.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert file.headers["X-Robots-Tag"].startswith("noindex")
    assert browser_of.get(f"{AT}/documents/{OTHER}").status_code == 404
