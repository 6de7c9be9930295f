"""Two years of a believable business as rows of files: the same seed and day, the same rows. It talks to nobody.

There is in it what analyses look for: growth, seasons and quiet weekends, customers of four habits who come and stay
away, goods that are bought together, a dearer second year, weeks of lower prices, and some goods that come back.
"""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from local_stack.demo.articles import NAMES, PRICES

DAYS = 730
ORDER_COLUMNS = ("Order number", "SKU", "Product", "Quantity", "List price", "Unit price", "Order date", "Customer")
DEAL_COLUMNS = (
    "Deal ID", "Deal", "Stage", "Owner", "Account", "Product", "Amount", "Engage date", "Close date",
    "Expected close date", "Lost reason", "Source", "Next step",
)  # fmt: skip
Row = tuple[str, ...]
_SEASON = (0.92, 0.95, 1.0, 1.02, 1.05, 0.92, 0.74, 0.7, 1.05, 1.14, 1.34, 1.5)
"""How lively each month is."""
_WEEK = (1.15, 1.1, 1.1, 1.15, 1.2, 0.35, 0.1)
_SHOP_WEEK = (0.8, 0.8, 0.9, 1.0, 1.3, 1.7, 0.0)
_DEARER = 1.045
_DEARER_FOR_DAYS = 340
_OFFER_MONTHS = (3, 9)
_OFFER = 0.85
_OFFERED = ("BRASIL-1", "SIDAMO-1", "CAPS")
_HAGGLED_SHARE = {"NOVA-B": 0.4, "NOVA-S": 0.4, "ALTO": 0.3, "CARE": 0.25}
_HAGGLED = (0.97, 0.95, 0.95, 0.9, 0.9, 0.85)
"""How often companies get what is dear for less, and what they pay of the price then."""
_BACK_SHARE = 0.035
_COFFEES = ("BRASIL-1", "SIDAMO-1", "DECAF-1")
_SHOP_GOODS = (
    "BRASIL-250", "SIDAMO-250", "BRASIL-1", "MOKA-3", "MOKA-6", "CUP", "JUG", "CAPS", "CLEAN", "GIFT"
)  # fmt: skip
_SHOP_WEIGHTS = (30, 22, 9, 5, 3, 14, 5, 7, 3, 2)
_TITLES = (
    "Coffee corner for the new office", "Machines for three cafés", "Renewal of the care contract",
    "Spare parts for a year", "Second machine", "Hotel breakfast", "Training for the team", "Kiosk at the station",
)  # fmt: skip
_SOURCES = {"Web site": 0.52, "Fair": 0.6, "Recommendation": 0.76, "Phone": 0.44}
"""Where deals come from, and how many of them are won."""
_SELLER_SKILL = (0.09, 0.02, -0.05, -0.12)
_STEPS = ("Call on Monday", "Send the offer", "Meet the director", "Show the machine", "Agree on the date")
_DEAL_PRODUCTS = (("NOVA-S", 4), ("NOVA-B", 6), ("ALTO", 3), ("PICO", 4), ("CARE", 5), ("TRAIN", 2))
_OPEN_SHARE = 0.14


@dataclass(frozen=True)
class Customer:
    """A company with its habit: how often it buys, from which day to which."""

    name: str
    habit: str
    rate: float
    first: int
    last: int


@dataclass(frozen=True)
class Stages:
    """Names of the stages of the company's pipeline."""

    open: Sequence[str]
    won: str
    lost: str


def customers_of(chance: random.Random, names: Sequence[str]) -> list[Customer]:
    """Gives companies their habits. A few buy most, more come as the time goes on, and some stay away again."""
    found = []
    for name in names:
        habit = chance.choices(("cafe", "office", "hotel", "once"), weights=(38, 32, 12, 18))[0]
        rate = {"cafe": 2.3, "office": 1.4, "hotel": 1.7, "once": 0.0}[habit] * chance.lognormvariate(-0.15, 0.6)
        first = 0 if chance.random() < 0.3 else int(DAYS * chance.random() ** 0.75)
        stays = chance.expovariate(1 / 620)
        found.append(Customer(name, habit, rate, first, DAYS if stays > DAYS else min(DAYS, first + 30 + int(stays))))
    return found


