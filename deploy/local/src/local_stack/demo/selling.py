"""What the demo company sells, and its deals on their way through the funnel; made through the public API only."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from local_stack.demo.articles import ARTICLES
from local_stack.demo.public_api import ApiError, PublicApi

DEALS = 48
LEADS = 12
_PIPELINE_WAIT_S = 30.0
_CENTS = 10_000
_MICROS = 1_000_000
_TITLES = (
    "Coffee corner for the new office", "Machines for three cafés", "Renewal of the care contract",
    "Spare parts for a year", "Second machine", "Hotel breakfast", "Training for the team", "Kiosk at the station",
)  # fmt: skip
_STEPS = ("Call on Monday", "Send the offer", "Meet the director", "Show the machine", "")
_NEEDS = ("Good coffee without a barista", "Shorter queues in the morning", "One contract for all branches")
_LOST = ("Too dear", "They wait for the next budget")
_SOURCES = ("Web site", "Fair", "Recommendation", "Phone")
_VISITORS = (
    "Clara Weston", "Oliver Pratt", "Nina Sommer", "Viktor Hale", "Rosa Lindt", "Adam Frost", "Irene Kolb",
    "Martin Vane", "Lucy Harrow", "Simon Beck", "Greta Noll", "Paul Winter",
)  # fmt: skip
_BUYER = "decision_maker"


def fill_selling(api: PublicApi, seed: int, deals: int, sellers: Sequence[str]) -> None:
    """Adds catalogue, leads and deals of these people as far as they are not there yet."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    _catalogue(api)
    _store(api)
    stages = stages_of(api)
    accounts = list(api.get("/v1/accounts", page_size="60")["accounts"])
    contacts = list(api.get("/v1/contacts", page_size="60")["contacts"])
    there = len(api.get("/v1/deals", page_size="200").get("deals", []))
    drafts = [_deal(chance, chance.choice(sellers), accounts, contacts) for _ in range(deals)][there:]
    ways = [chance.choices(range(len(stages)), weights=(6, 5, 4, 4, 4, 3, 5, 2)[: len(stages)])[0] for _ in drafts]
    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(lambda one: _sell(api, stages, *one), zip(drafts, ways, strict=True)):
            pass
    for number in range(len(api.get("/v1/leads", page_size="100").get("leads", [])), LEADS):
        account = accounts[-1 - number % len(accounts)]
        given, family = _VISITORS[number % len(_VISITORS)].split()
        api.post("/v1/leads", {
            "given_name": given, "family_name": family, "company_name": account["name"],
            "owner_id": sellers[number % len(sellers)], "source": chance.choice(_SOURCES),
            "email": f"{given.lower()}.{family.lower()}@fair.example",
        })  # fmt: skip


def _catalogue(api: PublicApi) -> None:
    """Categories, products and their variants, at the company's standard rate of tax."""
    rates = api.get("/v1/tax-rates").get("tax_rates", [])
    categories = _ids(api, "/v1/product-categories", "product_categories", "name")
    products = _ids(api, "/v1/products", "products", "name")
    skus = _ids(api, "/v1/product-variants", "product_variants", "sku")
    for article in ARTICLES:
        if article.category not in categories:
            categories[article.category] = api.post("/v1/product-categories", {"name": article.category})["id"]
        if article.name not in products:
            document: dict[str, Any] = {"name": article.name, "kind": article.kind}
            document |= {"category_id": categories[article.category], "track_stock": article.kind == "good"}
            document |= {"tax_code": rates[0]["code"]} if rates else {}
            products[article.name] = api.post("/v1/products", document)["id"]
        for sku, label, price in article.variants:
            if sku not in skus:
                variant = _variant(products[article.name], sku, label, round(price * _MICROS))
                api.post("/v1/product-variants", variant)


def _store(api: PublicApi) -> None:
    """A shop with a till, so that the page of the point of sale has something to open."""
    if api.get("/v1/stores", page_size="1").get("stores"):
        return
    store = {"name": "Shop in the city", "code": "CITY", "currency_code": "EUR", "time_zone": "Europe/Sofia"}
    store_id = api.post("/v1/stores", store)["id"]
    api.post("/v1/registers", {"store_id": store_id, "name": "Till 1"})


def _variant(product_id: str, sku: str, label: str, micros: int) -> dict[str, Any]:
    """An article whose cost is three fifths of its price."""
    return {
        "product_id": product_id,
        "sku": sku,
        "name": label,
        "price": {"currency_code": "EUR", "amount_micros": micros},
        "cost": {"currency_code": "EUR", "amount_micros": micros * 3 // 5},
    }


def _ids(api: PublicApi, path: str, name: str, key: str) -> dict[str, str]:
    """Ids of the records that are there, by what tells them apart."""
    return {one[key]: one["id"] for one in api.get(path, page_size="200").get(name, [])}


def stages_of(api: PublicApi) -> list[dict[str, Any]]:
    """Stages of the first pipeline, in their order; a new company gets them a moment after it signs up."""
    until = time.monotonic() + _PIPELINE_WAIT_S
    while not (found := api.get("/v1/pipelines", order_by="position").get("pipelines")):
        if time.monotonic() > until:
            raise ApiError("The company has no pipeline yet; look at the log of sales.")
        time.sleep(0.2)
    stages = api.get("/v1/stages", page_size="100", filter=f'pipeline_id = "{found[0]["id"]}"')["stages"]
    return sorted(stages, key=lambda stage: stage.get("position", 0))


def _deal(
    chance: random.Random, owner: str, accounts: Sequence[dict[str, Any]], contacts: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    closes = datetime.now(UTC).date() + timedelta(days=chance.randint(3, 120))
    return {
        "name": chance.choice(_TITLES),
        "owner_id": owner,
        "account_id": chance.choice(accounts)["id"],
        "contacts": [{"contact_id": chance.choice(contacts)["id"], "role": _BUYER, "is_primary": True}],
        "amount": {"currency_code": "EUR", "amount_minor": chance.randint(8, 400) * _CENTS},
        "expected_close_date": closes.isoformat(),
        "next_step": chance.choice(_STEPS),
        "source": chance.choice(_SOURCES),
    }


def _sell(api: PublicApi, stages: Sequence[dict[str, Any]], draft: dict[str, Any], way: int) -> None:
    """Takes a deal from the first stage to that of its way, with what the stages ask for."""
    target = stages[way]
    if way:
        draft["next_step"] = draft["next_step"] or _STEPS[0]
    deal = api.post("/v1/deals", {**draft, "stage_id": stages[0]["id"]})
    if not way:
        return
    api.post("/v1/needs", {"statement": _NEEDS[way % len(_NEEDS)], "deal_id": deal["id"], "priority": "should"})
    move: dict[str, Any] = {"stage_id": target["id"]}
    if target.get("category") == "lost":
        move["lost_reason"] = api.get("/v1/sales-settings").get("lost_reasons", list(_LOST))[0]
    api.post(f"/v1/deals/{deal['id']}:move", move)
