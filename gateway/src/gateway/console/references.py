"""Names of the records that other records name, asked for once a request, and the short lists that one is chosen from.

Where the other service does not answer, or the person may not see the record, there is no name and the page stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from funia.contacts.v1.account_pb2 import Account, BatchGetAccountsRequest
from funia.contacts.v1.contact_pb2 import BatchGetContactsRequest, Contact
from funia.identity.v1.team_pb2 import ListTeamsRequest
from funia.sales.v1 import (
    catalogue_pb2,
    catalogue_pb2_grpc,
    deal_pb2,
    deal_pb2_grpc,
    document_pb2,
    document_pb2_grpc,
    gift_card_pb2,
    goal_pb2,
    invoice_pb2,
    lead_pb2,
    lead_pb2_grpc,
    loyalty_pb2,
    loyalty_pb2_grpc,
    need_pb2,
    order_pb2,
    order_pb2_grpc,
    pipeline_pb2,
    pipeline_pb2_grpc,
    pos_session_pb2,
    pricing_pb2,
    pricing_pb2_grpc,
    quote_pb2,
    quote_pb2_grpc,
    sales_activity_pb2,
    sales_activity_pb2_grpc,
    store_pb2,
    store_pb2_grpc,
)
from funia.support.v1 import (
    business_calendar_pb2,
    business_calendar_pb2_grpc,
    queue_pb2,
    queue_pb2_grpc,
    ticket_pb2,
    ticket_pb2_grpc,
)
from google.protobuf.message import Message

from gateway.console.backend import stubs, try_call
from gateway.console.formats import (
    country_name,
    format_date,
    format_moment,
    format_money,
    format_number,
    format_unit_price,
)
from gateway.console.i18n import gettext
from gateway.console.planning_fields import ACTIVITY_KINDS, METRICS, PERIODS

FEW_MAX = 200
"""How many records a short list is made of at most."""
BATCH_MAX = 200
"""How many records are named at once."""


@dataclass(frozen=True, slots=True)
class Named:
    """A kind whose records are named one by one: the method that gives several, and its request."""

    method: Callable[[], Any]
    request: Callable[..., Message]


@dataclass(frozen=True, slots=True)
class Few:
    """A kind of which a company has few: the method that lists them, and the field that others name them by."""

    method: Callable[[], Any]
    request: Callable[[], Message]
    key: str = "id"


_NAMED: dict[str, Named] = {
    "tickets": Named(
        lambda: stubs().support(ticket_pb2_grpc.TicketServiceStub).BatchGetTickets, ticket_pb2.BatchGetTicketsRequest
    ),
    "people": Named(lambda: stubs().contacts.BatchGetContacts, BatchGetContactsRequest),
    "companies": Named(lambda: stubs().accounts.BatchGetAccounts, BatchGetAccountsRequest),
    "deals": Named(lambda: stubs().sales(deal_pb2_grpc.DealServiceStub).BatchGetDeals, deal_pb2.BatchGetDealsRequest),
    "leads": Named(lambda: stubs().sales(lead_pb2_grpc.LeadServiceStub).BatchGetLeads, lead_pb2.BatchGetLeadsRequest),
    "orders": Named(
        lambda: stubs().sales(order_pb2_grpc.OrderServiceStub).BatchGetOrders, order_pb2.BatchGetOrdersRequest
    ),
    "quotes": Named(
        lambda: stubs().sales(quote_pb2_grpc.QuoteServiceStub).BatchGetQuotes, quote_pb2.BatchGetQuotesRequest
    ),
    "activities": Named(
        lambda: stubs().sales(sales_activity_pb2_grpc.SalesActivityServiceStub).BatchGetSalesActivities,
        sales_activity_pb2.BatchGetSalesActivitiesRequest,
    ),
    "products": Named(
        lambda: stubs().sales(catalogue_pb2_grpc.ProductServiceStub).BatchGetProducts,
        catalogue_pb2.BatchGetProductsRequest,
    ),
    "variants": Named(
        lambda: stubs().sales(catalogue_pb2_grpc.ProductVariantServiceStub).BatchGetProductVariants,
        catalogue_pb2.BatchGetProductVariantsRequest,
    ),
    "members": Named(
        lambda: stubs().sales(loyalty_pb2_grpc.LoyaltyMemberServiceStub).BatchGetLoyaltyMembers,
        loyalty_pb2.BatchGetLoyaltyMembersRequest,
    ),
}
_FEW: dict[str, Few] = {
    "business-calendars": Few(
        lambda: stubs().support(business_calendar_pb2_grpc.BusinessCalendarServiceStub).ListBusinessCalendars,
        lambda: business_calendar_pb2.ListBusinessCalendarsRequest(page_size=FEW_MAX, order_by="name"),
    ),
    "queues": Few(
        lambda: stubs().support(queue_pb2_grpc.QueueServiceStub).ListQueues,
        lambda: queue_pb2.ListQueuesRequest(page_size=FEW_MAX, order_by="position"),
    ),
    "teams": Few(lambda: stubs().teams.ListTeams, ListTeamsRequest),
    "pipelines": Few(
        lambda: stubs().sales(pipeline_pb2_grpc.PipelineServiceStub).ListPipelines,
        lambda: pipeline_pb2.ListPipelinesRequest(page_size=FEW_MAX, order_by="position"),
    ),
    "stages": Few(
        lambda: stubs().sales(pipeline_pb2_grpc.StageServiceStub).ListStages,
        lambda: pipeline_pb2.ListStagesRequest(page_size=FEW_MAX),
    ),
    "categories": Few(
        lambda: stubs().sales(catalogue_pb2_grpc.ProductCategoryServiceStub).ListProductCategories,
        lambda: catalogue_pb2.ListProductCategoriesRequest(page_size=FEW_MAX, order_by="name"),
    ),
    "price-books": Few(
        lambda: stubs().sales(pricing_pb2_grpc.PriceBookServiceStub).ListPriceBooks,
        lambda: pricing_pb2.ListPriceBooksRequest(page_size=FEW_MAX, order_by="name"),
    ),
    "stores": Few(
        lambda: stubs().sales(store_pb2_grpc.StoreServiceStub).ListStores,
        lambda: store_pb2.ListStoresRequest(page_size=FEW_MAX, order_by="name"),
    ),
    "registers": Few(
        lambda: stubs().sales(store_pb2_grpc.RegisterServiceStub).ListRegisters,
        lambda: store_pb2.ListRegistersRequest(page_size=FEW_MAX, order_by="name"),
    ),
    "taxes": Few(
        lambda: stubs().sales(pricing_pb2_grpc.TaxRateServiceStub).ListTaxRates,
        lambda: pricing_pb2.ListTaxRatesRequest(page_size=FEW_MAX),
        "code",
    ),
    "documents": Few(
        lambda: stubs().sales(document_pb2_grpc.DocumentServiceStub).ListDocuments,
        lambda: document_pb2.ListDocumentsRequest(page_size=FEW_MAX, order_by="name", filter="archived = false"),
    ),
    "tiers": Few(
        lambda: stubs().sales(loyalty_pb2_grpc.LoyaltyTierServiceStub).ListLoyaltyTiers,
        lambda: loyalty_pb2.ListLoyaltyTiersRequest(page_size=FEW_MAX),
    ),
}


class Listed(Mapping[str, str]):
    """The records of a short list as choices, read when they are shown."""

    def __init__(self, plural: str) -> None:
        self._plural = plural

    def __getitem__(self, record_id: str) -> str:
        return dict(options(self._plural))[record_id]

    def __iter__(self) -> Iterator[str]:
        return (record_id for record_id, _ in options(self._plural))

    def __len__(self) -> int:
        return len(options(self._plural))


def options(plural: str) -> list[tuple[str, str]]:
    """The records of a short list: what names them, and what they are called."""
    known: dict[str, list[tuple[str, str]]] = g.setdefault("console_options", {})
    if plural not in known:
        few = _FEW[plural]
        answer = try_call(few.method(), few.request())
        known[plural] = [] if answer is None else [(getattr(one, few.key), called(one)) for one in items_of(answer)]
    return known[plural]


def few(plural: str) -> bool:
    """Whether a kind is chosen from a short list."""
    return plural in _FEW


def name_of(plural: str, record_id: str) -> str:
    """What the record is called; empty where that cannot be told."""
    if not record_id:
        return ""
    if plural in _FEW:
        return dict(options(plural)).get(record_id, "")
    prefetch(plural, [record_id])
    return _names()[plural].get(record_id, "")


def prefetch(plural: str, ids: Iterable[str]) -> None:
    """Asks for the names of these records at once, those that are not known yet."""
    if plural in _FEW:
        return
    known = _names().setdefault(plural, {})
    wanted = [one for one in dict.fromkeys(ids) if one and one not in known]
    if not wanted:
        return
    known.update(dict.fromkeys(wanted, ""))
    named = _NAMED[plural]
    for at in range(0, len(wanted), BATCH_MAX):
        answer = try_call(named.method(), named.request(ids=wanted[at : at + BATCH_MAX]))
        if answer is not None:
            known.update({one.id: called(one) for one in items_of(answer)})


def called(record: Any) -> str:
    """What a record is called."""
    match record:
        case catalogue_pb2.ProductVariant():
            return " · ".join(part for part in (record.sku, record.name) if part)
        case lead_pb2.Lead():
            person = " ".join(part for part in (record.given_name, record.family_name) if part)
            return person or record.company_name or record.email or gettext("No name")
        case need_pb2.Need():
            return str(record.statement)
        case ticket_pb2.Ticket():
            return " · ".join(part for part in (f"#{record.number}", record.subject) if part)
        case quote_pb2.Quote() | order_pb2.Order() | invoice_pb2.Invoice():
            title = record.title if isinstance(record, quote_pb2.Quote) else ""
            return " · ".join(part for part in (record.number or gettext("Draft"), title) if part)
        case loyalty_pb2.LoyaltyMember():
            return record.name or name_of("people", record.contact_id) or record.phone or record.card_number
        case gift_card_pb2.GiftCard():
            return f"···· {record.last_digits}"
        case pricing_pb2.Coupon():
            return str(record.code)
        case pos_session_pb2.PosSession():
            return " · ".join(
                part for part in (name_of("registers", record.register_id), format_moment(record.opened_at)) if part
            )
        case goal_pb2.Goal():
            return str(METRICS.get(record.metric, record.metric))
        case pricing_pb2.PriceBookEntry():
            return name_of("variants", record.product_variant_id) or gettext("No name")
        case pricing_pb2.CurrencyRate():
            return f"{record.source_currency} → {record.target_currency}"
    return _by_its_fields(record)


def _by_its_fields(record: Any) -> str:
    for name in ("display_name", "name", "title", "number", "code"):
        if name in record.DESCRIPTOR.fields_by_name and (text := getattr(record, name)):
            return str(text)
    return gettext("No name")


def subtitle(record: Any) -> str:
    """The one line that tells this record from others of its name."""
    return ", ".join(part for part in _parts(record) if part)


def _parts(record: Any) -> Sequence[str]:
    match record:
        case Account():
            return record.industry, country_name(record.country_code)
        case Contact():
            company = next((link.account_name for link in record.accounts if link.primary), "")
            return record.job_title, company or next((link.account_name for link in record.accounts), "")
        case lead_pb2.Lead():
            return record.job_title, record.company_name
        case sales_activity_pb2.SalesActivity() | goal_pb2.Goal():
            return _planned(record)
        case need_pb2.Need() | ticket_pb2.Ticket():
            person = name_of("people", record.contact_id) if isinstance(record, ticket_pb2.Ticket) else ""
            return person, name_of("companies", record.account_id)
        case quote_pb2.Quote() | order_pb2.Order() | invoice_pb2.Invoice():
            return format_money(record.gross_amount, exact=True), name_of("companies", record.account_id)
        case deal_pb2.Deal():
            return format_money(record.amount, exact=True), name_of("companies", record.account_id)
        case catalogue_pb2.ProductVariant():
            return name_of("products", record.product_id), format_unit_price(record.price)
        case catalogue_pb2.Product():
            return (name_of("categories", record.category_id),)
        case pricing_pb2.PriceBook() | pricing_pb2.PriceRule():
            return (record.currency_code,)
        case pricing_pb2.CurrencyRate():
            return (format_date(record.valid_from),)
        case pricing_pb2.Coupon():
            used = gettext("used %(count)s times", count=format_number(record.uses)) if record.uses else ""
            return record.name, used
    return ()


def _planned(record: Any) -> Sequence[str]:
    if isinstance(record, goal_pb2.Goal):
        return str(PERIODS.get(record.period, "")), format_date(record.starts_on)
    return str(ACTIVITY_KINDS.get(record.kind, "")), format_moment(record.due_at)


def _names() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = g.setdefault("console_names", {})
    return names


def items_of(answer: Any) -> Sequence[Any]:
    """The records of an answer that lists some."""
    field = next(one for one in answer.DESCRIPTOR.fields if one.is_repeated and one.message_type is not None)
    found: Sequence[Any] = getattr(answer, field.name)
    return found
