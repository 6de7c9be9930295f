"""The kinds of records of sales, all behind the methods that their services have by the same names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from funia.sales.v1 import (
    catalogue_pb2,
    catalogue_pb2_grpc,
    deal_pb2,
    deal_pb2_grpc,
    pipeline_pb2,
    pipeline_pb2_grpc,
    pricing_pb2,
    pricing_pb2_grpc,
)
from google.protobuf.descriptor import FileDescriptor, MethodDescriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message_factory import GetMessageClass

from gateway.console import sales_fields as shown
from gateway.console.acts import Action
from gateway.console.backend import call, services, stubs
from gateway.console.fields import Column, Field
from gateway.console.i18n import Lazy, lazy
from gateway.console.kind import Child, Listed, ListQuery, Words
from gateway.console.references import items_of
from gateway.console.values import Record

SELLS = "sales.write"
SETS_UP = "sales.admin"


@dataclass(frozen=True, eq=False)
class SalesKind:
    """A kind of record of sales. `message` names its message and, with "Service" behind it, its service."""

    plural: str
    singular: str
    title: Lazy
    one: Lazy
    icon: str
    words: Words
    fields: tuple[Field, ...]
    columns: tuple[Column, ...]
    message: str
    file: FileDescriptor
    stub: Callable[[grpc.Channel], Any]
    writes: str = SETS_UP
    name_sort: str = "name"
    found_by: tuple[str, ...] = ("name",)
    """The text fields whose beginnings plain words are looked for in."""
    icon_add: str = "plus"
    reads: str = "sales.read"
    imports: bool = False
    page: str = "console/sales_record.html"
    children: tuple[Child, ...] = ()
    listed: tuple[Field, ...] = ()
    acts: tuple[Action, ...] = ()
    lines: bool = False

    @property
    def deletes(self) -> bool:
        """Whether they can be deleted at all; papers stay."""
        return any(one.name.startswith("Delete") for one in self._service.methods)

    @property
    def bins(self) -> bool:
        """Whether they go to a bin, or are gone when deleted."""
        return any(one.name.startswith("Undelete") for one in self._service.methods)

    def new(self) -> Record:
        return GetMessageClass(self.file.message_types_by_name[self.message])()

    def list(self, query: ListQuery) -> Listed:
        binned: dict[str, Any] = {"deleted": True} if query.deleted else {}
        answer = self._call(
            "List",
            page_size=query.page_size or services().page_size,
            page_token=query.page_token,
            filter=query.filter,
            order_by=query.order_by,
            **binned,
        )
        return Listed(items_of(answer), answer.next_page_token)

    def find(self, text: str, query: ListQuery) -> Listed:
        quoted = text[:200].replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*")
        found = " OR ".join(f'{field} : "{quoted}"' for field in self.found_by)
        return self.list(ListQuery(found, query.order_by, query.page_token, query.full, query.deleted, query.page_size))

    def get(self, record_id: str) -> Record:
        return self._call("Get", id=record_id)

    def batch_get(self, ids: Sequence[str]) -> Sequence[Record]:
        return items_of(self._call("BatchGet", ids=ids)) if ids else ()

    def create(self, record: Record, *, allow_duplicate: bool, company_id: str, key: str) -> Record:
        return self._call("Create", key=key, **{self._record_field("Create"): record})

    def update(self, record: Record, paths: Sequence[str], etag: str, *, reason: str, key: str) -> Record:
        given = {self._record_field("Update"): record, "update_mask": FieldMask(paths=paths), "etag": etag}
        return self._call("Update", key=key, **given)

    def delete(self, record_id: str, etag: str) -> None:
        self._call("Delete", id=record_id, etag=etag)

    def undelete(self, record_id: str) -> Record:
        return self._call("Undelete", id=record_id)

    @property
    def _service(self) -> Any:
        return self.file.services_by_name[f"{self.message}Service"]

    def _method(self, verb: str) -> MethodDescriptor:
        found: MethodDescriptor = next(
            one for one in self._service.methods if one.name.startswith(f"{verb}{self.message[:-1]}")
        )
        return found

    def _record_field(self, verb: str) -> str:
        return str(self._method(verb).input_type.fields[0].name)

    def _call(self, verb: str, *, key: str = "", **given: Any) -> Any:
        method = self._method(verb)
        request = GetMessageClass(method.input_type)(**given)
        return call(getattr(stubs().sales(self.stub), method.name), request, idempotency_key=key)


_CATALOGUE: Any = catalogue_pb2.DESCRIPTOR
_PRICING: Any = pricing_pb2.DESCRIPTOR
_PIPELINE: Any = pipeline_pb2.DESCRIPTOR
_DEAL: Any = deal_pb2.DESCRIPTOR
SALES_KINDS: tuple[SalesKind, ...] = (
    SalesKind(
        "deals",
        "deal",
        lazy("Deals"),
        lazy("Deal"),
        "briefcase",
        Words(
            intro=lazy("What your company is about to sell, and how far it has come."),
            add=lazy("Add a deal"),
            done=lazy("Add the deal"),
            nobody=lazy("No deal is here yet"),
            first=lazy("A deal is something that somebody may buy. It begins in the first stage of its pipeline."),
        ),
        shown.DEAL_FIELDS,
        shown.DEAL_COLUMNS,
        "Deal",
        _DEAL,
        deal_pb2_grpc.DealServiceStub,
        writes=SELLS,
        page="console/deal_page.html",
        listed=shown.DEAL_LISTED,
        children=(Child("quotes", "deal_id"), Child("orders", "deal_id"), Child("needs", "deal_id")),
        lines=True,
    ),
    SalesKind(
        "products",
        "product",
        lazy("Products"),
        lazy("Product"),
        "tag",
        Words(
            intro=lazy("What your company sells."),
            add=lazy("Add a product"),
            done=lazy("Add the product"),
            nobody=lazy("Nothing is sold here yet"),
            first=lazy("Add the first product, then its variants with their prices."),
        ),
        shown.PRODUCT_FIELDS,
        shown.PRODUCT_COLUMNS,
        "Product",
        _CATALOGUE,
        catalogue_pb2_grpc.ProductServiceStub,
        children=(Child("variants", "product_id"),),
    ),
    SalesKind(
        "variants",
        "product_variant",
        lazy("Variants"),
        lazy("Variant"),
        "tag",
        Words(
            intro=lazy("Every article with its number, barcode and price."),
            add=lazy("Add a variant"),
            done=lazy("Add the variant"),
            nobody=lazy("No article is here yet"),
            first=lazy("A variant is what is sold: a size, a colour, or the product itself."),
        ),
        shown.VARIANT_FIELDS,
        shown.VARIANT_COLUMNS,
        "ProductVariant",
        _CATALOGUE,
        catalogue_pb2_grpc.ProductVariantServiceStub,
        name_sort="sku",
        found_by=("sku", "name"),
    ),
    SalesKind(
        "categories",
        "product_category",
        lazy("Categories"),
        lazy("Category"),
        "columns",
        Words(
            intro=lazy("How the catalogue is arranged; rules and coupons can hold for a category."),
            add=lazy("Add a category"),
            done=lazy("Add the category"),
            nobody=lazy("No category is here yet"),
            first=lazy("Add the first one, such as “Accessories”."),
        ),
        shown.CATEGORY_FIELDS,
        shown.CATEGORY_COLUMNS,
        "ProductCategory",
        _CATALOGUE,
        catalogue_pb2_grpc.ProductCategoryServiceStub,
        children=(Child("products", "category_id"),),
    ),
    SalesKind(
        "price-books",
        "price_book",
        lazy("Price books"),
        lazy("Price book"),
        "file-text",
        Words(
            intro=lazy("Prices for a currency, a customer, a segment, a channel or a season."),
            add=lazy("Add a price book"),
            done=lazy("Add the price book"),
            nobody=lazy("No price book is here yet"),
            first=lazy("Without one the catalogue’s own prices hold. Add one where somebody pays another price."),
        ),
        shown.BOOK_FIELDS,
        shown.BOOK_COLUMNS,
        "PriceBook",
        _PRICING,
        pricing_pb2_grpc.PriceBookServiceStub,
        children=(Child("price-entries", "price_book_id"),),
    ),
    SalesKind(
        "price-entries",
        "price_book_entry",
        lazy("Prices"),
        lazy("Price"),
        "file-text",
        Words(
            intro=lazy("The price of an article in a price book, from a quantity on."),
            add=lazy("Add a price"),
            done=lazy("Add the price"),
            nobody=lazy("No price is here yet"),
            first=lazy("Add the price of an article; others keep the price of the catalogue."),
        ),
        shown.ENTRY_FIELDS,
        shown.ENTRY_COLUMNS,
        "PriceBookEntry",
        _PRICING,
        pricing_pb2_grpc.PriceBookEntryServiceStub,
        name_sort="",
    ),
    SalesKind(
        "price-rules",
        "price_rule",
        lazy("Price rules"),
        lazy("Price rule"),
        "adjustments",
        Words(
            intro=lazy("What comes off the list price by itself."),
            add=lazy("Add a rule"),
            done=lazy("Add the rule"),
            nobody=lazy("No rule is here yet"),
            first=lazy("Ten per cent off for a segment, three for two, a fixed price in a season."),
        ),
        shown.RULE_FIELDS,
        shown.RULE_COLUMNS,
        "PriceRule",
        _PRICING,
        pricing_pb2_grpc.PriceRuleServiceStub,
    ),
    SalesKind(
        "coupons",
        "coupon",
        lazy("Coupons"),
        lazy("Coupon"),
        "star",
        Words(
            intro=lazy("Codes that take something off what a customer buys."),
            add=lazy("Add a coupon"),
            done=lazy("Add the coupon"),
            nobody=lazy("No coupon is here yet"),
            first=lazy("Add a code that customers can use at the till, in a quote or in the web shop."),
        ),
        shown.COUPON_FIELDS,
        shown.COUPON_COLUMNS,
        "Coupon",
        _PRICING,
        pricing_pb2_grpc.CouponServiceStub,
        name_sort="",
        found_by=("code",),
    ),
    SalesKind(
        "discounts",
        "discount_policy",
        lazy("Discount policies"),
        lazy("Discount policy"),
        "lock",
        Words(
            intro=lazy("How much may be taken off by hand before somebody must agree."),
            add=lazy("Add a policy"),
            done=lazy("Add the policy"),
            nobody=lazy("No policy is here yet"),
            first=lazy("Without one everybody may give the discount they like."),
        ),
        shown.POLICY_FIELDS,
        shown.POLICY_COLUMNS,
        "DiscountPolicy",
        _PRICING,
        pricing_pb2_grpc.DiscountPolicyServiceStub,
    ),
    SalesKind(
        "taxes",
        "tax_rate",
        lazy("Taxes"),
        lazy("Tax"),
        "file-text",
        Words(
            intro=lazy("Tax rates by the code that products name."),
            add=lazy("Add a tax"),
            done=lazy("Add the tax"),
            nobody=lazy("No tax is here yet"),
            first=lazy("Add the rates of your country; products name them by their code."),
        ),
        shown.TAX_FIELDS,
        shown.TAX_COLUMNS,
        "TaxRate",
        _PRICING,
        pricing_pb2_grpc.TaxRateServiceStub,
        name_sort="",
        found_by=("code",),
    ),
    SalesKind(
        "currency-rates",
        "currency_rate",
        lazy("Currency rates"),
        lazy("Currency rate"),
        "world",
        Words(
            intro=lazy("What other currencies are worth, from a day on."),
            add=lazy("Add a rate"),
            done=lazy("Add the rate"),
            nobody=lazy("No rate is here yet"),
            first=lazy("Deals and prices in other currencies need one."),
        ),
        shown.CURRENCY_RATE_FIELDS,
        shown.CURRENCY_RATE_COLUMNS,
        "CurrencyRate",
        _PRICING,
        pricing_pb2_grpc.CurrencyRateServiceStub,
        name_sort="",
        found_by=("source_currency",),
    ),
    SalesKind(
        "pipelines",
        "pipeline",
        lazy("Pipelines"),
        lazy("Pipeline"),
        "arrow-right",
        Words(
            intro=lazy("The ways that deals go, stage by stage."),
            add=lazy("Add a pipeline"),
            done=lazy("Add the pipeline"),
            nobody=lazy("No pipeline is here yet"),
            first=lazy("Deals need one to go through."),
        ),
        shown.PIPELINE_FIELDS,
        shown.PIPELINE_COLUMNS,
        "Pipeline",
        _PIPELINE,
        pipeline_pb2_grpc.PipelineServiceStub,
        children=(Child("stages", "pipeline_id"),),
    ),
    SalesKind(
        "stages",
        "stage",
        lazy("Stages"),
        lazy("Stage"),
        "arrow-right",
        Words(
            intro=lazy("The steps of the pipelines, and what a deal must have to take them."),
            add=lazy("Add a stage"),
            done=lazy("Add the stage"),
            nobody=lazy("No stage is here yet"),
            first=lazy("Add the steps that a deal takes until it is won or lost."),
        ),
        shown.STAGE_FIELDS,
        shown.STAGE_COLUMNS,
        "Stage",
        _PIPELINE,
        pipeline_pb2_grpc.StageServiceStub,
        name_sort="position",
    ),
)
