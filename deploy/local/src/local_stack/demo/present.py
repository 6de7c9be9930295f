"""What the demo company has open today: stock, goals, invoices that are due and overdue, members, a till that sells."""

import random
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from local_stack.demo.articles import GOODS, PRICES
from local_stack.demo.desk import fill_desks
from local_stack.demo.public_api import PublicApi
from local_stack.demo.terms import fill_terms

_TAX_BASIS_POINTS = 2_000
_MILLI = 1_000
_MICROS = 1_000_000
_CENT_MICROS = 10_000
_DUE_IN_DAYS = (-82, -67, -48, -41, -35, -22, -16, -9, -6, -3, 4, 9, 14, 14, 21, 30)
_PAID_PARTS = (0.0, 1.0, 0.0, 0.5, 1.0, 0.0, 1.0, 0.4, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.3, 0.0)
_WORKERS = 4
_MEMBERS = 36
_SALES_IN_A_SESSION = 8
_MISSING_MINOR = 50
_FLOAT_MINOR = 15_000
_TIERS = (("Silver", 500, 110), ("Gold", 2_000, 125))
_SHOP_GOODS = ("BRASIL-250", "SIDAMO-250", "MOKA-3", "CUP", "JUG", "CAPS", "GIFT")
_LIMITS = (500_000, 1_000_000, 250_000, 2_000_000, 750_000)
_GOAL_MINOR = 1_500_000


def fill_present(api: PublicApi, seed: int, sellers: Mapping[str, str], people: Sequence[str]) -> None:
    """Adds all of it, where there are no goals yet: they are made last."""
    if api.get("/v1/goals", page_size="1").get("goals"):
        return
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    for rate in api.get("/v1/tax-rates")["tax_rates"]:
        if not rate.get("rate_basis_points"):
            api.patch(f"/v1/tax-rates/{rate['id']}", {"rate_basis_points": _TAX_BASIS_POINTS})
    variants = {one["sku"]: one["id"] for one in api.pages("/v1/product-variants", "product_variants")}
    store_id = api.get("/v1/stores", page_size="1")["stores"][0]["id"]
    _stock(api, chance, variants, store_id)
    accounts = api.get("/v1/accounts", page_size="40")["accounts"]
    for account, minor in zip(accounts, _LIMITS, strict=False):
        api.put(f"/v1/credit-limits/{account['id']}", {"amount": _euros(minor)})
    _invoices(api, chance, variants, accounts, list(sellers.values()))
    fill_desks(api, chance, variants, accounts, people)
    cards = _members(api, chance)
    _till(api, chance, variants, store_id, cards)
    fill_terms(api, variants)
    _goals(api, sellers)


def _stock(api: PublicApi, chance: random.Random, variants: Mapping[str, str], store_id: str) -> None:
    """Goods in the storehouse and in the shop; a little of some."""
    counted = [
        {
            "product_variant_id": variants[sku],
            "store_id": place,
            "change_milli": chance.choice(counts) * _MILLI,
            "reason": "Counted",
        }
        for sku in GOODS
        for place, counts in (("", (400, 640, 900)), (store_id, (18, 24, 60, 90)))
    ]
    with ThreadPoolExecutor(_WORKERS) as pool:
        list(pool.map(lambda body: api.post("/v1/stock:adjust", body), counted))


def _invoices(
    api: PublicApi, chance: random.Random, variants: Mapping[str, str], accounts: Sequence[Mapping[str, Any]],
    owners: Sequence[str],
) -> None:  # fmt: skip
    """Orders of today with their invoices: some are paid, some in part, some should have been long ago."""
    today = datetime.now(UTC).date()
    for number, (days, part) in enumerate(zip(_DUE_IN_DAYS, _PAID_PARTS, strict=True)):
        wanted = {"CARE": 1, chance.choice(("BRASIL-1", "SIDAMO-1")): chance.randint(4, 30)}
        wanted |= {chance.choice(("NOVA-B", "ALTO", "PICO")): 1} if number % 3 else {}
        order = api.post("/v1/orders:place", {"id": str(uuid.uuid4()), "fulfilled": True, "order": {
            "channel": "sales", "account_id": accounts[number]["id"], "owner_id": owners[number % len(owners)],
            "currency_code": "EUR", "reference": f"PO-{4100 + 7 * number}",
            "lines": [{"product_variant_id": variants[sku], "quantity_milli": many * _MILLI}
                      for sku, many in wanted.items()],
        }})  # fmt: skip
        invoice = api.post(f"/v1/orders/{order['id']}/invoices", {})
        due = {"due_on": (today + timedelta(days=days)).isoformat()}
        api.patch(f"/v1/invoices/{invoice['id']}", due)
        issued = api.post(f"/v1/invoices/{invoice['id']}:issue", {})
        if paid := round(int(issued["gross_amount"]["amount_minor"]) * part):
            body = {"id": str(uuid.uuid4()), "invoice_id": issued["id"], "method": "transfer", "amount": _euros(paid)}
            api.post("/v1/payments", body)


