"""The families of figures by the name the command line knows, in the order they run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bench.figure import Figure
from bench.figures import (
    analytics,
    bulk,
    deals,
    events,
    events_api,
    imports,
    neighbour,
    oauth,
    prices,
    requests,
    sales_import,
    search,
    start,
    tenants,
    till,
    webhooks,
)
from bench.rig import Rig

FAMILIES: Mapping[str, Callable[[Rig], list[Figure]]] = {
    "requests": requests.measure,
    "events": events.measure,
    "events_api": events_api.measure,
    "import": imports.measure,
    "bulk": bulk.measure,
    "deals": deals.measure,
    "sales_import": sales_import.measure,
    "till": till.measure,
    "prices": prices.measure,
    "oauth": oauth.measure,
    "search": search.measure,
    "tenants": tenants.measure,
    "analytics": analytics.measure,
    "webhooks": webhooks.measure,
    "neighbour": neighbour.measure,
    "start": start.measure,
}
"""`start` moves the stack to other addresses, so it stays last."""
