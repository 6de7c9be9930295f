"""Brings the two years of the demo company in, as another system's files, by the public API's imports."""

import csv
import io
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from local_stack.demo import business
from local_stack.demo.public_api import ApiError, PublicApi

ORDERS = 3_000
_SHOP_SHARE = 0.42
_DEALS_PER_ORDER = 0.2
_CUSTOMERS = 270
_SYSTEM = "old-shop"
_WAIT_S = 120.0
_POLL_S = 0.2
_CHOICES_MOST = 500


def fill_history(
    api: PublicApi, seed: int, orders: int, sellers: Mapping[str, str], stages: Sequence[Mapping[str, Any]]
) -> None:
    """Imports deals, orders of companies and sales over the counter, where they were not imported before.

    `sellers` are ids of people by their names, `stages` those of the first pipeline in their order.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    today = datetime.now(UTC).date()
    accounts = {one["name"]: one["id"] for one in api.accounts()}
    names = sorted(accounts)
    customers = business.customers_of(chance, names[: _CUSTOMERS * orders // ORDERS])
    named = business.Stages(
        [one["name"] for one in stages if one["category"] == "open"],
        next(one["name"] for one in stages if one["category"] == "won"),
        next(one["name"] for one in stages if one["category"] == "lost"),
    )
    reasons = api.get("/v1/sales-settings")["lost_reasons"]
    deals = business.deals(chance, int(orders * _DEALS_PER_ORDER), names, list(sellers), named, reasons, today)
    files = _Files(api)
    files.bring("deal", "deals.csv", business.DEAL_COLUMNS, deals, {"account": accounts, "owner": sellers})
    seller_of = {one: tuple(sellers)[place % len(sellers)] for place, one in enumerate(names)}
    at_desk = ((*row, seller_of.get(row[-1], "")) for row in business.desk_orders(chance, customers, today))
    columns = (*business.ORDER_COLUMNS, "Seller")
    files.bring("order", "orders.csv", columns, at_desk, {"customer": accounts, "owner": sellers}, channel="sales")
    in_shop = business.shop_orders(chance, int(orders * _SHOP_SHARE), today)
    files.bring("order", "shop.csv", business.ORDER_COLUMNS, in_shop, {}, channel="pos")


class _Files:
    """Imports of files, each once."""

    def __init__(self, api: PublicApi) -> None:
        self._api = api
        found = api.get("/v1/sales/imports", page_size="200").get("imports", [])
        self._there = {one["file_name"] for one in found if one["status"].startswith("completed")}

    def bring(
        self, kind: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]],
        meanings: Mapping[str, Mapping[str, str]], **options: str,
    ) -> None:  # fmt: skip
        """Uploads, maps, decides and runs. `meanings` are the ids that values stand for, by field and value."""
        if name in self._there:
            return
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(columns)
        writer.writerows(rows)
        job = self._api.upload("/v1/sales/imports", kind=kind, file_name=name, content=text.getvalue().encode())
        path = f"/v1/sales/imports/{job['id']}"
        fields = {one["heading"]: one["field"] for one in job["columns"] if one.get("field")}
        given = {"system": _SYSTEM, "currency_code": "EUR", **options}
        self._api.post(f"{path}:map", {"fields": fields, "options": given})
        self._wait(path, ("ready",))
        for field, known in meanings.items():
            self._choose(path, field, known)
        self._api.post(f"{path}:choose", {"accept_suggestions": True})
        self._api.post(f"{path}:run", {})
        self._wait(path, ("completed", "completed_with_errors"))

    def _choose(self, path: str, field: str, known: Mapping[str, str]) -> None:
        choices = [
            {"field": field, "value": one["value"], "choice": known[one["value"]]}
            for one in self._api.pages(f"{path}/values", "values", field=field)
            if one["value"] in known
        ]
        for start in range(0, len(choices), _CHOICES_MOST):
            self._api.post(f"{path}:choose", {"choices": choices[start : start + _CHOICES_MOST]})

    def _wait(self, path: str, ends: Sequence[str]) -> None:
        until = time.monotonic() + _WAIT_S
        while (job := self._api.get(path))["status"] not in ends:
            if job["status"] == "failed" or time.monotonic() > until:
                raise ApiError(f"The import of {job['file_name']} is {job['status']}: {job.get('failure', '')}")
            time.sleep(_POLL_S)