def _members(api: PublicApi, chance: random.Random) -> list[str]:
    """The programme, its tiers, its members and two gift cards; returns the numbers of the members' cards."""
    program = {"active": True, "currency_code": "EUR", "earn_milli": _MILLI, "point_value_minor": 5}
    api.patch("/v1/loyalty-program", {**program, "expiry_months": 24})
    for name, points, percent in _TIERS:
        api.post("/v1/loyalty-tiers", {"name": name, "threshold_points": points, "earn_percent": percent})
    contacts = api.get("/v1/contacts", page_size=str(_MEMBERS))["contacts"]
    old = [int(chance.lognormvariate(5.6, 1)) + 20 for _ in contacts]

    def enrol(contact: Mapping[str, Any], points: int) -> str:
        member = api.post("/v1/loyalty-members", {"contact_id": contact["id"]})
        brought = {"id": str(uuid.uuid4()), "points": points, "reason": "From the old cards"}
        api.post(f"/v1/loyalty-members/{member['id']}/adjustments", brought)
        return str(member["card_number"])

    with ThreadPoolExecutor(_WORKERS) as pool:
        cards = list(pool.map(enrol, contacts, old))
    for minor in (5_000, 10_000):
        reason = "A present of the house"
        api.post("/v1/gift-cards", {"id": str(uuid.uuid4()), "amount": _euros(minor), "reason": reason})
    return cards


def _till(
    api: PublicApi, chance: random.Random, variants: Mapping[str, str], store_id: str, cards: Sequence[str]
) -> None:
    """A session that was counted and closed, and one that sells, every second time to somebody with a card."""
    registers = api.get("/v1/registers", page_size="50")["registers"]
    register_id = next(one["id"] for one in registers if one["store_id"] == store_id)
    opening = {"register_id": register_id, "opening_float_minor": _FLOAT_MINOR}
    session = api.post("/v1/pos-sessions:start", opening)
    first = [_sale(chance, session["id"], number, variants, cards) for number in range(1, _SALES_IN_A_SESSION + 1)]
    api.post(f"/v1/registers/{register_id}/till-orders", {"orders": first})
    api.post(f"/v1/pos-sessions/{session['id']}:beginClosing", {"last_sequence": _SALES_IN_A_SESSION})
    cash = sum(one["payments"][0]["amount_minor"] for one in first if one["payments"][0]["method"] == "cash")
    counted = {"counted_minor": _FLOAT_MINOR + cash - _MISSING_MINOR, "note": "A coin fell behind the counter."}
    api.post(f"/v1/pos-sessions/{session['id']}:close", counted)
    session = api.post("/v1/pos-sessions:start", opening)
    later = range(_SALES_IN_A_SESSION + 1, 2 * _SALES_IN_A_SESSION + 1)
    sales = [_sale(chance, session["id"], number, variants, cards) for number in later]
    api.post(f"/v1/registers/{register_id}/till-orders", {"orders": sales})


def _sale(
    chance: random.Random, session_id: str, number: int, variants: Mapping[str, str], cards: Sequence[str]
) -> dict[str, Any]:
    """A sale as a till sends it."""
    lines = [_line(chance, sku, variants[sku]) for sku in chance.sample(_SHOP_GOODS, chance.randint(1, 3))]
    due = sum(line["gross_minor"] for line in lines)
    tender = {"id": str(uuid.uuid4()), "method": chance.choice(("cash", "card", "card")), "amount_minor": due}
    return {
        "id": str(uuid.uuid4()), "session_id": session_id, "sequence": number, "lines": lines,
        "sold_at": datetime.now(UTC).isoformat(), "payments": [tender],
        **({"card_number": chance.choice(cards)} if number % 2 else {}),
    }  # fmt: skip


def _line(chance: random.Random, sku: str, variant_id: str) -> dict[str, Any]:
    """A line as a till reckons it."""
    quantity = chance.choice((1, 1, 1, 2, 3))
    micros = round(PRICES[sku] * _MICROS)
    net = quantity * micros // _CENT_MICROS
    tax = (net * _TAX_BASIS_POINTS + 5_000) // 10_000
    return {
        "id": str(uuid.uuid4()),
        "product_variant_id": variant_id,
        "quantity_milli": quantity * _MILLI,
        "list_unit_micros": micros,
        "list_minor": net,
        "tax_rate_basis_points": _TAX_BASIS_POINTS,
        "net_minor": net,
        "tax_minor": tax,
        "gross_minor": net + tax,
    }


def _goals(api: PublicApi, sellers: Mapping[str, str]) -> None:
    """A month's goal for each seller, and the quarter's for all."""
    first = datetime.now(UTC).date().replace(day=1)
    quarter = first.replace(month=first.month - (first.month - 1) % 3)
    for place, user_id in enumerate(sellers.values()):
        api.post("/v1/goals", {
            "user_id": user_id, "metric": "amount_won", "period": "month", "starts_on": first.isoformat(),
            "target": _GOAL_MINOR + place * 250_000,
        })  # fmt: skip
    api.post("/v1/goals", {
        "metric": "amount_won", "period": "quarter", "starts_on": quarter.isoformat(), "target": _GOAL_MINOR * 14,
    })  # fmt: skip


def _euros(minor: int) -> dict[str, Any]:
    return {"currency_code": "EUR", "amount_minor": minor}
