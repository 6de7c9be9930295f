"""Every figure that people see: one definition, in one place, with what it is counted from and what is behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CANCELED = "('canceled')"
UNSOLD = "('draft', 'pending_approval', 'canceled')"


@dataclass(frozen=True, slots=True)
class Source:
    """A fact as figures read it. `rows` is its FROM with every condition but period, sight and filters.

    `dimensions` are what its figures can be split by, with their columns; `times` are split by day, week and so on.
    """

    fact: str
    rows: str
    where: str
    day: str
    currency: str
    record: str
    record_id: str
    dimensions: Mapping[str, str]
    owned: bool = True
    """Its rows have an owner and a team; otherwise their orders have."""
    kind: str = ""
    """Column with the kind of each record, where they are of several."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure: its unit, its formula over the source's columns, and what it says in English."""

    name: str
    definition: str
    unit: str
    formula: str
    source: Source
    hidden_with: str = ""
    """Field of deals without which it is not shown."""


TIMES: Mapping[str, str] = {
    "day": "toString({day})",
    "week": "toString(toMonday({day}))",
    "month": "formatDateTime({day}, '%Y-%m')",
    "quarter": "concat(toString(toYear({day})), '-Q', toString(toQuarter({day})))",
}

_PARTIES = {"seller": "owner_id", "customer": "customer_id", "store": "store_id", "channel": "channel"}

ORDERS = Source(
    "order_fact",
    "order_fact",
    f"status NOT IN {UNSOLD} AND gross_minor > 0",
    "ordered_on",
    "home_currency_code",
    "order",
    "order_id",
    {**_PARTIES, "status": "status"},
)
LINES = Source(
    "order_line_fact",
    "order_line_fact",
    f"order_id NOT IN (SELECT order_id FROM order_fact WHERE status IN {CANCELED})",
    "ordered_on",
    "currency_code",
    "order",
    "order_id",
    {**_PARTIES, "product": "product_id", "variant": "product_variant_id"},
)
RETURNS = Source(
    "return_fact",
    "return_fact",
    "status IN ('inspected', 'refunded', 'exchanged')",
    "returned_on",
    "currency_code",
    "return",
    "return_id",
    {"customer": "customer_id"},
    owned=False,
)
CLOSED_DEALS = Source(
    "deal_fact",
    "(SELECT *, toDate32(closed_at) AS closed_on FROM deal_fact ORDER BY version DESC LIMIT 1 BY deal_id)",
    "status IN ('won', 'lost') AND deleted = 0",
    "closed_on",
    "home_currency_code",
    "deal",
    "deal_id",
    {"seller": "owner_id", "customer": "account_id", "pipeline": "pipeline_id", "source": "source",
     "lost_reason": "lost_reason"},
)  # fmt: skip
SHOWN = Source(
    "suggestion_fact",
    "suggestion_fact",
    "1",
    "shown_on",
    "''",
    "document",
    "document_id",
    {"seller": "owner_id", "store": "store_id", "source": "source", "document": "document_kind"},
    kind="document_kind",
)

_SUGGESTED = "suggestion_id != toUUID('00000000-0000-0000-0000-000000000000')"
_LEAKED = "discount_minor + coupon_minor + document_discount_minor"

METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "orders", "Orders that were placed, not canceled, and had something to pay.", "number", "count()", ORDERS
        ),
        Metric(
            "customers",
            "Customers with such an order.",
            "number",
            "uniqExactIf(customer_id, customer_id != toUUID('00000000-0000-0000-0000-000000000000'))",
            ORDERS,
        ),
        Metric(
            "sales",
            "What placed orders are worth without tax, in the company's currency, before returns.",
            "money",
            "sum(home_minor)",
            ORDERS,
        ),
        Metric(
            "average_order",
            "Sales divided by orders.",
            "money",
            "if(count() = 0, NULL, toInt64(round(sum(home_minor) / count())))",
            ORDERS,
        ),
        Metric("list_sales", "What was sold at its list price.", "money", "sum(list_minor)", LINES),
        Metric("rule_reduction", "What price rules took off.", "money", "sum(rule_minor)", LINES),
        Metric("line_discount", "What discounts on lines took off.", "money", "sum(discount_minor)", LINES),
        Metric("coupon_reduction", "What coupons took off.", "money", "sum(coupon_minor)", LINES),
        Metric(
            "document_discount",
            "What discounts on whole orders took off.",
            "money",
            "sum(document_discount_minor)",
            LINES,
        ),
        Metric(
            "net_sales", "What was sold, without tax, in the currency of the order.", "money", "sum(net_minor)", LINES
        ),
        Metric("tax", "Tax on what was sold.", "money", "sum(tax_minor)", LINES),
        Metric("quantity", "Units sold.", "quantity", "sum(quantity_milli)", LINES),
        Metric(
            "price_realisation",
            "Net of list: what is left of the list price after everything that was taken off.",
            "percent",
            "if(sum(list_minor) = 0, NULL,"
            " toInt64(round(10000 * (sum(list_minor) - sum(rule_minor) - sum(" + _LEAKED + ")) / sum(list_minor))))",
            LINES,
        ),
        Metric(
            "discount_leakage",
            "What people took off: discounts on lines and orders, and coupons; price rules aside.",
            "money",
            f"sum({_LEAKED})",
            LINES,
        ),
        Metric(
            "leakage_share",
            "Discount leakage of what was sold after price rules.",
            "percent",
            "if(sum(list_minor - rule_minor) = 0, NULL,"
            f" toInt64(round(10000 * sum({_LEAKED}) / sum(list_minor - rule_minor))))",
            LINES,
        ),
        Metric(
            "suggested_lines",
            "Lines that were added because they were suggested.",
            "number",
            f"countIf({_SUGGESTED})",
            LINES,
        ),
        Metric(
            "suggested_orders",
            "Orders with such a line.",
            "number",
            f"uniqExactIf(order_id, {_SUGGESTED})",
            LINES,
        ),
        Metric(
            "suggested_rate",
            "Orders with a suggested line of all orders with lines.",
            "percent",
            f"if(count() = 0, NULL, toInt64(round(10000 * uniqExactIf(order_id, {_SUGGESTED}) / uniqExact(order_id))))",
            LINES,
        ),
        Metric(
            "suggested_sales",
            "What such lines are worth without tax, in the currency of the order.",
            "money",
            f"sumIf(net_minor, {_SUGGESTED})",
            LINES,
        ),
        Metric(
            "suggested_share",
            "Suggested sales of net sales.",
            "percent",
            f"if(sum(net_minor) = 0, NULL, toInt64(round(10000 * sumIf(net_minor, {_SUGGESTED}) / sum(net_minor))))",
            LINES,
        ),
        Metric(
            "suggestions_shown",
            "Suggestions shown beside the lines of a deal, a quote, an order or a sale at the till, each once for it.",
            "number",
            "count()",
            SHOWN,
        ),
        Metric(
            "suggestions_taken", "Of these those for which a line was added.", "number", "countIf(taken = 1)", SHOWN
        ),
        Metric(
            "suggestions_taken_rate",
            "Suggestions taken of those shown.",
            "percent",
            "if(count() = 0, NULL, toInt64(round(10000 * countIf(taken = 1) / count())))",
            SHOWN,
        ),
        Metric("known_cost", "Cost of what was sold, where it is known.", "money", "ifNull(sum(cost_minor), 0)", LINES),
        Metric(
            "margin",
            "Net less cost, for what has a known cost.",
            "money",
            "sumIf(net_minor - ifNull(cost_minor, 0), isNotNull(cost_minor))",
            LINES,
        ),
        Metric(
            "returned_sales",
            "Net of what came back of the lines sold in the period.",
            "money",
            "sum(toInt64(if(quantity_milli = 0, 0, round(net_minor * returned_milli / quantity_milli))))",
            LINES,
        ),
        Metric("returns", "Returns that were taken back.", "number", "count()", RETURNS),
        Metric("returned_amount", "What was given for them, with tax.", "money", "sum(amount_minor)", RETURNS),
        Metric("won_deals", "Deals won.", "number", "countIf(status = 'won')", CLOSED_DEALS),
        Metric("lost_deals", "Deals lost.", "number", "countIf(status = 'lost')", CLOSED_DEALS),
        Metric(
            "win_rate",
            "Deals won of those won or lost.",
            "percent",
            "if(count() = 0, NULL, toInt64(round(10000 * countIf(status = 'won') / count())))",
            CLOSED_DEALS,
        ),
        Metric(
            "won_amount",
            "What won deals are worth, in the company's currency.",
            "money",
            "sumIf(home_minor, status = 'won')",
            CLOSED_DEALS,
            hidden_with="amount",
        ),
        Metric(
            "sales_cycle",
            "Days from the beginning of a won deal to its end, on average.",
            "days",
            "if(countIf(status = 'won') = 0, NULL,"
            " toInt64(round(avgIf(dateDiff('second', begun_at, closed_at), status = 'won') / 86400)))",
            CLOSED_DEALS,
        ),
    )
}
