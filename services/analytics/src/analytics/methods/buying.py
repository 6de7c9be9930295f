"""Who buys again, and how often: the BG/NBD and the Pareto/NBD model of repeat buying."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from analytics.methods.findings import Floats, Remark, refuse_unless
from analytics.methods.likelihood import Likelihood, Maximum, maximise
from analytics.methods.purchases import RepeatBuying

_SKETCH = 4_000
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_FEW_REPEATERS = 30

M = TypeVar("M")


class BuyingModel(Protocol):
    """What both models answer; times in the unit they were fitted in, one figure a customer."""

    def alive(self, buying: RepeatBuying) -> Floats:
        """The probability of being a customer still."""

    def purchases(self, buying: RepeatBuying, ahead: float) -> Floats:
        """Purchases expected within `ahead`."""


@dataclass(frozen=True)
class BetaGeometric:
    """BG/NBD (Fader, Hardie & Lee 2005, Marketing Science 24): who drops out does so right after a purchase."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, buying: RepeatBuying) -> Floats:
        """The probability of being a customer still (n,); 1 for those without repeat purchases, as the model has it."""
        x, recency, age = buying.frequency, buying.recency, buying.age
        # Customers without repeats get b + 0 - 1 out of the way; their odds are not used.
        repeats = np.maximum(x, 1.0)
        odds = np.log(self.a / (self.b + repeats - 1)) + (self.r + x) * np.log(
            (self.alpha + age) / (self.alpha + recency)
        )
        return np.where(x > 0, np.exp(-np.logaddexp(0.0, odds)), 1.0)

    def purchases(self, buying: RepeatBuying, ahead: float) -> Floats:
        """Purchases expected within `ahead` (n,). Euler's transformation keeps the series short for any frequency.

        Raises Refused(MODEL_DEGENERATE) where the fitted parameters have run away and give no figure.
        """
        from scipy.special import hyp2f1

        refuse_unless(ahead >= 0, "NEGATIVE_FIGURE", smallest=ahead)
        x, age = buying.frequency, buying.age
        # At a = 1 the formula is nought by nought; a step aside changes the eighth digit.
        a = self.a if abs(self.a - 1) > 1e-7 else 1 + 1e-7
        z = ahead / (self.alpha + age + ahead)
        with np.errstate(all="ignore"):
            series = hyp2f1(a + self.b - 1 - self.r, a - 1, a + self.b + x - 1, z)
            found = (a + self.b + x - 1) / (a - 1) * (1 - (1 - z) ** (a - 1) * series)
        # Nobody buys more than who never drops out: what is beyond that, or no figure, is the arithmetic's end.
        most = (self.r + x) / (self.alpha + age) * ahead
        possible = np.isfinite(found) & (found >= -1e-9) & (found <= most * (1 + 1e-6) + 1e-9)
        refuse_unless(bool(possible.all()), "MODEL_DEGENERATE", a=self.a, b=self.b)
        return np.asarray(np.maximum(found, 0.0) * self.alive(buying), dtype=np.float64)

    def buys_within(self, buying: RepeatBuying, ahead: float) -> Floats:
        """The probability of at least one purchase within `ahead` (n,)."""
        x, age = buying.frequency, buying.age
        return self.alive(buying) * -np.expm1((self.r + x) * np.log((self.alpha + age) / (self.alpha + age + ahead)))

    def next_purchase(self, buying: RepeatBuying, chance: float = 0.5) -> Floats:
        """The time from now by which the next purchase has come with probability `chance` (n,).

        Infinite for those who come back with a smaller probability than that.
        """
        refuse_unless(0 < chance < 1, "CHANCE_OUT_OF_RANGE", chance=chance)
        alive = self.alive(buying)
        reached = alive > chance
        left = np.log1p(-chance / np.where(reached, alive, 1.0))
        wait = (self.alpha + buying.age) * np.expm1(-left / (self.r + buying.frequency))
        return np.where(reached, wait, np.inf)


