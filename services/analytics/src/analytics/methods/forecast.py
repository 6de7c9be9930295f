"""What comes next in a series: seasonal naive, Holt-Winters and a calendar regression, chosen by rolling back-test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from analytics.methods.findings import Floats, Remark, all_finite, refuse_unless
from analytics.methods.smoothing import holt_winters

_LEAST_HISTORY = 4
_MOST_ORIGINS = 8
_FEW_TESTED = 20


@dataclass(frozen=True)
class Outlook:
    """What a method expects of the steps ahead (h,) and by how much each may miss: `deviation` (h,)."""

    expected: Floats
    deviation: Floats


Method = Callable[[Floats, int, int], Outlook]


@dataclass(frozen=True)
class BackTest:
    """How a method did where the outcome is known: forecasts from `origins` points, each `ahead` steps at most.

    `mase`: the mean miss in units of the seasonal naive's miss within the history (Hyndman & Koehler 2006); below 1 is
    better than naive. `smape`: from 0 to 2. `coverage`: the share of outcomes inside the method's own intervals.
    """

    method: str
    mase: float
    smape: float
    coverage: float
    origins: int
    ahead: int
    tested: int


@dataclass(frozen=True)
class Forecast:
    """Steps ahead (h,): what is expected and the interval of the asked confidence; `method` did best in `back_tests`.

    `widened` is the factor by which the intervals had to grow to have held in the back-test, 1 where they held.
    `season` is the one used, 1 where the history was too short for the asked one. `back_tests` are empty with the
    remark NO_BACK_TEST.
    """

    method: str
    expected: Floats
    low: Floats
    high: Floats
    confidence: float
    widened: float
    season: int
    back_tests: tuple[BackTest, ...]
    remarks: tuple[Remark, ...]


def forecast(values: Floats, *, ahead: int, season: int = 1, confidence: float = 0.95) -> Forecast:
    """The next `ahead` steps of a series (n,) of equal steps without gaps, oldest first; `season` steps make a cycle.

    Methods are tried from up to eight origins on what came after (rolling origin: Tashman 2000) and the one with the
    least MASE answers. Intervals are normal with the method's own deviations, widened to what the back-test missed; no
    interval of a series that was never negative goes below 0. Raises Refused: TOO_SHORT, NOT_FINITE,
    AHEAD_OUT_OF_RANGE, AHEAD_BEYOND_HISTORY, SEASON_OUT_OF_RANGE, CONFIDENCE_OUT_OF_RANGE.
    """
    from scipy.special import ndtri

    refuse_unless(values.ndim == 1 and values.size >= _LEAST_HISTORY, "TOO_SHORT", steps=values.size, needed=4)
    all_finite(values=values)
    refuse_unless(ahead >= 1, "AHEAD_OUT_OF_RANGE", ahead=ahead)
    refuse_unless(ahead <= values.size, "AHEAD_BEYOND_HISTORY", ahead=ahead, steps=values.size)
    refuse_unless(season >= 1, "SEASON_OUT_OF_RANGE", season=season)
    refuse_unless(0 < confidence < 1, "CONFIDENCE_OUT_OF_RANGE", confidence=confidence)
    remarks = []
    if values.size < 2 * season + 2:
        remarks.append(Remark("SEASON_TOO_LONG_FOR_HISTORY", {"season": season, "needed": 2 * season + 2}))
        season = 1
    reach = float(ndtri((1 + confidence) / 2))
    tests, misses = _tried(values, ahead, season, reach)
    if not tests:
        remarks.append(Remark("NO_BACK_TEST", {"steps": values.size}))
    name = min(tests, key=lambda test: test.mase).method if tests else "SEASONAL_NAIVE"
    widened = 1.0
    if tests:
        best = next(test for test in tests if test.method == name)
        widened = max(1.0, float(np.quantile(misses[name], confidence, method="higher")) / reach)
        if best.mase >= 1:
            remarks.append(Remark("NO_BETTER_THAN_NAIVE", {"mase": best.mase}))
        if best.tested < _FEW_TESTED:
            remarks.append(Remark("FEW_OUTCOMES_TESTED", {"tested": best.tested}))
    outlook = METHODS[name](values, ahead, season)
    half = outlook.deviation * reach * widened
    floor = 0.0 if float(values.min()) >= 0 else -np.inf
    expected, low, high = (
        np.maximum(each, floor) for each in (outlook.expected, outlook.expected - half, outlook.expected + half)
    )
    return Forecast(name, expected, low, high, confidence, widened, season, tests, tuple(remarks))


def _tried(values: Floats, ahead: int, season: int, reach: float) -> tuple[tuple[BackTest, ...], Mapping[str, Floats]]:
    """Back-tests of all methods, and for each its misses in units of its own deviations."""
    least = max(_LEAST_HISTORY, 2 * season + 2)
    ahead = min(ahead, (values.size - least + 1) // 2)
    if ahead < 1:
        return (), {}
    origins = range(max(least, values.size - ahead - _MOST_ORIGINS + 1), values.size - ahead + 1)
    tests, misses = [], {}
    for name, method in METHODS.items():
        scaled, relative, wide = [], [], []
        for origin in origins:
            known, came = values[:origin], values[origin : origin + ahead]
            outlook = method(known, ahead, season)
            miss = np.abs(came - outlook.expected)
            scaled.append(miss / _naive_miss(known, season))
            both = np.abs(came) + np.abs(outlook.expected)
            relative.append(np.where(both > 0, 2 * miss / np.where(both > 0, both, 1.0), 0.0))
            wide.append(miss / np.maximum(outlook.deviation, _tiny(known)))
        misses[name] = np.concatenate(wide)
        coverage = float((misses[name] <= reach).mean())
        mase, smape = float(np.mean(scaled)), float(np.mean(relative))
        tests.append(BackTest(name, mase, smape, coverage, len(origins), ahead, misses[name].size))
    return tuple(tests), misses


def _naive_miss(values: Floats, season: int) -> float:
    return max(float(np.abs(values[season:] - values[:-season]).mean()), _tiny(values))


def _tiny(values: Floats) -> float:
    """What counts as no miss at all beside figures of this size."""
    return 1e-9 * max(1.0, float(np.abs(values).max()))


def _seasonal_naive(values: Floats, ahead: int, season: int) -> Outlook:
    """The same as a season ago; without a season, the same as last time."""
    steps = np.arange(ahead)
    deviation = float(np.sqrt(((values[season:] - values[:-season]) ** 2).mean()))
    return Outlook(values[values.size - season + steps % season], deviation * np.sqrt(steps // season + 1.0))


def _holt_winters(values: Floats, ahead: int, season: int) -> Outlook:
    found = holt_winters(values, season)
    return Outlook(found.expected(ahead), found.deviation(ahead))


def _calendar(values: Floats, ahead: int, season: int) -> Outlook:
    """A straight line plus a constant a step of the season, by least squares, with that theory's deviations."""
    steps = np.arange(values.size + ahead)
    trend = steps / values.size
    design = np.concatenate((trend[:, None], np.eye(season)[steps % season]), axis=1)
    past, future = design[: values.size], design[values.size :]
    inverse = np.linalg.pinv(past.T @ past)
    coefficients = inverse @ past.T @ values
    left = values - past @ coefficients
    variance = float(left @ left) / max(values.size - season - 1, 1)
    spread = np.einsum("ij,jk,ik->i", future, inverse, future)
    return Outlook(np.asarray(future @ coefficients), np.sqrt(variance * (1 + spread)))


METHODS: Mapping[str, Method] = {
    "SEASONAL_NAIVE": _seasonal_naive,
    "HOLT_WINTERS": _holt_winters,
    "CALENDAR_REGRESSION": _calendar,
}
