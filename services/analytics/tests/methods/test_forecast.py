"""Forecasts find the season and the trend that are there, and their intervals hold as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from analytics.methods.findings import Refused
from analytics.methods.forecast import METHODS, forecast
from analytics.methods.smoothing import holt_winters


def _months(count: int, *, noise: float, seed: int = 1, slope: float = 2.0) -> np.ndarray:
    steps = np.arange(count)
    return 200 + slope * steps + 30 * np.sin(steps * np.pi / 6) + np.random.default_rng(seed).normal(0, noise, count)


def test_a_line_with_a_season_is_continued_exactly() -> None:
    whole = _months(60, noise=0.0)
    found = forecast(whole[:48], ahead=12, season=12)
    assert found.expected == pytest.approx(whole[48:], abs=1e-6)
    assert found.method in {"HOLT_WINTERS", "CALENDAR_REGRESSION"}


def test_what_does_best_on_what_is_known_answers() -> None:
    found = forecast(_months(72, noise=5.0), ahead=6, season=12)
    by_name = {test.method: test for test in found.back_tests}
    assert set(by_name) == set(METHODS)
    assert found.method == min(found.back_tests, key=lambda test: test.mase).method == "CALENDAR_REGRESSION"
    assert by_name["CALENDAR_REGRESSION"].mase < 0.5
    assert by_name["SEASONAL_NAIVE"].mase > by_name["HOLT_WINTERS"].mase
    assert (by_name["SEASONAL_NAIVE"].origins, by_name["SEASONAL_NAIVE"].tested) == (8, 48)
    assert found.remarks == ()


def test_a_level_that_wanders_is_followed_by_smoothing() -> None:
    chance = np.random.default_rng(4)
    values = 500 + np.cumsum(chance.normal(0, 10, 200)) + np.tile([0.0, 40, -40, 0], 50) + chance.normal(0, 3, 200)
    found = forecast(values, ahead=4, season=4)
    assert found.method == "HOLT_WINTERS"
    assert found.widened == pytest.approx(1, abs=0.4)


def test_smoothing_finds_the_weight_a_series_was_made_with() -> None:
    chance = np.random.default_rng(8)
    level, values = 100.0, []
    for miss in chance.normal(0, 5, 3_000):
        values.append(level + miss)
        level += 0.3 * miss
    found = holt_winters(np.array(values), 1)
    assert found.alpha == pytest.approx(0.3, abs=0.05)
    assert found.beta < 0.03
    assert found.variance == pytest.approx(25, rel=0.1)
    assert found.deviation(5)[-1] == pytest.approx(5 * np.sqrt(1 + 4 * 0.09), rel=0.15)


@pytest.mark.parametrize("name", sorted(METHODS))
def test_intervals_of_each_method_hold_as_often_as_they_say(name: str) -> None:
    inside, seasonal = 0, name != "CALENDAR_REGRESSION"
    for seed in range(60):
        chance = np.random.default_rng(seed)
        noise = chance.normal(0, 4, 60)
        wander = np.cumsum(noise) if seasonal and name == "HOLT_WINTERS" else noise
        whole = 300 + np.tile([0.0, 20, -20, 5], 15) + wander
        if name == "SEASONAL_NAIVE":
            whole = np.cumsum(noise.reshape(15, 4), axis=0).ravel()
        outlook = METHODS[name](whole[:56], 4, 4)
        inside += int((np.abs(whole[56:] - outlook.expected) <= 1.2816 * outlook.deviation).sum())
    assert inside / 240 == pytest.approx(0.8, abs=0.09)


def test_intervals_that_missed_in_the_back_test_grow() -> None:
    values = np.full(60, 100.0) + np.random.default_rng(3).normal(0, 1, 60)
    values[-9:] += 40
    found = forecast(values, ahead=3, season=4)
    best = next(test for test in found.back_tests if test.method == found.method)
    assert best.coverage < 0.95
    assert found.widened > 2
    assert float((found.high - found.low).min()) > 8


def test_a_short_history_is_answered_without_its_season_and_says_so() -> None:
    found = forecast(np.array([5.0, 6, 5, 7, 6, 8]), ahead=2, season=12)
    assert found.season == 1
    assert "SEASON_TOO_LONG_FOR_HISTORY" in [each.code for each in found.remarks]
    assert np.isfinite(found.high).all()
    shortest = forecast(np.array([5.0, 6, 5, 7]), ahead=1)
    assert [each.code for each in shortest.remarks] == ["NO_BACK_TEST"]
    assert shortest.expected.tolist() == [7]


def test_a_series_that_never_changes_stays_and_one_never_negative_stays_so() -> None:
    flat = forecast(np.full(30, 9.0), ahead=3, season=7)
    assert flat.expected == pytest.approx([9, 9, 9])
    assert float((flat.high - flat.low).max()) < 1e-5
    rare = forecast(np.array([0.0, 0, 3, 0, 0, 0, 1, 0, 0, 4, 0, 0]), ahead=4)
    assert float(rare.low.min()) >= 0


@pytest.mark.parametrize(
    ("values", "options", "reason"),
    [
        ([], {"ahead": 1}, "TOO_SHORT"),
        ([1, 2, 3], {"ahead": 1}, "TOO_SHORT"),
        ([1, 2, float("inf"), 4], {"ahead": 1}, "NOT_FINITE"),
        ([1, 2, 3, 4], {"ahead": 0}, "AHEAD_OUT_OF_RANGE"),
        ([1, 2, 3, 4], {"ahead": 5}, "AHEAD_BEYOND_HISTORY"),
        ([1, 2, 3, 4], {"ahead": 1, "season": 0}, "SEASON_OUT_OF_RANGE"),
        ([1, 2, 3, 4], {"ahead": 1, "confidence": 1.0}, "CONFIDENCE_OUT_OF_RANGE"),
    ],
)
def test_what_allows_no_forecast_is_refused(values: list[float], options: dict[str, float], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        forecast(np.array(values, dtype=np.float64), **options)  # type: ignore[arg-type]
    assert refused.value.reason == reason
