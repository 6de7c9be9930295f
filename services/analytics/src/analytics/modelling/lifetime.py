"""What each customer will be worth: BG/NBD or Pareto/NBD for purchases, Gamma-Gamma for spend, judged on a time unseen.

Purchases of one day count once; the unit of the models' time is a week.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from funia.analytics.v1 import model_run_pb2 as pb

from analytics.methods.buying import (
    BetaGeometric,
    BuyingFit,
    ParetoNegativeBinomial,
    fit_beta_geometric,
    fit_pareto,
)
from analytics.methods.findings import Floats, Refused, Remark, refuse_unless
from analytics.methods.purchases import RepeatBuying
from analytics.methods.spending import HoldOut, check_hold_out, fit_gamma_gamma, lifetime_value
from analytics.modelling.scores import Modelled, Score, remarked, summed
from analytics.queries.histories import CustomerHistories, bounds, by_customer
from analytics.queries.purchases import currency_of
from analytics.queries.sight import Sight

BANDS = ("top", "high", "middle", "low", "least")
"""Fifths of the customers by worth."""
HORIZON_DAYS = 365
_WEEK = 7.0
_MONTH = 365.25 / 12
_HOLD_OUT_SHARE = 4
_NAMES = {BetaGeometric: ("r", "alpha", "a", "b"), ParetoNegativeBinomial: ("r", "alpha", "s", "beta")}
_EPOCH = date(1970, 1, 1)

Fit = BuyingFit[BetaGeometric] | BuyingFit[ParetoNegativeBinomial]


def compute(sight: Sight, asked: pb.ModelParameters, first: date, as_of: date) -> Modelled:
    """Worth of all customers. Raises Refused."""
    currency = currency_of(sight)
    count, begins, _ = bounds(sight, currency, first, as_of)
    refuse_unless(count > 0, "EMPTY")
    until = (as_of - _EPOCH).days
    ahead = (until - begins) // _HOLD_OUT_SHARE
    cut = as_of - timedelta(days=ahead)
    told = by_customer(sight, currency, first, as_of, cut=cut)
    buying = RepeatBuying(told.visits - 1, (told.last - told.first) / _WEEK, (until - told.first) / _WEEK)
    fit = _fitted(asked.model, buying)
    spend = _mean_spend(told.visits, told.spend - told.first_spend)
    paid = spend > 0
    spending = fit_gamma_gamma(buying.frequency[paid], spend[paid])
    months = max(1, round(asked.horizon_days / _MONTH))
    monthly = (1 + asked.discount_permille / 1000) ** (1 / 12) - 1
    model = fit.model
    worth = lifetime_value(
        model, spending.model, buying, spend, periods=months, period=_MONTH / _WEEK, discount_a_period=monthly
    )
    alive, expected = model.alive(buying), model.purchases(buying, asked.horizon_days / _WEEK)
    refuse_unless(bool(np.isfinite(worth).all() and np.isfinite(expected).all()), "MODEL_DEGENERATE")
    waits = model.next_purchase(buying) * _WEEK if isinstance(model, BetaGeometric) else np.full(alive.size, np.inf)
    mean_spend = spending.model.mean_spend(buying.frequency, spend)
    scores = _scores(told, worth, alive, expected, mean_spend, waits)
    held, remarks = _held_out(asked.model, told, ahead, until)
    return Modelled(
        pb.ModelResult(
            customers=len(scores),
            currency_code=currency,
            bands=summed(scores, BANDS),
            remarks=remarked([*fit.remarks, *spending.remarks, *remarks]),
            lifetime_value=pb.LifetimeValueResult(
                model=asked.model,
                buying=_estimates(_NAMES[type(model)], model, fit.errors),
                log_likelihood=fit.log_likelihood,
                spending=_estimates(("p", "q", "v"), spending.model, spending.errors),
                correlation=spending.correlation,
                repeat_customers=fit.repeaters,
                alive=float(alive.sum()),
                expected_purchases=float(expected.sum()),
                value_minor=round(float(worth.sum())),
                hold_out=None if held is None else _hold_out(held, cut, ahead),
            ),
        ),
        scores,
    )


def _fitted(model: str, buying: RepeatBuying) -> Fit:
    return fit_pareto(buying) if model == "pareto_nbd" else fit_beta_geometric(buying)


def _mean_spend(visits: Floats, repeat_spend: Floats) -> Floats:
    return np.where(visits > 1, repeat_spend / np.maximum(visits - 1, 1.0), 0.0)


def _held_out(model: str, told: CustomerHistories, ahead: int, until: int) -> tuple[HoldOut | None, list[Remark]]:
    """The model fitted without the last quarter of the time, held against it; a remark where that cannot be done."""
    known = told.visits_before > 0
    try:
        refuse_unless(ahead > 0 and bool(known.any()), "NO_TIME_PASSED")
        first, last = told.first[known], told.last_before[known]
        before = RepeatBuying(
            told.visits_before[known] - 1, (last - first) / _WEEK, (until - ahead - first) / _WEEK
        )  # fmt: skip
        actual = told.visits[known] - told.visits_before[known]
        return check_hold_out(_fitted(model, before).model, before, actual, ahead / _WEEK), []
    except Refused as refused:
        return None, [Remark("NO_HOLD_OUT", {refused.reason: 1.0})]


def _scores(
    told: CustomerHistories, worth: Floats, alive: Floats, expected: Floats, spend: Floats, waits: Floats
) -> Sequence[Score]:
    order = np.lexsort((np.arange(worth.size), -worth))
    place = np.empty(worth.size, dtype=np.int64)
    place[order] = np.arange(worth.size)
    fifths = place * len(BANDS) // worth.size
    columns = zip(
        told.customers, told.is_account, fifths.tolist(), worth.tolist(), alive.tolist(), expected.tolist(),
        spend.tolist(), waits.tolist(), strict=True,
    )  # fmt: skip
    return [
        Score(
            customer, account, BANDS[fifth], round(value),
            {"alive": round(there, 4), "purchases": round(bought, 4), "spend": round(each)}
            | ({"next_days": round(wait, 1)} if np.isfinite(wait) else {}),
        )
        for customer, account, fifth, value, there, bought, each, wait in columns
    ]  # fmt: skip


def _estimates(names: Sequence[str], model: object, errors: Sequence[float] | None) -> list[pb.ModelEstimate]:
    return [
        pb.ModelEstimate(name=name, value=getattr(model, name), error=None if errors is None else errors[at])
        for at, name in enumerate(names)
    ]


def _hold_out(held: HoldOut, cut: date, days: int) -> pb.HoldOutCheck:
    return pb.HoldOutCheck(
        until=cut.isoformat(),
        days=days,
        expected=held.expected,
        actual=held.actual,
        mean_absolute_error=held.mean_absolute_error,
        rows=[
            pb.HoldOutRow(frequency=one.frequency, customers=one.customers, expected=one.expected, actual=one.actual)
            for one in held.rows
        ],
    )
