"""Composition root of sales: the only place that builds things."""

from __future__ import annotations

from datetime import timedelta

from chassis.allowances import plans_subscription
from chassis.approved_runs import RUN, ApprovedRuns, approvals_subscription
from chassis.custom_feed import custom_fields_subscription
from chassis.files import open_files
from chassis.importing.limits import ImportLimits
from chassis.job_rights import taken_back_subscription
from chassis.jobs import Jobs
from chassis.mail import transport_of
from chassis.paging import Pager
from chassis.process import Service
from chassis.record_sharing import ShareBounds
from chassis.server import Served
from chassis.work import Database
from customer_projection.projection import CustomerProjection
from customer_projection.rebuild import rebuild_command
from funia.sales.v1 import customer_pb2
from report_files.fonts import Fonts

from sales.cards.stripe import Stripe
from sales.consumers.baskets import orders_subscription, rules_subscription
from sales.consumers.companies import companies_subscription
from sales.consumers.people import colleagues_subscription, erased_people_subscription
from sales.imports.running import JOB as IMPORT
from sales.imports.running import ImportRunner
from sales.jobs.baskets import BasketCount
from sales.jobs.erased_files import ErasedFiles
from sales.jobs.forgetting import forgetting_of
from sales.jobs.invoices import due_handler
from sales.jobs.leads import LeadReturn
from sales.jobs.loyalty import gift_card_handler, member_handler
from sales.jobs.mail import MailOut
from sales.jobs.quote_expiry import QuoteExpiry
from sales.jobs.recount import recount_of
from sales.jobs.sellers import Reminder, Snapshot
from sales.model.customer import Customer, CustomerAccount
from sales.references import next_door
from sales.servicers.catalogue import ProductCategoryServicer, ProductServicer, ProductVariantServicer
from sales.servicers.credit import CreditLimitServicer
from sales.servicers.customer import CustomerServicer
from sales.servicers.deal import DealServicer
from sales.servicers.deal_lines import DealLineServicer
from sales.servicers.document import DocumentServicer, LibraryLimits
from sales.servicers.gift_card import GiftCardServicer
from sales.servicers.goal import GoalServicer
from sales.servicers.held import HeldServicer
from sales.servicers.invoice import InvoiceServicer
from sales.servicers.lead import LeadServicer
from sales.servicers.lead_rule import LeadRuleServicer
from sales.servicers.loyalty import LoyaltyMemberServicer, LoyaltyServicer, LoyaltyTierServicer
from sales.servicers.mail_template import MailTemplateServicer
from sales.servicers.need import NeedServicer
from sales.servicers.order import OrderServicer
from sales.servicers.payment import PaymentServicer
from sales.servicers.payment_event import PaymentEventServicer
from sales.servicers.pipeline import PipelineServicer, StageServicer
from sales.servicers.playbook import PlaybookServicer
from sales.servicers.pos_session import PosSessionServicer
from sales.servicers.pricing import (
    CouponServicer,
    CurrencyRateServicer,
    DiscountPolicyServicer,
    PriceBookEntryServicer,
    PriceBookServicer,
    PriceRuleServicer,
    TaxRateServicer,
)
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
from sales.servicers.store import RegisterServicer, StoreServicer
from sales.servicers.suggestion import SuggestionServicer
from sales.servicers.till import TillServicer
from sales.servicers.till_order import TillOrderServicer
from sales.settings import SalesProcessSettings
from sales.tenancy import sales_part
from sales.usecases import activities, gift_cards, goals, leads, mailing, points, suggestions
from sales.usecases.card_accounts import CardAccounts, CardDesk
from sales.usecases.invoices import DUE_TIMER
from sales.usecases.people import ERASED_FILE
from sales.usecases.quotes import EXPIRY
from sales.usecases.till_orders import Rules

RECORDS = (
    ProductCategoryServicer,
    ProductServicer,
    ProductVariantServicer,
    TaxRateServicer,
    CurrencyRateServicer,
    PriceBookServicer,
    PriceBookEntryServicer,
    PriceRuleServicer,
    DiscountPolicyServicer,
    CouponServicer,
    PipelineServicer,
    StageServicer,
    StoreServicer,
    RegisterServicer,
    PosSessionServicer,
    LeadRuleServicer,
    GoalServicer,
    LoyaltyTierServicer,
)


