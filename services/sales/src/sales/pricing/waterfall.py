"""The one price function: from list price to what is paid, step by step, to the cent.

Order of the steps, each rounded to the minor unit (halves away from zero) before the next begins:

1. *list*: unit list price x quantity;
2. *rule*: price rules, by line (`rules.py`);
3. *discount*: the line's own discount, then coupons, then the document's discount, the last two spread over the lines
   they hold for by the largest remainder;
4. *tax*: once per tax rate over the whole document, then spread over its lines, so that lines and totals agree. Where
   prices include tax it is taken out of the amount, elsewhere put on top;
5. *net* is what is left without tax, *gross* what is paid.

Gift cards are money paid ahead: neither rules nor discounts, coupons nor tax touch them, and the price given by hand is
what is put on the card.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sales.errors import InvalidPricing
from sales.pricing.amounts import extended, share, spread, tax_within
from sales.pricing.books import Books, ListPrice, PriceBook, Rates
from sales.pricing.conditions import Article, Buyer
from sales.pricing.discounts import NO_DISCOUNT, NO_LIMIT, Breach, Coupon, Discount, DiscountPolicy, breaches
from sales.pricing.rules import Applied, PriceRule, Rules


@dataclass(frozen=True, slots=True)
class LineAsked:
    """One line.

    With a `unit_micros` given by hand no rule applies, and what it is below the list price is a discount.
    """

    article: Article
    quantity_milli: int
    unit_micros: int | None = None
    discount: Discount = NO_DISCOUNT


@dataclass(frozen=True, slots=True)
class PriceTables:
    """What a company sells by. `tax_rates` gives basis points by tax code; `tax_included` is how the catalogue's own
    prices are meant, and prices given by hand where no book has the article."""

    books: Sequence[PriceBook] = ()
    rules: Sequence[PriceRule] = ()
    rates: Rates = field(default_factory=Rates)
    tax_rates: Mapping[str, int] = field(default_factory=dict)
    tax_included: bool = False
    policy: DiscountPolicy = NO_LIMIT


@dataclass(frozen=True, slots=True)
class PricedLine:
    """The waterfall of a line: `list - rule - discount - coupon - document discount = net (+ tax = gross)`.

    All amounts in minor units, those before `net` as the prices are meant: with tax where `tax_included`.
    """

    variant_id: UUID
    quantity_milli: int
    unit_micros: int
    book_id: UUID | None
    tax_included: bool
    list_amount: int
    rules: Sequence[Applied]
    rule_amount: int
    discount_amount: int
    coupon_amount: int
    document_discount_amount: int
    tax_rate_bps: int
    net_amount: int
    tax_amount: int
    gross_amount: int
    cost_amount: int | None
    breaches: Sequence[Breach]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of the lines, in minor units."""

    list_amount: int
    rule_amount: int
    discount_amount: int
    net_amount: int
    tax_amount: int
    gross_amount: int
    taxes: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Priced:
    """A priced document. `breaches` are reasons for which somebody must agree."""

    currency: str
    lines: Sequence[PricedLine]
    coupons: Sequence[Applied]
    totals: Totals
    breaches: Sequence[Breach]


@dataclass(slots=True)
class _Draft:
    """A line under way."""

    asked: LineAsked
    price: ListPrice
    list_amount: int
    rules: Sequence[Applied]
    left: int
    discount: int
    rate_bps: int
    coupon: int = 0
    document: int = 0
    tax: int = 0


def price(
    lines: Sequence[LineAsked],
    buyer: Buyer,
    tables: PriceTables,
    *,
    coupons: Sequence[Coupon] = (),
    discount: Discount = NO_DISCOUNT,
) -> Priced:
    """Prices a document. Raises InvalidPricing naming the line and the field."""
    books = Books(tables.books, tables.rates, buyer, tax_included=tables.tax_included)
    rules = Rules(tables.rules, buyer)
    drafts = []
    for index, line in enumerate(lines):
        try:
            drafts.append(_draft(line, books, rules, buyer.currency, tables))
        except InvalidPricing as error:
            raise error.at(index) from error
    _one_meaning(drafts)
    given = [_redeem(coupon, drafts, buyer) for coupon in coupons]
    _off_the_document(drafts, discount)
    _tax(drafts)
    priced = [_line(draft, books, tables.policy) for draft in drafts]
    found = dict.fromkeys(breach for line in priced for breach in line.breaches)
    return Priced(buyer.currency, priced, given, _totals(priced), list(found))


def _draft(line: LineAsked, books: Books, rules: Rules, currency: str, tables: PriceTables) -> _Draft:
    if line.quantity_milli <= 0:
        raise InvalidPricing("A quantity is above zero.", reason="QUANTITY_NOT_POSITIVE", field="quantity_milli")
    article = line.article
    if article.gift_card:
        return _card(line, books, currency)
    rate = tables.tax_rates.get(article.tax_code)
    if rate is None:
        raise InvalidPricing(
            f'There is no tax rate "{article.tax_code}". Add it in Settings > Taxes.',
            reason="TAX_CODE_UNKNOWN",
            field="tax_code",
        )
    found = _list_price(line, books, tables)
    amount = extended(found.unit_micros, line.quantity_milli, currency)
    if line.unit_micros is None:
        applied = rules.savings(article, line.quantity_milli, amount)
        by_hand = 0
    else:
        applied = []
        by_hand = amount - extended(line.unit_micros, line.quantity_milli, currency)
    left = amount - sum(one.amount for one in applied) - by_hand
    taken = line.discount.of(left)
    return _Draft(line, found, amount, applied, left - taken, by_hand + taken, rate)


