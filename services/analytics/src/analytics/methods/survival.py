"""How long customers stay or deals stay open, where many have not ended yet: Kaplan-Meier and the log-rank test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.methods.findings import Floats, Integers, Remark, Truths, all_finite, refuse_unless, same_length

_FEW_AT_RISK = 10
_FEW_ENDS = 10


@dataclass(frozen=True)
class Spans:
    """One row a customer or deal: how long it was `watched`, in any unit, and whether it `ended` then.

    What has not ended was seen no longer. Raises Refused: EMPTY, LENGTHS_DIFFER, NOT_FINITE, NEGATIVE_FIGURE.
    """

    watched: Floats
    ended: Truths

    def __post_init__(self) -> None:
        same_length(self.watched, self.ended)
        refuse_unless(self.watched.size > 0, "EMPTY")
        all_finite(watched=self.watched)
        refuse_unless(float(self.watched.min()) >= 0, "NEGATIVE_FIGURE", smallest=float(self.watched.min()))


@dataclass(frozen=True)
class Survival:
    """The share still there after each of `times` (m,) at which something ended, with its interval of `confidence`.

    `at_risk` were watched right before, `ends` ended then. `median` is the time by which half have ended, with its
    interval; None where the curve, or its limit, never falls to a half. The share is 1 before the first time, and
    unknown after `known_until`.
    """

    times: Floats
    share: Floats
    low: Floats
    high: Floats
    at_risk: Integers
    ends: Integers
    median: float | None
    median_low: float | None
    median_high: float | None
    confidence: float
    known_until: float
    remarks: tuple[Remark, ...]

    def after(self, time: float) -> float:
        """The share still there after `time`. Raises Refused: NEGATIVE_FIGURE, BEYOND_WHAT_WAS_WATCHED."""
        refuse_unless(time >= 0, "NEGATIVE_FIGURE", smallest=time)
        refuse_unless(time <= self.known_until, "BEYOND_WHAT_WAS_WATCHED", time=time, known_until=self.known_until)
        place = int(np.searchsorted(self.times, time, side="right"))
        return 1.0 if place == 0 else float(self.share[place - 1])


@dataclass(frozen=True)
class Comparison:
    """Whether groups end alike: `observed` and, were they alike, `expected` ends of each (g,), and how odd that is."""

    groups: tuple[int, ...]
    observed: Integers
    expected: Floats
    chi_squared: float
    p_value: float


def survival(spans: Spans, *, confidence: float = 0.95) -> Survival:
    """The curve of Kaplan & Meier (1958) with Greenwood's variance (1926) on the log-log scale.

    What ends and what is last seen at the same time: the end came first. The intervals stay within 0 and 1. Raises
    Refused: NOTHING_ENDED, CONFIDENCE_OUT_OF_RANGE.
    """
    from scipy.special import ndtri

    refuse_unless(0 < confidence < 1, "CONFIDENCE_OUT_OF_RANGE", confidence=confidence)
    refuse_unless(bool(spans.ended.any()), "NOTHING_ENDED", rows=spans.watched.size)
    times, at_risk, ends = _counted(spans.watched, spans.ended, np.unique(spans.watched[spans.ended]))
    share: Floats = np.cumprod(1 - ends / at_risk, dtype=np.float64)
    inside = share > 0
    # Where nobody is left, neither the logarithm nor Greenwood's formula has a figure; the last interval goes on.
    left = np.where(inside, at_risk - ends, 1)
    greenwood = np.cumsum(np.where(inside, ends / (at_risk * left), 0.0))
    log_share = np.log(np.where(inside, share, 0.5))
    reach = float(ndtri((1 + confidence) / 2)) * np.sqrt(greenwood) / np.abs(log_share)
    low = np.where(inside, np.exp(log_share * np.exp(reach)), 0.0)
    high = np.exp(log_share * np.exp(-reach))
    if not inside[-1]:
        high[-1] = high[-2] if high.size > 1 else 1.0
    return Survival(
        times, share, low, high, at_risk, ends, _half(times, share), _half(times, low), _half(times, high),
        confidence, float(spans.watched.max()), _remarks(times, share, at_risk, ends),
    )  # fmt: skip


def compare(spans: Spans, groups: Integers) -> Comparison:
    """The log-rank test (Mantel 1966; Peto & Peto 1972) of groups (n,), without weights.

    A large difference between curves that cross may escape it. Raises Refused: LENGTHS_DIFFER, ONE_GROUP,
    NOTHING_ENDED.
    """
    from scipy.special import chdtrc

    same_length(spans.watched, groups)
    names = np.unique(groups)
    refuse_unless(names.size > 1, "ONE_GROUP")
    refuse_unless(bool(spans.ended.any()), "NOTHING_ENDED", rows=spans.watched.size)
    moments = np.unique(spans.watched[spans.ended])
    _, risk, ends = _counted(spans.watched, spans.ended, moments)
    tables = [_counted(spans.watched[groups == each], spans.ended[groups == each], moments) for each in names]
    shares = np.stack([table[1] / risk for table in tables])
    observed = np.array([int(table[2].sum()) for table in tables])
    expected = shares @ ends
    spread = ends * (risk - ends) / np.maximum(risk - 1, 1)
    variance = np.diag(shares @ spread) - (shares * spread) @ shares.T
    # One group's difference follows from the others'; the inverse that leaves such a direction out takes care of it.
    away = observed - expected
    rank = int(np.linalg.matrix_rank(variance, tol=1e-9))
    chi_squared = float(away @ np.linalg.pinv(variance, rcond=1e-9, hermitian=True) @ away) if rank else 0.0
    p_value = float(chdtrc(rank, chi_squared)) if rank else 1.0
    return Comparison(tuple(int(each) for each in names), observed, expected, chi_squared, p_value)


def _counted(watched: Floats, ended: Truths, moments: Floats) -> tuple[Floats, Integers, Integers]:
    """Of each moment (m,): who was watched right before it, and who ended at it."""
    at_risk = watched.size - np.searchsorted(np.sort(watched), moments, side="left")
    gone = np.sort(watched[ended])
    ends = np.searchsorted(gone, moments, side="right") - np.searchsorted(gone, moments, side="left")
    return moments, at_risk.astype(np.int64), ends.astype(np.int64)


def _half(times: Floats, share: Floats) -> float | None:
    reached = np.flatnonzero(share <= 0.5 + 1e-12)
    return float(times[reached[0]]) if reached.size else None


def _remarks(times: Floats, share: Floats, at_risk: Integers, ends: Integers) -> tuple[Remark, ...]:
    thin = np.flatnonzero(at_risk < _FEW_AT_RISK)
    told = (
        (int(ends.sum()) < _FEW_ENDS, Remark("FEW_ENDS", {"ends": int(ends.sum())})),
        (thin.size > 0, Remark("FEW_LEFT_FROM", {"time": float(times[thin[0]]) if thin.size else 0.0})),
        (float(share[-1]) > 0.5, Remark("MEDIAN_NOT_REACHED", {"share": float(share[-1])})),
    )
    return tuple(remark for holds, remark in told if holds)
