"""The two years of the demo company are repeatable, and there is in them what analyses are to find."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from local_stack.demo import business
from local_stack.demo.articles import ARTICLES, NAMES

TODAY = date(2026, 11, 23)
SELLERS = ("Ann", "Boris", "Vera", "Georgi")
STAGES = business.Stages(("New", "Offer"), "Won", "Lost")


def _desk(seed: int = 1) -> list[business.Row]:
    chance = random.Random(seed)
    customers = business.customers_of(chance, [f"Company {number}" for number in range(270)])
    return list(business.desk_orders(chance, customers, TODAY))


def _days(rows: list[business.Row]) -> Iterator[date]:
    return (date.fromisoformat(row[6][:10]) for row in rows)


@pytest.fixture(scope="module")
def desk() -> list[business.Row]:
    return _desk()


def test_the_same_seed_makes_the_same_rows_and_another_makes_others(desk: list[business.Row]) -> None:
    assert _desk() == desk
    assert _desk(2) != desk


def test_every_row_is_of_the_two_years_and_of_something_that_is_sold(desk: list[business.Row]) -> None:
    shop = list(business.shop_orders(random.Random(1), 1_260, TODAY))
    assert len({row[0] for row in desk + shop}) > 2_800
    assert min(_days(desk + shop)) >= TODAY - timedelta(days=business.DAYS)
    assert max(_days(desk + shop)) < TODAY
    assert {row[1] for row in desk + shop} <= NAMES.keys()
    assert {sku for article in ARTICLES for sku, _, _ in article.variants} == NAMES.keys()


def test_the_second_year_sells_more_and_december_more_than_july(desk: list[business.Row]) -> None:
    sold: Counter[tuple[int, int]] = Counter()
    for row, day in zip(desk, _days(desk), strict=True):
        sold[(TODAY - day).days // 366, day.month] += round(float(row[3]) * float(row[5]))
    years = [sum(worth for (year, _), worth in sold.items() if year == one) for one in (0, 1)]
    assert years[0] > 1.2 * years[1]
    months = Counter(day.month for day in _days(desk))
    assert months[12] > 1.3 * months[7]


def test_what_comes_back_was_sold_before_at_the_same_price_to_the_same_company(desk: list[business.Row]) -> None:
    back = [row for row in desk if float(row[3]) < 0]
    assert len(back) > 20
    sold = {(row[0], row[1]): row for row in desk if float(row[3]) > 0}
    for number, sku, _, quantity, _, price, day, customer in back:
        before = sold[number.removeprefix("C"), sku]
        assert (before[5], before[7]) == (price, customer)
        assert before[6] < day
        assert -float(quantity) <= float(before[3])


def test_companies_pay_less_than_the_list_now_and_then_and_for_machines_often(desk: list[business.Row]) -> None:
    machines = [row for row in desk if row[1].startswith("NOVA")]
    assert 0.25 < sum(row[5] != row[4] for row in machines) / len(machines) < 0.55
    assert all(float(row[5]) <= float(row[4]) for row in desk)


def test_a_filter_is_mostly_bought_with_what_it_belongs_to(desk: list[business.Row]) -> None:
    baskets: dict[str, set[str]] = defaultdict(set)
    for row in desk:
        baskets[row[0]].add(row[1])
    share = sum("GASKET" in one for one in baskets.values()) / len(baskets)
    with_filter = [one for one in baskets.values() if "FILTER" in one]
    assert sum("GASKET" in one for one in with_filter) / len(with_filter) > 4 * share


def test_deals_are_won_by_some_sellers_more_than_by_others_and_closed_after_they_began() -> None:
    chance = random.Random(1)
    made = list(business.deals(chance, 2_000, ["Company"], SELLERS, STAGES, ["Too dear"], TODAY))
    ends = Counter((row[3], row[2]) for row in made)
    rates = {one: ends[one, "Won"] / (ends[one, "Won"] + ends[one, "Lost"]) for one in SELLERS}
    assert rates["Ann"] > rates["Georgi"] + 0.1
    for row in made:
        assert bool(row[8]) == (row[2] in ("Won", "Lost"))
        assert bool(row[10]) == (row[2] == "Lost")
        assert not row[8] or row[7] < row[8] < TODAY.isoformat()
