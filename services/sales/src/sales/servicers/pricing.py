"""What prices are made of, at the edge: taxes, currency rates, price books, their entries, rules and coupons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from chassis import approvals
from chassis.approvals import About
from chassis.envelope import Event
from chassis.errors import Conflict, invalid_field
from chassis.records import Order, RecordServicer, Resource
from chassis.work import Row, Work
from funia.sales.v1 import pricing_pb2 as pb
from funia.sales.v1.events_pb2 import PricingChanged

from sales.model.pricing import Coupon, CurrencyRate, DiscountPolicy, PriceBook, PriceBookEntry, PriceRule, TaxRate
from sales.operations import CHANGE_PRICE
from sales.queries import pricing as queries
from sales.usecases.prices import price_document
from sales.wire import priced_message, read_document

Values = dict[str, Any]
_SERVICES = pb.DESCRIPTOR.services_by_name
_FRAME: Values = {"custom": {}, "external_ids": {}}


class _PricingServicer(RecordServicer):
    """What all of them have in common: every change makes prices to be read anew."""

    def recorded(self, work: Work, verb: str, row: Row, changed: tuple[str, ...]) -> Iterable[Event]:
        queries.touch(work)
        return super().recorded(work, verb, row, changed)

    def payload(self, row: Row) -> PricingChanged:
        return PricingChanged(
            record_id=str(row.id),
            currency_code=getattr(row, "currency_code", ""),
            ended=getattr(row, "deleted_at", None) is not None or not getattr(row, "active", True),
        )


class TaxRateServicer(_PricingServicer):
    """Tax rates."""

    service = _SERVICES["TaxRateService"]
    resource = Resource("sales", "tax_rate", TaxRate, pb.TaxRate, lowered={"code": "code"}, label="tax rate")
    defaults = _FRAME

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        if queries.tax_rate_of(work, after["code"]) not in (None, before and before.id):
            raise Conflict(f'There is a tax rate "{after["code"]}" already. Change that one.', reason="TAX_CODE_TAKEN")

    def deletable(self, work: Work, row: Row) -> None:
        if queries.tax_code_used(work, row.code):
            raise Conflict("Products use this tax rate. Give them another first.", reason="TAX_CODE_USED")


class CurrencyRateServicer(_PricingServicer):
    """Dated currency rates."""

    service = _SERVICES["CurrencyRateService"]
    resource = Resource(
        "sales",
        "currency_rate",
        CurrencyRate,
        pb.CurrencyRate,
        order=Order("valid_from", descending=True),
        label="currency rate",
    )

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        if after["source_currency"] == after["target_currency"]:
            raise invalid_field("currency_rate.target_currency", "name another currency than the source's")
        if queries.rate_on(work, after["source_currency"], after["target_currency"], after["valid_from"]) is not None:
            raise Conflict("There is a rate of that day already. Delete it first.", reason="RATE_EXISTS")


class PriceBookServicer(_PricingServicer):
    """Price books."""

    service = _SERVICES["PriceBookService"]
    resource = Resource(
        "sales", "price_book", PriceBook, pb.PriceBook, lowered={"name": "name_key"}, label="price book"
    )
    defaults = _FRAME

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        after["name_key"] = after["name"].lower()
        _active_unless_said(after)
        check_days("price_book", after)
        if before is not None and before.active and not after["active"]:
            self._ended(work, before)

    def deletable(self, work: Work, row: Row) -> None:
        if row.active:
            self._ended(work, row)

    def _ended(self, work: Work, row: Row) -> None:
        """All prices of a book go at once; what holds instead depends on each buyer."""
        if queries.has_prices(work, row.id):
            facts = {
                "lowered_basis_points": 10_000,
                "former_micros": None,
                "unit_micros": None,
                "price_book_id": row.id,
                "product_variant_id": None,
                "deleted": True,
            }
            approvals.given(work, CHANGE_PRICE, facts, About("price_book", row.id, row.version))


class PriceBookEntryServicer(_PricingServicer):
    """Prices in books."""

    service = _SERVICES["PriceBookEntryService"]
    resource = Resource("sales", "price_book_entry", PriceBookEntry, pb.PriceBookEntry, label="price")

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        check_days("price_book_entry", after)
        former = before
        if before is None:
            queries.check_entry(work, after)
            former = queries.same_entry(work, after)
        about = About("price_book_entry") if before is None else About("price_book_entry", before.id, before.version)
        if before is None or "unit_micros" in changed:
            approvals.given(work, CHANGE_PRICE, _change_of(former, after), about)

    def deletable(self, work: Work, row: Row) -> None:
        approvals.given(work, CHANGE_PRICE, _end_of(row), About("price_book_entry", row.id, row.version))

    def recorded(self, work: Work, verb: str, row: Row, changed: tuple[str, ...]) -> Iterable[Event]:
        queries.touch(work)
        payload = PricingChanged(
            record_id=str(row.id),
            price_book_id=str(row.price_book_id),
            product_variant_id=str(row.product_variant_id),
            unit_micros=row.unit_micros,
            ended=verb == "deleted",
        )
        return (Event("sales.price.changed", row.id, row.version, payload, changed),)


def _change_of(former: Row | None, after: Values) -> Values:
    """A price beside the former one, as approval policies judge it."""
    before, now = None if former is None else former.unit_micros, after["unit_micros"]
    return {
        "lowered_basis_points": (before - now) * 10_000 // before if before and now < before else 0,
        "former_micros": before,
        "unit_micros": now,
        "price_book_id": after["price_book_id"],
        "product_variant_id": after["product_variant_id"],
        "deleted": False,
    }


def _end_of(former: Row) -> Values:
    """A price that goes. What holds instead depends on the buyer, so it counts as lowered by all of it."""
    return {
        "lowered_basis_points": 10_000,
        "former_micros": former.unit_micros,
        "unit_micros": None,
        "price_book_id": former.price_book_id,
        "product_variant_id": former.product_variant_id,
        "deleted": True,
    }


class PriceRuleServicer(_PricingServicer):
    """Price rules."""

    service = _SERVICES["PriceRuleService"]
    resource = Resource(
        "sales", "price_rule", PriceRule, pb.PriceRule, lowered={"name": "name_key"}, label="price rule"
    )
    defaults = _FRAME

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        after["name_key"] = after["name"].lower()
        _active_unless_said(after)
        check_days("price_rule", after)
        effect = after["effect"]
        if effect == "percent_off" and not 0 < after["value"] <= 10_000:
            raise invalid_field("price_rule.value", "give basis points from 1 to 10000 (100 %)")
        if effect in ("amount_off", "fixed_price") and not after["currency_code"]:
            raise invalid_field("price_rule.currency_code", "an amount needs its currency", reason="REQUIRED")
        if effect == "buy_get" and not (after["buy_quantity"] and after["get_quantity"]):
            raise invalid_field("price_rule.get_quantity", "say how many are paid and how many are free")


class DiscountPolicyServicer(_PricingServicer):
    """Discount policies."""

    service = _SERVICES["DiscountPolicyService"]
    resource = Resource(
        "sales",
        "discount_policy",
        DiscountPolicy,
        pb.DiscountPolicy,
        lowered={"name": "name_key"},
        label="discount policy",
    )
    defaults = _FRAME

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        after["name_key"] = after["name"].lower()
        _active_unless_said(after)


class CouponServicer(_PricingServicer):
    """Coupons, and the one price function."""

    service = _SERVICES["CouponService"]
    resource = Resource("sales", "coupon", Coupon, pb.Coupon, lowered={"code": "code_key"})
    defaults: ClassVar[Values] = {**_FRAME, "uses": 0}

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        after["code_key"] = after["code"].lower()
        _active_unless_said(after)
        check_days("coupon", after)
        if bool(after["discount_basis_points"]) == bool(after["discount_amount_minor"]):
            raise invalid_field("coupon.discount_basis_points", "give a share or an amount, one of them")
        if queries.coupon_of(work, after["code_key"]) not in (None, before and before.id):
            raise Conflict(f"There is a coupon {after['code']} already. Choose another code.", reason="CODE_TAKEN")

    def PriceLines(self, work: Work, request: pb.PriceLinesRequest) -> pb.PricedDocument:
        return priced_message(price_document(work, read_document(work, request)))


def _active_unless_said(after: Values) -> None:
    after["active"] = after["active"] is not False


def check_days(noun: str, after: Values) -> None:
    """Raises InvalidArgument where something ends before it begins."""
    first, last = after["valid_from"], after["valid_to"]
    if first is not None and last is not None and last < first:
        raise invalid_field(f"{noun}.valid_to", "the last day is not before the first", reason="DAYS_TURNED")
