"""What lies on the desks of the demo company's people: things to do, and quotes that customers think about."""

import random
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from local_stack.demo.public_api import PublicApi

_WORKERS = 4
_MILLI = 1_000
_TO_DO = (
    ("call", "Ask how the tasting went", -26), ("task", "Send the price list", -3), ("meeting", "Show the machine", 2),
    ("call", "Talk about the care contract", 5), ("task", "Prepare the offer for the hotel", 27),
    ("meeting", "Visit the new office", 76), ("task", "Read the new contract", None),
)  # fmt: skip
"""Kind, title, and in how many hours it is due."""
_QUOTES = (
    ("Coffee corner for forty people", {"PICO": 2, "CAPS": 10, "CUPS": 2}, 0, ""),
    ("Two machines with installation", {"NOVA-S": 2, "INSTALL": 2, "FILTER": 2}, 0, "send"),
    ("Breakfast room", {"NOVA-B": 1, "ALTO": 1, "INSTALL": 1, "CARE": 1}, 500, "send"),
    ("Coffee for a year", {"BRASIL-1": 120, "SIDAMO-1": 60}, 800, "accept"),
    ("Training for the team", {"TRAIN": 2}, 0, "decline"),
)
"""Title, what is in it, its discount in hundredths of a percent, and how far it has come."""


def fill_desks(
    api: PublicApi, chance: random.Random, variants: Mapping[str, str], accounts: Sequence[Mapping[str, Any]],
    people: Sequence[str],
) -> None:  # fmt: skip
    """Gives everybody things to do about deals, and makes the quotes."""
    deals = api.get("/v1/deals", page_size="100")["deals"]
    now = datetime.now(UTC)
    things = [
        {
            "kind": kind,
            "title": title,
            "owner_id": person,
            "deal_id": chance.choice(deals)["id"],
            **({} if hours is None else {"due_at": (now + timedelta(hours=hours)).isoformat()}),
        }
        for person in people
        for kind, title, hours in _TO_DO
    ]
    with ThreadPoolExecutor(_WORKERS) as pool:
        list(pool.map(lambda thing: api.post("/v1/sales-activities", thing), things))
    for number, (title, articles, discount, step) in enumerate(_QUOTES):
        lines = [
            {"product_variant_id": variants[sku], "quantity_milli": many * _MILLI, "discount_basis_points": discount}
            for sku, many in articles.items()
        ]
        quote = api.post("/v1/quotes", {
            "title": title, "account_id": accounts[-1 - number]["id"], "currency_code": "EUR", "lines": lines,
            "owner_id": people[number % len(people)],
        })  # fmt: skip
        if step:
            api.post(f"/v1/quotes/{quote['id']}:send", {})
        if step == "accept":
            api.post(f"/v1/quotes/{quote['id']}:accept", {"name": "Clara Weston"})
        elif step == "decline":
            api.post(f"/v1/quotes/{quote['id']}:decline", {"reason": "They train their people themselves."})
