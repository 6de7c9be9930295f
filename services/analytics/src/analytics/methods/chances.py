"""How likely a customer leaves or a deal is won: a logistic regression, calibrated, with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.methods.findings import Floats, Integers, Remark, Truths, all_finite, refuse_unless, same_length

_FOLDS = 5
_LEAST_OF_A_CLASS = 10
_EVENTS_A_FEATURE = 10
_TOO_GOOD = 0.99
_BINS = 10
_RIDGE = 1.0


@dataclass(frozen=True)
class Bin:
    """Rows with chances about as large: what was `predicted` on average and the share that `happened`."""

    predicted: float
    happened: float
    rows: int


@dataclass(frozen=True)
class Quality:
    """How good the chances of rows are that the model had not seen (cross-fitted).

    `brier`: the mean squared miss (Brier 1950), to be held against `brier_of_share`, that of saying the overall share
    to everybody. `auc`: how often a row where it happened got the larger chance.
    """

    auc: float
    brier: float
    brier_of_share: float
    log_loss: float
    calibration: tuple[Bin, ...]


@dataclass(frozen=True)
class Reason:
    """What a feature's `value` adds to the log-odds of a row, against a row with the mean of it."""

    feature: str
    value: float
    contribution: float


@dataclass(frozen=True)
class Chances:
    """A fitted model: `weights` are calibrated log-odds a unit of each feature, `base` those of a row of means.

    `odds_ratios` (for one standard deviation more) compare the features with each other. Weights are shrunk and
    tell what goes together, not what causes what.
    """

    weights: Mapping[str, float]
    means: Mapping[str, float]
    odds_ratios: Mapping[str, float]
    base: float
    rows: int
    happened: int
    quality: Quality
    remarks: tuple[Remark, ...]

    def of(self, features: Mapping[str, Floats]) -> Floats:
        """The chance of each row (n,). Raises Refused: EMPTY, LENGTHS_DIFFER, NOT_FINITE, FEATURES_DIFFER."""
        refuse_unless(set(features) == set(self.weights), "FEATURES_DIFFER")
        matrix = _matrix({name: features[name] for name in self.weights})
        means, weights = (np.array([each[name] for name in self.weights]) for each in (self.means, self.weights))
        return _logistic(self.base + (matrix - means) @ weights)

    def reasons(self, row: Mapping[str, float], *, most: int = 3) -> tuple[Reason, ...]:
        """What moves the chance of a row most, the strongest first; all of them and `base` add up to its log-odds."""
        refuse_unless(set(row) == set(self.weights), "FEATURES_DIFFER")
        found = [Reason(name, row[name], self.weights[name] * (row[name] - self.means[name])) for name in self.weights]
        found = [each for each in found if each.contribution != 0]
        return tuple(sorted(found, key=lambda each: (-abs(each.contribution), each.feature))[:most])


def fit_chances(features: Mapping[str, Floats], happened: Truths, *, seed: int = 0) -> Chances:
    """Ridge-penalised logistic regression on standardised features (n,), calibrated by cross-fitting.

    Each row is scored by a model that has not seen it; on these scores the calibration (Platt 1999) is fitted, and the
    quality is judged with calibrations that have not seen the row either. Rows must be snapshots from before the
    outcome, or the chances flatter. Raises Refused: EMPTY, NO_FEATURES, LENGTHS_DIFFER, NOT_FINITE, TOO_FEW_OF_A_CLASS,
    NOTHING_VARIES.
    """
    refuse_unless(happened.ndim == 1 and happened.size > 0, "EMPTY")
    refuse_unless(bool(features), "NO_FEATURES")
    same_length(happened, *features.values())
    matrix = _matrix(features)
    events, rows = int(happened.sum()), happened.size
    fewer = min(events, rows - events)
    refuse_unless(fewer >= _LEAST_OF_A_CLASS, "TOO_FEW_OF_A_CLASS", fewer=fewer, needed=_LEAST_OF_A_CLASS)
    spread = matrix.std(axis=0)
    flat = np.ptp(matrix, axis=0) <= 1e-12 * np.abs(matrix).max(axis=0)
    refuse_unless(not bool(flat.all()), "NOTHING_VARIES")
    means, scale = matrix.mean(axis=0), np.where(flat, 1.0, spread)
    points = np.where(flat, 0.0, (matrix - means) / scale)
    truth = happened.astype(np.float64)
    folds = _folds(happened, np.random.default_rng(seed))
    scores = np.empty(rows)
    for fold in range(_FOLDS):
        out = folds == fold
        fitted = _fit(points[~out], truth[~out], ridge=_RIDGE)
        scores[out] = fitted[0] + points[out] @ fitted[1:]
    judged = np.empty(rows)
    for fold in range(_FOLDS):
        out = folds == fold
        shift, slope = _platt(scores[~out], truth[~out])
        judged[out] = _logistic(shift + slope * scores[out])
    shift, slope = _platt(scores, truth)
    whole = _fit(points, truth, ridge=_RIDGE)
    quality = _judge(judged, happened)
    sized = slope * whole[1:]
    names = tuple(features)
    return Chances(
        {name: float(each) for name, each in zip(names, sized / scale, strict=True)},
        {name: float(each) for name, each in zip(names, means, strict=True)},
        {name: float(np.exp(each)) for name, each in zip(names, sized, strict=True)},
        float(shift + slope * whole[0]), rows, events, quality,
        _remarks(quality, fewer, [name for name, same in zip(names, flat, strict=True) if same], len(names)),
    )  # fmt: skip


