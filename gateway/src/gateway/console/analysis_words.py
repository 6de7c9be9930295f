"""The words of analysis: its pages, groups of customers, and steps of the price."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.console.i18n import Lazy, lazy

PAGES: Mapping[str, Lazy] = {
    "overview": lazy("Overview"),
    "customers": lazy("Groups of customers"),
    "retention": lazy("Who comes back"),
    "worth": lazy("Lifetime value"),
    "churn": lazy("Churn risk"),
    "clusters": lazy("Clusters"),
    "baskets": lazy("Bought together"),
    "funnel": lazy("Sales funnel"),
    "prices": lazy("Price waterfall"),
}
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
STEPS: Mapping[str, Lazy] = {
    "list_sales": lazy("At list prices"),
    "rule_reduction": lazy("By price rules"),
    "line_discount": lazy("Discounts on lines"),
    "coupon_reduction": lazy("Coupons"),
    "document_discount": lazy("Discounts on orders"),
    "net_sales": lazy("Without tax"),
}
SPLITS: Mapping[str, Lazy] = {
    "seller": lazy("Seller"),
    "product": lazy("Product"),
    "customer": lazy("Customer"),
    "channel": lazy("Channel"),
    "month": lazy("Month"),
}