def desk_orders(chance: random.Random, customers: Sequence[Customer], until: date) -> Iterator[Row]:
    """Lines of the orders of companies, and of what they gave back."""
    placed: list[tuple[datetime, Customer]] = []
    # Who was there before these years has its machine already.
    met = {one.name for one in customers if one.rate and not one.first}
    for one in customers:
        if one.name not in met:
            placed.append((_moment(chance, until, one.first, 9), one))
        day = float(one.first)
        while one.rate:
            day += chance.expovariate(one.rate / 30.4) + 3
            if day >= one.last:
                break
            on = _day(until, int(day))
            if chance.random() < _SEASON[on.month - 1] * _WEEK[on.weekday()] / 1.8:
                placed.append((_moment(chance, until, int(day), 9), one))
    for number, (at, customer) in enumerate(sorted(placed, key=lambda one: one[0]), 1):
        basket = _first_basket(chance, customer) if customer.name not in met else _basket(chance, customer)
        met.add(customer.name)
        lines = list(_lines(chance, f"H{number:05d}", basket, at, until, customer.name))
        yield from lines
        if chance.random() < _BACK_SHARE:
            back = _given_back(chance, lines, at, until)
            if back is not None:
                yield back


def shop_orders(chance: random.Random, orders: int, until: date) -> Iterator[Row]:
    """Lines of sales over the counter, to people nobody knows."""
    days = range(DAYS)
    weights = []
    for day in days:
        on = _day(until, day)
        growth = 0.7 + 0.6 * day / DAYS
        weights.append(_SEASON[on.month - 1] ** 1.5 * _SHOP_WEEK[on.weekday()] * growth)
    chosen = sorted(chance.choices(days, weights=weights, k=orders))
    for number, day in enumerate(chosen, 1):
        at = _moment(chance, until, day, 10)
        gift = 14 if at.month == 12 else 2
        goods = chance.choices(_SHOP_GOODS, weights=(*_SHOP_WEIGHTS[:-1], gift), k=chance.choice((1, 1, 2, 2, 3)))
        basket = {sku: float(chance.choice((1, 1, 1, 2))) for sku in goods}
        if basket.keys() & {"MOKA-3", "MOKA-6"} and chance.random() < 0.6:
            basket.setdefault("BRASIL-250", 1.0)
        yield from _lines(chance, f"S{number:05d}", basket, at, until, "")


def deals(
    chance: random.Random, count: int, accounts: Sequence[str], sellers: Sequence[str], stages: Stages,
    reasons: Sequence[str], until: date,
) -> Iterator[Row]:  # fmt: skip
    """Deals that were won and lost in these years, and those that are open today."""
    for number in range(1, count + 1):
        source = chance.choice(list(_SOURCES))
        place = chance.randrange(len(sellers))
        sku = chance.choices(*zip(*_DEAL_PRODUCTS, strict=True))[0]
        amount = round(PRICES[sku] * chance.choice((1, 1, 2, 3, 4, 6)) * chance.lognormvariate(0.1, 0.3), 2)
        begun = int(DAYS * chance.random() ** 0.8)
        took = int(chance.lognormvariate(3.6, 0.55)) + 3
        is_open = begun + took >= DAYS or chance.random() < _OPEN_SHARE * (begun / DAYS) ** 6
        begun = max(begun, DAYS - 150) if is_open else begun
        skill = _SELLER_SKILL[place % len(_SELLER_SKILL)]
        won = chance.random() < _SOURCES[source] + skill - (0.08 if amount > 6_000 else 0)
        stage = chance.choice(stages.open) if is_open else stages.won if won else stages.lost
        expected = "" if not is_open else (until + timedelta(days=chance.randint(-12, 95))).isoformat()
        yield (
            f"DL{number:05d}",
            chance.choice(_TITLES),
            stage,
            sellers[place],
            chance.choice(accounts),
            sku,
            f"{amount:.2f}",
            _day(until, begun).isoformat(),
            "" if is_open else _day(until, begun + took).isoformat(),
            expected,
            "" if is_open or won else chance.choice(reasons),
            source,
            chance.choice(_STEPS) if is_open else "",
        )