def _card(line: LineAsked, books: Books, currency: str) -> _Draft:
    if line.discount != NO_DISCOUNT:
        raise InvalidPricing(
            "A gift card costs what is put on it. Take its discount off.", reason="GIFT_CARD_DISCOUNT", field="discount"
        )
    if line.unit_micros is None:
        found = replace(books.price(line.article, line.quantity_milli), tax_included=True)
    else:
        found = ListPrice(line.unit_micros, None, True)
    amount = extended(found.unit_micros, line.quantity_milli, currency)
    return _Draft(line, found, amount, [], amount, 0, 0)


def _list_price(line: LineAsked, books: Books, tables: PriceTables) -> ListPrice:
    """The list price; a price given by hand stands in for one that is missing, or that it is above."""
    try:
        found = books.price(line.article, line.quantity_milli)
    except InvalidPricing:
        if line.unit_micros is None:
            raise
        return ListPrice(line.unit_micros, None, tables.tax_included)
    if line.unit_micros is not None and line.unit_micros > found.unit_micros:
        return ListPrice(line.unit_micros, None, found.tax_included)
    return found


def _one_meaning(drafts: Sequence[_Draft]) -> None:
    """A document's prices all include tax, or none does: a mixed one could not be totalled honestly."""
    if len({draft.price.tax_included for draft in drafts if not draft.asked.article.gift_card}) > 1:
        raise InvalidPricing(
            "Some of these prices include tax and some do not. Use price books of one kind.",
            reason="TAX_MEANING_MIXED",
            field="lines",
        )


def _redeem(coupon: Coupon, drafts: Sequence[_Draft], buyer: Buyer) -> Applied:
    coupon.check(buyer)
    eligible = [draft for draft in _goods(drafts) if coupon.goods.holds(draft.asked.article)]
    amount = sum(draft.left for draft in eligible)
    if not eligible or amount < coupon.min_amount:
        raise coupon.refused("needs more, or other, goods than these", "COUPON_NOT_REACHED")
    taken = coupon.discount.of(amount)
    for draft, part in zip(eligible, spread(taken, [draft.left for draft in eligible]), strict=True):
        draft.coupon += part
        draft.left -= part
    return Applied(coupon.id, taken)


def _off_the_document(drafts: Sequence[_Draft], discount: Discount) -> None:
    drafts = _goods(drafts)
    amount = sum(draft.left for draft in drafts)
    taken = discount.of(amount)
    if not taken:
        return
    for draft, part in zip(drafts, spread(taken, [draft.left for draft in drafts]), strict=True):
        draft.document = part
        draft.left -= part


def _goods(drafts: Sequence[_Draft]) -> list[_Draft]:
    return [draft for draft in drafts if not draft.asked.article.gift_card]


def _tax(drafts: Sequence[_Draft]) -> None:
    by_rate: dict[int, list[_Draft]] = {}
    for draft in drafts:
        by_rate.setdefault(draft.rate_bps, []).append(draft)
    for rate, group in by_rate.items():
        amount = sum(draft.left for draft in group)
        tax = tax_within(amount, rate) if group[0].price.tax_included else share(amount, rate)
        for draft, part in zip(group, spread(tax, [draft.left for draft in group]), strict=True):
            draft.tax = part


def _line(draft: _Draft, books: Books, policy: DiscountPolicy) -> PricedLine:
    asked, article = draft.asked, draft.asked.article
    included = draft.price.tax_included
    net = draft.left - draft.tax if included else draft.left
    cost = None
    if article.cost_micros is not None:
        unit = books.in_currency(article.cost_micros, article.cost_currency)
        cost = extended(unit, asked.quantity_milli, books.currency)
    given = draft.discount + draft.document
    return PricedLine(
        variant_id=article.variant_id,
        quantity_milli=asked.quantity_milli,
        unit_micros=draft.price.unit_micros,
        book_id=draft.price.book_id,
        tax_included=included,
        list_amount=draft.list_amount,
        rules=draft.rules,
        rule_amount=sum(one.amount for one in draft.rules),
        discount_amount=draft.discount,
        coupon_amount=draft.coupon,
        document_discount_amount=draft.document,
        tax_rate_bps=draft.rate_bps,
        net_amount=net,
        tax_amount=draft.tax,
        gross_amount=net + draft.tax,
        cost_amount=cost,
        breaches=breaches(policy, before=draft.left + draft.coupon + given, given=given, net=net, cost=cost),
    )


def _totals(lines: Sequence[PricedLine]) -> Totals:
    taxes: dict[int, int] = {}
    for line in lines:
        taxes[line.tax_rate_bps] = taxes.get(line.tax_rate_bps, 0) + line.tax_amount
    return Totals(
        list_amount=sum(line.list_amount for line in lines),
        rule_amount=sum(line.rule_amount for line in lines),
        discount_amount=sum(
            line.discount_amount + line.coupon_amount + line.document_discount_amount for line in lines
        ),
        net_amount=sum(line.net_amount for line in lines),
        tax_amount=sum(line.tax_amount for line in lines),
        gross_amount=sum(line.gross_amount for line in lines),
        taxes=taxes,
    )
