"""Elasticities give the published figures of orange juice; what price, volume and mix did adds up to the cent."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from analytics.methods.bridge import Effects, Sold, price_volume_mix
from analytics.methods.elasticity import Elasticity, Sales, at_price, fit_elasticity
from analytics.methods.findings import Refused
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def juice(published: Path) -> dict[str, Elasticity]:
    """A fit for each brand."""
    with gzip.open(published / "price_elasticity" / "oj.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    fits = {}
    for brand in sorted({row["brand"] for row in rows}):
        of = [row for row in rows if row["brand"] == brand]
        price, sold = (np.array([float(row[name]) for row in of]) for name in ("price", "sales"))
        fits[brand] = fit_elasticity(Sales(price, sold, np.array([row["feat"] == "1" for row in of])))
    return fits


def test_slopes_of_orange_juice_are_the_published_ones(juice: dict[str, Elasticity]) -> None:
    own = juice["dominicks"]
    assert own.promotion is not None
    assert own.price_in_promotion is not None
    assert round(own.slope.value, 3) == -2.774
    assert round(own.promotion.value, 3) == 1.094
    assert round(own.price_in_promotion.value, 3) == -0.471
    assert round(juice["minute.maid"].slope.value - own.slope.value, 3) == 0.783
    assert round(juice["tropicana"].slope.value - own.slope.value, 3) == 0.736


def test_leaving_promotion_out_exaggerates_the_slope_as_published(juice: dict[str, Elasticity]) -> None:
    naive = [round(juice[brand].naive.value, 3) for brand in ("dominicks", "minute.maid", "tropicana")]
    assert naive == [-3.378, -3.321, -2.712]
    assert all(fit.naive.value < fit.slope.value for fit in juice.values())


def _made(slope: float, *, rows: int = 400, seed: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    shops = np.arange(rows) % 20
    price = np.exp(chance.normal(0.1 * shops, 0.2))
    demand = np.exp(
        slope * np.log(price) + 0.5 * shops + chance.normal(0, 0.3, rows) + chance.normal(0, 0.2, 20)[shops]
    )
    return price, demand, shops


def test_fixed_effects_take_out_what_shops_differ_in() -> None:
    price, demand, shops = _made(-2.0)
    promoted = np.zeros(400, dtype=np.bool_)
    fixed = fit_elasticity(Sales(price, demand, promoted, groups=shops, clusters=shops))
    assert fixed.slope.low < -2.0 < fixed.slope.high
    assert fixed.clusters == 20
    assert fixed.remarks == ()
    mixed = fit_elasticity(Sales(price, demand, promoted))
    assert mixed.slope.low > -1.5
    assert fixed.promotion is None


def test_intervals_hold_as_often_as_they_say() -> None:
    held = 0
    for seed in range(100):
        price, demand, shops = _made(-1.5, rows=200, seed=seed)
        slope = fit_elasticity(Sales(price, demand, groups=shops)).slope
        held += slope.low <= -1.5 <= slope.high
    assert 89 <= held <= 100


def test_another_price_is_told_with_its_interval_and_a_remark_beyond_what_was_seen(
    juice: dict[str, Elasticity],
) -> None:
    own = juice["dominicks"]
    same = at_price(own, today=2.0, price=2.0)
    assert (same.demand, same.turnover) == (1.0, 1.0)
    dearer = at_price(own, today=2.0, price=2.2)
    assert dearer.demand == pytest.approx(1.1**own.slope.value)
    assert dearer.turnover == pytest.approx(1.1 ** (own.slope.value + 1))
    assert dearer.turnover_low < dearer.turnover < dearer.turnover_high < 1
    assert [remark.code for remark in at_price(own, today=2.0, price=50.0).remarks] == ["PRICE_NEVER_SEEN"]


def test_thin_and_odd_rows_are_remarked_upon() -> None:
    price = np.array([1.0, 2, 1, 2, 1, 2])
    fit = fit_elasticity(Sales(price, np.array([1.0, 3, 1.1, 3.2, 0.9, 2.9])))
    codes = {remark.code for remark in fit.remarks}
    assert codes == {"PROMOTIONS_UNKNOWN", "DEMAND_RISES_WITH_PRICE", "FEW_ROWS", "FEW_PRICES"}


@pytest.mark.parametrize(
    ("price", "quantity", "reason"),
    [
        ([], [], "EMPTY"),
        ([2, 2, 2, 2], [1, 2, 3, 4], "ONE_PRICE"),
        ([2, 0, 2, 2], [1, 2, 3, 4], "PRICE_NOT_POSITIVE"),
        ([2, 3, 2, 2], [1, -2, 3, 4], "QUANTITY_NOT_POSITIVE"),
        ([2, 3], [1, 2], "TOO_FEW_ROWS"),
        ([2, 3, float("inf")], [1, 2, 3], "NOT_FINITE"),
    ],
)
def test_rows_that_tell_no_slope_are_refused(price: list[float], quantity: list[float], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        fit_elasticity(Sales(np.array(price, dtype=np.float64), np.array(quantity, dtype=np.float64)))
    assert refused.value.reason == reason


def test_one_price_in_every_shop_is_no_change_of_price() -> None:
    shops = np.arange(40) % 2
    with pytest.raises(Refused, match="ONE_PRICE"):
        fit_elasticity(Sales(np.where(shops == 0, 1.0, 2.0), np.arange(1.0, 41), groups=shops))


sold = st.builds(Sold, st.integers(-5_000, 5_000_000), st.integers(-100_000, 10**12))
period = st.dictionaries(st.sampled_from("abcdef"), sold, min_size=1)


@settings(max_examples=40, deadline=None)
@given(before=period, after=period)
def test_parts_of_a_change_add_up_to_the_smallest_unit(before: dict[str, Sold], after: dict[str, Sold]) -> None:
    bridge = price_volume_mix(before, after)
    assert bridge.effects.total == bridge.after - bridge.before
    for name, effects in bridge.products.items():
        none = Sold(0, 0)
        assert effects.total == after.get(name, none).amount - before.get(name, none).amount


def test_each_cause_is_told_apart() -> None:
    before = {"a": Sold(10_000, 1000), "b": Sold(10_000, 2000), "gone": Sold(1_000, 70)}
    dearer = price_volume_mix(before, {"a": Sold(10_000, 1100), "b": Sold(10_000, 2000), "fresh": Sold(500, 30)})
    assert dearer.effects == Effects(price=100, new=30, lost=-70)
    more = price_volume_mix(before, {"a": Sold(20_000, 2000), "b": Sold(20_000, 4000), "gone": Sold(2_000, 140)})
    assert more.effects == Effects(volume=3070)
    shifted = price_volume_mix(
        {"a": Sold(10_000, 1000), "b": Sold(10_000, 2000)}, {"a": Sold(5_000, 500), "b": Sold(15_000, 3000)}
    )
    assert shifted.effects == Effects(mix=500)
