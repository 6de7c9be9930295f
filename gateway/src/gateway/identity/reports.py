"""The reports that can be sent regularly: by the addresses of their pages, with the scope that reading them takes.

A service whose reports have pages adds them here, and its view of the file to the console's `report_files`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from chassis.errors import invalid_field


@dataclass(frozen=True, slots=True)
class ReportPages:
    """The pages of one service's reports: who may read them, and what they are called in the address."""

    scope: str
    names: frozenset[str] = frozenset()
    """Empty where the pages are of records, each by its id."""

    def has(self, name: str) -> bool:
        """Whether a page of this name may be asked for."""
        return name in self.names if self.names else _is_id(name)


PAGES: Mapping[str, ReportPages] = {
    "/reports/sales/": ReportPages(
        "sales.read",
        frozenset(
            {
                "pipeline",
                "win_rate",
                "cycle",
                "stage_time",
                "activities",
                "sales",
                "products",
                "discounts",
                "price_rules",
                "cash_up",
                "ageing",
                "goals",
                "points_owed",
                "gift_cards",
            }
        ),
    ),
    "/": ReportPages("analytics.read", frozenset({"analysis"})),
    "/analysis/": ReportPages(
        "analytics.read",
        frozenset(
            {
                "customers",
                "movement",
                "retention",
                "funnel",
                "prices",
                "bridge",
                "leakage",
                "elasticity",
                "forecast",
                "worth",
                "churn",
                "clusters",
                "baskets",
            }
        ),
    ),
    "/analysis/dashboards/": ReportPages("analytics.read"),
}


def page_of(report: str) -> str:
    """The page of a report's address, without what is asked there."""
    return report.partition("?")[0]


def scope_of(report: str) -> str:
    """The scope that reading a report takes. Raises InvalidArgument where there is no such report."""
    folder, _, name = page_of(report).rpartition("/")
    pages = PAGES.get(f"{folder}/")
    if pages is None or not pages.has(name):
        raise invalid_field(
            "report_schedule.report",
            "copy the address of a report's page, such as /reports/sales/sales?period=last_month",
            reason="REPORT_NOT_FOUND",
        )
    return pages.scope


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
