"""Words of plans: what is counted, and how much of it, in the person's language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from gateway.console.formats import format_bytes, format_number
from gateway.console.i18n import Lazy, lazy

METER_NAMES: Mapping[str, Lazy] = {
    "seats": lazy("Colleagues"),
    "contacts": lazy("People"),
    "accounts": lazy("Companies"),
    "leads": lazy("Leads"),
    "deals": lazy("Deals"),
    "storage_bytes": lazy("Files"),
    "api_calls": lazy("API calls a day"),
    "bulk_rows": lazy("Rows imported or written in bulk a day"),
    "webhook_endpoints": lazy("Webhook endpoints"),
    "custom_fields": lazy("Custom fields"),
    "partner_apps": lazy("Apps of partners"),
    "requests_per_s": lazy("API requests a second"),
}
BY_MONTH: Mapping[str, Lazy] = {
    "api_calls": lazy("API calls in the month"),
    "bulk_rows": lazy("Rows imported or written in bulk in the month"),
}
"""Daily meters as a month sums them up."""
PLAN_NAMES: Mapping[str, Lazy] = {
    "": lazy("No plan"),
    "free": lazy("Free"),
    "team": lazy("Team"),
    "business": lazy("Business"),
    "enterprise": lazy("Enterprise"),
}


def amount(meter: str, number: int) -> str:
    """A number of what is counted."""
    return format_bytes(number) if meter == "storage_bytes" else format_number(number)


def plan_name(name: str) -> str:
    """A plan's name; an installation's own plans are called as it calls them."""
    return str(PLAN_NAMES.get(name, name))


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A file for billing: names and numbers of ours only, so nothing in it can be taken for a formula."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(headings)
    writer.writerows(rows)
    return target.getvalue()
