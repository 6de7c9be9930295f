"""How much a customer spends a purchase (Gamma-Gamma), and what a customer is worth: purchases by spend, discounted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.methods.buying import BuyingModel
from analytics.methods.findings import Floats, Refused, Remark, all_finite, refuse_unless, same_length
from analytics.methods.likelihood import maximise
from analytics.methods.purchases import RepeatBuying

_CORRELATED = 0.3
_PERIODS_LIMIT = 1_200


@dataclass(frozen=True)
class GammaGamma:
    """Spend a purchase varies within and between customers (Fader & Hardie 2013, "The Gamma-Gamma Model")."""

    p: float
    q: float
    v: float

    def mean_spend(self, frequency: Floats, spend: Floats) -> Floats:
        """The expected mean spend of each customer (n,), in the unit of `spend`; those without repeats get the average.

        Raises Refused(NO_MEAN_SPEND) where q <= 1 and a customer without repeats is asked for: that mean is infinite.
        """
        same_length(frequency, spend)
        below = self.p * frequency + self.q - 1
        refuse_unless(bool((below > 0).all()), "NO_MEAN_SPEND", q=self.q)
        return self.p * (self.v + frequency * spend) / below


@dataclass(frozen=True)
class SpendingFit:
    """`correlation` is of frequency and spend: the model takes them for independent, a remark says if they are not."""

    model: GammaGamma
    errors: tuple[float, ...] | None
    log_likelihood: float
    converged: bool
    customers: int
    correlation: float
    remarks: tuple[Remark, ...]


def fit_gamma_gamma(frequency: Floats, spend: Floats) -> SpendingFit:
    """Fits Gamma-Gamma to repeat customers: repeat purchases (n,) and mean spend of those (n,), any currency unit.

    Rows without repeat purchases are left out. Raises Refused: NO_REPEAT_PURCHASE, ONE_CUSTOMER, SPEND_NOT_POSITIVE,
    ALL_SPEND_EQUAL, LENGTHS_DIFFER, NOT_FINITE, NO_SUMMIT.
    """
    from scipy.special import gammaln, psi

    same_length(frequency, spend)
    all_finite(frequency=frequency, spend=spend)
    x, z = frequency[frequency > 0], spend[frequency > 0]
    refuse_unless(x.size > 0, "NO_REPEAT_PURCHASE", customers=frequency.size)
    refuse_unless(x.size > 1, "ONE_CUSTOMER")
    refuse_unless(float(z.min()) > 0, "SPEND_NOT_POSITIVE", smallest=float(z.min()), customers=int((z <= 0).sum()))
    refuse_unless(float(z.max() - z.min()) > 1e-9 * float(z.max()), "ALL_SPEND_EQUAL", spend=float(z[0]))
    logs = np.log(z) + np.log(x)
    unit = float(z.mean())

    def likelihood(values: Floats) -> tuple[float, Floats]:
        p, q, v = values
        of_all = np.log(v + x * z)
        shape = p * x + q
        each = gammaln(shape) - gammaln(p * x) - gammaln(q) + q * np.log(v) + (p * x - 1) * np.log(z)
        each += p * x * np.log(x) - shape * of_all
        by_p = x * (psi(shape) - psi(p * x) + logs - of_all)
        by_q = psi(shape) - psi(q) + np.log(v) - of_all
        by_v = q / v - shape / (v + x * z)
        return float(each.sum()), np.array([by_p.sum(), by_q.sum(), by_v.sum()])

    best = maximise(likelihood, [(5.0, 4.0, 0.6 * unit), (1.0, 2.0, unit), (20.0, 10.0, 0.5 * unit)])
    correlation = float(np.corrcoef(x, z)[0, 1]) if x.max() > x.min() else 0.0
    remarks = list(best.remarks)
    if abs(correlation) > _CORRELATED:
        remarks.append(Remark("SPEND_FOLLOWS_FREQUENCY", {"correlation": correlation}))
    if best.values[1] <= 1:
        remarks.append(Remark("NO_MEAN_SPEND", {"q": best.values[1]}))
    return SpendingFit(
        GammaGamma(*best.values), best.errors, best.log_likelihood, best.converged, x.size, correlation, tuple(remarks)
    )


def lifetime_value(
    model: BuyingModel,
    spending: GammaGamma,
    buying: RepeatBuying,
    spend: Floats,
    *,
    periods: int,
    period: float,
    discount_a_period: float = 0.0,
    margin: float = 1.0,
) -> Floats:
    """The worth of each customer's purchases in the next `periods` (n,), in the unit of `spend`.

    A period lasts `period` units of the model's time; what is bought in the k-th is divided by (1 + discount)^k. Raises
    Refused: PERIODS_OUT_OF_RANGE, DISCOUNT_OUT_OF_RANGE, NO_MEAN_SPEND.
    """
    refuse_unless(1 <= periods <= _PERIODS_LIMIT and period > 0, "PERIODS_OUT_OF_RANGE", periods=periods)
    refuse_unless(discount_a_period > -1, "DISCOUNT_OUT_OF_RANGE", discount=discount_a_period)
    bought = np.zeros(buying.frequency.size)
    before = bought
    for number in range(1, periods + 1):
        so_far = model.purchases(buying, number * period)
        bought = bought + (so_far - before) / (1 + discount_a_period) ** number
        before = so_far
    return bought * spending.mean_spend(buying.frequency, spend) * margin


@dataclass(frozen=True)
class HoldOutRow:
    """Customers with one count of repeat purchases (the last row: or more); expected and actual purchases a head."""

    frequency: int
    customers: int
    expected: float
    actual: float


@dataclass(frozen=True)
class HoldOut:
    """How well the model foretold a time it had not seen. `correlation` is None where one side never varies."""

    expected: float
    actual: float
    mean_absolute_error: float
    correlation: float | None
    rows: tuple[HoldOutRow, ...]


def check_hold_out(
    model: BuyingModel, buying: RepeatBuying, actual: Floats, ahead: float, *, last_row: int = 7
) -> HoldOut:
    """Compares the purchases expected within `ahead` after the fitted time with the `actual` ones (n,)."""
    same_length(buying.frequency, actual)
    if not np.isfinite(actual).all() or actual.min() < 0:
        raise Refused("NEGATIVE_FIGURE", smallest=float(np.nanmin(actual)))
    expected = model.purchases(buying, ahead)
    groups = np.minimum(buying.frequency, last_row).astype(np.int64)
    rows = tuple(
        HoldOutRow(int(each), int(of.sum()), float(expected[of].mean()), float(actual[of].mean()))
        for each in np.unique(groups)
        for of in (groups == each,)
    )
    varies = expected.std() > 0 and actual.std() > 0
    return HoldOut(
        float(expected.sum()), float(actual.sum()), float(np.abs(expected - actual).mean()),
        float(np.corrcoef(expected, actual)[0, 1]) if varies else None, rows,
    )  # fmt: skip
