"""Pages that belong together under one entry of the navigation, as tabs above each of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from gateway.console.backend import allowed
from gateway.console.i18n import Lazy, lazy


@dataclass(frozen=True, slots=True)
class Tab:
    """A page: `key` is its kind's plural, or a name of its own."""

    key: str
    label: Lazy
    endpoint: str = "console.record_list"
    scope: str = "sales.read"
    shown: bool = True

    @property
    def href(self) -> str:
        return (
            url_for(self.endpoint, plural=self.key)
            if self.endpoint == "console.record_list"
            else url_for(self.endpoint)
        )


SECTIONS: dict[str, tuple[Tab, ...]] = {
    "deals": (
        Tab("board", lazy("Board"), "console.deal_board"),
        Tab("deals", lazy("List")),
        Tab("forecast", lazy("Forecast"), "console.deal_forecast"),
    ),
    "my-day": (
        Tab("my-day", lazy("My day"), "console.my_day"),
        Tab("activities", lazy("Activities")),
        Tab("mail-templates", lazy("Mail templates")),
        Tab("documents", lazy("Documents")),
        Tab("goal-progress", lazy("How far we are"), "console.goal_progress"),
        Tab("goals", lazy("Goals"), scope="sales.admin"),
    ),
    "leads": (
        Tab("leads", lazy("Leads")),
        Tab("needs", lazy("Needs")),
        Tab("lead-rules", lazy("Who gets leads"), scope="sales.admin"),
    ),
    "orders": (
        Tab("orders", lazy("Orders")),
        Tab("quotes", lazy("Quotes")),
        Tab("invoices", lazy("Invoices")),
    ),
    "stores": (
        Tab("stores", lazy("Stores")),
        Tab("registers", lazy("Registers")),
        Tab("pos-sessions", lazy("Sessions")),
        Tab("receipts", lazy("Receipts"), "console.receipt_find"),
    ),
    "catalogue": (
        Tab("products", lazy("Products")),
        Tab("variants", lazy("Variants")),
        Tab("categories", lazy("Categories")),
        Tab("stock", lazy("Stock"), "console.stock_levels"),
    ),
    "prices": (
        Tab("price-books", lazy("Price books")),
        Tab("price-entries", lazy("Prices"), shown=False),
        Tab("price-rules", lazy("Price rules")),
        Tab("coupons", lazy("Coupons")),
        Tab("discounts", lazy("Discount policies")),
    ),
    "loyalty": (
        Tab("members", lazy("Members")),
        Tab("gift-cards", lazy("Gift cards")),
        Tab("tiers", lazy("Tiers")),
        Tab("liability", lazy("What is owed"), "console.loyalty_liability"),
        Tab("programme", lazy("Programme"), "console.loyalty_settings", "sales.admin"),
    ),
    "tickets": (
        Tab("tickets", lazy("Tickets"), scope="support.read"),
        Tab("queues", lazy("Queues"), scope="support.admin"),
        Tab("sla-policies", lazy("Promises"), scope="support.admin"),
        Tab("business-calendars", lazy("Working hours"), scope="support.admin"),
    ),
    "selling": (
        Tab("selling", lazy("Selling"), "console.selling_settings", "sales.admin"),
        Tab("pipelines", lazy("Pipelines")),
        Tab("stages", lazy("Stages"), shown=False),
        Tab("taxes", lazy("Taxes")),
        Tab("currency-rates", lazy("Currency rates")),
    ),
}
"""The entry of the navigation, and its tabs."""


def section_of(key: str) -> str:
    """The entry of the navigation that a page belongs to: itself where it has no tabs."""
    return next((section for section, tabs in SECTIONS.items() if any(tab.key == key for tab in tabs)), key)


def tabs_of(key: str) -> list[Tab]:
    """The tabs above a page that the person may open; none where there would be one only."""
    found = [tab for tab in SECTIONS.get(section_of(key), ()) if tab.shown and allowed(tab.scope)]
    return found if len(found) > 1 else []