@dataclass(frozen=True)
class ParetoNegativeBinomial:
    """Pareto/NBD (Schmittlein, Morrison & Colombo 1987, Management Science 33): customers may leave at any moment."""

    r: float
    alpha: float
    s: float
    beta: float

    def alive(self, buying: RepeatBuying) -> Floats:
        """The probability of being a customer still (n,)."""
        stays, leaves, _ = _pareto_parts(buying, np.array([self.r, self.alpha, self.s, self.beta]))
        return np.exp(stays - np.logaddexp(stays, leaves))

    def purchases(self, buying: RepeatBuying, ahead: float) -> Floats:
        """Purchases expected within `ahead` (n,)."""
        refuse_unless(ahead >= 0, "NEGATIVE_FIGURE", smallest=ahead)
        x, age = buying.frequency, buying.age
        span = np.log((self.beta + age + ahead) / (self.beta + age))
        s = self.s if abs(self.s - 1) > 1e-9 else 1 + 1e-9
        rate = (self.r + x) * (self.beta + age) / (self.alpha + age)
        return np.asarray(rate * -np.expm1(-(s - 1) * span) / (s - 1) * self.alive(buying), dtype=np.float64)


@dataclass(frozen=True)
class BuyingFit(Generic[M]):
    """A model with what tells how far to trust it. `errors` are standard errors in the order of its parameters."""

    model: M
    errors: tuple[float, ...] | None
    log_likelihood: float
    converged: bool
    starts: int
    agreeing_starts: int
    customers: int
    repeaters: int
    remarks: tuple[Remark, ...]


def fit_beta_geometric(buying: RepeatBuying) -> BuyingFit[BetaGeometric]:
    """Fits BG/NBD by maximum likelihood with exact gradients.

    Raises Refused: NO_SUMMIT and what `refuse_unless_telling` says.
    """
    buying.refuse_unless_telling()
    unit = float(buying.age.mean())
    starts = [(0.5, 0.5 * unit, 1.0, 2.0), (0.2, 0.1 * unit, 0.5, 3.0), (2.0, 1.0 * unit, 1.0, 1.0)]
    best = maximise(_beta_geometric(buying, 1.0), starts, sketch=_sketch(_beta_geometric, buying))
    return _fitted(BetaGeometric(*best.values), best, buying)


def fit_pareto(buying: RepeatBuying) -> BuyingFit[ParetoNegativeBinomial]:
    """Fits Pareto/NBD by maximum likelihood with exact gradients.

    Raises Refused: NO_SUMMIT and what `refuse_unless_telling` says.
    """
    buying.refuse_unless_telling()
    unit = float(buying.age.mean())
    starts = [
        (0.5, 0.4 * unit, 0.6, 0.4 * unit),
        (1.0, 1.0 * unit, 1.0, 1.0 * unit),
        (0.3, 0.2 * unit, 0.3, 1.0 * unit),
    ]
    best = maximise(_pareto(buying, 1.0), starts, sketch=_sketch(_pareto, buying))
    return _fitted(ParetoNegativeBinomial(*best.values), best, buying)


def _fitted(model: M, best: Maximum, buying: RepeatBuying) -> BuyingFit[M]:
    repeaters = int((buying.frequency > 0).sum())
    remarks = list(best.remarks)
    if repeaters < _FEW_REPEATERS:
        remarks.append(Remark("FEW_REPEAT_CUSTOMERS", {"repeaters": repeaters}))
    return BuyingFit(
        model, best.errors, best.log_likelihood, best.converged, best.starts, best.agreeing_starts,
        buying.frequency.size, repeaters, tuple(remarks),
    )  # fmt: skip


def _sketch(make: Callable[[RepeatBuying, float], Likelihood], buying: RepeatBuying) -> Likelihood | None:
    """The likelihood of every n-th customer, where there are many: enough to find the way to the summit."""
    if buying.frequency.size <= 2 * _SKETCH:
        return None
    every = buying.frequency.size // _SKETCH
    kept = slice(None, None, every)
    return make(RepeatBuying(buying.frequency[kept], buying.recency[kept], buying.age[kept]), float(every))