def build() -> Service:
    """The service, wired from the environment."""
    settings = SalesProcessSettings()
    named, colleagues = next_door(settings)
    customers = CustomerProjection("sales", Customer, CustomerAccount)
    pager = Pager(
        settings.secret.get_secret_value(), default_size=settings.page_size_default, max_size=settings.page_size_max
    )
    database = Database(settings)
    fonts = Fonts()
    jobs = Jobs(settings)
    jobs.register(EXPIRY, QuoteExpiry(database).handle, lane="interactive")
    deals = DealServicer(pager, named)
    needs = NeedServicer(pager, named)
    lead = LeadServicer(pager, named, deals, needs)
    done = SalesActivityServicer(pager, named)
    jobs.register(activities.REMIND, Reminder(database, done).handle, lane="interactive")
    jobs.register(goals.SNAPSHOT, Snapshot(database).handle, lane="interactive")
    jobs.register(leads.RETURN, LeadReturn(database, lead).handle, lane="interactive")
    files = open_files(settings, "sales")
    limits = import_limits(settings)
    documents = DocumentServicer(
        pager, files, LibraryLimits(settings.document_file_max_bytes, settings.document_versions_max)
    )
    runner = ImportRunner(database, files, limits, lead.capture)
    jobs.register(suggestions.COUNT, BasketCount(database).handle, lane="bulk")
    jobs.register(ERASED_FILE, ErasedFiles(database, files).handle, lane="bulk")
    jobs.register(IMPORT, runner.handle, lane="bulk", gave_up=runner.give_up)
    orders = OrderServicer(pager, named)
    stripe = Stripe(
        settings.card_api_url, timeout_s=settings.card_timeout_s, tolerance_s=settings.card_webhook_tolerance_s
    )
    cards = CardDesk(stripe, CardAccounts(settings.secret.get_secret_value()))
    jobs.register(DUE_TIMER, due_handler(database), lane="interactive")
    jobs.register(points.TIMER, member_handler(database), lane="interactive")
    jobs.register(gift_cards.TIMER, gift_card_handler(database), lane="interactive")
    quotes = QuoteServicer(pager, named, fonts, address=settings.issuer)
    templates = MailTemplateServicer(pager)
    way_out = transport_of(settings)
    mails = RecordMailServicer(
        Kinds(deals, lead, quotes, done, templates),
        named,
        colleagues,
        can_send=way_out is not None,
        documents_max_bytes=settings.document_mail_max_bytes,
    )
    if way_out is not None:
        mail_out = MailOut(database, mails, way_out, files, sender=settings.mail_from)
        jobs.register(mailing.SEND, mail_out.handle, lane="interactive", gave_up=mail_out.give_up)
    bounds = ShareBounds(settings.record_shares_max, settings.shared_records_max)
    codes = gift_cards.Codes(settings.secret.get_secret_value())
    service = Service(
        name="sales",
        settings=settings,
        database=database,
        served=[
            Served(customer_pb2.DESCRIPTOR.services_by_name["CustomerService"], CustomerServicer(customers)),
            Served(SalesSettingsServicer.service, SalesSettingsServicer()),
            Served(DealServicer.service, deals),
            Served(DealLineServicer.service, DealLineServicer(deals)),
            Served(PlaybookServicer.service, PlaybookServicer(deals)),
            Served(TillServicer.service, TillServicer(pager)),
            Served(
                TillOrderServicer.service,
                TillOrderServicer(
                    pager, Rules(named, timedelta(seconds=settings.till_clock_tolerance_s), codes), fonts
                ),
            ),
            Served(OrderServicer.service, orders),
            Served(InvoiceServicer.service, InvoiceServicer(pager, named)),
            Served(PaymentServicer.service, PaymentServicer(cards)),
            Served(PaymentEventServicer.service, PaymentEventServicer(cards)),
            Served(ReturnServicer.service, ReturnServicer(cards, orders)),
            Served(StockServicer.service, StockServicer()),
            Served(SuggestionServicer.service, SuggestionServicer(deals, quotes, orders)),
            Served(CreditLimitServicer.service, CreditLimitServicer(named)),
            Served(LoyaltyServicer.service, LoyaltyServicer()),
            Served(LoyaltyMemberServicer.service, LoyaltyMemberServicer(pager, named)),
            Served(GiftCardServicer.service, GiftCardServicer(pager, named, codes)),
            Served(LeadServicer.service, lead),
            Served(NeedServicer.service, needs),
            Served(SalesActivityServicer.service, done),
            Served(SalesReportServicer.service, SalesReportServicer(fonts, pager)),
            Served(QuoteServicer.service, quotes),
            Served(SalesRecordShareServicer.service, SalesRecordShareServicer(bounds)),
            Served(SalesRecordAccessServicer.service, SalesRecordAccessServicer()),
            Served(MailTemplateServicer.service, templates),
            Served(RecordMailServicer.service, mails),
            Served(QuoteLinkServicer.service, QuoteLinkServicer(files)),
            Served(HeldServicer.service, HeldServicer(most=settings.personal_data_rows_max)),
            Served(SalesImportServicer.service, SalesImportServicer(pager, files, limits, named, colleagues)),
            Served(DocumentServicer.service, documents),
            *(Served(kind.service, kind(pager)) for kind in RECORDS),
        ],
        subscriptions=[
            customers.subscription(),
            companies_subscription(),
            colleagues_subscription(),
            erased_people_subscription(),
            orders_subscription(),
            rules_subscription(),
            custom_fields_subscription("sales"),
            plans_subscription("sales"),
            taken_back_subscription("sales"),
            approvals_subscription("sales"),
        ],
        background=[
            jobs.background,
            forgetting_of(database, files, settings).run,
            recount_of(database, settings).run,
        ],
        closing=[named.close, colleagues.close, fonts.close, stripe.close],
        commands={"rebuild": rebuild_command(customers)},
        tenant=sales_part(files),
        follows=("sales_profile", "colleague", "custom_field", "usage_limit", "usage_plan", "approval_policy"),
    )
    runs = ApprovedRuns("sales", database, service.served)
    jobs.register(RUN, runs.handle, lane="interactive", gave_up=runs.gave_up)
    return service


def import_limits(settings: SalesProcessSettings) -> ImportLimits:
    """Bounds of imports, from the settings."""
    return ImportLimits(
        file_max_bytes=settings.import_file_max_bytes,
        workbook_max_bytes=settings.import_workbook_max_bytes,
        batch_rows=settings.import_batch_rows,
    )
