"""Additive Holt-Winters smoothing with a damped or undamped trend; its weights come from a grid that is narrowed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.methods.findings import Floats

_NARROWINGS = 2
_DAMPED = 0.9


@dataclass(frozen=True)
class HoltWinters:
    """A fitted smoothing: its weights, its state at the end of the series, and the mean square of one step's misses.

    `alpha` weighs the level, `beta` the trend, `gamma` the season; `phi` damps the trend (1: not at all).
    `season_ahead` has the seasonal part of the next steps, one cycle.
    """

    alpha: float
    beta: float
    gamma: float
    phi: float
    level: float
    trend: float
    season_ahead: Floats
    variance: float

    def expected(self, ahead: int) -> Floats:
        """What comes in the next steps (ahead,)."""
        steps = np.arange(ahead)
        return self.level + self.trend * np.cumsum(self.phi ** (steps + 1.0)) + self._seasonal(steps)

    def deviation(self, ahead: int) -> Floats:
        """The standard deviation of each step's miss (ahead,), as Hyndman et al. (2008), chapter 6, have it."""
        steps = np.arange(1, ahead)
        season = self.season_ahead.size
        again = (steps % season == 0) & (season > 1)
        weights = self.alpha + self.alpha * self.beta * np.cumsum(self.phi**steps) + self.gamma * again
        return np.sqrt(self.variance * np.concatenate(([1.0], 1 + np.cumsum(weights**2))))

    def _seasonal(self, steps: NDArray[np.int64]) -> Floats:
        return self.season_ahead[steps % self.season_ahead.size]


def holt_winters(values: Floats, season: int) -> HoltWinters:
    """The smoothing with the least squares of one-step misses (Holt 1957, Winters 1960); n at least 2 seasons and 2.

    All weights of a grid are run beside each other, then a finer grid around the best; the answer is deterministic and
    no optimiser can fail. The first state is of a line with seasons through the first cycles, which costs the first
    season's misses their worth: they do not count.
    """
    seasonal = season > 1
    points = [
        np.linspace(0.02, 0.98, 7),
        np.linspace(0.0, 0.9, 5),
        np.linspace(0.0, 0.9, 5) if seasonal else np.zeros(1),
    ]
    best = _run(values, season, _grid(points))
    for narrowing in range(_NARROWINGS):
        centre = (best.alpha, best.beta, best.gamma / max(1 - best.alpha, 1e-9))
        points = [
            np.unique(np.clip(middle + step * 3.0**-narrowing * np.linspace(-0.75, 0.75, 4), 0.0, 0.999))
            for middle, step in zip(centre, (0.16, 0.225, 0.225 if seasonal else 0.0), strict=True)
        ]
        found = _run(values, season, _grid(points))
        best = found if found.variance < best.variance else best
    return best


def _grid(points: list[Floats]) -> Floats:
    return np.stack([each.ravel() for each in np.meshgrid(*points, np.array([_DAMPED, 1.0]))])


def _run(values: Floats, season: int, grid: Floats) -> HoltWinters:
    """The best of the weights (4, g): alpha, beta, gamma as a share of 1 - alpha, phi."""
    alpha, beta, share, phi = grid
    gamma = share * (1 - alpha)
    first, slope, cycle = _start(values, season)
    level, trend = np.full(alpha.size, first), np.full(alpha.size, slope)
    seasons = np.repeat(cycle[:, None], alpha.size, axis=1)
    squares = np.zeros(alpha.size)
    for at, value in enumerate(values):
        place = at % season
        before = level + phi * trend
        miss = value - before - seasons[place]
        if at >= season:
            squares += miss * miss
        level = before + alpha * miss
        trend = phi * trend + alpha * beta * miss
        if season > 1:
            seasons[place] += gamma * miss
    won = int(np.argmin(squares))
    freedom = max(values.size - season - (3 if season > 1 else 2), 1)
    ahead = np.roll(seasons[:, won], -(values.size % season))
    return HoltWinters(
        float(alpha[won]), float(beta[won]), float(gamma[won]), float(phi[won]),
        float(level[won]), float(trend[won]), ahead, float(squares[won]) / freedom,
    )  # fmt: skip


def _start(values: Floats, season: int) -> tuple[float, float, Floats]:
    """Level before the first step, trend and a cycle that sums to nought, from the first two to four cycles."""
    cycles = min(values.size // season, 4) if season > 1 else min(values.size, 10)
    kept = values[: cycles * season]
    steps = np.arange(1.0, kept.size + 1)
    if season == 1:
        slope, first = np.polyfit(steps, kept, 1)
        return float(first), float(slope), np.zeros(1)
    tables = kept.reshape(cycles, season)
    slope = float(np.polyfit(np.arange(cycles), tables.mean(axis=1), 1)[0]) / season
    flat = (kept - slope * steps).reshape(cycles, season)
    cycle = flat.mean(axis=0)
    first = float(cycle.mean())
    return first, slope, cycle - first
