"""How likely each customer buys nothing in the time ahead, learned from what customers did in the last such time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from funia.analytics.v1 import model_run_pb2 as pb

from analytics.methods.chances import Chances, fit_chances
from analytics.methods.findings import Floats, refuse_unless
from analytics.modelling.scores import Modelled, Score, remarked, summed
from analytics.queries.histories import by_customer
from analytics.queries.purchases import currency_of
from analytics.queries.sight import Sight

BANDS = ("high", "medium", "low")
HORIZON_DAYS = 90
_HIGH, _MEDIUM = 0.6, 0.3
_OVERDUE_MOST = 10.0
_REASONS = 3
_EPOCH = date(1970, 1, 1)


def compute(sight: Sight, asked: pb.ModelParameters, first: date, as_of: date) -> Modelled:
    """Chances of all customers. Raises Refused."""
    currency = currency_of(sight)
    cut = as_of - timedelta(days=asked.horizon_days)
    told = by_customer(sight, currency, first, as_of, cut=cut)
    refuse_unless(bool(told.customers), "EMPTY")
    known = told.visits_before > 0
    refuse_unless(bool(known.any()), "NO_TIME_PASSED")
    then = _features(
        (cut - _EPOCH).days, told.first[known], told.last_before[known], told.visits_before[known],
        told.spend_before[known],
    )  # fmt: skip
    model = fit_chances(then, told.visits[known] == told.visits_before[known])
    now = _features((as_of - _EPOCH).days, told.first, told.last, told.visits, told.spend)
    chances = model.of(now)
    names = list(now)
    scores = []
    for at, (customer, account, chance) in enumerate(
        zip(told.customers, told.is_account, chances.tolist(), strict=True)
    ):
        row = {name: float(now[name][at]) for name in names}
        scores.append(
            Score(
                customer, account, _band(chance), round(chance * 10_000), {"chance": round(chance, 4)},
                model.reasons(row, most=_REASONS),
            )
        )  # fmt: skip
    return Modelled(
        pb.ModelResult(
            customers=len(scores),
            currency_code=currency,
            bands=summed(scores, BANDS),
            remarks=remarked(model.remarks),
            churn=_result(model, float(chances.sum())),
        ),
        scores,
    )


def _features(today: int, first: Floats, last: Floats, visits: Floats, spend: Floats) -> Mapping[str, Floats]:
    """What is known of customers on a day; days in all of them but for purchases and spend, which are logarithms."""
    gaps = (last - first) / np.maximum(visits - 1, 1.0)
    repeats = visits > 1
    usual = float(np.median(gaps[repeats])) if repeats.any() else 1.0
    gaps = np.maximum(np.where(repeats, gaps, usual), 1.0)
    recency = today - last
    return {
        "recency_days": recency,
        "purchases": np.log(visits),
        "mean_spend": np.log(np.maximum(spend / visits, 1.0)),
        "known_days": today - first,
        "overdue": np.minimum(recency / gaps, _OVERDUE_MOST),
    }


def _band(chance: float) -> str:
    return "high" if chance >= _HIGH else "medium" if chance >= _MEDIUM else "low"


def _result(model: Chances, expected: float) -> pb.ChurnResult:
    quality = model.quality
    return pb.ChurnResult(
        rows=model.rows,
        happened=model.happened,
        auc=quality.auc,
        brier=quality.brier,
        brier_of_share=quality.brier_of_share,
        calibration=[
            pb.CalibrationBin(predicted=one.predicted, happened=one.happened, rows=one.rows)
            for one in quality.calibration
        ],
        weights=[pb.ModelWeight(feature=name, odds_ratio=ratio) for name, ratio in model.odds_ratios.items()],
        expected=expected,
    )