def _remarks(quality: Quality, fewer: int, flat: list[str], features: int) -> tuple[Remark, ...]:
    told = (
        (bool(flat), Remark("FEATURES_WITHOUT_VARIATION", dict.fromkeys(flat, 1.0))),
        # Peduzzi et al. (1996): with fewer events a feature, weights are unreliable.
        (fewer < _EVENTS_A_FEATURE * features, Remark("FEW_EVENTS", {"fewer": fewer, "features": features})),
        (quality.auc > _TOO_GOOD, Remark("TOO_GOOD_TO_BE_TRUE", {"auc": quality.auc})),
        (quality.brier >= quality.brier_of_share, Remark("NO_BETTER_THAN_THE_SHARE", {"brier": quality.brier})),
    )
    return tuple(remark for holds, remark in told if holds)


def area_under_curve(chances: Floats, happened: Truths) -> float:
    """The share of pairs, one that happened and one that did not, ranked rightly; ties count half.

    Mann & Whitney (1947). Raises Refused(TOO_FEW_OF_A_CLASS).
    """
    events = int(happened.sum())
    others = happened.size - events
    refuse_unless(events > 0 and others > 0, "TOO_FEW_OF_A_CLASS", fewer=0, needed=1)
    _, of, alike = np.unique(chances, return_inverse=True, return_counts=True)
    ranks = float((np.cumsum(alike) - (alike - 1) / 2)[of][happened].sum())
    return (ranks - events * (events + 1) / 2) / (events * others)


def _judge(chances: Floats, happened: Truths) -> Quality:
    truth = happened.astype(np.float64)
    share = float(truth.mean())
    kept = np.clip(chances, 1e-12, 1 - 1e-12)
    loss = -float((truth * np.log(kept) + (1 - truth) * np.log1p(-kept)).mean())
    order = np.argsort(chances, kind="stable")
    bins = tuple(
        Bin(float(chances[at].mean()), float(truth[at].mean()), at.size)
        for at in np.array_split(order, min(_BINS, order.size))
    )
    auc = area_under_curve(chances, happened)
    return Quality(auc, float(((chances - truth) ** 2).mean()), share * (1 - share), loss, bins)


def _matrix(features: Mapping[str, Floats]) -> Floats:
    columns = list(features.values())
    refuse_unless(bool(columns), "NO_FEATURES")
    same_length(*columns)
    refuse_unless(columns[0].size > 0, "EMPTY")
    all_finite(**features)
    return np.stack(columns, axis=1).astype(np.float64)


def _folds(happened: Truths, chance: np.random.Generator) -> Integers:
    """A fold for each row, so that each fold has its share of both outcomes."""
    folds = np.empty(happened.size, dtype=np.int64)
    for outcome in (False, True):
        at = chance.permutation(np.flatnonzero(happened == outcome))
        folds[at] = np.arange(at.size) % _FOLDS
    return folds


def _platt(scores: Floats, truth: Floats) -> tuple[float, float]:
    """Shift and slope of the calibration; a slope below nought, which would turn the ranking round, becomes nought."""
    events = float(truth.sum())
    # Platt's targets, a little inside of 0 and 1, keep the slope finite where scores part the outcomes fully.
    targets = np.where(truth > 0, (events + 1) / (events + 2), 1 / (truth.size - events + 2))
    shift, slope = _fit(scores[:, None], targets, ridge=1e-9)
    if slope < 0:
        share = float(targets.mean())
        return float(np.log(share / (1 - share))), 0.0
    return float(shift), float(slope)


def _fit(points: Floats, truth: Floats, *, ridge: float) -> Floats:
    """Intercept and weights (1 + d,) by Newton's method, with half steps where a whole one overshoots."""
    design = np.concatenate((np.ones((points.shape[0], 1)), points), axis=1)
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 0.0
    share = float(truth.mean())
    weights = np.zeros(design.shape[1])
    weights[0] = np.log(share / (1 - share))

    def loss(at: Floats) -> float:
        odds = design @ at
        return float((np.logaddexp(0.0, odds) - truth * odds).sum() + (penalty * at * at).sum() / 2)

    before = loss(weights)
    for _ in range(100):
        chances = _logistic(design @ weights)
        slope = design.T @ (chances - truth) + penalty * weights
        curve = (design * (chances * (1 - chances))[:, None]).T @ design + np.diag(penalty + 1e-12)
        step = np.linalg.solve(curve, slope)
        after = loss(weights - step)
        while after > before + 1e-9 and float(np.abs(step).max()) > 1e-12:
            step = step / 2
            after = loss(weights - step)
        weights = weights - step
        if abs(before - after) <= 1e-10 * (1 + abs(after)):
            break
        before = after
    return weights


def _logistic(odds: Floats) -> Floats:
    return np.asarray(np.exp(-np.logaddexp(0.0, -odds)), dtype=np.float64)
