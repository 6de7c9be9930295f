"""What the demo company has computed of its customers and baskets, and the dashboard that its people look at."""

import time
from collections.abc import Mapping
from typing import Any

from local_stack.demo.public_api import PublicApi

_KINDS = ("rfm", "lifetime_value", "churn", "clusters", "baskets")
_WAIT_S = 20.0
_POLL_S = 0.4
_NUMBER = {"chart": "number", "compared": True, "period": "month", "group_by": ["day"]}
_TILES: tuple[Mapping[str, Any], ...] = (
    {"metrics": ["sales"], **_NUMBER},
    {"metrics": ["orders"], **_NUMBER},
    {"metrics": ["average_order"], **_NUMBER},
    {"metrics": ["won_amount"], **_NUMBER},
    {"metrics": ["sales"], "chart": "line", "period": "12_months", "group_by": ["month"]},
    {"metrics": ["won_deals", "lost_deals"], "chart": "bars", "period": "12_months", "group_by": ["month"]},
    {"metrics": ["sales"], "chart": "bars", "period": "30_days", "group_by": ["seller"]},
    {"metrics": ["net_sales"], "chart": "bars", "period": "30_days", "group_by": ["product"]},
)
_DASHBOARD = "How we are doing"


def fill_insight(api: PublicApi) -> None:
    """Asks for every model once analytics has counted what was sold, and makes the dashboard where it is not there.

    The models are computed while the newcomer logs in; nobody waits for them here.
    """
    shared = api.get("/v1/dashboards").get("dashboards", [])
    if not any(one["name"] == _DASHBOARD for one in shared):
        api.post("/v1/dashboards", {"name": _DASHBOARD, "shared": True, "tiles": list(_TILES)})
    if api.get("/v1/model-runs").get("model_runs"):
        return
    _wait_for_orders(api)
    for kind in _KINDS:
        api.post("/v1/model-runs", {"kind": kind})


def _wait_for_orders(api: PublicApi) -> None:
    """Waits until the orders that analytics has counted have stopped growing."""
    until, before = time.monotonic() + _WAIT_S, -1
    while time.monotonic() < until:
        found = api.post("/v1/metrics:query", {"metrics": ["orders"], "first_day": "2000-01-01"})
        counted = int(found["totals"][0]["values"][0]["value"]) if found.get("totals") else 0
        if counted and counted == before:
            return
        before = counted
        time.sleep(_POLL_S)
