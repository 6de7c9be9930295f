"""How revenue and orders go on, and what came where it was forecast as of an earlier day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from funia.analytics.v1 import revenue_forecast_pb2 as pb

from analytics.methods.findings import Floats, refuse_unless
from analytics.methods.forecast import forecast
from analytics.modelling.scores import remarked
from analytics.queries.purchases import moved
from analytics.queries.takings import Taken

_SEASONS = {"week": 52, "month": 12}
_MOST_HISTORY = {"week": 312, "month": 120}
"""Older steps tell little of the next and cost time: six years of weeks, ten of months."""


def outlook(
    known: Sequence[Taken], since: Sequence[Taken], step: str, ahead: int, confidence: float
) -> pb.RevenueForecast:
    """Both series after what is `known`, beside what came `since`. Raises Refused as `forecast` does."""
    kept = known[-_MOST_HISTORY[step] :]
    refuse_unless(bool(kept), "TOO_SHORT", steps=0, needed=4)
    days = [one.starts_on for one in kept]
    came = {one.starts_on: one for one in since}
    revenue = _series(days, [one.revenue for one in kept], step, ahead, confidence)
    orders = _series(days, [one.orders for one in kept], step, ahead, confidence)
    for series, name in ((revenue, "revenue"), (orders, "orders")):
        for row in series.steps:
            outcome = came.get(date.fromisoformat(row.first_day))
            if outcome is not None:
                row.came = getattr(outcome, name)
    return pb.RevenueForecast(revenue=revenue, orders=orders)


def _series(days: Sequence[date], values: Sequence[int], step: str, ahead: int, confidence: float) -> pb.ForecastSeries:
    series: Floats = np.array(values, dtype=np.float64)
    found = forecast(series, ahead=ahead, season=_SEASONS[step], confidence=confidence)
    return pb.ForecastSeries(
        method=found.method,
        confidence_permille=round(found.confidence * 1000),
        season=found.season,
        widened=found.widened,
        history=[
            pb.ForecastPast(first_day=day.isoformat(), value=value) for day, value in zip(days, values, strict=True)
        ],
        steps=[
            pb.ForecastStep(
                first_day=moved(days[-1], step, at + 1).isoformat(),
                expected=round(found.expected[at]),
                low=round(found.low[at]),
                high=round(found.high[at]),
            )
            for at in range(ahead)
        ],
        back_tests=[
            pb.ForecastBackTest(
                method=one.method, mase=one.mase, smape=one.smape, coverage=one.coverage,
                origins=one.origins, ahead=one.ahead, tested=one.tested,
            )
            for one in found.back_tests
        ],
        remarks=remarked(found.remarks),
    )  # fmt: skip
