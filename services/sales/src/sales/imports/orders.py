"""Orders of another system, line by line: they go in as they were, with the prices that were paid, and finished.

They take nothing from the stock and get no number of the company's own; quantities below zero are goods that came back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from chassis.ids import uuid7
from chassis.importing.countries import country_code
from chassis.importing.rows import Problem, RawRow
from chassis.work import Row, Work

from sales import events
from sales.errors import InvalidPricing
from sales.imports import comebacks, products
from sales.imports.batch import NEW, Outcome, Owner, Terms
from sales.imports.cells import micros, milli
from sales.imports.worth import Worth
from sales.model.billing import Payment
from sales.model.order import Order, OrderLine
from sales.pricing.amounts import MICROS, MILLI, digits, rounded
from sales.queries import import_undo, imports
from sales.queries.imports import BulkRows
from sales.queries.orders import ORDER_LINES
from sales.records import ORDERS
from sales.usecases.lines import NOTHING_SOLD

_ORDERS, _LINES, _PAYMENTS = BulkRows(Order), BulkRows(OrderLine), BulkRows(Payment)
_TEXT_MAX_CHARS = 200
_CANCEL_MARK = "C"
SAME_LINE: Mapping[str, Any] = {
    "description": "",
    "unit_micros": None,
    "discount_basis_points": 0,
    "discount_minor": 0,
    "price_book_id": None,
    "tax_included": True,
    "rules": [],
    "rule_minor": 0,
    "discounted_minor": 0,
    "coupon_minor": 0,
    "document_discount_minor": 0,
    "tax_rate_basis_points": 0,
    "tax_minor": 0,
    "cost_minor": None,
    "breaches": [],
    "suggestion_id": None,
    "invoiced_milli": 0,
    "returned_milli": 0,
}
"""What lines of a file never have. Their prices are taken as paid, with whatever tax was in them."""
_SAME = {name: value for name, value in SAME_LINE.items() if name not in ("discount_minor", "discounted_minor")}
"""But of an order a file may say what a line cost before somebody gave a discount."""


@dataclass(slots=True)
class Line:
    """A row that makes sense."""

    raw: RawRow
    number: str
    sku: str
    name: str
    quantity: int
    micros: int
    list_micros: int
    day: date
    at: datetime
    customer: str
    owner: str


@dataclass(slots=True)
class Group:
    """The rows of one order, or of one comeback."""

    number: str
    lines: list[Line] = field(default_factory=list)

    @property
    def first(self) -> Line:
        return self.lines[0]


class OrderRows:
    """Checks rows of orders, and writes them a batch at a time."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._minor = 10 ** digits(terms.reading.currency)
        self._known: dict[str, Row] = {}
        places = terms.places
        self._places = [places.get(name, -1) for name in ("number", "sku", "product_name", "quantity", "unit_price")]
        self._list_price = places.get("list_price", -1)
        self._seller = places.get("owner", -1)
        self._when, self._who = places.get("ordered_at", -1), places.get("customer", -1)

    def group_of(self, raw: RawRow) -> str:
        """What rows of one order have in common."""
        return self._terms.cell(raw, "number")

    def write(self, work: Work, rows: Sequence[RawRow], outcome: Outcome) -> None:
        """Checks these rows, whole orders of them, and writes what makes sense."""
        sold, back = self._grouped(rows, outcome)
        groups = [*sold.values(), *back.values()]
        system = self._terms.system
        here = imports.known(work, "order", system, list(sold)) | imports.known(work, "return", system, list(back))
        taken = imports.taken_numbers(work, [one.number for one in groups if one.number not in here])
        fresh = []
        for group in groups:
            known = here.get(group.number)
            if group.number in taken:
                self._leave_out(group, outcome)
            elif known is None or known.import_id == self._terms.import_id:
                fresh.append(group)
                outcome.created += len(group.lines)
            else:
                outcome.skipped += len(group.lines)
        if self._terms.dry_run:
            self._meet(fresh, outcome)
            return
        articles = self._articles(work, fresh, outcome)
        buyers = self._buyers(work, fresh)
        self._write_orders(work, [one for one in fresh if one.number in sold], articles, buyers, here, outcome)
        gone = [one for one in fresh if one.number in back and one.number not in here]
        comebacks.write(work, self._terms, gone, articles, buyers, outcome)

    def _leave_out(self, group: Group, outcome: Outcome) -> None:
        """Rows under a number that an order or a return of ours has, which this system did not bring."""
        for line in group.lines:
            outcome.skip(line.raw)
        outcome.note(group.first.raw, "NUMBER_TAKEN", "Left out: there is an order or a return of this number already.")

    def _grouped(self, rows: Sequence[RawRow], outcome: Outcome) -> tuple[dict[str, Group], dict[str, Group]]:
        sold: dict[str, Group] = {}
        back: dict[str, Group] = {}
        seen: dict[tuple[str, ...], int] = {}
        for raw in rows:
            line = self._checked(raw)
            if isinstance(line, Problem):
                outcome.fail(raw, line)
                continue
            known = seen.setdefault(tuple(raw.values), raw.number)
            if known != raw.number:
                outcome.note(raw, "EXACT_DUPLICATE", f"Went in, though row {known} is exactly the same.")
            if line.quantity > 0 and not line.micros:
                outcome.note(raw, "ZERO_PRICE", "Went in as given away: its price is zero.")
            into = sold if line.quantity > 0 else back
            into.setdefault(line.number, Group(line.number)).lines.append(line)
        return sold, back

    def _checked(self, raw: RawRow) -> Line | Problem:
        if (broken := self._terms.broken(raw)) is not None:
            return broken
        values = raw.values
        number, sku, name, given_quantity, given_price = (
            values[place].strip() if place >= 0 else "" for place in self._places
        )
        sku = sku or name
        if not number or len(number) > _TEXT_MAX_CHARS:
            return self._problem("number", "REQUIRED", "An order needs a number of at most 200 characters.")
        if not sku or len(sku) > products.SKU_MAX_CHARS:
            return self._problem("sku", "REQUIRED", "Say which product it was, in at most 100 characters.")
        quantity, price = milli(given_quantity), micros(given_price)
        if not quantity:
            return self._problem("quantity", "INVALID_QUANTITY", f'"{given_quantity[:40]}" is no quantity.')
        if price is None:
            return self._problem("unit_price", "INVALID_AMOUNT", f'"{given_price[:40]}" is no price.')
        if price < 0:
            return self._problem("unit_price", "ADJUSTMENT", "Left out: a price below zero corrects a debt, no sale.")
        if quantity < 0 and not price and not number.upper().startswith(_CANCEL_MARK):
            return self._problem(
                "quantity", "ADJUSTMENT", "Left out: it corrects the stock and sells nothing. Adjust the stock instead."
            )
        given_list = values[self._list_price].strip() if self._list_price >= 0 else ""
        list_price = micros(given_list) if given_list else price
        if list_price is None or list_price < price:
            return self._problem(
                "list_price",
                "INVALID_AMOUNT",
                f'"{given_list[:40]}" is no price before a discount: it is at least the price of one.',
            )
        moment = self._terms.reading.moment(values[self._when])
        if isinstance(moment, Problem):
            return Problem(moment.reason, moment.message, self._terms.headings["ordered_at"])
        customer = values[self._who].strip()[:_TEXT_MAX_CHARS] if self._who >= 0 else ""
        called = (name or sku)[: products.NAME_MAX_CHARS]
        owner = values[self._seller].strip()[:_TEXT_MAX_CHARS] if self._seller >= 0 else ""
        return Line(raw, number, sku, called, quantity, price, list_price, *moment, customer, owner)

    def _problem(self, name: str, reason: str, message: str) -> Problem:
        return Problem(reason, message, self._terms.headings.get(name, ""))

    def _meet(self, groups: Iterable[Group], outcome: Outcome) -> None:
        for group in groups:
            first = group.first
            outcome.made["orders" if first.quantity > 0 else "returns"] += 1
            if first.owner:
                outcome.meet("owner", first.owner)
            if first.customer:
                raw = first.raw
                name = self._terms.cell(raw, "customer_name")[:_TEXT_MAX_CHARS]
                country = country_code(self._terms.cell(raw, "country_code")) or ""
                outcome.meet("customer", first.customer, {"name": name, "country": country})

    def _articles(self, work: Work, groups: Sequence[Group], outcome: Outcome) -> dict[str, Row]:
        """The variants of these rows by lower-cased code; those that are not there are made."""
        named: dict[str, products.Wanted] = {}
        for group in groups:
            for line in group.lines:
                key = line.sku.lower()
                if key not in named or (named[key].name == named[key].sku and line.name != line.sku):
                    named[key] = products.Wanted(line.sku, line.name, row=line.raw.number)
        known = self._known
        known |= products.by_sku(work, named.keys() - known.keys())
        missing = {key: one for key, one in named.items() if key not in known}
        if missing:
            products.make(work, missing, outcome, self._terms.import_id)
            outcome.made["products"] += len(missing)
            known |= products.by_sku(work, missing)
        return known

    def _buyers(self, work: Work, groups: Sequence[Group]) -> dict[str, UUID]:
        terms = self._terms
        codes = {one.first.customer for one in groups if one.first.customer}
        found = {code: known for code in codes if (known := terms.chosen_id("customer", code)) is not None}
        new = [code for code in codes - found.keys() if terms.choices.get(("customer", code)) == NEW]
        return found | {code: row.record_id for code, row in imports.known(work, "account", terms.system, new).items()}

    def _write_orders(
        self,
        work: Work,
        groups: Sequence[Group],
        articles: Mapping[str, Row],
        buyers: Mapping[str, UUID],
        here: Mapping[str, Row],
        outcome: Outcome,
    ) -> None:
        heads: list[dict[str, Any]] = []
        lines: list[dict[str, Any]] = []
        payments: list[dict[str, Any]] = []
        worth = Worth(work, self._terms.reading.currency)
        same = self._same(work)
        told = []
        for group in groups:
            first = group.first
            if group.number in here:
                self._extend(work, here[group.number].record_id, group, articles)
                continue
            order_id = uuid7()
            own = [self._line(order_id, at, line, articles) for at, line in enumerate(group.lines)]
            total = sum(one["gross_minor"] for one in own)
            off = sum(one["discounted_minor"] for one in own)
            try:
                home = worth.at(total, first.day)
            except InvalidPricing as error:
                outcome.created -= len(group.lines)
                for line in group.lines:
                    outcome.fail(line.raw, Problem(error.reason, error.message))
                continue
            owner = self._terms.owner(first.owner) if first.owner else Owner(None, self._terms.team_id)
            heads.append(
                {
                    "id": order_id,
                    "owner_id": owner.id,
                    "team_id": owner.team_id,
                    "note": owner.called,
                    "number": group.number,
                    "account_id": buyers.get(first.customer),
                    "home_amount_currency": worth.home,
                    "home_amount_minor": home,
                    "paid_amount_minor": total,
                    "list_amount_minor": total + off,
                    "discount_amount_minor": off,
                    "net_amount_minor": total,
                    "gross_amount_minor": total,
                    "ordered_on": first.day,
                    "placed_at": first.at,
                    "closed_at": first.at,
                    "external_ids": {self._terms.system: group.number},
                }
            )
            outcome.wrote("order", order_id, first.raw.number, external_id=group.number)
            lines += own
            if total:
                payments.append({"id": uuid7(), "order_id": order_id, "amount_minor": total, "captured_at": first.at})
            row = SimpleNamespace(**same, **heads[-1])
            told.append(events.order_event("imported", row, [SimpleNamespace(**_SAME, **one) for one in own]))
        _ORDERS.add(work, heads, **same)
        _LINES.add(work, lines, **_SAME)
        _PAYMENTS.add(work, payments, **_same_payment(same, self._terms))
        imports.keep(
            work, "order", self._terms.system, self._terms.import_id, {one["number"]: one["id"] for one in heads}
        )
        # What comes back of them in the same rows makes further versions of them.
        outcome.keep_changes(work, self._terms)
        work.record_all(told)
        outcome.made["orders"] += len(heads)

    def _line(self, order_id: UUID, position: int, line: Line, articles: Mapping[str, Row]) -> dict[str, Any]:
        article = articles[line.sku.lower()]
        amount = rounded(line.quantity * line.micros * self._minor, MILLI * MICROS)
        before = rounded(line.quantity * line.list_micros * self._minor, MILLI * MICROS)
        return {
            "order_id": order_id,
            "id": uuid7(),
            "position": position,
            "product_variant_id": article.id,
            "product_id": article.product_id,
            "name": line.name,
            "sku": article.sku,
            "unit": article.unit,
            "quantity_milli": line.quantity,
            "list_unit_micros": line.list_micros,
            "list_minor": before,
            "discount_minor": before - amount,
            "discounted_minor": before - amount,
            "net_minor": amount,
            "gross_minor": amount,
            "fulfilled_milli": line.quantity,
        }

    def _same(self, work: Work) -> dict[str, Any]:
        return {
            "version": 1,
            "created_at": work.now,
            "created_by": work.caller.actor_id,
            "updated_at": work.now,
            "updated_by": work.caller.actor_id,
            "deleted_at": None,
            "custom": {},
            "channel": self._terms.channel,
            "status": "completed",
            "payment_status": "paid",
            "contact_id": None,
            "deal_id": None,
            "quote_id": None,
            "store_id": None,
            "reference": "",
            "refunded_amount_minor": 0,
            "cancel_reason": "",
            "currency_code": self._terms.reading.currency,
            "coupon_codes": [],
            "document_discount_basis_points": 0,
            "document_discount_minor": 0,
            **{name: NOTHING_SOLD[name] for name in ("rule_amount_minor", "tax_amount_minor")},
            **{name: NOTHING_SOLD[name] for name in ("taxes", "coupons", "breaches")},
        }

    def _extend(self, work: Work, order_id: UUID, group: Group, articles: Mapping[str, Row]) -> None:
        """Adds lines of an order that stand apart from its others in the file."""
        order = ORDERS.get(work, order_id, lock=True)
        assert order is not None, "this import made it"
        there = len(ORDER_LINES.of(work, [order_id])[order_id])
        own = [self._line(order_id, there + at, line, articles) for at, line in enumerate(group.lines)]
        more = sum(one["gross_minor"] for one in own)
        _LINES.add(work, own, **_SAME)
        total = order.gross_amount_minor + more
        home = Worth(work, order.currency_code).at(total, order.ordered_on)
        off = order.discount_amount_minor + sum(one["discounted_minor"] for one in own)
        names = ("net_amount_minor", "gross_amount_minor", "paid_amount_minor")
        priced = {"list_amount_minor": total + off, "discount_amount_minor": off, "home_amount_minor": home}
        written = ORDERS.update(work, order_id, {**dict.fromkeys(names, total), **priced})
        import_undo.follow(work, [order_id])
        if more:
            paid = {"id": uuid7(), "order_id": order_id, "amount_minor": more, "captured_at": group.first.at}
            _PAYMENTS.add(work, [paid], **_same_payment(self._same(work), self._terms))
        work.record(events.order_event("imported", written, ORDER_LINES.of(work, [order_id])[order_id]))


def _same_payment(same: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    return {
        **{name: same[name] for name in ("version", "created_at", "created_by", "updated_at", "updated_by")},
        "invoice_id": None,
        "method": "other",
        "status": "captured",
        "currency_code": terms.reading.currency,
        "refunding_minor": 0,
        "refunded_amount_minor": 0,
        "reference": terms.system,
        "provider": "",
        "provider_reference": "",
        "failure": "",
    }