def _grouped(buying: RepeatBuying) -> tuple[RepeatBuying, Floats]:
    """Customers with the same history once, with how many they are."""
    rows = np.stack((buying.frequency, buying.recency, buying.age), axis=1)
    different, counts = np.unique(rows, axis=0, return_counts=True)
    columns = [np.ascontiguousarray(each) for each in different.T]
    return RepeatBuying(*columns), counts.astype(np.float64)


def _beta_geometric(buying: RepeatBuying, scale: float) -> Likelihood:
    from scipy.special import gammaln, psi

    alike, weights = _grouped(buying)
    weights = weights * scale
    x, recency, age = alike.frequency, alike.recency, alike.age
    repeats = x > 0
    counted = np.maximum(x, 1.0)

    def likelihood(values: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = values
        to_age, to_recency = np.log(alpha + age), np.log(alpha + recency)
        stays = -(r + x) * to_age
        leaves = np.where(repeats, np.log(a / (b + counted - 1)) - (r + x) * to_recency, -np.inf)
        either = np.logaddexp(stays, leaves)
        gone = np.exp(leaves - either)
        here = 1 - gone
        each = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) + gammaln(b + x)
        each += either - gammaln(b) - gammaln(a + b + x)
        of_both = psi(a + b) - psi(a + b + x)
        slopes = (
            psi(r + x) - psi(r) + np.log(alpha) - here * to_age - gone * to_recency,
            r / alpha - (r + x) * (here / (alpha + age) + gone / (alpha + recency)),
            of_both + gone / a,
            of_both + psi(b + x) - psi(b) - gone / (b + counted - 1),
        )
        return float(weights @ each), np.array([float(weights @ slope) for slope in slopes])

    return likelihood


def _pareto_parts(buying: RepeatBuying, values: Floats) -> tuple[Floats, Floats, tuple[Floats, Floats, Floats, Floats]]:
    """Logarithms of the likelihoods of staying to the end and of having left before it, and the slopes of the latter.

    Leaving is an integral over the moment of it; Gauss-Legendre in the logarithm of time takes it to ten digits.
    """
    r, alpha, s, beta = values
    x, recency, age = buying.frequency, buying.recency, buying.age
    stays = -(r + x) * np.log(alpha + age) - s * np.log(beta + age)
    nearer = min(alpha, beta)
    half = np.log((nearer + age) / (nearer + recency)) / 2
    shifted = (nearer + recency)[:, None] * np.exp(half[:, None] * (_NODES + 1))
    by_rate, by_leaving = np.log(shifted + (alpha - nearer)), np.log(shifted + (beta - nearer))
    tall = -(r + x)[:, None] * by_rate - (s + 1) * by_leaving + np.log(shifted)
    top = tall.max(axis=1)
    shares = np.exp(tall - top[:, None]) * _WEIGHTS
    total = shares.sum(axis=1)
    with np.errstate(divide="ignore"):
        leaves = np.log(s) + top + np.log(half) + np.log(total)
    shares /= total[:, None]
    slopes = (
        -(shares * by_rate).sum(axis=1),
        -(r + x) * (shares * np.exp(-by_rate)).sum(axis=1),
        1 / s - (shares * by_leaving).sum(axis=1),
        -(s + 1) * (shares * np.exp(-by_leaving)).sum(axis=1),
    )
    return stays, leaves, slopes


def _pareto(buying: RepeatBuying, scale: float) -> Likelihood:
    from scipy.special import gammaln, psi

    alike, weights = _grouped(buying)
    weights = weights * scale
    x, age = alike.frequency, alike.age

    def likelihood(values: Floats) -> tuple[float, Floats]:
        r, alpha, s, beta = values
        stays, leaves, left = _pareto_parts(alike, values)
        either = np.logaddexp(stays, leaves)
        gone = np.exp(leaves - either)
        here = 1 - gone
        each = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + either
        slopes = (
            psi(r + x) - psi(r) + np.log(alpha) - here * np.log(alpha + age) + gone * left[0],
            r / alpha - here * (r + x) / (alpha + age) + gone * left[1],
            np.log(beta) - here * np.log(beta + age) + gone * left[2],
            s / beta - here * s / (beta + age) + gone * left[3],
        )
        return float(weights @ each), np.array([float(weights @ slope) for slope in slopes])

    return likelihood
