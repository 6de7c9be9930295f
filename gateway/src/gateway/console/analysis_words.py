"""The words of analysis: its pages, groups of customers, and steps of the price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.console.i18n import Lazy, lazy

PAGES: Mapping[str, Lazy] = {
    "overview": lazy("Overview"),
    "dashboards": lazy("Dashboards"),
    "customers": lazy("Groups of customers"),
    "movement": lazy("Movement between groups"),
    "retention": lazy("Who comes back"),
    "worth": lazy("Lifetime value"),
    "churn": lazy("Churn risk"),
    "clusters": lazy("Clusters"),
    "baskets": lazy("Bought together"),
    "funnel": lazy("Sales funnel"),
    "prices": lazy("Price waterfall"),
    "bridge": lazy("Price, volume, mix"),
    "leakage": lazy("Discount leakage"),
    "elasticity": lazy("Price and demand"),
    "forecast": lazy("Sales forecast"),
}
GROUPS: Sequence[tuple[Lazy, Sequence[str]]] = (
    (lazy("At a glance"), ("overview", "dashboards")),
    (lazy("Sales"), ("funnel", "forecast", "baskets")),
    (lazy("Prices"), ("prices", "bridge", "leakage", "elasticity")),
    (lazy("Customers"), ("customers", "movement", "retention", "worth", "churn", "clusters")),
)
"""Pages that belong together, each group under its name; a group opens with its first page."""
FORECAST_STEPS: Mapping[str, Lazy] = {"month": lazy("Month"), "week": lazy("Week")}
METHODS: Mapping[str, Lazy] = {
    "SEASONAL_NAIVE": lazy("as a cycle before"),
    "HOLT_WINTERS": lazy("Holt-Winters"),
    "CALENDAR_REGRESSION": lazy("calendar regression"),
}
WHOLE_COMPANY = lazy("These figures are about the whole company, for roles that see all records.")
SEGMENTS: Mapping[str, Lazy] = {
    "champions": lazy("Champions"),
    "loyal": lazy("Loyal"),
    "potential_loyalists": lazy("Could become loyal"),
    "new": lazy("New"),
    "promising": lazy("Promising"),
    "need_attention": lazy("Need attention"),
    "about_to_sleep": lazy("About to fall asleep"),
    "at_risk": lazy("At risk"),
    "cannot_lose": lazy("Not to be lost"),
    "hibernating": lazy("Asleep"),
    "lost": lazy("Lost customers"),
}
NO_GROUP = lazy("Had not bought yet")
DIRECTIONS: Mapping[str, Lazy] = {
    "improved": lazy("To a better group"),
    "worsened": lazy("To a worse group"),
    "stayed": lazy("Stayed in the group"),
    "came": lazy("Bought for the first time"),
}
STEPS: Mapping[str, Lazy] = {
    "list_sales": lazy("At list prices"),
    "rule_reduction": lazy("By price rules"),
    "line_discount": lazy("Discounts on lines"),
    "coupon_reduction": lazy("Coupons"),
    "document_discount": lazy("Discounts on orders"),
    "net_sales": lazy("Without tax"),
}
LEAKS: Mapping[str, Lazy] = {
    "seller": lazy("Seller"),
    "product": lazy("Product"),
    "customer": lazy("Customer"),
    "store": lazy("Store"),
    "channel": lazy("Channel"),
}
SPLITS: Mapping[str, Lazy] = {
    "seller": lazy("Seller"),
    "product": lazy("Product"),
    "customer": lazy("Customer"),
    "channel": lazy("Channel"),
    "month": lazy("Month"),
}
METRICS: Mapping[str, Lazy] = {
    "sales": lazy("Sales"),
    "orders": lazy("Orders"),
    "customers": lazy("Customers"),
    "average_order": lazy("Average order"),
    "net_sales": lazy("Sales without tax"),
    "list_sales": lazy("Sales at list prices"),
    "quantity": lazy("Units sold"),
    "tax": lazy("Tax"),
    "price_realisation": lazy("Left of the list price"),
    "discount_leakage": lazy("Taken off by people"),
    "leakage_share": lazy("Share taken off by people"),
    "rule_reduction": lazy("Taken off by price rules"),
    "line_discount": lazy("Discounts on lines"),
    "coupon_reduction": lazy("Taken off by coupons"),
    "document_discount": lazy("Discounts on orders"),
    "known_cost": lazy("Known cost"),
    "margin": lazy("Margin"),
    "suggestions_shown": lazy("Suggestions shown"),
    "suggestions_taken": lazy("Suggestions taken"),
    "suggestions_taken_rate": lazy("Share of suggestions taken"),
    "returned_sales": lazy("Came back of what was sold"),
    "returns": lazy("Returns"),
    "returned_amount": lazy("Given back for returns"),
    "won_deals": lazy("Deals won"),
    "lost_deals": lazy("Deals lost"),
    "win_rate": lazy("Win rate"),
    "won_amount": lazy("Won amount"),
    "sales_cycle": lazy("Days to win"),
}
"""Figures of the catalogue, in the order in which they are chosen from."""
_MONEY = (
    "sales", "average_order", "net_sales", "list_sales", "tax", "discount_leakage", "rule_reduction", "line_discount",
    "coupon_reduction", "document_discount", "known_cost", "margin", "returned_sales", "returned_amount", "won_amount",
)  # fmt: skip
METRIC_UNITS: Mapping[str, str] = {
    **dict.fromkeys(_MONEY, "money"),
    **dict.fromkeys(("price_realisation", "leakage_share", "win_rate", "suggestions_taken_rate"), "percent"),
    "quantity": "quantity",
}
"""Units of figures that are no plain numbers, for whoever writes down a value before any was counted."""
LESS_IS_BETTER = frozenset({"lost_deals", "returns", "returned_amount", "returned_sales", "discount_leakage",
                            "leakage_share", "sales_cycle", "known_cost"})  # fmt: skip
MOVING_PERIODS: Mapping[str, Lazy] = {
    "today": lazy("Today"),
    "yesterday": lazy("Yesterday"),
    "7_days": lazy("7 days"),
    "30_days": lazy("30 days"),
    "month": lazy("This month"),
    "last_month": lazy("Last month"),
    "quarter": lazy("This quarter"),
    "year": lazy("This year"),
    "last_year": lazy("Last year"),
    "12_months": lazy("12 months"),
}
DRAWINGS: Mapping[str, Lazy] = {
    "number": lazy("Number"),
    "line": lazy("Line"),
    "bars": lazy("Bars"),
    "table": lazy("Table"),
}
