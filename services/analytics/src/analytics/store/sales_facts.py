"""Facts of sales. Amounts are minor units of the row's currency, quantities thousandths, days those of the company."""

from __future__ import annotations

from analytics.store.facts import Column, FactTable
from analytics.store.state_facts import key, number, state_table, word

_DAY = "Date32"
_MOMENT = "DateTime64(6, 'UTC')"

_SOLD = (
    word("channel"),
    word("status"),
    key("customer_id"),
    key("account_id"),
    key("contact_id"),
    key("store_id"),
    key("owner_id"),
    key("team_id"),
    word("currency_code"),
    Column("ordered_on", _DAY),
)

ORDER_FACT = state_table(
    "order_fact",
    ("order_id",),
    *_SOLD,
    key("deal_id"),
    key("quote_id"),
    word("payment_status"),
    number("net_minor"),
    number("tax_minor"),
    number("gross_minor"),
    word("home_currency_code"),
    number("home_minor"),
    number("paid_minor"),
    number("refunded_minor"),
)
"""Orders. The customer is the company that buys, or the person where there is no company."""

ORDER_LINE_FACT = state_table(
    "order_line_fact",
    ("order_id", "line_id"),
    key("line_id"),
    *_SOLD,
    key("product_id"),
    key("product_variant_id"),
    number("quantity_milli"),
    number("list_minor"),
    number("rule_minor"),
    number("discount_minor"),
    number("coupon_minor"),
    number("document_discount_minor"),
    number("net_minor"),
    number("tax_minor"),
    number("gross_minor"),
    Column("cost_minor", "Nullable(Int64)"),
    number("returned_milli"),
    key("suggestion_id"),
)
"""Lines of placed orders with their waterfall; the state is that of the order when it last told of its lines, so what
was canceled since is known from order_fact alone."""

RETURN_FACT = state_table(
    "return_fact",
    ("return_id",),
    key("order_id"),
    key("customer_id"),
    word("status"),
    word("currency_code"),
    Column("returned_on", _DAY),
    number("amount_minor"),
)

PAYMENT_FACT = state_table(
    "payment_fact",
    ("payment_id",),
    key("order_id"),
    key("invoice_id"),
    word("method"),
    word("status"),
    word("currency_code"),
    number("amount_minor"),
    number("refunded_minor"),
)

DEAL_FACT = state_table(
    "deal_fact",
    ("deal_id", "version"),
    Column("begun_at", _MOMENT),
    key("account_id"),
    key("pipeline_id"),
    key("stage_id"),
    key("from_stage_id"),
    number("seconds_in_stage"),
    word("status"),
    word("currency_code"),
    number("amount_minor"),
    word("home_currency_code"),
    number("home_minor"),
    number("probability"),
    word("forecast_category"),
    Column("expected_on", _DAY),
    key("owner_id"),
    key("team_id"),
    word("source"),
    key("lead_id"),
    key("campaign_id"),
    word("lost_reason"),
    Column("closed_at", _MOMENT),
    number("deleted"),
)
"""Every version of every deal: its last is how it stands, those with `from_stage_id` are its moves, and the last of a
day is the deal's snapshot of that day. `closed_at` is 1970 while it is open."""

LEAD_FACT = state_table(
    "lead_fact",
    ("lead_id", "version"),
    word("status"),
    word("from_status"),
    word("source"),
    word("rating"),
    number("score"),
    key("owner_id"),
    key("team_id"),
    key("campaign_id"),
    key("deal_id"),
    word("disqualify_reason"),
    number("deleted"),
)
"""Every version of every lead."""

LOYALTY_FACT = state_table(
    "loyalty_fact",
    ("member_id", "version", "event"),
    word("event"),
    key("customer_id"),
    word("status"),
    key("tier_id"),
    key("order_id"),
    number("points"),
    number("owed_points"),
)
"""The ledger of points as it was told: earned, redeemed, expired and so on, with what was owed after it."""

STAGE_FACT = state_table(
    "stage_fact",
    ("stage_id",),
    key("pipeline_id"),
    Column("name", "String"),
    number("position"),
    word("category"),
    number("deleted"),
)
"""Stages of pipelines, which order the moves of deals."""

SUGGESTION_FACT = state_table(
    "suggestion_fact",
    ("document_id", "suggestion_id"),
    key("suggestion_id"),
    word("document_kind"),
    word("source"),
    key("owner_id"),
    key("team_id"),
    key("store_id"),
    Column("shown_on", _DAY),
    number("taken"),
)
"""Suggestions that were shown beside the lines of a document, each once, and whether a line was added for it."""

SALES_FACTS: tuple[FactTable, ...] = (
    ORDER_FACT,
    ORDER_LINE_FACT,
    RETURN_FACT,
    PAYMENT_FACT,
    DEAL_FACT,
    LEAD_FACT,
    LOYALTY_FACT,
    STAGE_FACT,
    SUGGESTION_FACT,
)
