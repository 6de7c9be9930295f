"""Every resource of the API. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated.accounts import AccountsApi
from funia_sdk.generated.activities import ActivitiesApi
from funia_sdk.generated.approval_operations import ApprovalOperationsApi
from funia_sdk.generated.approval_policies import ApprovalPoliciesApi
from funia_sdk.generated.approvals import ApprovalsApi
from funia_sdk.generated.audit_checkpoints import AuditCheckpointsApi
from funia_sdk.generated.audit_entries import AuditEntriesApi
from funia_sdk.generated.audit_log import AuditLogApi
from funia_sdk.generated.basket_rules import BasketRulesApi
from funia_sdk.generated.break_glasses import BreakGlassesApi
from funia_sdk.generated.bulk_jobs import BulkJobsApi
from funia_sdk.generated.business_calendars import BusinessCalendarsApi
from funia_sdk.generated.card_account import CardAccountApi
from funia_sdk.generated.company_exports import CompanyExportsApi
from funia_sdk.generated.consent_purposes import ConsentPurposesApi
from funia_sdk.generated.consents import ConsentsApi
from funia_sdk.generated.contacts import ContactsApi
from funia_sdk.generated.coupons import CouponsApi
from funia_sdk.generated.credit_limits import CreditLimitsApi
from funia_sdk.generated.currency_rates import CurrencyRatesApi
from funia_sdk.generated.custom_fields import CustomFieldsApi
from funia_sdk.generated.customer_insights import CustomerInsightsApi
from funia_sdk.generated.customer_reports import CustomerReportsApi
from funia_sdk.generated.customers import CustomersApi
from funia_sdk.generated.dashboards import DashboardsApi
from funia_sdk.generated.deals import DealsApi
from funia_sdk.generated.discount_leakage import DiscountLeakageApi
from funia_sdk.generated.discount_policies import DiscountPoliciesApi
from funia_sdk.generated.documents import DocumentsApi
from funia_sdk.generated.elasticity import ElasticityApi
from funia_sdk.generated.erasure_certificates import ErasureCertificatesApi
from funia_sdk.generated.events import EventsApi
from funia_sdk.generated.forecast import ForecastApi
from funia_sdk.generated.forecast_history import ForecastHistoryApi
from funia_sdk.generated.funnels import FunnelsApi
from funia_sdk.generated.gift_cards import GiftCardsApi
from funia_sdk.generated.goal_progress import GoalProgressApi
from funia_sdk.generated.goals import GoalsApi
from funia_sdk.generated.grants import GrantsApi
from funia_sdk.generated.imports import ImportsApi
from funia_sdk.generated.invitations import InvitationsApi
from funia_sdk.generated.invoices import InvoicesApi
from funia_sdk.generated.lead_rules import LeadRulesApi
from funia_sdk.generated.leads import LeadsApi
from funia_sdk.generated.loyalty_members import LoyaltyMembersApi
from funia_sdk.generated.loyalty_program import LoyaltyProgramApi
from funia_sdk.generated.loyalty_tiers import LoyaltyTiersApi
from funia_sdk.generated.mail_templates import MailTemplatesApi
from funia_sdk.generated.marketing import MarketingApi
from funia_sdk.generated.metrics import MetricsApi
from funia_sdk.generated.model_runs import ModelRunsApi
from funia_sdk.generated.model_scores import ModelScoresApi
from funia_sdk.generated.my_day import MyDayApi
from funia_sdk.generated.needs import NeedsApi
from funia_sdk.generated.oauth_clients import OauthClientsApi
from funia_sdk.generated.operator import OperatorApi
from funia_sdk.generated.orders import OrdersApi
from funia_sdk.generated.payments import PaymentsApi
from funia_sdk.generated.person_erasures import PersonErasuresApi
from funia_sdk.generated.pipelines import PipelinesApi
from funia_sdk.generated.plan import PlanApi
from funia_sdk.generated.pos_sessions import PosSessionsApi
from funia_sdk.generated.price_book_entries import PriceBookEntriesApi
from funia_sdk.generated.price_books import PriceBooksApi
from funia_sdk.generated.price_bridge import PriceBridgeApi
from funia_sdk.generated.price_rules import PriceRulesApi
from funia_sdk.generated.prices import PricesApi
from funia_sdk.generated.product_categories import ProductCategoriesApi
from funia_sdk.generated.product_variants import ProductVariantsApi
from funia_sdk.generated.products import ProductsApi
from funia_sdk.generated.queues import QueuesApi
from funia_sdk.generated.quotes import QuotesApi
from funia_sdk.generated.receivables_ageing import ReceivablesAgeingApi
from funia_sdk.generated.record_mails import RecordMailsApi
from funia_sdk.generated.records import RecordsApi
from funia_sdk.generated.registers import RegistersApi
from funia_sdk.generated.registration_tokens import RegistrationTokensApi
from funia_sdk.generated.report_schedules import ReportSchedulesApi
from funia_sdk.generated.reports import ReportsApi
from funia_sdk.generated.returns import ReturnsApi
from funia_sdk.generated.revenue_forecast import RevenueForecastApi
from funia_sdk.generated.roles import RolesApi
from funia_sdk.generated.sales import SalesApi
from funia_sdk.generated.sales_activities import SalesActivitiesApi
from funia_sdk.generated.sales_records import SalesRecordsApi
from funia_sdk.generated.sales_reports import SalesReportsApi
from funia_sdk.generated.sales_settings import SalesSettingsApi
from funia_sdk.generated.sandboxes import SandboxesApi
from funia_sdk.generated.scim_groups import ScimGroupsApi
from funia_sdk.generated.scim_tokens import ScimTokensApi
from funia_sdk.generated.sharing_rules import SharingRulesApi
from funia_sdk.generated.sign_up import SignUpApi
from funia_sdk.generated.sla_policies import SlaPoliciesApi
from funia_sdk.generated.sso_connection import SsoConnectionApi
from funia_sdk.generated.sso_domains import SsoDomainsApi
from funia_sdk.generated.stages import StagesApi
from funia_sdk.generated.stock import StockApi
from funia_sdk.generated.stores import StoresApi
from funia_sdk.generated.support import SupportApi
from funia_sdk.generated.suppressions import SuppressionsApi
from funia_sdk.generated.tax_rates import TaxRatesApi
from funia_sdk.generated.teams import TeamsApi
from funia_sdk.generated.tenant import TenantApi
from funia_sdk.generated.tickets import TicketsApi
from funia_sdk.generated.till_receipts import TillReceiptsApi
from funia_sdk.generated.timeline import TimelineApi
from funia_sdk.generated.usage import UsageApi
from funia_sdk.generated.users import UsersApi
from funia_sdk.generated.webhook_deliveries import WebhookDeliveriesApi
from funia_sdk.generated.webhook_endpoints import WebhookEndpointsApi
from funia_sdk.transport import Transport


class Resources:
    """The resources, by name."""

    def __init__(self, transport: Transport) -> None:
        self.accounts = AccountsApi(transport)
        self.activities = ActivitiesApi(transport)
        self.approval_operations = ApprovalOperationsApi(transport)
        self.approval_policies = ApprovalPoliciesApi(transport)
        self.approvals = ApprovalsApi(transport)
        self.audit_checkpoints = AuditCheckpointsApi(transport)
        self.audit_entries = AuditEntriesApi(transport)
        self.audit_log = AuditLogApi(transport)
        self.basket_rules = BasketRulesApi(transport)
        self.break_glasses = BreakGlassesApi(transport)
        self.bulk_jobs = BulkJobsApi(transport)
        self.business_calendars = BusinessCalendarsApi(transport)
        self.card_account = CardAccountApi(transport)
        self.company_exports = CompanyExportsApi(transport)
        self.consent_purposes = ConsentPurposesApi(transport)
        self.consents = ConsentsApi(transport)
        self.contacts = ContactsApi(transport)
        self.coupons = CouponsApi(transport)
        self.credit_limits = CreditLimitsApi(transport)
        self.currency_rates = CurrencyRatesApi(transport)
        self.custom_fields = CustomFieldsApi(transport)
        self.customer_insights = CustomerInsightsApi(transport)
        self.customer_reports = CustomerReportsApi(transport)
        self.customers = CustomersApi(transport)
        self.dashboards = DashboardsApi(transport)
        self.deals = DealsApi(transport)
        self.discount_leakage = DiscountLeakageApi(transport)
        self.discount_policies = DiscountPoliciesApi(transport)
        self.documents = DocumentsApi(transport)
        self.elasticity = ElasticityApi(transport)
        self.erasure_certificates = ErasureCertificatesApi(transport)
        self.events = EventsApi(transport)
        self.forecast = ForecastApi(transport)
        self.forecast_history = ForecastHistoryApi(transport)
        self.funnels = FunnelsApi(transport)
        self.gift_cards = GiftCardsApi(transport)
        self.goal_progress = GoalProgressApi(transport)
        self.goals = GoalsApi(transport)
        self.grants = GrantsApi(transport)
        self.imports = ImportsApi(transport)
        self.invitations = InvitationsApi(transport)
        self.invoices = InvoicesApi(transport)
        self.lead_rules = LeadRulesApi(transport)
        self.leads = LeadsApi(transport)
        self.loyalty_members = LoyaltyMembersApi(transport)
        self.loyalty_program = LoyaltyProgramApi(transport)
        self.loyalty_tiers = LoyaltyTiersApi(transport)
        self.mail_templates = MailTemplatesApi(transport)
        self.marketing = MarketingApi(transport)
        self.metrics = MetricsApi(transport)
        self.model_runs = ModelRunsApi(transport)
        self.model_scores = ModelScoresApi(transport)
        self.my_day = MyDayApi(transport)
        self.needs = NeedsApi(transport)
        self.oauth_clients = OauthClientsApi(transport)
        self.operator = OperatorApi(transport)
        self.orders = OrdersApi(transport)
        self.payments = PaymentsApi(transport)
        self.person_erasures = PersonErasuresApi(transport)
        self.pipelines = PipelinesApi(transport)
        self.plan = PlanApi(transport)
        self.pos_sessions = PosSessionsApi(transport)
        self.price_book_entries = PriceBookEntriesApi(transport)
        self.price_books = PriceBooksApi(transport)
        self.price_bridge = PriceBridgeApi(transport)
        self.price_rules = PriceRulesApi(transport)
        self.prices = PricesApi(transport)
        self.product_categories = ProductCategoriesApi(transport)
        self.product_variants = ProductVariantsApi(transport)
        self.products = ProductsApi(transport)
        self.queues = QueuesApi(transport)
        self.quotes = QuotesApi(transport)
        self.receivables_ageing = ReceivablesAgeingApi(transport)
        self.record_mails = RecordMailsApi(transport)
        self.records = RecordsApi(transport)
        self.registers = RegistersApi(transport)
        self.registration_tokens = RegistrationTokensApi(transport)
        self.report_schedules = ReportSchedulesApi(transport)
        self.reports = ReportsApi(transport)
        self.returns = ReturnsApi(transport)
        self.revenue_forecast = RevenueForecastApi(transport)
        self.roles = RolesApi(transport)
        self.sales = SalesApi(transport)
        self.sales_activities = SalesActivitiesApi(transport)
        self.sales_records = SalesRecordsApi(transport)
        self.sales_reports = SalesReportsApi(transport)
        self.sales_settings = SalesSettingsApi(transport)
        self.sandboxes = SandboxesApi(transport)
        self.scim_groups = ScimGroupsApi(transport)
        self.scim_tokens = ScimTokensApi(transport)
        self.sharing_rules = SharingRulesApi(transport)
        self.sign_up = SignUpApi(transport)
        self.sla_policies = SlaPoliciesApi(transport)
        self.sso_connection = SsoConnectionApi(transport)
        self.sso_domains = SsoDomainsApi(transport)
        self.stages = StagesApi(transport)
        self.stock = StockApi(transport)
        self.stores = StoresApi(transport)
        self.support = SupportApi(transport)
        self.suppressions = SuppressionsApi(transport)
        self.tax_rates = TaxRatesApi(transport)
        self.teams = TeamsApi(transport)
        self.tenant = TenantApi(transport)
        self.tickets = TicketsApi(transport)
        self.till_receipts = TillReceiptsApi(transport)
        self.timeline = TimelineApi(transport)
        self.usage = UsageApi(transport)
        self.users = UsersApi(transport)
        self.webhook_deliveries = WebhookDeliveriesApi(transport)
        self.webhook_endpoints = WebhookEndpointsApi(transport)
