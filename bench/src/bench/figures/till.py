"""What a till waits for: one sale of three lines, paid, handed over, with its receipt, points and events.

The floor is the same statements, bare: those of such a sale are recorded, undone, and run again on a connection of
ours, as many round trips and a commit, without anything that decides which they are.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from chassis.caller import Caller
from chassis.lines import Call
from chassis.settings import Settings
from chassis.work import Database, Work
from psycopg.pq.abc import PGresult
from sales.pricing.discounts import NO_DISCOUNT
from sales.references import Customers
from sales.usecases import till_orders
from sales.usecases.gift_cards import Codes
from sales.usecases.till_orders import Rules, Sale
from sales.usecases.till_prices import SoldLine
from sales.usecases.till_tenders import Shown, Tender

from bench.companies import found_company
from bench.figure import Figure, Goal, percentile
from bench.rig import Rig

SALE_GOAL = Goal("value", "<", 60, "ms")
_LINES = 3
_NET, _TAX = 1_000, 200
_GROSS = _NET + _TAX
_WARM_UP = 5


class _Undone(Exception):
    """Ends a work of which nothing is to stay."""


@dataclass(frozen=True, slots=True)
class _Till:
    """A register with an open session, and who buys at it."""

    register_id: str
    session_id: str
    variant_ids: Sequence[str]
    card: str


def measure(rig: Rig) -> list[Figure]:
    """p95 of a sale, from the request to its answer, one after the other."""
    rig.say("till")
    company = found_company(rig.stack.url, "Shop with a till")
    with company.http() as http:
        goods, card = _shop(http)
        till, other = (_open(http, number, goods, card) for number in (1, 2))
        with _database(rig) as database:
            caller = Caller.system(company.tenant_id)
            floors, taken = [], []
            for sequence in range(1, rig.sizes.till_sales + _WARM_UP + 1):
                floors.append(_bare(database, caller, other, sequence))
                taken.append(_sell(http, till, sequence))
    floor, value = (percentile(each[_WARM_UP:], 95) for each in (floors, taken))
    name = "till order p95 (floor: its statements, bare)"
    return [Figure(name, value, "ms", floor, value / floor, SALE_GOAL)]


def _shop(http: httpx.Client) -> tuple[list[str], str]:
    """Variants that are sold, and the card of a member who buys."""

    def made(path: str, body: dict[str, Any]) -> Any:
        return http.post(path, json=body).raise_for_status().json()

    made("/v1/tax-rates", {"code": "bench", "name": "VAT", "rate_basis_points": 2_000})
    program = {"active": True, "earn_milli": 10_000, "point_value_minor": 1}
    http.patch("/v1/loyalty-program", json=program).raise_for_status()
    variants = []
    for number in range(_LINES):
        product = made("/v1/products", {"name": f"Cup {number}", "tax_code": "bench"})
        price = {"currency_code": "EUR", "amount_micros": str(_NET * 10_000)}
        variant = {"product_id": product["id"], "sku": f"CUP-{number}", "price": price}
        variants.append(made("/v1/product-variants", variant)["id"])
    member = made("/v1/loyalty-members", {"name": "Mia", "card_number": "4711"})
    return variants, member["card_number"]


def _open(http: httpx.Client, number: int, goods: Sequence[str], card: str) -> _Till:
    store = {"name": f"Store {number}", "code": f"S{number}", "currency_code": "EUR", "time_zone": "Europe/Sofia"}
    store_id = http.post("/v1/stores", json=store).raise_for_status().json()["id"]
    register = {"store_id": store_id, "name": "Till"}
    register_id = http.post("/v1/registers", json=register).raise_for_status().json()["id"]
    opening = {"register_id": register_id, "opening_float_minor": 10_000}
    session = http.post("/v1/pos-sessions:start", json=opening).raise_for_status().json()
    return _Till(register_id, session["id"], goods, card)


def _sell(http: httpx.Client, till: _Till, sequence: int) -> float:
    """Milliseconds until a sale is taken."""
    lines = [
        {"id": str(uuid4()), "product_variant_id": one, "quantity_milli": 1_000, **_taken()} for one in till.variant_ids
    ]
    order = {
        "id": str(uuid4()),
        "session_id": till.session_id,
        "sequence": sequence,
        "sold_at": datetime.now(UTC).isoformat(),
        "card_number": till.card,
        "lines": lines,
        "payments": [{"id": str(uuid4()), "method": "cash", "amount_minor": _GROSS * _LINES}],
    }
    started = time.perf_counter()
    answer = http.post(f"/v1/registers/{till.register_id}/till-orders", json={"orders": [order]})
    taken_ms = 1_000 * (time.perf_counter() - started)
    receipts = answer.raise_for_status().json()["receipts"]
    if len(receipts) != 1 or receipts[0]["flags"]:
        raise RuntimeError(f"the sale was not taken as it should be: {answer.text}")
    return taken_ms


def _taken() -> dict[str, Any]:
    """What a till reckons of a line."""
    return {
        "list_unit_micros": _NET * 10_000,
        "tax_included": False,
        "list_minor": _NET,
        "rule_minor": 0,
        "discounted_minor": 0,
        "coupon_minor": 0,
        "document_discount_minor": 0,
        "tax_rate_basis_points": 2_000,
        "net_minor": _NET,
        "tax_minor": _TAX,
        "gross_minor": _GROSS,
    }


@contextmanager
def _database(rig: Rig) -> Iterator[Database]:
    database = Database(Settings(database_url=rig.stack.database_url("sales")))
    try:
        yield database
    finally:
        database.close()


def _bare(database: Database, caller: Caller, till: _Till, sequence: int) -> float:
    """Milliseconds that the statements of such a sale take."""
    recorded: list[Sequence[Call]] = []
    try:
        with database.open_work(caller) as work, _recording(work, recorded):
            rules = Rules(Customers(""), timedelta(minutes=5), Codes("bench"))
            till_orders.post(work, rules, UUID(till.register_id), _sale(till, sequence))
            work.flush_events()
            raise _Undone
    except _Undone:
        pass
    started = time.perf_counter()
    with database.open_work(caller) as work:
        line: Any = work.raw
        for calls in recorded:
            line.exchange(calls)
    return 1_000 * (time.perf_counter() - started)


@contextmanager
def _recording(work: Work, recorded: list[Sequence[Call]]) -> Iterator[None]:
    """Notes what a work sends, round trip by round trip."""
    line: Any = work.raw
    real = line.exchange

    def noted(calls: Sequence[Call]) -> list[PGresult]:
        recorded.append(calls)
        answers: list[PGresult] = real(calls)
        return answers

    line.exchange = noted
    try:
        yield
    finally:
        del line.exchange


def _sale(till: _Till, sequence: int) -> Sale:
    now = datetime.now(UTC)
    return Sale(
        id=uuid4(),
        session_id=UUID(till.session_id),
        sequence=sequence,
        said_at=now,
        age=timedelta(),
        sold_by=uuid4(),
        shown=Shown(till.card, "", None, None),
        lines=[SoldLine(uuid4(), UUID(one), 1_000, NO_DISCOUNT, _taken()) for one in till.variant_ids],
        suggested=frozenset(),
        coupon_codes=(),
        discount=NO_DISCOUNT,
        tenders=[Tender(uuid4(), "cash", _GROSS * _LINES, 0, "")],
        grant="",
        strict=False,
        digest=str(sequence),
    )