def _first_basket(chance: random.Random, customer: Customer) -> Mapping[str, float]:
    """What somebody begins with: a machine and what belongs to it."""
    if customer.habit == "office":
        basket = {"PICO": 1.0, "CAPS": float(chance.randint(2, 5)), "CUPS": 1.0}
    elif customer.habit == "once":
        basket = {chance.choice(("ALTO", "PICO", "MOKA-6", "TRAIN")): 1.0}
    else:
        basket = {chance.choice(("NOVA-B", "NOVA-B", "NOVA-S")): 1.0, "INSTALL": 1.0}
    if customer.habit in ("cafe", "hotel"):
        basket |= {"FILTER": 1.0} if chance.random() < 0.8 else {}
        basket |= {"ALTO": 1.0} if chance.random() < 0.45 else {}
        basket |= {"CARE": 1.0} if chance.random() < 0.4 else {}
    return basket


def _basket(chance: random.Random, customer: Customer) -> Mapping[str, float]:
    """What is bought again and again, and now and then something more."""
    basket: dict[str, float] = {}
    if customer.habit == "office":
        basket["CAPS"] = float(chance.randint(1, 6))
        for sku, often in (("CUPS", 0.55), ("SUGAR", 0.5), ("CLEAN", 0.15)):
            basket |= {sku: float(chance.randint(1, 3))} if chance.random() < often else {}
    else:
        basket[chance.choices(_COFFEES, weights=(6, 3, 1))[0]] = float(chance.randint(3, 14))
        for sku, often in (("CLEAN", 0.3), ("CUP", 0.16), ("SUGAR", 0.22), ("FILTER", 0.14), ("JUG", 0.07)):
            basket |= {sku: float(chance.randint(1, 6))} if chance.random() < often else {}
        if "FILTER" in basket and chance.random() < 0.6:
            basket["GASKET"] = float(chance.randint(1, 3))
    if chance.random() < 0.035:
        basket[chance.choice(("CARE", "TRAIN", "ALTO"))] = 1.0
    return basket


def _lines(
    chance: random.Random, number: str, basket: Mapping[str, float], at: datetime, until: date, customer: str
) -> Iterator[Row]:
    for sku, quantity in basket.items():
        offered = sku in _OFFERED and at.month in _OFFER_MONTHS
        price = PRICES[sku] * (1 if (until - at.date()).days < _DEARER_FOR_DAYS else 1 / _DEARER)
        paid = price * _OFFER if offered else price
        many = math.ceil(quantity * 1.45) if offered else quantity
        if customer and chance.random() < _HAGGLED_SHARE.get(sku, 0.05):
            paid *= chance.choice(_HAGGLED)
        yield number, sku, NAMES[sku], f"{many:g}", f"{price:.2f}", f"{paid:.2f}", f"{at:%Y-%m-%d %H:%M}", customer


def _given_back(chance: random.Random, lines: Sequence[Row], at: datetime, until: date) -> Row | None:
    """A part of an order that comes back within three weeks."""
    number, sku, name, quantity, listed, price, _, customer = chance.choice(lines)
    on = at + timedelta(days=chance.randint(2, 21))
    if on.date() >= until or sku in ("INSTALL", "CARE", "TRAIN"):
        return None
    many = chance.randint(1, max(1, int(float(quantity)) // 3))
    return f"C{number}", sku, name, f"-{many}", listed, price, f"{on:%Y-%m-%d %H:%M}", customer


def _day(until: date, day: int) -> date:
    """The day of the business with this number; the last one is yesterday."""
    return until - timedelta(days=DAYS - min(day, DAYS - 1))


def _moment(chance: random.Random, until: date, day: int, opens: int) -> datetime:
    return datetime.combine(_day(until, day), time(opens + chance.randrange(9), chance.randrange(60)))
