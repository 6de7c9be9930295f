"""A migrated sales database, and its servicers served over real gRPC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sales
from chassis.files import DiskFiles
from chassis.paging import Pager
from chassis.record_sharing import ShareBounds
from chassis.server import Served
from chassis.settings import Settings
from chassis.testing.databases import TestDatabase, migrated
from chassis.testing.people import House, Person, serving
from chassis.work import Database
from funia.sales.v1 import (
    catalogue_pb2_grpc,
    credit_pb2_grpc,
    deal_pb2_grpc,
    document_pb2_grpc,
    gift_card_pb2_grpc,
    goal_pb2_grpc,
    invoice_pb2_grpc,
    lead_pb2_grpc,
    lead_rule_pb2_grpc,
    lines_pb2_grpc,
    loyalty_pb2_grpc,
    mail_template_pb2_grpc,
    need_pb2_grpc,
    order_pb2_grpc,
    payment_event_pb2_grpc,
    payment_pb2_grpc,
    pipeline_pb2_grpc,
    playbook_pb2_grpc,
    pos_session_pb2_grpc,
    pricing_pb2_grpc,
    quote_link_pb2_grpc,
    quote_pb2_grpc,
    record_access_pb2_grpc,
    record_mail_pb2_grpc,
    record_share_pb2_grpc,
    return_pb2_grpc,
    sales_activity_pb2_grpc,
    sales_import_pb2_grpc,
    sales_report_pb2_grpc,
    settings_pb2_grpc,
    stock_pb2_grpc,
    store_pb2_grpc,
    suggestion_pb2_grpc,
    till_order_pb2_grpc,
    till_pb2_grpc,
)
from pydantic import SecretStr
from report_files.fonts import Fonts
from sales.app import RECORDS
from sales.cards.stripe import Stripe
from sales.imports.running import ImportRunner
from sales.references import Colleagues, Customers
from sales.servicers.credit import CreditLimitServicer
from sales.servicers.deal import DealServicer
from sales.servicers.deal_lines import DealLineServicer
from sales.servicers.document import DocumentServicer, LibraryLimits
from sales.servicers.gift_card import GiftCardServicer
from sales.servicers.invoice import InvoiceServicer
from sales.servicers.lead import LeadServicer
from sales.servicers.loyalty import LoyaltyMemberServicer, LoyaltyServicer
from sales.servicers.mail_template import MailTemplateServicer
from sales.servicers.need import NeedServicer
from sales.servicers.order import OrderServicer
from sales.servicers.payment import PaymentServicer
from sales.servicers.payment_event import PaymentEventServicer
from sales.servicers.playbook import PlaybookServicer
from sales.servicers.quote import QuoteServicer
from sales.servicers.quote_link import QuoteLinkServicer
from sales.servicers.record_access import SalesRecordAccessServicer
from sales.servicers.record_mail import Kinds, RecordMailServicer
from sales.servicers.record_share import SalesRecordShareServicer
from sales.servicers.returns import ReturnServicer
from sales.servicers.sales_activity import SalesActivityServicer
from sales.servicers.sales_import import SalesImportServicer
from sales.servicers.sales_report import SalesReportServicer
from sales.servicers.settings import SalesSettingsServicer
from sales.servicers.stock import StockServicer
from sales.servicers.suggestion import SuggestionServicer
from sales.servicers.till import TillServicer
from sales.servicers.till_order import TillOrderServicer
from sales.usecases.card_accounts import CardAccounts, CardDesk
from sales.usecases.gift_cards import Codes
from sales.usecases.till_orders import Rules

from .bank import Bank
from .importer import LIMITS, Desk
from .neighbour import Neighbour, next_door

SCOPES = (
    "sales.read",
    "sales.write",
    "sales.reopen",
    "sales.approve_discount",
    "sales.admin",
    "sales.payment_events",
    "sales.import",
)
SECRET = "a secret of at least thirty-two bytes"


@pytest.fixture(scope="session")
def sales_database(admin_url: str) -> Iterator[TestDatabase]:
    """URLs of a migrated database of sales."""
    with migrated(admin_url, "sales", Path(sales.__file__).parent / "migrations") as database:
        yield database


@pytest.fixture(scope="session")
def database(sales_database: TestDatabase) -> Iterator[Database]:
    """The database under the app role."""
    opened = Database(Settings(database_url=sales_database.app_url, secret=SecretStr(SECRET)))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def bank() -> Iterator[Bank]:
    """A card provider."""
    with Bank() as opened:
        yield opened


@pytest.fixture(scope="session")
def neighbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbour]:
    """The service of customers."""
    with next_door(tmp_path_factory.mktemp("contacts")) as opened:
        yield opened


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> DiskFiles:
    """Where uploaded files lie."""
    return DiskFiles(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="session")
def desk(database: Database, files: DiskFiles) -> Desk:
    """Does what the worker does with imports."""
    pager, customers = Pager(SECRET), Customers("")
    deals = DealServicer(pager, customers)
    lead = LeadServicer(pager, customers, deals, NeedServicer(pager, customers))
    return Desk(ImportRunner(database, files, LIMITS, lead.capture))


@pytest.fixture(scope="session")
def mails(neighbour: Neighbour) -> Iterator[RecordMailServicer]:
    """Mails of sellers, to people whom the neighbour knows."""
    pager, nobody, fonts = Pager(SECRET), Customers(""), Fonts()
    deals = DealServicer(pager, nobody)
    leads = LeadServicer(pager, nobody, deals, NeedServicer(pager, nobody))
    quotes = QuoteServicer(pager, nobody, fonts, address="https://funia.example")
    kinds = Kinds(deals, leads, quotes, SalesActivityServicer(pager, nobody), MailTemplateServicer(pager))
    customers, colleagues = Customers(neighbour.address), Colleagues(neighbour.address)
    yield RecordMailServicer(kinds, customers, colleagues, can_send=True)
    customers.close()
    colleagues.close()
    fonts.close()


@pytest.fixture(scope="session")
def served(bank: Bank, files: DiskFiles, neighbour: Neighbour, mails: RecordMailServicer) -> Iterator[list[Served]]:
    """The services of sales."""
    pager = Pager(SECRET)
    served = [Served(kind.service, kind(pager)) for kind in RECORDS]
    customers = Customers("")
    deals = DealServicer(pager, customers)
    served.append(Served(DealServicer.service, deals))
    served.append(Served(DealLineServicer.service, DealLineServicer(deals)))
    served.append(Served(PlaybookServicer.service, PlaybookServicer(deals)))
    served.append(Served(TillServicer.service, TillServicer(pager)))
    orders = OrderServicer(pager, Customers(""))
    cards = CardDesk(Stripe(bank.url, timeout_s=5, tolerance_s=300), CardAccounts(SECRET))
    served.append(Served(OrderServicer.service, orders))
    served.append(Served(InvoiceServicer.service, InvoiceServicer(pager, Customers(""))))
    served.append(Served(PaymentServicer.service, PaymentServicer(cards)))
    served.append(Served(PaymentEventServicer.service, PaymentEventServicer(cards)))
    served.append(Served(ReturnServicer.service, ReturnServicer(cards, orders)))
    served.append(Served(StockServicer.service, StockServicer()))
    served.append(Served(LoyaltyServicer.service, LoyaltyServicer()))
    served.append(Served(LoyaltyMemberServicer.service, LoyaltyMemberServicer(pager, customers)))
    served.append(Served(GiftCardServicer.service, GiftCardServicer(pager, customers, Codes(SECRET))))
    needs = NeedServicer(pager, customers)
    served.append(Served(NeedServicer.service, needs))
    served.append(Served(SalesActivityServicer.service, SalesActivityServicer(pager, customers)))
    served.append(Served(LeadServicer.service, LeadServicer(pager, customers, deals, needs)))
    fonts = Fonts()
    served.append(Served(SalesReportServicer.service, SalesReportServicer(fonts, pager)))
    till_rules = Rules(Customers(""), timedelta(minutes=5), Codes(SECRET))
    served.append(Served(TillOrderServicer.service, TillOrderServicer(pager, till_rules, fonts)))
    quotes = QuoteServicer(pager, Customers(""), fonts, address="https://funia.example")
    served.append(Served(QuoteServicer.service, quotes))
    served.append(Served(SuggestionServicer.service, SuggestionServicer(deals, quotes, orders)))
    served.append(Served(QuoteLinkServicer.service, QuoteLinkServicer(files)))
    named = Customers(neighbour.address)
    colleagues = Colleagues(neighbour.address)
    served.append(Served(SalesImportServicer.service, SalesImportServicer(pager, files, LIMITS, named, colleagues)))
    library = LibraryLimits(file_max_bytes=100_000, versions_max=3)
    served.append(Served(DocumentServicer.service, DocumentServicer(pager, files, library)))
    served.append(Served(MailTemplateServicer.service, MailTemplateServicer(pager)))
    served.append(Served(RecordMailServicer.service, mails))
    served.append(Served(SalesSettingsServicer.service, SalesSettingsServicer()))
    served.append(Served(CreditLimitServicer.service, CreditLimitServicer(Customers(""))))
    bounds = ShareBounds(of_record=3, of_grantee=4)
    served.append(Served(SalesRecordShareServicer.service, SalesRecordShareServicer(bounds)))
    served.append(Served(SalesRecordAccessServicer.service, SalesRecordAccessServicer()))
    yield served
    fonts.close()
    colleagues.close()
    named.close()


@pytest.fixture(scope="session")
def house(database: Database, served: list[Served], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running server of sales."""
    modules = [
        catalogue_pb2_grpc,
        credit_pb2_grpc,
        deal_pb2_grpc,
        invoice_pb2_grpc,
        lines_pb2_grpc,
        order_pb2_grpc,
        need_pb2_grpc,
        goal_pb2_grpc,
        lead_pb2_grpc,
        sales_activity_pb2_grpc,
        sales_report_pb2_grpc,
        sales_import_pb2_grpc,
        lead_rule_pb2_grpc,
        payment_event_pb2_grpc,
        payment_pb2_grpc,
        document_pb2_grpc,
        gift_card_pb2_grpc,
        loyalty_pb2_grpc,
        return_pb2_grpc,
        pipeline_pb2_grpc,
        playbook_pb2_grpc,
        pricing_pb2_grpc,
        quote_link_pb2_grpc,
        quote_pb2_grpc,
        mail_template_pb2_grpc,
        record_mail_pb2_grpc,
        record_share_pb2_grpc,
        record_access_pb2_grpc,
        settings_pb2_grpc,
        pos_session_pb2_grpc,
        store_pb2_grpc,
        till_order_pb2_grpc,
        till_pb2_grpc,
        stock_pb2_grpc,
        suggestion_pb2_grpc,
    ]
    with serving(database, served, tmp_path_factory.mktemp("grpc"), scopes=SCOPES, modules=modules) as opened:
        yield opened


@pytest.fixture
def alice(house: House) -> Person:
    """Somebody who sees all of the first company."""
    return house.person()


@pytest.fixture
def bob(house: House) -> Person:
    """Somebody who sees all of a second company."""
    return house.person()
