"""What operations, their facts, and the states of approvals are called, and how facts are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from funia.identity.v1.approval_pb2 import Approval
from funia.type.v1.money_pb2 import Money, UnitPrice

from gateway.console import references
from gateway.console.formats import format_decimal_places, format_money, format_unit_price
from gateway.console.i18n import Lazy, gettext, lazy

OPERATIONS: Mapping[str, Lazy] = {
    "sales.quote.send": lazy("Send a quote"),
    "sales.deal.price": lazy("Price what a deal sells"),
    "sales.order.confirm": lazy("Place an order"),
    "sales.payment.refund": lazy("Give money back"),
    "sales.price.change": lazy("Change or delete a price"),
}
FACTS: Mapping[str, Lazy] = {
    "amount_minor": lazy("Amount"),
    "discount_basis_points": lazy("Discount"),
    "margin_basis_points": lazy("Margin"),
    "discount_beyond_policy": lazy("Discount above what the seller may give"),
    "margin_below_floor": lazy("Margin below the least that must be left"),
    "over_credit_minor": lazy("Beyond the credit limit"),
    "lowered_basis_points": lazy("Price lowered by"),
    "former_micros": lazy("Price so far"),
    "unit_micros": lazy("New price"),
    "deleted": lazy("Deleted"),
    "account_id": lazy("Company"),
    "team_id": lazy("Team"),
    "price_book_id": lazy("Price book"),
    "product_variant_id": lazy("Variant"),
    "channel": lazy("Channel"),
    "method": lazy("Paid by"),
    "currency_code": lazy("Currency"),
    "store_id": lazy("Store"),
    "order_id": lazy("Order"),
}
STATUSES: Mapping[str, Lazy] = {
    "waiting": lazy("Waits"),
    "approved": lazy("Approved, runs now"),
    "rejected": lazy("Rejected"),
    "recalled": lazy("Taken back"),
    "expired": lazy("Nobody decided in time"),
    "done": lazy("Approved and done"),
    "failed": lazy("Approved, but not done"),
}
VERDICTS: Mapping[str, Lazy] = {
    "approved": lazy("Approved"),
    "rejected": lazy("Rejected"),
    "delegated": lazy("Handed on"),
    "escalated": lazy("Went on by itself"),
    "recalled": lazy("Taken back"),
    "expired": lazy("Nobody decided in time"),
}
FAILURES: Mapping[str, Lazy] = {
    "RECORD_CHANGED": lazy("The record had changed since it was asked for. Look at it, and ask again."),
    "REQUESTER_GONE": lazy("Whoever asked does not work in the company any more."),
    "RIGHTS_CHANGED": lazy("The rights of whoever asked have changed since."),
    "MISSING_SCOPE": lazy("Whoever asked may not do this any more."),
    "GAVE_UP": lazy("It could not be run, however often it was tried. Ask again."),
}
_NAMED = {
    "account_id": "companies",
    "team_id": "teams",
    "price_book_id": "price-books",
    "product_variant_id": "variants",
}
_UNSAID = frozenset({"currency_code", "store_id", "order_id"})
"""Facts that are said by others, or that have no name a person would know."""
PLURALS: Mapping[str, str] = {
    "deal": "deals",
    "order": "orders",
    "quote": "quotes",
    "price_book": "price-books",
    "price_book_entry": "price-entries",
}
"""Pages of the records that approvals are about."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact in words."""

    label: str
    value: str


def operation_name(name: str) -> str:
    """The operation in words, its own name where there are none."""
    return str(OPERATIONS.get(name, name))


def fact_name(name: str) -> str:
    """A fact in words, its own name where there are none."""
    return str(FACTS.get(name, name))


def failure(reason: str) -> str:
    """Why it was not done."""
    return str(FAILURES[reason]) if reason in FAILURES else gettext("It was refused: %(reason)s", reason=reason)


def facts_of(approval: Approval) -> list[Fact]:
    """What an approval is judged by, in words; what does not hold is left out."""
    found = []
    for name in FACTS:
        value = approval.facts.get(name, "")
        if name in _UNSAID or value in ("", "false") or (value == "0" and name != "amount_minor"):
            continue
        said = _said(name, value, approval.facts.get("currency_code", ""))
        if said:
            found.append(Fact(fact_name(name), said))
    return found


def record_page_of(approval: Approval) -> tuple[str, str]:
    """The kind and the id of the record that the page should lead to; empty where there is none."""
    if approval.record_kind == "payment":
        return "orders", approval.facts.get("order_id", "")
    return PLURALS.get(approval.record_kind, ""), approval.record_id


def _said(name: str, value: str, currency: str) -> str:
    if name in _NAMED:
        return references.name_of(_NAMED[name], value)
    if value == "true":
        return gettext("Yes")
    if name.endswith("_basis_points"):
        return gettext("%(number)s %%", number=format_decimal_places(int(value), 2))
    if name.endswith("_micros"):
        if currency:
            return format_unit_price(UnitPrice(currency_code=currency, amount_micros=int(value)))
        return format_decimal_places(int(value), 6)
    if name.endswith("_minor"):
        return format_money(Money(currency_code=currency, amount_minor=int(value)))
    return value
